"""The instances of the bench of matching, the same seeded people for whoever measures, and what is measured of a process."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Any, Final

import numpy as np

from duolangue.matching.domain.policy import Policy
from duolangue.matching.engine import claims
from duolangue.matching.engine.pool import Numbers, Pool
from duolangue.matching.engine.proof import NOBODY
from tests.matching.crowd import ONE_CITY, crowd

POLICY: Final = Policy()
SEED: Final = 20_200_415
Figures = dict[str, Any]


def people(newcomers: int, volunteers: int) -> Pool:
    """The instance of this size: one city up to 1,000, real postcodes all over the country beyond."""
    return crowd(newcomers, volunteers, seed=SEED, cities=ONE_CITY if newcomers <= 1000 else None)


def value(found: Pool, partner: Numbers, score: Numbers) -> list[int]:
    """How many of each tier are paired, then the total of scores and days: what is to be as large as can be, in this order."""
    tier, paired = claims.tiers(found, POLICY), partner != NOBODY
    counts = [int((paired & (tier == each)).sum()) for each in range(claims.count(POLICY))]
    return [*counts, int(score[paired].sum() + claims.waits(found, POLICY)[paired].sum())]


def megabytes() -> float:
    """The most memory this process had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def edges(newcomers: int, volunteers: int) -> Any:
    """A market with its first candidates: what the two solvers of an assignment alone are given."""
    from duolangue.matching.engine import layout, sparse

    market = sparse.Market(layout.lay_out(people(newcomers, volunteers), POLICY), claims.count(POLICY))
    market.first_candidates(sparse.CANDIDATES, sparse.ENOUGH)
    return market


def urgency(found: Pool) -> Numbers:
    """What each newcomer's tier and days count, in millionths, so that an earlier tier comes first."""
    tier, wait = claims.tiers(found, POLICY), claims.waits(found, POLICY)
    return wait + 4 * claims.bonuses(claims.first_steps(tier, wait, claims.count(POLICY)))[tier]


def bare(newcomers: int, volunteers: int) -> Any:
    """A market without candidates."""
    from duolangue.matching.engine import layout, sparse

    return sparse.Market(layout.lay_out(people(newcomers, volunteers), POLICY), claims.count(POLICY))


def everything(market: Any) -> tuple[Numbers, Numbers]:
    """Prices and bounds that leave nobody out."""
    return np.zeros(len(market.price), np.int64), np.full(len(market.least), -1, np.int64)


def resident() -> float:
    """The memory this process has now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize() / 2**20
