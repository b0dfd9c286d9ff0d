"""Whether duos still meet after some weeks: looked at once for each duo, in the period in which those weeks are over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from duolangue.contracts.facts.matching import DuoOrigin
from duolangue.sessions.domain.formed import Formed
from duolangue.sessions.domain.period import Period
from duolangue.sessions.domain.weeks import week_of

SHORT: Final = 4
"""Weeks after which it is looked at first."""
LONG: Final = 12


def over_on(formed: Formed, weeks: int) -> date:
    """The Sunday on which a duo's first so many weeks are over; the week after its confirmation is the first."""
    monday = formed.confirmed_on - timedelta(days=formed.confirmed_on.weekday())
    return monday + timedelta(days=7 * weeks + 6)


def due_in(formed: Formed, weeks: int, period: Period) -> bool:
    """Whether a duo's so many weeks were over in the period: only then is it known whether it still met.

    Nobody knows when a duo that was imported really began.
    """
    return formed.origin is not DuoOrigin.IMPORT and over_on(formed, weeks) in period


def windows(duos: Iterable[Formed], period: Period) -> dict[tuple[str, str], list[tuple[str, int]]]:
    """By the two ISO weeks to look at (the last two of the first so many): the duos, each with that number of weeks."""
    wanted: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for each in duos:
        for weeks in (SHORT, LONG):
            if due_in(each, weeks, period):
                sunday = over_on(each, weeks)
                two = (week_of(sunday - timedelta(days=7)), week_of(sunday))
                wanted.setdefault(two, []).append((each.id, weeks))
    return wanted
