"""Bus in: what registration and notifications tell."""

from __future__ import annotations

from datetime import datetime

from duolangue.chassis.bus import Reactions
from duolangue.contracts.envelope import Event
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
from duolangue.matching.domain.people import Association, Person
from duolangue.matching.ports import Ports
from duolangue.matching.usecases import duos, people, personal_data, questions

on = Reactions[Ports]("matching")


@on(AssociationRegistered, AssociationUpdated)
async def follow_association(fact: AssociationState, event: Event, ports: Ports) -> None:
    """Know the association's settings."""
    await people.learn_association(Association.of(event.subject, fact), event.entityversion, ports)


@on(
    ParticipantRegistered,
    ParticipantUpdated,
    ParticipantPaused,
    ParticipantResumed,
    ParticipantLeft,
)
async def follow_participant(fact: ParticipantState, event: Event, ports: Ports) -> None:
    """Know the participant; then bring their duos in line."""
    await people.learn(Person.of(event.subject, fact), event.entityversion, _moment(event), ports)
    if not event.replayed:
        await people.settle(event.subject, ports)


@on(ParticipantErased)
async def erase_participant(fact: ParticipantErased, event: Event, ports: Ports) -> None:
    """Reduce all that is kept of somebody, also when it is told again; then say that it is done."""
    await people.learn(Person.of(event.subject, fact), event.entityversion, _moment(event), ports)
    await personal_data.erase(event.subject, ports, again=event.replayed)


@on(NotificationSent)
async def follow_message(fact: NotificationSent, event: Event, ports: Ports) -> None:
    """Silence counts from the moment a proposal's message, or a last question's, really left."""
    if event.replayed:
        return
    if fact.kind is MessageKind.PROPOSAL:
        await duos.record_asked(fact.about, fact.recipient, fact.sent_at, ports)
    elif fact.kind is MessageKind.LAST_QUESTION:
        await questions.record_asked(fact.about, fact.recipient, fact.sent_at, ports)


def _moment(event: Event) -> datetime | None:
    """When it happened; what is told again does not say."""
    return None if event.replayed else event.time
