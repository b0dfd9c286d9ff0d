"""What sessions does when others tell something."""

from __future__ import annotations

from pydantic import ValidationError

from duolangue.chassis.bus import Reactions
from duolangue.contracts.envelope import Event, Unreadable
from duolangue.contracts.facts.matching import DuoConfirmed, DuoEnded, DuoPaused, DuoResumed, DuoState, DuoStatus
from duolangue.contracts.facts.registration import (
    AssociationRegistered,
    AssociationState,
    AssociationUpdated,
    ParticipantErased,
)
from duolangue.sessions.domain.association import Association
from duolangue.sessions.domain.commitment import CommitmentStatus, Step
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import associations, duos, personal_data
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
    await duos.follow_duo(DuoHeard(event.subject, fact.newcomer, fact.volunteer, fact.confirmed_at, step), ports)


@on(ParticipantErased)
async def forget_participant(_: ParticipantErased, event: Event, ports: Ports) -> None:
    """Nothing here names anybody; say so."""
    await personal_data.erase(event.subject, ports, again=event.replayed)
