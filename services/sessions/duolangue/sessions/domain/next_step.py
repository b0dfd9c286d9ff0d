"""Once the weeks that were promised are over: do the two go on, or do they end it with thanks?"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from duolangue.chassis.decision import Change, RuleBroken
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain import weeks
from duolangue.sessions.domain.commitment import Commitment, CommitmentStatus, DuoOver
from duolangue.sessions.domain.standing import Call, NextStep, Term


class NotAsked(RuleBroken):
    """Nothing is asked of this duo at present."""

    code = "not_asked"
    status = 409


class NothingToCallFor(RuleBroken):
    """Nobody needs to call this duo."""

    code = "nothing_to_call_for"
    status = 409


def answer(
    commitment: Commitment, sides: tuple[Role, ...], wish: NextStep, zone: ZoneInfo, now: datetime
) -> Change[Commitment] | None:
    """One side says what it wants, or a coordinator who heard it of both. Another answer may follow, until both go on.

    When both go on, another term begins. Ending the duo is a coordinator's, who sees the wish. The duo is to be looked at anew.

    Raises:
        DuoOver: it has ended.
        NotAsked: its term lasts.
    """
    if commitment.status is CommitmentStatus.ENDED:
        raise DuoOver("This duo has come to its end. Thank you for your time together.")
    if commitment.term.completed_on is None:
        raise NotAsked("You go on. Nothing needs to be answered now.")
    term = commitment.term.model_copy(update={side.value: wish for side in sides})
    if term.goes_on:
        term = Term(number=term.number + 1, began_after=commitment.counted_weeks(zone))
    return None if term == commitment.term else Change(commitment.model_copy(update={"term": term, "due_at": now}))


def called(commitment: Commitment, now: datetime, zone: ZoneInfo) -> Change[Commitment] | None:
    """A coordinator spoke with the duo about what made it worth a call. Saying so twice changes nothing.

    Raises:
        NothingToCallFor: there is no reason, and there was none today.
    """
    today, health = weeks.day_at(now, zone), commitment.standing.health
    known = commitment.called
    if known is not None and known.on == today and known.about is health:
        return None
    if not commitment.standing.to_call:
        raise NothingToCallFor("This duo needs no call at the moment.")
    return Change(commitment.model_copy(update={"called": Call(at=now, on=today, about=health), "due_at": now}))


def not_called(commitment: Commitment, now: datetime) -> Change[Commitment] | None:
    """The note of the last call was a slip: the duo is to be called as before."""
    return None if commitment.called is None else Change(commitment.model_copy(update={"called": None, "due_at": now}))


def still_asked(commitment: Commitment) -> bool:
    """Whether the question is open."""
    return commitment.term.completed_on is not None and commitment.status is not CommitmentStatus.ENDED
