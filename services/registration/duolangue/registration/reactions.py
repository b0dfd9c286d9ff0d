"""What registration does when it hears of something."""

from __future__ import annotations

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
    MatchingErased,
    ParticipationLapsed,
)
from duolangue.contracts.facts.notifications import Channel, ContactUnreachable, NotificationSent, NotificationsErased
from duolangue.contracts.facts.sessions import CommitmentAtRisk, SessionLogged, SessionsErased
from duolangue.registration import usecases
from duolangue.registration.ports import Ports
from duolangue.registration.usecases import calls, erasing, people_desk

on = Reactions[Ports]("registration")


@on(ContactUnreachable)
async def show_on_the_desk(fact: ContactUnreachable, event: Event, ports: Ports) -> None:
    """An address refused a message for good: the desk, the person's page and the timeline say so."""
    await usecases.mark_unreachable(event.subject, fact.since, ports)
    await people_desk.note_happening(fact, event, ports)


@on(DuoProposed, DuoAccepted, DuoConfirmed, DuoDeclined, DuoExpired, DuoPaused, DuoResumed, DuoEnded)
async def follow_duo(fact: DuoState, event: Event, ports: Ports) -> None:
    """Know who is in a duo with whom, and write it into both timelines."""
    await people_desk.follow_duo(fact, event, ports)
    await people_desk.note_happening(fact, event, ports)


@on(ParticipationLapsed)
async def pause_who_stays_silent(fact: ParticipationLapsed, event: Event, ports: Ports) -> None:
    """Somebody did not say, asked for the last time, that they still want to take part: no partner is looked for until they are back."""
    if not event.replayed:
        await usecases.pause_if_active(fact.participant, ports)


@on(SessionLogged)
async def note_conversation(fact: SessionLogged, event: Event, ports: Ports) -> None:
    """A duo talked: its people's timelines say so."""
    await people_desk.note_happening(fact, event, ports)


@on(CommitmentAtRisk)
async def note_call(fact: CommitmentAtRisk, event: Event, ports: Ports) -> None:
    """A duo is to be called: those whom the association names for it hear of it in the morning, and never the two themselves."""
    if not event.replayed:
        await calls.note_call(fact.duo, ports)


@on(NotificationSent)
async def note_message(fact: NotificationSent, event: Event, ports: Ports) -> None:
    """A message left: the timeline says so; and a mail that was taken says that the address is right."""
    await people_desk.note_happening(fact, event, ports)
    if fact.channel is Channel.MAIL:
        await usecases.mark_reached(fact.recipient, fact.sent_at, ports)


@on(MatchingErased)
async def matching_erased(fact: MatchingErased, event: Event, ports: Ports) -> None:
    """Matching is done with its part of an erasure."""
    await erasing.answered(event.subject, "matching", fact.erased_at, ports)


@on(SessionsErased)
async def sessions_erased(fact: SessionsErased, event: Event, ports: Ports) -> None:
    """Sessions is done with its part."""
    await erasing.answered(event.subject, "sessions", fact.erased_at, ports)


@on(NotificationsErased)
async def notifications_erased(fact: NotificationsErased, event: Event, ports: Ports) -> None:
    """Notifications is done with its part."""
    await erasing.answered(event.subject, "notifications", fact.erased_at, ports)
