"""Facts in. What is known follows every fact; somebody is told only of one that is not a repetition of old news."""

from __future__ import annotations

from typing import Final

from duolangue.chassis.bus import Reactions
from duolangue.contracts.envelope import Event
from duolangue.contracts.facts.matching import (
    DuoAccepted,
    DuoConfirmed,
    DuoDeclined,
    DuoEnded,
    DuoExpired,
    DuoPaused,
    DuoProposed,
    DuoResumed,
    DuoState,
    DuoUnanswered,
    ParticipationConfirmed,
    ParticipationDropped,
    ParticipationLapsed,
    ParticipationQuestioned,
    ParticipationState,
)
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
from duolangue.contracts.facts.sessions import SessionLogged, SessionWithdrawn
from duolangue.notifications import usecases
from duolangue.notifications.domain.told import Association, Conversation, Duo, LastQuestion, Participant
from duolangue.notifications.ports import Ports

on: Final = Reactions[Ports]("notifications")


@on(AssociationRegistered, AssociationUpdated)
async def association_changed(fact: AssociationState, event: Event, ports: Ports) -> None:
    """Keep its name, language, time zone and commitment."""
    known = Association(
        id=event.subject, **fact.model_dump(include={"name", "language", "timezone", "commitment_minutes"})
    )
    await usecases.know_association(known, event.entityversion, ports)


@on(ParticipantRegistered)
async def participant_registered(fact: ParticipantRegistered, event: Event, ports: Ports) -> None:
    """Keep who it is, and welcome them."""
    await _participant_changed(fact, event, ports)
    if not event.replayed:
        await usecases.welcome(event.subject, event.id, ports)


@on(ParticipantUpdated)
async def participant_updated(fact: ParticipantUpdated, event: Event, ports: Ports) -> None:
    """Keep who it is now; an address that refused mail may have been put right."""
    await _participant_changed(fact, event, ports)
    if not event.replayed:
        await usecases.reach_again(event.subject, ports)


@on(ParticipantPaused, ParticipantResumed, ParticipantLeft)
async def participant_moved(fact: ParticipantState, event: Event, ports: Ports) -> None:
    """Keep whether somebody is still there."""
    await _participant_changed(fact, event, ports)


@on(ParticipantErased)
async def participant_erased(fact: ParticipantErased, event: Event, ports: Ports) -> None:
    """Keep nothing but that there was somebody, and say so."""
    await _participant_changed(fact, event, ports)
    await usecases.erase(event.subject, ports, again=event.replayed)


@on(DuoProposed)
async def duo_proposed(fact: DuoProposed, event: Event, ports: Ports) -> None:
    """Ask both, or the volunteer first."""
    duo = await _duo_changed(fact, event, ports)
    if not event.replayed:
        await usecases.propose(duo, ports)


@on(DuoAccepted)
async def duo_accepted(fact: DuoAccepted, event: Event, ports: Ports) -> None:
    """One side need not be asked any more; the other one is asked, if it is their turn."""
    duo = await _duo_changed(fact, event, ports)
    if not event.replayed:
        await usecases.propose(duo, ports)


@on(DuoUnanswered)
async def duo_unanswered(fact: DuoUnanswered, event: Event, ports: Ports) -> None:
    """Remind who was asked and has not answered."""
    duo = await _duo_changed(fact, event, ports)
    if not event.replayed:
        await usecases.remind(duo, fact.silent, ports)


@on(ParticipationQuestioned)
async def participation_questioned(fact: ParticipationQuestioned, event: Event, ports: Ports) -> None:
    """Ask whether they still want to take part."""
    question = await _question_changed(fact, event, ports)
    if not event.replayed:
        await usecases.put_question(question, ports)


@on(ParticipationConfirmed, ParticipationLapsed, ParticipationDropped)
async def participation_answered(fact: ParticipationState, event: Event, ports: Ports) -> None:
    """They need not be asked any more."""
    await _question_changed(fact, event, ports)


@on(DuoConfirmed)
async def duo_confirmed(fact: DuoConfirmed, event: Event, ports: Ports) -> None:
    """Tell both how to reach each other, and follow the duo from now on."""
    duo = await _duo_changed(fact, event, ports)
    if not event.replayed:
        await usecases.confirm(duo, event.id, ports)
    await usecases.follow(duo, ports)


@on(DuoPaused, DuoResumed)
async def duo_paused_or_resumed(fact: DuoState, event: Event, ports: Ports) -> None:
    """Keep how it stands: the weekly nudge looks at it."""
    await usecases.follow(await _duo_changed(fact, event, ports), ports)


@on(DuoDeclined, DuoExpired)
async def proposal_closed(fact: DuoState, event: Event, ports: Ports) -> None:
    """Tell who was asked that it does not go on."""
    duo = await _duo_changed(fact, event, ports)
    if not event.replayed:
        await usecases.withdraw(duo, ports)


@on(DuoEnded)
async def duo_ended(fact: DuoEnded, event: Event, ports: Ports) -> None:
    """Tell both, in neutral words."""
    duo = await _duo_changed(fact, event, ports)
    if not event.replayed:
        await usecases.end(duo, event.id, ports)


@on(SessionLogged)
async def session_logged(fact: SessionLogged, event: Event, ports: Ports) -> None:
    """Count the week's minutes."""
    held = Conversation(id=event.subject, duo=fact.duo, week=fact.week, minutes=fact.minutes)
    await usecases.know_conversation(held, event.entityversion, ports)


@on(SessionWithdrawn)
async def session_withdrawn(fact: SessionWithdrawn, event: Event, ports: Ports) -> None:
    """It was told by mistake: it counts no minutes."""
    held = Conversation(id=event.subject, duo=fact.duo, week=fact.week, minutes=0)
    await usecases.know_conversation(held, event.entityversion, ports)


async def _participant_changed(fact: ParticipantState, event: Event, ports: Ports) -> None:
    known = Participant(
        id=event.subject,
        status=fact.status,
        roles=tuple(fact.roles),
        merged_into=fact.merged_into if isinstance(fact, ParticipantLeft) else None,
        runs_a_duo=fact.current_partner is not None,
    )
    await usecases.know_participant(known, event.entityversion, ports)


async def _question_changed(fact: ParticipationState, event: Event, ports: Ports) -> LastQuestion:
    known = LastQuestion(id=event.subject, participant=fact.participant, status=fact.status)
    return await usecases.know_question(known, event.entityversion, ports)


async def _duo_changed(fact: DuoState, event: Event, ports: Ports) -> Duo:
    known = Duo(
        id=event.subject,
        newcomer=fact.newcomer,
        volunteer=fact.volunteer,
        status=fact.status,
        origin=fact.origin,
        accepted_by=tuple(fact.accepted_by),
        asking=tuple(fact.asking),
        shared_interests=tuple(fact.shared_interests),
        shared_slots=tuple(fact.shared_slots),
    )
    return await usecases.know_duo(known, event.entityversion, ports)
