"""Who gives an activity: a participant whom a coordinator names, the association's own people, or nobody any more."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from duolangue.chassis.decision import RuleBroken
from duolangue.contracts.facts.activities import ActivityKind
from duolangue.sessions.domain import giving
from duolangue.sessions.domain.activity import COMING, Activity
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import activities, teaching
from duolangue.sessions.usecases.enrolments import NotTakingPart
from duolangue.sessions.usecases.teaching import TeacherBusy


class HasPlace(RuleBroken):
    """Somebody who is to give what they have a place in."""

    code = "has_place"
    status = 409


class NotNoted(RuleBroken):
    """Meetings that were held, and nobody noted who came."""

    code = "not_noted"
    status = 409


async def entrust(activity_id: str, host: str | None, by: str, ports: Ports) -> Activity:
    """Say which participant gives an activity or teaches a group; none: the association's own people.

    Raises:
        Absent: there is no such activity.
        NotTakingPart: nobody who takes part is known by this id.
        HasPlace: they have a place in it, or wait for one.
        NotNoted: who came to a meeting that was held is not noted yet.
        NotNow: it is over or cancelled.
        TeacherBusy: it is an hour for lessons, and they have another one then.
    """
    activity = await ports.activities.get(activity_id)
    await _may_give(activity_id, host, ports)
    if activity.host != host and activity.status in COMING:
        await _noted_so_far(activity, ports)
    entrust = partial(giving.entrust, host=host, coordinator=by)
    if (wanted := entrust(activity)) is not None:
        await teaching.has_time(wanted.state, ports)
    entrusted = await ports.activities.update(activity_id, entrust)
    try:
        await _may_give(activity_id, host, ports)
        await teaching.has_time(entrusted, ports)
    except (HasPlace, TeacherBusy):  # they enrolled, or were named for another hour, at this very moment
        await ports.activities.update(activity_id, partial(giving.entrust, host=activity.host, coordinator=by))
        raise
    except NotTakingPart:  # they left at this very moment
        await leave(host or "", ports)
        raise
    return entrusted


async def _may_give(activity_id: str, host: str | None, ports: Ports) -> None:
    if host is None:
        return
    person = await ports.participants.find(host)
    if person is None or not person.takes_part:
        raise NotTakingPart("They do not take part in this association (any more).")
    place = await ports.enrolments.of(activity_id, host)
    if place is not None and place.open:
        raise HasPlace("They have a place in it, or wait for one: cancel that first.")


async def _noted_so_far(activity: Activity, ports: Ports) -> None:
    """Whoever gave a meeting is kept when it is noted who came: later it would count for somebody else."""
    now = ports.clock.now()
    noted = {each.meeting for each in await ports.attendances.of_activity(activity.id)}
    open_ones = [each for each in activity.meetings if each.starts_at(activity.zone) <= now and each.id not in noted]
    if not open_ones:
        return
    places = await ports.enrolments.of_activity(activity.id)
    if any(place.had_place(meeting.starts_at(activity.zone)) for place in places for meeting in open_ones):
        raise NotNoted("First note who came to the meetings that were held: they count for whoever gave them.")


async def leave(participant: str, ports: Ports) -> None:
    """Somebody left the association: what they were to give waits for a coordinator; hours for lessons with them cannot be."""
    now = ports.clock.now()
    for each in await ports.activities.hosted_by(participant):
        if cannot_be(each, now):
            await activities.cancel(each.id, ports)
        elif not each.over(now):
            await ports.activities.update(each.id, giving.host_leaves)


def cannot_be(activity: Activity, now: datetime) -> bool:
    """Whether it cannot take place without whoever gives it: an hour with one teacher that is to come."""
    return activity.kind is ActivityKind.LESSON and activity.status in COMING and not activity.begun(now)
