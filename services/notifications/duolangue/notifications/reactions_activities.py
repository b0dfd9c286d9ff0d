"""Facts about activities in: announced, moved, cancelled; places taken, offered, given up."""

from __future__ import annotations

from datetime import timedelta

from duolangue.contracts.envelope import Event
from duolangue.contracts.facts.activities import (
    ActivityApproaching,
    ActivityCancelled,
    ActivityDone,
    ActivityKind,
    ActivityPublished,
    ActivityState,
    ActivityUpdated,
    EnrolmentCancelled,
    EnrolmentConfirmed,
    EnrolmentLapsed,
    EnrolmentMoved,
    EnrolmentOffered,
    EnrolmentReminded,
    EnrolmentState,
    EnrolmentTransferred,
    EnrolmentWaitlisted,
)
from duolangue.contracts.facts.notifications import MessageKind
from duolangue.notifications.domain.gatherings import Gathering, Place
from duolangue.notifications.ports import Ports
from duolangue.notifications.reactions import on
from duolangue.notifications.usecases import gatherings

__all__ = ["on"]


@on(ActivityPublished)
async def activity_published(fact: ActivityPublished, event: Event, ports: Ports) -> None:
    """Tell its host that it is announced; not of each hour that they open for lessons."""
    known = await _gathering(fact, event, ports)
    if not event.replayed and fact.kind is not ActivityKind.LESSON:
        await gatherings.tell_host(MessageKind.HOSTING, known, event.id, ports)


@on(ActivityApproaching)
async def activity_near(fact: ActivityApproaching, event: Event, ports: Ports) -> None:
    """Remind its host, with the link to note who came: it is of use for some days afterwards."""
    known = await _gathering(fact, event, ports)
    if not event.replayed:
        until = fact.meeting_at + timedelta(days=1)
        await gatherings.tell_host(MessageKind.HOSTING_REMINDER, known, event.id, ports, until=until)


@on(ActivityUpdated)
async def activity_changed(fact: ActivityUpdated, event: Event, ports: Ports) -> None:
    """Tell whoever gives it from now on that they do, whoever was to that they need not, and whoever gave it already that times or places
    changed; each of its people is told by a fact of their own.
    """
    known = await _gathering(fact, event, ports)
    if event.replayed:
        return
    if known.host_named_by == event.id:
        await gatherings.tell_new_host(known, event.id, ports)
    elif known.moved_by == event.id:
        await gatherings.tell_host_of_move(known, event.id, ports)


@on(ActivityCancelled)
async def activity_cancelled(fact: ActivityCancelled, event: Event, ports: Ports) -> None:
    """Tell whoever was to give it, while they may still prepare for it; of an hour for lessons, where they were told of it."""
    known = await _gathering(fact, event, ports)
    if event.replayed:
        return
    if fact.kind is not ActivityKind.LESSON or await gatherings.host_expects(known, ports):
        await gatherings.tell_host(MessageKind.HOSTING_CANCELLED, known, event.id, ports)


@on(ActivityDone)
async def activity_done(fact: ActivityDone, event: Event, ports: Ports) -> None:
    """Keep how it stands."""
    await _gathering(fact, event, ports)


@on(EnrolmentConfirmed, EnrolmentWaitlisted, EnrolmentCancelled)
async def place_changed(fact: EnrolmentState, event: Event, ports: Ports) -> None:
    """Tell whoever it is about, as long as it is so; and whoever teaches, of an hour that is near."""
    place = await _place(fact, event, ports)
    if not event.replayed:
        await gatherings.tell_standing(place, fact.status, event.id, ports)
        if fact.kind is ActivityKind.LESSON and place.status is fact.status:
            await gatherings.tell_teacher(place, event.id, ports)


@on(EnrolmentOffered)
async def place_offered(fact: EnrolmentOffered, event: Event, ports: Ports) -> None:
    """Ask whether they want it."""
    place = await _place(fact, event, ports)
    if not event.replayed:
        await gatherings.tell_standing(place, fact.status, event.id, ports, until=fact.kept_until)


@on(EnrolmentLapsed)
async def place_noted(fact: EnrolmentState, event: Event, ports: Ports) -> None:
    """Keep that an offer is over, which need not be sent any more."""
    await _place(fact, event, ports)


@on(EnrolmentTransferred)
async def place_transferred(fact: EnrolmentTransferred, event: Event, ports: Ports) -> None:
    """Keep whose place it is, of two records that were one person; what had not left yet is told under the id that stays."""
    place = await _place(fact, event, ports)
    if not event.replayed and place.participant == fact.participant:
        await gatherings.tell_under_new_id(place, event.id, ports, until=fact.kept_until)


@on(EnrolmentReminded)
async def meeting_near(fact: EnrolmentReminded, event: Event, ports: Ports) -> None:
    """Remind them, until it begins."""
    place = await _place(fact, event, ports)
    if not event.replayed:
        await gatherings.tell_of_place(MessageKind.PLACE_REMINDER, place, event.id, ports, until=fact.meeting_at)


@on(EnrolmentMoved)
async def meeting_moved(fact: EnrolmentMoved, event: Event, ports: Ports) -> None:
    """Tell them the new times and places."""
    place = await _place(fact, event, ports)
    if not event.replayed:
        await gatherings.tell_of_move(place, event.id, ports, until=fact.kept_until)


async def _gathering(fact: ActivityState, event: Event, ports: Ports) -> Gathering:
    starts_at = min((each.starts_at for each in fact.meetings), default=None)
    ends_at = max((each.starts_at + timedelta(minutes=each.minutes) for each in fact.meetings), default=None)
    told = Gathering(
        id=event.subject,
        host=fact.host,
        status=fact.status,
        starts_at=starts_at,
        ends_at=ends_at,
        reminder_hours=fact.reminder_hours,
        plan=fact.plan,
    )
    return await gatherings.know_gathering(told, event.id, event.entityversion, ports)


async def _place(fact: EnrolmentState, event: Event, ports: Ports) -> Place:
    known = Place(
        id=event.subject,
        activity=fact.activity,
        participant=fact.participant,
        status=fact.status,
        cancelled_by=fact.cancelled_by,
    )
    return await gatherings.know_place(known, event.entityversion, ports)
