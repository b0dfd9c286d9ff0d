"""Who waits, in full: their tier, which volunteers there are for them, and how long people like them have waited before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from duolangue.contracts.vocabulary import Level
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.state import State

FEWEST_CASES: Final = 5
"""Below so many people who found somebody nothing is said of how long it takes."""
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


def estimate(waits: Sequence[Wait], level: Level, waited: int) -> Estimate | None:
    """How much longer somebody may wait who has waited `waited` days; none where fewer than five people were in the same place.

    Those of the same level, else everybody, who had waited as long, and what became of them then. People who still wait count
    as far as they have come, so that a pool full of long waits is not flattered by those who were lucky (Kaplan and Meier, 1958).
    """
    alike = [each for each in waits if each.level.cefr == level.cefr]
    for like, same_level in ((alike, True), (waits, False)):
        longer = [(each.days - waited, each.over) for each in like if each.days > waited - each.over]
        cases = sum(over for _, over in longer)
        if cases >= FEWEST_CASES:
            least, most = _middle_half(longer)
            return Estimate(least=least, most=most, cases=cases, same_level=same_level)
    return None


def _middle_half(waits: list[tuple[int, bool]]) -> tuple[int, int | None]:
    """Days after which a quarter, and three quarters, have found somebody; none for what is not reached."""
    share, quarter = Fraction(1), None
    for days in sorted({days for days, over in waits if over}):
        left = sum(other >= days for other, _ in waits)
        share *= 1 - Fraction(sum(over for other, over in waits if other == days), left)
        if quarter is None and share <= Fraction(3, 4):
            quarter = days
        if share <= Fraction(1, 4):
            return quarter or 0, days
    return (max(days for days, over in waits if over) if quarter is None else quarter), None
