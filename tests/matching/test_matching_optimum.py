"""The assignment against oracles: every possibility tried, and SciPy; ties, scarcity, surplus, places, tiers, a least score.

`DUO_ORACLE_EXAMPLES` sets how many pools each test draws (a nightly run: 20,000).
"""

from __future__ import annotations

import os
from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from duolangue.matching.engine import dense
from duolangue.matching.engine.proof import NOBODY, Solution

EXAMPLES = int(os.environ.get("DUO_ORACLE_EXAMPLES", "1500"))


@st.composite
def tables(draw, most_rows=6, most_columns=4):
    """Few people, few distinct scores: many ties, scarcity and surplus, places of 0 to 3, up to four tiers."""
    rows, columns = draw(st.integers(0, most_rows)), draw(st.integers(0, most_columns))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    values = np.array(
        draw(st.sampled_from([(0, 1), (0, 1, 2, 3), (0, 499_999, 500_000, 1_000_000), tuple(range(900))]))
    )
    score = random.choice(values, (rows, columns))
    score[random.random((rows, columns)) < draw(st.sampled_from([0.0, 0.3, 0.7]))] = -1
    capacity = random.integers(0, 4, columns) if draw(st.booleans()) else np.ones(columns, np.int64)
    wait = random.choice([0, 1, 2, 100, 4000], rows) * draw(st.sampled_from([0, 1, 10_000]))
    tiers = draw(st.integers(1, 4))
    return score, capacity, wait, random.integers(0, tiers, rows), tiers


def value(solution: Solution, wait, tier, tiers) -> tuple[int, ...]:
    paired = solution.partner != NOBODY
    counts = [int((paired & (tier == each)).sum()) for each in range(tiers)]
    return *counts, int(solution.score.sum() + wait[paired].sum())


def best_by_trying_all(score, capacity, wait, tier, tiers) -> tuple[int, ...]:
    """The most of each tier in turn, then the largest total: every possibility is tried."""

    @cache
    def best(row: int, free: tuple[int, ...]) -> tuple[int, ...]:
        if row == len(score):
            return (0,) * (tiers + 1)
        found = best(row + 1, free)
        for column, left in enumerate(free):
            if left and score[row][column] >= 0:
                rest = list(best(row + 1, (*free[:column], left - 1, *free[column + 1 :])))
                rest[tier[row]] += 1
                rest[-1] += int(score[row][column] + wait[row])
                found = max(found, tuple(rest))
        return found

    return best(0, tuple(capacity.tolist()))


def best_by_scipy(score, capacity, wait, tier, tiers) -> tuple[int, ...]:
    """The same by weights so far apart that no sum of a later one reaches the next; exact while below 2**53."""
    most = int(score.max(initial=0) + wait.max(initial=0)) * len(score) + 1
    weight = most * (len(score) + 1) ** np.arange(tiers - 1, -1, -1)
    assert weight[0] * len(score) < 2**53
    places = np.repeat(np.arange(len(capacity)), np.minimum(capacity, len(score)))
    worth = np.where(score >= 0, score + (wait + weight[tier])[:, None], 0)[:, places].astype(np.float64)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    kept = score[rows, places[columns]] >= 0
    rows, columns = rows[kept], places[columns[kept]]
    counts = [int((tier[rows] == each).sum()) for each in range(tiers)]
    return *counts, int(score[rows, columns].sum() + wait[rows].sum())


def allowed(solution: Solution, score, capacity) -> bool:
    rows = np.flatnonzero(solution.partner != NOBODY)
    columns = solution.partner[rows]
    taken = np.bincount(columns, minlength=len(capacity))
    return bool((score[rows, columns] >= 0).all() and (score[rows, columns] == solution.score[rows]).all()) and bool(
        (taken <= capacity).all()
    )


@settings(max_examples=EXAMPLES, deadline=None)
@given(tables())
def test_no_assignment_pairs_more_of_an_earlier_tier_nor_has_a_larger_total(table):
    score, capacity, wait, tier, tiers = table
    found = dense.solve(*table)
    assert allowed(found, score, capacity)
    assert value(found, wait, tier, tiers) == best_by_trying_all(*table)


@settings(max_examples=EXAMPLES // 3, deadline=None)
@given(tables(most_rows=25, most_columns=20))
def test_larger_tables_agree_with_scipy(table):
    score, capacity, wait, tier, tiers = table
    wait = wait % 1000
    if len(score) ** tiers > 20_000:
        tier, tiers = tier % 2, 2
    found = dense.solve(score, capacity, wait, tier, tiers)
    assert allowed(found, score, capacity)
    assert value(found, wait, tier, tiers) == best_by_scipy(score, capacity, wait, tier, tiers)
