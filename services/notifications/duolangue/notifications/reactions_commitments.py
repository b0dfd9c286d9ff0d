"""Facts about commitments in: breaks, milestones, and that the three questions wait for an answer."""

from __future__ import annotations

from duolangue.contracts.envelope import Event
from duolangue.contracts.facts.sessions import (
    CommitmentMilestone,
    CommitmentPaused,
    CommitmentResumed,
    Milestone,
    QuestionsAnswered,
    QuestionsAsked,
)
from duolangue.notifications import usecases
from duolangue.notifications.domain.commitments import Rest, ThreeQuestions
from duolangue.notifications.ports import Ports
from duolangue.notifications.reactions_courses import on
from duolangue.notifications.usecases import commitments

__all__ = ["on"]


@on(CommitmentMilestone)
async def milestone_reached(fact: CommitmentMilestone, event: Event, ports: Ports) -> None:
    """The weeks that were promised are over: ask both whether they go on. For other milestones a word of thanks, where that is wanted."""
    if event.replayed:
        return
    if fact.milestone is Milestone.TERM:
        await usecases.ask_next_step(fact.duo, fact.term or 1, ports)
    elif fact.congratulate:
        await commitments.congratulate(fact.duo, fact.milestone, ports)


@on(CommitmentPaused)
async def break_begun(fact: CommitmentPaused, event: Event, ports: Ports) -> None:
    """No weekly reminder meanwhile; the other side hears of it."""
    rest = await commitments.know_rest(Rest(id=fact.duo, until=fact.until), event.entityversion, ports)
    if not event.replayed:
        await commitments.tell_of_break(rest, fact.asked_by, event.id, ports)


@on(CommitmentResumed)
async def break_over(fact: CommitmentResumed, event: Event, ports: Ports) -> None:
    """They go on earlier; the other side hears of it."""
    rest = await commitments.know_rest(Rest(id=fact.duo, until=None), event.entityversion, ports)
    if not event.replayed and rest.until is None:
        await commitments.tell_of_going_on(fact.duo, fact.resumed_by, event.id, ports)


@on(QuestionsAsked)
async def questions_asked(fact: QuestionsAsked, event: Event, ports: Ports) -> None:
    """Ask somebody how they are doing."""
    state = ThreeQuestions(id=fact.participant, moment=fact.moment, open=True)
    await commitments.know_questions(state, event.entityversion, ports)
    if not event.replayed:
        await commitments.ask(state, ports)


@on(QuestionsAnswered)
async def questions_answered(fact: QuestionsAnswered, event: Event, ports: Ports) -> None:
    """They need not be asked any more."""
    state = ThreeQuestions(id=fact.participant, moment=fact.moment, open=False)
    await commitments.know_questions(state, event.entityversion, ports)
