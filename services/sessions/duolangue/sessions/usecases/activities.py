"""What becomes of an activity: proposed by its host, prepared by a coordinator, announced, held or cancelled; and what is due meanwhile."""

from __future__ import annotations

import contextlib
import uuid
from functools import partial

from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.store import Taken
from duolangue.contracts.facts.activities import ActivityKind, CancelledBy, Presence
from duolangue.sessions.domain import announcing, answered, upcoming
from duolangue.sessions.domain import attendance as attendances
from duolangue.sessions.domain import enrolment as enrolments
from duolangue.sessions.domain.activity import PREPARED, Activity, Status
from duolangue.sessions.domain.activity_policy import POLICY, ActivityPolicy, decided
from duolangue.sessions.domain.announcing import Plan
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import asking, associations, seating, teaching
from duolangue.sessions.usecases.enrolments import fill

MOST_PROPOSALS = 5
"""Of one host that nobody has prepared yet."""


class TooManyProposals(RuleBroken):
    """A host who proposed enough for now."""

    code = "too_many_proposals"
    status = 409


async def propose(host: str, title: str, text: str, wishes: str, ports: Ports, *, key: str = "") -> Activity:
    """A participant would like to give a workshop. The same form again (its `key`) gives the one it made.

    Raises:
        WordsMissing: a field is not right.
        NotTakingPart: they left.
        TooManyProposals: several wait already.
    """
    association = await associations.known(ports)
    proposal_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{ports.association}/{host}/{key}")) if key else str(uuid.uuid4())
    if (known := await ports.activities.find(proposal_id)) is not None:
        return known
    proposed = announcing.propose(proposal_id, host, title, text, wishes, association.timezone, ports.clock.now())
    drafts = [each for each in await ports.activities.hosted_by(host) if each.status is Status.DRAFT]
    if len(drafts) >= MOST_PROPOSALS:
        raise TooManyProposals("You proposed several already. Your coordinator will talk about them with you.")
    return await _added(proposed, ports)


async def begin(
    kind: ActivityKind, plan: Plan, by: str, ports: Ports, *, key: str = "", of: str | None = None
) -> Activity:
    """A coordinator begins one. The same form again (its `key`) gives the one it made, whoever's form it is where it is not a coordinator's
    own but that `of` somebody.

    Raises:
        WordsMissing, PlacesWrong: a field is not right.
    """
    association = await associations.known(ports)
    own = f"{ports.association}/{by if of is None else of}/{key}"
    activity_id = str(uuid.uuid5(uuid.NAMESPACE_OID, own)) if key else str(uuid.uuid4())
    return await _added(announcing.begin(activity_id, kind, plan, by, association.timezone, ports.clock.now()), ports)


async def again(activity_id: str, by: str, ports: Ports) -> Activity:
    """The same once more, as a draft.

    Raises:
        Absent: there is no such activity.
    """
    activity = await ports.activities.get(activity_id)
    fresh = announcing.again(activity, str(uuid.uuid4()), by, ports.clock.now())
    if fresh.host is not None:
        person = await ports.participants.find(fresh.host)
        fresh = fresh if person is not None and person.takes_part else fresh.model_copy(update={"host": None})
    return await _added(fresh, ports)


async def change(activity_id: str, plan: Plan, by: str, ports: Ports) -> Activity:
    """What a coordinator decided anew; whoever enrolled is told where times or places moved.

    Raises:
        Absent: there is no such activity.
        WordsMissing, MeetingWrong, PlacesWrong, NotNow: a field is not right, or it is over.
        TeacherBusy, LearnerBusy: it is an hour for lessons, and its teacher or whoever booked it has another one then.
    """
    now, held = ports.clock.now(), len(await ports.enrolments.held(activity_id))
    before = await ports.activities.get(activity_id)
    wanted = announcing.change(before, plan, by, now, held)
    if wanted is not None:
        await teaching.has_time(wanted.state, ports)
    changed = await ports.activities.update(activity_id, lambda known: announcing.change(known, plan, by, now, held))
    if changed.unsettled_at is None:
        return changed
    tended = await tend(activity_id, ports)
    if len(await ports.enrolments.held(activity_id)) > tended.capacity:  # some enrolled at this very moment
        await ports.activities.update(activity_id, lambda known: announcing.widened(known, before.capacity))
        await fill(activity_id, ports)
        raise announcing.PlacesWrong("More people have a place already.", field="capacity")
    return tended


async def ready(activity_id: str, by: str, ports: Ports) -> Activity:
    """It is prepared.

    Raises:
        Absent, MeetingWrong, NotNow: as `announcing.ready`.
    """
    now = ports.clock.now()
    return await ports.activities.update(activity_id, lambda known: announcing.ready(known, by, now))


async def publish(activity_id: str, by: str, ports: Ports) -> Activity:
    """People may enrol from now on.

    Raises:
        Absent, MeetingWrong, NotNow: as `announcing.publish`.
        TeacherBusy: it is an hour for lessons, and its teacher has another one then.
    """
    now = ports.clock.now()
    wanted = announcing.publish(await ports.activities.get(activity_id), by, now)
    if wanted is not None:
        await teaching.has_time(wanted.state, ports)
    return await announce(activity_id, by, ports)


async def announce(activity_id: str, by: str, ports: Ports) -> Activity:
    """As `publish`, of what is known not to be in a teacher's way."""
    now = ports.clock.now()
    return await ports.activities.update(activity_id, lambda known: announcing.publish(known, by, now))


async def back(activity_id: str, ports: Ports) -> Activity:
    """Back to the preparation, while nobody has enrolled and none of it was held.

    Raises:
        Absent, NotNow: as `announcing.unready`.
    """
    nobody = activity_id not in await ports.enrolments.figures([activity_id])
    now = ports.clock.now()
    back_in_draft = await ports.activities.update(activity_id, lambda known: announcing.unready(known, nobody, now))
    if (await ports.enrolments.figures([activity_id])).get(
        activity_id
    ) is not None:  # somebody enrolled this very moment
        await _close_all(activity_id, ports)
    return back_in_draft


async def cancel(activity_id: str, ports: Ports) -> Activity:
    """It does not take place; everybody who enrolled is told.

    Raises:
        Absent, NotNow: as `announcing.cancel`.
    """
    now = ports.clock.now()
    await ports.activities.update(activity_id, lambda known: announcing.cancel(known, now))
    return await tend(activity_id, ports)


async def drop(activity_id: str, ports: Ports) -> bool:
    """Throw away a draft that nobody was told of. Returns whether it is gone.

    Raises:
        Absent: there is no such activity.
    """
    await ports.activities.get(activity_id)
    return await ports.activities.forget(activity_id, lambda known: known.status in PREPARED)


async def tend(activity_id: str, ports: Ports) -> Activity:
    """Do what is due: tell whoever enrolled that something moved, remind, relax the balance, finish."""
    now = ports.clock.now()
    activity = await ports.activities.get(activity_id)
    if (since := activity.unsettled_at) is not None:
        await _settle_enrolments(activity, ports)
        activity = await ports.activities.update(activity_id, lambda known: upcoming.settled(known, since))
    for meeting in upcoming.approaching(activity, now):
        starts_at = meeting.starts_at(activity.zone)
        enrolled = await ports.enrolments.of_activity(activity_id)
        if starts_at > now:
            for each in enrolled:
                await ports.enrolments.update(
                    each.id,
                    partial(enrolments.reminded, meeting=meeting, starts_at=starts_at, plan=activity.plan),
                )
        activity = await ports.activities.update(
            activity_id,
            partial(upcoming.reminded, meeting=meeting, now=now, anybody=any(each.held for each in enrolled)),
        )
    await ports.activities.update(activity_id, lambda known: upcoming.relax(known, now))
    finished = await ports.activities.update(activity_id, lambda known: upcoming.finish(known, now))
    if (since := finished.unsettled_at) is not None:
        await _settle_enrolments(finished, ports)
        finished = await ports.activities.update(activity_id, lambda known: upcoming.settled(known, since))
    if upcoming.forget_answers(finished, now) is not None:
        for each in await ports.enrolments.of_activity(activity_id):
            await ports.enrolments.update(each.id, answered.forgotten)
        finished = await ports.activities.update(activity_id, lambda known: upcoming.forget_answers(known, now))
    return finished


async def policy(ports: Ports) -> ActivityPolicy:
    """With what an activity begins here."""
    return await ports.activity_policies.find(POLICY) or ActivityPolicy()


async def decide(fresh: ActivityPolicy, by: str, ports: Ports) -> ActivityPolicy:
    """An administrator decided with what activities begin."""
    now = ports.clock.now()
    if await ports.activity_policies.find(POLICY) is None:
        with contextlib.suppress(Taken):
            await ports.activity_policies.add(ActivityPolicy())
    return await ports.activity_policies.update(POLICY, lambda known: decided(known, fresh, by, now))


async def _added(activity: Activity, ports: Ports) -> Activity:
    try:
        return await ports.activities.add(activity)
    except Taken:
        return await ports.activities.get(activity.id)


async def _settle_enrolments(activity: Activity, ports: Ports) -> None:
    if activity.status is Status.CANCELLED:
        await _close_all(activity.id, ports)
        await _noted_early(activity, ports)
        return
    if activity.status is Status.DONE:
        now = ports.clock.now()
        for each in await ports.enrolments.of_activity(activity.id):
            await ports.enrolments.update(each.id, lambda known: enrolments.unplaced(known, now))
        await asking.after_course(activity, ports)
        return
    begins = activity.next_start(ports.clock.now())
    moved = partial(enrolments.moved, plan=activity.plan, begins=begins, offer_hours=activity.offer_hours)
    every = await ports.enrolments.of_activity(activity.id)
    open_ones = [each for each in every if each.open]
    for each in open_ones:
        await ports.enrolments.update(each.id, moved)
    for each in every:
        await ports.enrolments.update(each.id, partial(answered.asked_only, rules=activity.rules))
    await _noted_early(activity, ports)
    await seating.reseat(activity, open_ones, ports)
    await fill(activity.id, ports)


async def _noted_early(activity: Activity, ports: Ports) -> None:
    """Who came is noted from an hour before it begins: where it was moved since, that is of its new day; where it was cancelled
    or taken away, of none, and nobody missed it.
    """
    now = ports.clock.now()
    for each in await ports.attendances.of_activity(activity.id):
        meeting = activity.meeting(each.meeting)
        if meeting is not None and meeting.starts_at(activity.zone) <= now:
            continue
        never = meeting is None or activity.status is Status.CANCELLED
        presence = Presence.EXCUSED if never else each.presence
        corrected = partial(attendances.corrected, presence=presence, by=each.noted_by, now=now, meeting=meeting)
        await ports.attendances.update(each.id, corrected)


async def _close_all(activity_id: str, ports: Ports) -> None:
    now = ports.clock.now()
    for each in await ports.enrolments.of_activity(activity_id):
        await ports.enrolments.update(each.id, lambda known: enrolments.cancel(known, CancelledBy.ACTIVITY, now))
