"""The seam: a pool and its rules in, a proven assignment out. Which kernel runs is decided here, and said in the answer."""

from __future__ import annotations

import numpy as np

from duolangue.matching.domain.policy import Policy
from duolangue.matching.engine import certificate, claims, dense
from duolangue.matching.engine.pool import Pool
from duolangue.matching.engine.proof import Solution


def solve(pool: Pool, policy: Policy) -> Solution:
    """The best assignment: as many of each tier as can be, in their order; then the largest total of scores and days.

    Both kernels give the same totals to the last unit; among equally good assignments they may choose differently.
    """
    score = certificate.allowed(pool, policy, slice(0, len(pool.newcomers)))
    return dense.solve(
        score,
        pool.capacity.astype(np.int64),
        claims.waits(pool, policy),
        claims.tiers(pool, policy),
        claims.count(policy),
    )
