"""The last question to somebody who stayed silent twice: do you still want to take part? Without an answer they are paused."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from pydantic import Field

from duolangue.chassis.decision import Change
from duolangue.contracts.facts.matching import (
    ParticipationConfirmed,
    ParticipationDropped,
    ParticipationLapsed,
    ParticipationQuestioned,
    ParticipationState,
    ParticipationStatus,
)
from duolangue.matching.domain.duo import Closing, Duo, Status
from duolangue.matching.domain.state import State

PATIENCE: Final = 2
"""Proposals in a row to which somebody stayed silent, after which they are asked."""


class Question(State):
    """One such question to one person."""

    id: str
    participant: str
    status: ParticipationStatus = ParticipationStatus.QUESTIONED
    days: int = Field(default=7, ge=1)
    """Of silence, after which they are paused."""
    asked_at: datetime
    sent_at: datetime | None = None
    """When the message really left: silence counts from then."""
    closed_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether an answer is waited for."""
        return self.status is ParticipationStatus.QUESTIONED

    @property
    def due_at(self) -> datetime | None:
        """When silence is an answer, too; never while no message left."""
        return self.sent_at + timedelta(days=self.days) if self.open and self.sent_at else None


Decision = Change[Question] | None


def silences(participant: str, duos: Iterable[Duo], since: datetime | None) -> int:
    """To how many proposals in a row somebody stayed silent lately; an answer, or a last question, begins the count anew."""
    count = 0
    closed = [duo for duo in duos if duo.ended_at is not None and (since is None or duo.ended_at > since)]
    for duo in sorted(closed, key=_ended, reverse=True):
        side = duo.side(participant)
        if duo.closing is Closing.SILENCE and side in duo.silent:
            count += 1
        elif side in duo.accepted_by or duo.declined_by is side or duo.status is Status.ENDED:
            break
    return count


def ask(question: str, participant: str, days: int, now: datetime) -> Change[Question]:
    """It is to be put."""
    state = Question(id=question, participant=participant, days=days, asked_at=now)
    return Change(state, (tell(ParticipationQuestioned, state),))


def sent(question: Question, sent_at: datetime) -> Decision:
    """The message really left."""
    if not question.open or (question.sent_at is not None and question.sent_at >= sent_at):
        return None
    return Change(question.model_copy(update={"sent_at": sent_at}))


def confirm(question: Question, now: datetime) -> Decision:
    """Yes: they go on. Whoever said no or nothing before, and is back, says so to the coordinator."""
    return _closed(question, ParticipationStatus.CONFIRMED, ParticipationConfirmed, now)


def refuse(question: Question, now: datetime) -> Decision:
    """No: they are to be paused."""
    return _closed(question, ParticipationStatus.LAPSED, ParticipationLapsed, now)


def lapse(question: Question, now: datetime) -> Decision:
    """No answer came in time: they are to be paused."""
    if question.due_at is None or question.due_at > now:
        return None
    return refuse(question, now)


def drop(question: Question, now: datetime) -> Decision:
    """They are paused or gone already."""
    return _closed(question, ParticipationStatus.DROPPED, ParticipationDropped, now)


def tell(kind: type[ParticipationState], question: Question) -> ParticipationState:
    """The fact of this kind that carries how the question stands."""
    return kind(participant=question.participant, status=question.status)


def _closed(question: Question, status: ParticipationStatus, kind: type[ParticipationState], now: datetime) -> Decision:
    if not question.open:
        return None
    state = question.model_copy(update={"status": status, "closed_at": now})
    return Change(state, (tell(kind, state),))


def _ended(duo: Duo) -> datetime:
    assert duo.ended_at is not None
    return duo.ended_at
