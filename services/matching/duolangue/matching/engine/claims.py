"""What each newcomer's waiting counts: the tier that goes before later ones, and days that add to the score without end."""

from __future__ import annotations

from typing import Final

import numpy as np

from duolangue.matching.domain.policy import FULL_SCORE, Policy
from duolangue.matching.engine.pool import ALL, Numbers, Pool, Rows

FIRST: Final = 0
"""The tier of those who go first."""


def tiers(pool: Pool, policy: Policy, rows: Rows = ALL) -> Numbers:
    """Each newcomer's tier, or that of some: 0 for who goes first, then by days waited, the rest in the last."""
    limits = np.array(policy.tiers, np.int64)
    waited = 1 + (pool.days[rows, None] < limits[None, :]).sum(axis=1)
    return np.where(pool.first[rows], FIRST, waited).astype(np.int64)


def count(policy: Policy) -> int:
    """How many tiers there are."""
    return len(policy.tiers) + 2


def waits(pool: Pool, policy: Policy) -> Numbers:
    """What the days waited add to a pair, in millionths; never capped."""
    claim: Numbers = pool.days * policy.day_waited
    return claim


def first_steps(tier: Numbers, wait: Numbers, number: int) -> Numbers:
    """By how much a pair of each tier shall at first count more than one of the next, in millionths.

    Enough that nobody is passed over directly for somebody of a later tier: the most that days waited and the score can
    make up for. Where a longer chain of people could still break the order, the engine doubles the step.
    """
    steps = np.full(number, FULL_SCORE + 1, np.int64)
    for each in range(number - 1):
        before, after = wait[tier <= each], wait[tier > each]
        if before.size and after.size:
            steps[each] += max(0, int(after.max()) - int(before.min()))
    return steps


def bonuses(steps: Numbers) -> Numbers:
    """What a pair of each tier counts more: the steps from its own to the last."""
    return np.cumsum(steps[::-1])[::-1].astype(np.int64)
