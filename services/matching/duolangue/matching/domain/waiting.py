"""Who waits, in full: their tier, which volunteers there are for them, and how long people like them have waited before."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from duolangue.contracts.vocabulary import Level
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.state import State

FEWEST_CASES: Final = 5
"""Below so many people who found somebody nothing is said of how long it takes."""
EVERYBODY: Final = ""
"""In place of a level: people of all levels."""
GOES_FIRST: Final = 0
"""The tier of those who go first."""


class Options(State):
    """Which volunteers there are for one newcomer."""

    volunteers: int
    """Everybody who was looked at, with a free place or not."""
    possible: int
    """Whom no rule and no wish speaks against."""
    free: int
    """Of those, how many have a free place."""
    blocker: str = ""
    """The constraint that most volunteers do not meet, the first in their order where two exclude as many; empty where all are possible."""
    blocked: int = 0
    """How many do not meet it."""
    alone: int = 0
    """How many more would be possible if this one constraint did not stand in the way."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A newcomer's wait, over or not."""

    level: Level
    days: int
    over: bool
    """Whether it ended with a duo; else it still goes on."""


class Estimate(State):
    """How much longer it may take: the middle half of the waits of like people, from the moment they had waited as long."""

    least: int
    """In days."""
    most: int | None
    """In days; none where too many of them still wait to say."""
    cases: int
    """How many found somebody, on whom this rests."""
    same_level: bool
    """Whether these had the same level of French; else they are everybody."""


def tier_of(days: int, policy: Policy, *, goes_first: bool) -> int:
    """The tier of somebody who has waited so long: 0 for who goes first, then by days, the rest in the last."""
    return GOES_FIRST if goes_first else 1 + sum(days < limit for limit in policy.tiers)


def begins(since: datetime, ends: Sequence[datetime], before: datetime) -> datetime:
    """When a wait began that lasted until `before`: when somebody asked for a partner, or when their last duo ended."""
    return max([since, *(end for end in ends if end <= before)])


class Past:
    """How long people waited or still wait, sorted once, so that much can be asked of it."""

    def __init__(self, waits: Iterable[Wait]) -> None:
        self._over: dict[str, list[int]] = {EVERYBODY: []}
        self._lasting: dict[str, list[int]] = {EVERYBODY: []}
        for wait in waits:
            kept = self._over if wait.over else self._lasting
            for level in (wait.level.cefr, EVERYBODY):
                kept.setdefault(level, []).append(wait.days)
        for days in (*self._over.values(), *self._lasting.values()):
            days.sort()
        self._told: dict[tuple[str, int], Estimate | None] = {}

    def estimate(self, level: Level, waited: int) -> Estimate | None:
        """How much longer somebody may wait who has waited `waited` days; none where fewer than five people were in the same place.

        Those of the same level, else everybody, who had waited as long, and what became of them then. People who still wait count
        as far as they have come, so that a pool full of long waits is not flattered by those who were lucky (Kaplan and Meier, 1958).
        """
        asked = (level.cefr, waited)
        if asked not in self._told:
            self._told[asked] = self._estimate(*asked)
        return self._told[asked]

    def _estimate(self, level: str, waited: int) -> Estimate | None:
        for like in (level, EVERYBODY):
            over, lasting = self._over.get(like, []), self._lasting.get(like, [])
            over = over[bisect_left(over, waited) :]
            if len(over) >= FEWEST_CASES:
                least, most = _middle_half(over, lasting[bisect_right(lasting, waited) :])
                return Estimate(
                    least=least - waited,
                    most=None if most is None else most - waited,
                    cases=len(over),
                    same_level=like == level,
                )
        return None


def _middle_half(over: list[int], lasting: list[int]) -> tuple[int, int | None]:
    """Days after which a quarter, and three quarters, have found somebody; none for what is not reached. Both are sorted."""
    left, all_of_them, quarter = 1, 1, None  # the share that is left, as a fraction
    for days in sorted(set(over)):
        begin = bisect_left(over, days)
        present = len(over) - begin + len(lasting) - bisect_left(lasting, days)
        left, all_of_them = left * (present - bisect_right(over, days) + begin), all_of_them * present
        if quarter is None and 4 * left <= 3 * all_of_them:
            quarter = days
        if 4 * left <= all_of_them:
            return days if quarter is None else quarter, days
    return (over[-1] if quarter is None else quarter), None
