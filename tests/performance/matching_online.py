"""How long one newcomer takes against a whole pool whose prices are kept: the best five, and the exact assignment with them."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from duolangue.matching.domain.policy import Policy
from duolangue.matching.engine.pool import Pool

ARRIVING = 1_000


def arrivals(pool: Pool, policy: Policy) -> dict[str, Any]:
    """99th percentiles in milliseconds, over the last thousand newcomers."""
    from duolangue.matching.engine.online import Standing

    standing = Standing(pool, policy, arriving=ARRIVING)
    first = len(pool.newcomers) - ARRIVING
    looks, comes = [], []
    standing.best(first)
    for each in range(first, len(pool.newcomers)):
        started = time.perf_counter()
        standing.best(each)
        looked = time.perf_counter()
        standing.arrive()
        comes.append(time.perf_counter() - looked)
        looks.append(looked - started)
    found, came = (np.percentile(np.array(each) * 1000, [50, 99]) for each in (looks, comes))
    return {
        "scores": float(found[1]), "scores_half": float(found[0]), "arrival": float(came[1]), "arrival_half": float(came[0]),
        "tiers_held": standing.check(), "value": list(standing.value),
    }  # fmt: skip
