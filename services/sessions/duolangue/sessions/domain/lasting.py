"""Whether duos still meet after some weeks: looked at once for each duo, in the period in which those weeks are over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from duolangue.contracts.facts.matching import DuoOrigin
from duolangue.sessions.domain.formed import Formed
from duolangue.sessions.domain.period import Period
from duolangue.sessions.domain.weeks import week_of

SHORT: Final = 4
"""Weeks after which it is looked at first."""
LONG: Final = 12
DAYS_REMEMBERED: Final = 4096
"""A report asks the same of every duo, and many were confirmed on one day."""


def over_on(confirmed_on: date, weeks: int) -> date:
    """The Sunday on which a duo's first so many weeks are over; the week after its confirmation is the first."""
    monday = confirmed_on - timedelta(days=confirmed_on.weekday())
    return monday + timedelta(days=7 * weeks + 6)


def due_in(formed: Formed, period: Period) -> Sequence[int]:
    """Of which so many first weeks of a duo the last was over in the period: only then is it known whether it still met.

    Nobody knows when a duo that was imported really began.
    """
    return () if formed.origin is DuoOrigin.IMPORT else _due(formed.confirmed_on, period)


@lru_cache(maxsize=DAYS_REMEMBERED)
def _due(confirmed_on: date, period: Period) -> Sequence[int]:
    return tuple(weeks for weeks in (SHORT, LONG) if over_on(confirmed_on, weeks) in period)


def lasted(confirmed_on: date, talked: Collection[str]) -> tuple[int, ...]:
    """After which so many weeks a duo still met: it talked in the last two of them. `talked`: the ISO weeks with a conversation."""
    return tuple(
        weeks for weeks in (SHORT, LONG) if any(week in talked for week in _last_two(over_on(confirmed_on, weeks)))
    )


def _last_two(sunday: date) -> tuple[str, str]:
    return week_of(sunday - timedelta(days=7)), week_of(sunday)
