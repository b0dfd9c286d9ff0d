"""The best assignment that leaves most pairs as they are: among all that are equally good, the one that keeps most of those there are."""

from __future__ import annotations

import numpy as np

from duolangue.matching.domain.policy import Policy
from duolangue.matching.engine import certificate, claims, dense
from duolangue.matching.engine.pool import Numbers, Pool
from duolangue.matching.engine.proof import NOBODY


def solve(pool: Pool, policy: Policy, partner: Numbers) -> Numbers:
    """Everybody's partner, -1 for who is left; `partner` says who has whom now. As good to the last unit as `assignment.solve`.

    All worth is counted so many times that keeping every pair there is weighs less than one unit: what is kept decides
    between equals alone. On a table of all pairs: for a pool of some ten thousand of them.
    """
    newcomers = len(pool.newcomers)
    times = newcomers + 1
    worth = certificate.allowed(pool, policy, slice(0, newcomers))
    score = np.where(worth >= 0, worth * times, worth)
    rows = np.flatnonzero(partner != NOBODY)
    score[rows, partner[rows]] += worth[rows, partner[rows]] >= 0
    wait, tier = claims.waits(pool, policy) * times, claims.tiers(pool, policy)
    return dense.solve(score, pool.capacity.astype(np.int64), wait, tier, claims.count(policy)).partner
