"""The seam: a pool and its rules in, a proven assignment out. Which kernel runs is decided here, and said in the answer."""

from __future__ import annotations

from typing import Final

import numpy as np

from duolangue.matching.domain.policy import Policy
from duolangue.matching.engine import certificate, claims, dense
from duolangue.matching.engine.pool import Pool
from duolangue.matching.engine.progress import Tell, silent
from duolangue.matching.engine.proof import Solution

SMALL: Final = 16_384
"""Up to so many pairs a table of all of them is quicker than loading compiled code."""


def solve(pool: Pool, policy: Policy, *, small: int = SMALL, tell: Tell = silent) -> Solution:
    """The best assignment: as many of each tier as can be, in their order; then the largest total of scores and days.

    Up to `small` pairs numpy does it on a table of all pairs (`dense.py`), beyond that compiled code on candidates
    (`sparse.py`). Both give the same totals to the last unit; among equally good assignments they may choose differently.
    `tell` hears how far a large one is, in hundredths.
    """
    newcomers, volunteers = pool.shape
    if newcomers * volunteers > small:
        from duolangue.matching.engine import sparse  # loads the compiler

        return sparse.solve(pool, policy, tell=tell)
    score = certificate.allowed(pool, policy, slice(0, newcomers))
    wait, tier = claims.waits(pool, policy), claims.tiers(pool, policy)
    return dense.solve(score, pool.capacity.astype(np.int64), wait, tier, claims.count(policy))
