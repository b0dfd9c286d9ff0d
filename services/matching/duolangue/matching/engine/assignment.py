"""One exact assignment: arrays in, pairs out."""

from __future__ import annotations

from typing import Final

import numpy as np

from duolangue.matching.engine.pool import Numbers

EXACT: Final = 2**53
"""Up to here every integer is exact in the solver's floating-point numbers."""


class TooLarge(ValueError):
    """Scores, priorities and people together exceed what can be computed exactly."""


def assign(score: Numbers, capacity: Numbers, priority: Numbers) -> Numbers:
    """The best pairs, as rows of (newcomer, volunteer), by newcomer.

    Args:
        score: newcomers by volunteers; not negative where a pair may be, negative where it may not.
        capacity: how many pairs each volunteer may have.
        priority: each newcomer's claim, not negative, in the unit of the scores; as large as it likes.

    Among all assignments it first pairs as many newcomers as can be, then has the largest sum of scores and priorities
    of the paired. Both at once are a linear assignment (Jonker and Volgenant, 1987; Crouse, 2016, as in SciPy) whose pairs
    are worth `bonus + score + priority`. The bonus need only exceed what scores can lose: where one more pair is possible
    there is an augmenting path (Berge, 1957), which keeps every newcomer paired so far, so that no priority is lost by it.

    Raises:
        TooLarge: the sums would no longer be exact.
    """
    from scipy.optimize import linear_sum_assignment  # a second and 50 MB: only who computes pays for it

    newcomers, volunteers = score.shape
    places = np.repeat(np.arange(volunteers), np.minimum(capacity, newcomers))
    most = min(newcomers, len(places))
    may = score >= 0
    if not most or not may.any():
        return np.empty((0, 2), np.int64)
    bonus = int(score.max()) * most + 1
    dearest = bonus + int(score.max()) + int(priority.max())
    if 2 * dearest * most >= EXACT:
        raise TooLarge(f"{newcomers} newcomers, {len(places)} places, pairs worth up to {dearest}")
    worth = np.where(may, bonus + score + priority[:, None], 0)[:, places].astype(np.float64)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    kept = may[rows, places[columns]]
    return np.stack([rows[kept], places[columns][kept]], axis=1).astype(np.int64)
