"""A break that a duo takes for some days: illness, holidays. Nothing is owed meanwhile, and nobody asks why.

A pause without a last day, which a coordinator decides, is matching's; this one belongs to the commitment and ends by itself.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from duolangue.chassis.decision import Change, RuleBroken
from duolangue.contracts.facts.sessions import CommitmentPaused, CommitmentResumed
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain import weeks
from duolangue.sessions.domain.commitment import Commitment, CommitmentStatus, DuoOver
from duolangue.sessions.domain.standing import Break

LONGEST: Final = timedelta(days=92)
"""From today on, of a break: who needs more speaks with a coordinator."""


class BreakOutOfBounds(RuleBroken):
    """A last day that is over already, or too far away."""

    code = "break_out_of_bounds"


class NoBreak(RuleBroken):
    """There is no break, or one that only a coordinator ends."""

    code = "no_break"
    status = 409


def take(
    commitment: Commitment, until: date, side: Role | None, zone: ZoneInfo, now: datetime
) -> Change[Commitment] | None:
    """A break from today to a last day; where there is one, its last day moves. The same day again changes nothing.

    Raises:
        DuoOver: the duo has ended.
        NoBreak: a coordinator paused it already.
        BreakOutOfBounds: the day is over, or more than about three months away.
    """
    _running(commitment)
    today = weeks.day_at(now, zone)
    if until < today:
        raise BreakOutOfBounds("This day is over. Choose the last day of your break.", field="until")
    if until > today + LONGEST:
        raise BreakOutOfBounds(
            "A break lasts three months at most. For a longer one, speak with your coordinator.", field="until"
        )
    ends_at = datetime.combine(until + timedelta(days=1), time(), zone)
    present = commitment.break_on(today)
    if present is not None and present.until == until:
        return None
    if present is None:
        fresh = Break(since=today, until=until, begins_at=now, ends_at=ends_at, asked_by=side)
    else:
        fresh = present.model_copy(update={"until": until, "ends_at": ends_at, "asked_by": side})
    return Change(_with(commitment, present, fresh, now), (_paused(commitment, fresh),))


def go_on(commitment: Commitment, side: Role, zone: ZoneInfo, now: datetime) -> Change[Commitment] | None:
    """One of the two is back earlier. Saying so twice changes nothing.

    Raises:
        DuoOver: the duo has ended.
        NoBreak: a coordinator paused it, and ends that.
    """
    _running(commitment)
    today = weeks.day_at(now, zone)
    present = commitment.break_on(today)
    if present is None:
        return None
    ended = present.model_copy(update={"until": today - timedelta(days=1), "ends_at": now})
    return Change(_with(commitment, present, ended, now), (_resumed(commitment, side),))


def undo(commitment: Commitment, zone: ZoneInfo, now: datetime) -> Change[Commitment] | None:
    """A coordinator takes the present break back, as if it had never been; weeks that were judged stay as they were. Twice changes nothing."""
    present = commitment.break_on(weeks.day_at(now, zone))
    if present is None:
        return None
    return Change(_with(commitment, present, None, now), (_resumed(commitment, None),))


def told_again(commitment: Commitment, last: str) -> CommitmentPaused | None:
    """The break that was told last, for who comes late; none where something else was told since."""
    if last != CommitmentPaused.fact_name() or not commitment.breaks:
        return None
    return _paused(commitment, commitment.breaks[-1])


def _running(commitment: Commitment) -> None:
    if commitment.status is CommitmentStatus.ENDED:
        raise DuoOver("This duo has come to its end. Thank you for your time together.")
    if commitment.status is CommitmentStatus.PAUSED:
        raise NoBreak("Your coordinator has paused this duo already. Speak with them.")


def _with(commitment: Commitment, former: Break | None, fresh: Break | None, now: datetime) -> Commitment:
    kept = tuple(each for each in commitment.breaks if each != former)
    return commitment.model_copy(update={"breaks": (*kept, *([fresh] if fresh else ())), "due_at": now})


def _paused(commitment: Commitment, told: Break) -> CommitmentPaused:
    return CommitmentPaused(
        duo=commitment.id,
        newcomer=commitment.newcomer,
        volunteer=commitment.volunteer,
        asked_by=told.asked_by,
        since=told.since,
        until=told.until,
    )


def _resumed(commitment: Commitment, side: Role | None) -> CommitmentResumed:
    return CommitmentResumed(
        duo=commitment.id, newcomer=commitment.newcomer, volunteer=commitment.volunteer, resumed_by=side
    )
