"""What sessions does when others tell something."""

from __future__ import annotations

from pydantic import ValidationError

from duolangue.chassis.bus import Reactions
from duolangue.contracts.envelope import Event, Unreadable
from duolangue.contracts.facts.activities import ActivityKind, AttendanceRecorded, Presence
from duolangue.contracts.facts.matching import (
    DuoConfirmed,
    DuoEnded,
    DuoOrigin,
    DuoPaused,
    DuoResumed,
    DuoState,
    DuoStatus,
)
from duolangue.contracts.facts.notifications import MessageKind, NotificationSent
from duolangue.contracts.facts.registration import (
    AssociationRegistered,
    AssociationState,
    AssociationUpdated,
    ParticipantErased,
    ParticipantLeft,
    ParticipantPaused,
    ParticipantRegistered,
    ParticipantResumed,
    ParticipantState,
    ParticipantUpdated,
)
from duolangue.contracts.facts.sessions import CommitmentMilestone, SessionLogged, SessionWithdrawn
from duolangue.sessions.domain.association import Association
from duolangue.sessions.domain.commitment import CommitmentStatus, Step
from duolangue.sessions.domain.participant import Participant
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import (
    asking,
    associations,
    attending,
    counting,
    duos,
    enrolments,
    following,
    merging,
    people,
    personal_data,
)
from duolangue.sessions.usecases.duos import DuoHeard

on = Reactions[Ports]("sessions")

_STATUS = {
    DuoStatus.CONFIRMED: CommitmentStatus.ACTIVE,
    DuoStatus.PAUSED: CommitmentStatus.PAUSED,
    DuoStatus.ENDED: CommitmentStatus.ENDED,
}


@on(AssociationRegistered, AssociationUpdated)
async def association(fact: AssociationState, event: Event, ports: Ports) -> None:
    """Keep the association's time zone and rule."""
    try:
        known = Association(
            id=event.subject,
            name=fact.name,
            language=fact.language,
            timezone=fact.timezone,
            commitment_minutes=fact.commitment_minutes,
            zones=tuple(fact.zones),
        )
    except ValidationError as error:
        raise Unreadable(str(error.errors()[0]["msg"])) from error
    await associations.learn_association(known, event.entityversion, ports)


@on(DuoConfirmed, DuoPaused, DuoResumed, DuoEnded)
async def duo(fact: DuoState, event: Event, ports: Ports) -> None:
    """Follow a duo from its confirmation to its end."""
    status = _STATUS.get(fact.status)
    if status is None:
        raise Unreadable(f"status: {fact.status.value!r} in {event.type}")
    step = Step(version=event.entityversion, status=status, at=event.time)
    imported = fact.origin is DuoOrigin.IMPORT
    heard = DuoHeard(event.subject, fact.newcomer, fact.volunteer, fact.confirmed_at, step, imported)
    await duos.follow_duo(heard, ports)
    await counting.follow(event.subject, fact, event.entityversion, ports)
    if status is CommitmentStatus.ENDED and not event.replayed:
        await asking.after_end(event.subject, fact.newcomer, ports)


@on(CommitmentMilestone)
async def reached(fact: CommitmentMilestone, event: Event, ports: Ports) -> None:
    """A duo's first conversation, or its twelve weeks: its newcomer is asked three questions soon."""
    if not event.replayed:
        await asking.after_milestone(fact.newcomer, fact.milestone, ports)


@on(SessionLogged)
async def talked(fact: SessionLogged, event: Event, ports: Ports) -> None:
    """See what a conversation means for its duo; whoever told it need not wait for that."""
    if not event.replayed:
        await following.look(fact.duo, ports, week=fact.week)


@on(SessionWithdrawn)
async def taken_back(fact: SessionWithdrawn, event: Event, ports: Ports) -> None:
    """See how its duo stands without a conversation."""
    if not event.replayed:
        await following.look(fact.duo, ports, week=fact.week)


@on(ParticipantRegistered, ParticipantUpdated, ParticipantPaused, ParticipantResumed, ParticipantLeft)
async def participant(fact: ParticipantState, event: Event, ports: Ports) -> None:
    """Keep whether somebody takes part, and on which side; who left gives up their places. What is kept of a record that was another one
    of the same person goes to the record that stays.
    """
    if fact.merged_into is not None:
        await merging.merge(_participant(fact, event), fact.merged_into, event.entityversion, ports)
        return
    await people.know(_participant(fact, event), event.entityversion, ports)
    await counting.know(event.subject, fact, event.entityversion, event.time, ports)


@on(AttendanceRecorded)
async def came_or_not(fact: AttendanceRecorded, event: Event, ports: Ports) -> None:
    """See whether somebody is to be reminded of their absences, or asked three questions soon; whoever noted them need not wait for that."""
    if event.replayed:
        return
    if fact.presence is Presence.PRESENT:
        await asking.after_class(fact.participant, fact.kind, ports)
    if fact.kind is ActivityKind.COURSE:
        await attending.look_at_absences(fact.enrolment, ports)


@on(NotificationSent)
async def message_left(fact: NotificationSent, _: Event, ports: Ports) -> None:
    """An offer of a place really reached somebody: silence counts from here."""
    if fact.kind is MessageKind.PLACE_OFFERED:
        await enrolments.offer_sent(fact.about, fact.sent_at, ports)


@on(ParticipantErased)
async def forget_participant(fact: ParticipantErased, event: Event, ports: Ports) -> None:
    """Nothing here leads to anybody any more; say so."""
    await people.know(_participant(fact, event), event.entityversion, ports)
    await personal_data.erase(event.subject, ports, again=event.replayed)


def _participant(fact: ParticipantState, event: Event) -> Participant:
    told = fact.newcomer
    return Participant(
        id=event.subject,
        status=fact.status,
        roles=tuple(fact.roles),
        oral=told.french_oral if told else None,
        written=told.french_written if told else None,
        merged_into=fact.merged_into,
    )
