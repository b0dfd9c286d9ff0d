"""How well two people fit: each criterion an integer from 0 to 1,000,000 read from a table, and their weighted mean.

Integers, so that sums are exact and the assignment provably the best.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from duolangue.matching.domain.policy import CriterionName, Weights
from duolangue.matching.domain.reasons import MILLION
from duolangue.matching.engine.pool import UNKNOWN, Numbers, Pool, Reals

AGE: Final = np.array([max(0, MILLION - 25_000 * years) for years in range(131)], np.int64)
"""By years between the two: 3 years are 0.925, 40 years nothing."""
AGE_UNKNOWN: Final = MILLION // 2
LEVEL: Final = np.array([MILLION, 950_000, 850_000, 750_000, 650_000, 550_000, 450_000, 350_000], np.int64)
"""By steps between the volunteer's lowest level and the newcomer's: who welcomes beginners is kept for them."""
DISTANCE: Final = np.array([MILLION * 200 // (200 + tenths) for tenths in range(4001)], np.int64)
"""By tenths of a kilometre, up to 400 km, further than Belgium is wide: 0 km is 1, 20 km a half."""
MOMENTS: Final = np.array([0, 500_000, 800_000, *[MILLION] * 26], np.int64)
"""By moments that suit both: three are as good as many."""


def rarity(interests: Numbers) -> Numbers:
    """What sharing each interest is worth, in millionths, for people by interests: what few share binds more.

    The inverse document frequency of text retrieval, 1 + ln(people / who like it) (Sparck Jones, 1972).
    """
    liked = np.maximum(1, interests.sum(axis=0))
    worth: Numbers = np.rint(MILLION * (1 + np.log(max(1, len(interests)) / liked))).astype(np.int64)
    return worth


def criteria(pool: Pool, kilometres: Reals) -> dict[CriterionName, Numbers]:
    """Each criterion's values, newcomers by volunteers."""
    newcomers, volunteers = pool.newcomers, pool.volunteers
    years = np.minimum(np.abs(newcomers.age[:, None] - volunteers.age[None, :]), len(AGE) - 1)
    known = (newcomers.age[:, None] != UNKNOWN) & (volunteers.age[None, :] != UNKNOWN)
    steps = np.clip(pool.level[:, None] - pool.comfort[None, :], 0, len(LEVEL) - 1)
    tenths = np.minimum(np.rint(np.nan_to_num(kilometres, nan=400.0) * 10).astype(np.int64), len(DISTANCE) - 1)
    return {
        CriterionName.AGE: np.where(known, AGE[years], AGE_UNKNOWN),
        CriterionName.INTERESTS: _shared_interests(pool),
        CriterionName.LEVEL: LEVEL[steps],
        CriterionName.DISTANCE: DISTANCE[tenths],
        CriterionName.AVAILABILITY: MOMENTS[newcomers.slots @ volunteers.slots.T],
        CriterionName.LANGUAGE: np.where(newcomers.languages @ volunteers.languages.T > 0, MILLION, 0),
    }


def total(values: dict[CriterionName, Numbers], weights: Weights) -> Numbers:
    """The weighted mean, rounded down to whole millionths."""
    shares = np.array([weights.of(name) for name in CriterionName], np.int64)
    weighted: Numbers = (
        np.tensordot(shares, np.stack([values[name] for name in CriterionName]), axes=1) // weights.total
    )
    return weighted


def _shared_interests(pool: Pool) -> Numbers:
    one, other = pool.newcomers.interests, pool.volunteers.interests
    worth = rarity(np.concatenate([one, other]))
    shared = (one * worth) @ other.T
    most = np.minimum((one @ worth)[:, None], (other @ worth)[None, :])
    part: Numbers = MILLION * shared // np.maximum(1, most)
    return part
