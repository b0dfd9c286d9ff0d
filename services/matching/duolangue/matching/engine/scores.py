"""How well two people fit: each criterion an integer from 0 to 1,000,000 read from a table, and their weighted mean.

Integers, so that sums are exact and the assignment provably the best.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from duolangue.contracts.vocabulary import Interest
from duolangue.matching.domain.policy import CriterionName, Weights
from duolangue.matching.domain.reasons import MILLION
from duolangue.matching.engine.feasibility import share
from duolangue.matching.engine.pool import ALL, Bits, Numbers, Pool, Reals, Rows
from duolangue.matching.engine.traits import UNKNOWN

AGE: Final = np.array([max(0, MILLION - 25_000 * years) for years in range(131)], np.int64)
"""By years between the two: 3 years are 0.925, 40 years nothing."""
AGE_UNKNOWN: Final = MILLION // 2
LEVEL: Final = np.array([MILLION, 950_000, 850_000, 750_000, 650_000, 550_000, 450_000, 350_000], np.int64)
"""By steps between the volunteer's lowest level and the newcomer's: who welcomes beginners is kept for them."""
DISTANCE: Final = np.array([MILLION * 200 // (200 + tenths) for tenths in range(4001)], np.int64)
"""By tenths of a kilometre, up to 400 km, further than Belgium is wide: 0 km is 1, 20 km a half."""
MOMENTS: Final = np.array([0, 500_000, 800_000, *[MILLION] * 26], np.int64)
"""By moments that suit both: three are as good as many."""


def rarity(interests: Bits) -> Numbers:
    """What sharing each interest is worth, in millionths, for people's bit sets: what few share binds more.

    The inverse document frequency of text retrieval, 1 + ln(people / who like it) (Sparck Jones, 1972).
    """
    liked = np.maximum(1, _spread(interests).sum(axis=0))
    worth: Numbers = np.rint(MILLION * (1 + np.log(max(1, len(interests)) / liked))).astype(np.int64)
    return worth


def worths(pool: Pool) -> Numbers:
    """The rarity of each interest in a pool, newcomers and volunteers together."""
    return rarity(np.concatenate([pool.newcomers.interests, pool.volunteers.interests]))


def masses(interests: Bits, worth: Numbers) -> Numbers:
    """What each person's interests are worth together."""
    return _spread(interests) @ worth


class Likings(NamedTuple):
    """What interests are worth in a pool, reckoned once."""

    worth: Numbers
    """Of each interest."""
    newcomers: Numbers
    """Of each newcomer's together."""
    volunteers: Numbers
    """Of each volunteer's together."""

    @classmethod
    def of(cls, pool: Pool, worth: Numbers | None = None) -> Likings:
        """Those of a pool; `worth` are the rarities of a larger pool that it is a part of."""
        known = worths(pool) if worth is None else worth
        return cls(known, masses(pool.newcomers.interests, known), masses(pool.volunteers.interests, known))


def criteria(
    pool: Pool, kilometres: Reals, rows: Rows = ALL, likings: Likings | None = None
) -> dict[CriterionName, Numbers]:
    """Each criterion's values, some newcomers by all volunteers; `kilometres` are those of the same rows, `likings` the pool's, where they
    are known.
    """
    newcomers, volunteers = pool.newcomers, pool.volunteers
    one, other = newcomers.age[rows, None], volunteers.age[None, :]
    years = np.minimum(np.abs(one - other), len(AGE) - 1)
    steps = np.clip(pool.level[rows, None] - pool.comfort[None, :], 0, len(LEVEL) - 1)
    moments = np.bitwise_count(newcomers.slots[rows, None] & volunteers.slots[None, :])
    return {
        CriterionName.AGE: np.where((one != UNKNOWN) & (other != UNKNOWN), AGE[years], AGE_UNKNOWN),
        CriterionName.INTERESTS: _shared_interests(pool, rows, likings or Likings.of(pool)),
        CriterionName.LEVEL: LEVEL[steps],
        CriterionName.DISTANCE: DISTANCE[tenths(kilometres)],
        CriterionName.AVAILABILITY: MOMENTS[moments],
        CriterionName.LANGUAGE: np.where(share(newcomers.languages[rows], volunteers.languages), MILLION, 0),
    }


def tenths(kilometres: Reals) -> Numbers:
    """Tenths of a kilometre, as the table of distances counts them: half a tenth counts as one."""
    whole = np.rint(np.nan_to_num(kilometres, nan=400.0) * 1000).astype(np.int64)
    return np.minimum((whole + 50) // 100, len(DISTANCE) - 1)


def total(values: dict[CriterionName, Numbers], weights: Weights) -> Numbers:
    """The weighted mean, rounded down to whole millionths."""
    shares = np.array([weights.of(name) for name in CriterionName], np.int64)
    weighted: Numbers = (
        np.tensordot(shares, np.stack([values[name] for name in CriterionName]), axes=1) // weights.total
    )
    return weighted


def _shared_interests(pool: Pool, rows: Rows, likings: Likings) -> Numbers:
    ones, others = pool.newcomers.interests[rows], pool.volunteers.interests
    both = _bits(np.bitwise_or.reduce(ones) & np.bitwise_or.reduce(others)) if len(ones) and len(others) else _bits(0)
    one, other = _spread(ones, both), _spread(others, both)
    shared = ((one * likings.worth[both]).astype(np.float64) @ other.T.astype(np.float64)).astype(
        np.int64
    )  # far below 2**53
    most = np.minimum(likings.newcomers[rows, None], likings.volunteers[None, :])
    part: Numbers = MILLION * shared // np.maximum(1, most)
    return part


def _bits(interests: int) -> Numbers:
    """The numbers of the interests in a set: what nobody on one side likes, no two share."""
    return np.array([each for each in range(len(Interest)) if int(interests) >> each & 1], np.int64)


def _spread(interests: Bits, some: Numbers | None = None) -> Numbers:
    """People by interests, or by some of them, 0 or 1."""
    numbers = np.arange(len(Interest)) if some is None else some
    return (interests[:, None] >> numbers.astype(np.uint64) & np.uint64(1)).astype(np.int64)
