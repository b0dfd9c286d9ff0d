"""The assignment against oracles: every possibility tried, SciPy, OR-Tools, and one kernel against the other; ties, scarcity,
surplus, places, tiers, a least score.

`DUO_ORACLE_EXAMPLES` sets how many pools each test draws (a nightly run: 20,000).
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from duolangue.matching.domain.policy import Policy, Weights
from duolangue.matching.engine import claims, dense
from duolangue.matching.engine.assignment import solve
from duolangue.matching.engine.certificate import allowed as scores_of
from duolangue.matching.engine.certificate import primal, verify
from duolangue.matching.engine.pool import Pool
from duolangue.matching.engine.proof import NOBODY, Solution
from tests.matching.crowd import ONE_CITY, crowd

EXAMPLES = int(os.environ.get("DUO_ORACLE_EXAMPLES", "1000"))


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


def pool_value(pool: Pool, policy: Policy, solution: Solution) -> tuple[int, ...]:
    return value(solution, claims.waits(pool, policy), claims.tiers(pool, policy), claims.count(policy))


@st.composite
def pools(draw):
    """Whole pools on real postcodes: in one city or all over; some where many people are the same; all kinds of rules."""
    newcomers, volunteers = draw(st.sampled_from([(12, 30), (30, 20), (40, 40), (70, 45), (110, 30)]))
    pool = crowd(
        newcomers,
        volunteers,
        seed=draw(st.integers(0, 2**32)),
        cities=draw(st.sampled_from([None, ONE_CITY])),
        places_each=draw(st.sampled_from([(1.0, 0.0, 0.0), (0.6, 0.3, 0.1), (0.0, 0.0, 1.0)])),
        apart=draw(st.sampled_from([0.0, 0.3])),
    )
    if draw(st.booleans()):
        pool = alike(pool)
    policy = Policy(
        weights=draw(st.sampled_from([Weights(), Weights(age=0, interests=100, level=1), Weights(language=7)])),
        day_waited=draw(st.sampled_from([0, 1, 10_000, 1_000_000])),
        minimum_score=draw(st.sampled_from([0, 300_000, 700_000])),
        tiers=draw(st.sampled_from([(), (30,), (90, 30, 14)])),
        common_time=draw(st.booleans()),
    )
    return pool, policy


def alike(pool: Pool) -> Pool:
    """The same pool, of people who differ little."""

    def plainer(side):
        return replace(side, interests=side.interests & np.uint64(1), age=side.age // 40 * 40)

    return replace(
        pool, newcomers=plainer(pool.newcomers), volunteers=plainer(pool.volunteers), days=pool.days // 60 * 60
    )


@settings(max_examples=EXAMPLES // 10, deadline=None)
@given(pools(), st.sampled_from([1, 3, 16]))
def test_compiled_code_finds_the_same_totals_and_proves_them(drawn, first):
    """With few first candidates almost all is found by pricing."""
    from duolangue.matching.engine import sparse

    pool, policy = drawn
    found = sparse.solve(pool, policy, first=first)
    verify(pool, policy, found.pairs, found.proof)
    assert pool_value(pool, policy, found) == pool_value(pool, policy, solve(pool, policy))


def test_compiled_code_agrees_with_a_network_flow():
    """OR-Tools' cost-scaling flow on all possible pairs of a city, each worth what the proof says of its tier."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    pool, policy = crowd(400, 250, seed=11, cities=ONE_CITY), Policy()
    found = solve(pool, policy)
    assert found.kernel == "sparse"
    verify(pool, policy, found.pairs, found.proof)
    score = scores_of(pool, policy, slice(0, 400))
    rows, columns = np.nonzero(score >= 0)
    claim = claims.waits(pool, policy) + found.proof.bonus[claims.tiers(pool, policy)]
    flow = SimpleMinCostFlow()
    worth = score[rows, columns] + claim[rows]
    source, sink = 650, 651
    flow.add_arcs_with_capacity_and_unit_cost(rows, 400 + columns, np.ones_like(rows), -worth)
    flow.add_arcs_with_capacity_and_unit_cost(
        np.full(400, source), np.arange(400), np.ones(400, int), np.zeros(400, int)
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        np.arange(400, 650), np.full(250, sink), pool.capacity, np.zeros(250, int)
    )
    flow.add_arc_with_capacity_and_unit_cost(source, sink, 400, 0)
    flow.set_node_supply(source, 400)
    flow.set_node_supply(sink, -400)
    assert flow.solve() == flow.OPTIMAL
    assert -flow.optimal_cost() == primal(pool, policy, found.pairs, found.proof)


def test_hundreds_who_are_all_the_same_are_paired_in_few_rounds():
    pool = crowd(300, 250, seed=3, cities=ONE_CITY, places_each=(1.0, 0.0, 0.0))

    def same(side, **more):
        names = ("interests", "slots", "languages", "age", "gender", "place", "radius_km")
        values = {name: np.full_like(getattr(side, name), getattr(side, name).max()) for name in names}
        return replace(side, **{**values, "place": np.full_like(side.place, 500)}, **more)

    pool = replace(
        pool,
        newcomers=same(pool.newcomers),
        volunteers=same(pool.volunteers),
        comfort=np.zeros_like(pool.comfort),
        same_gender=np.zeros_like(pool.same_gender),
        wished_gender=np.full_like(pool.wished_gender, -1),
        least_age=np.full_like(pool.least_age, -2),
        most_age=np.full_like(pool.most_age, 1_000_000),
        needs_language=np.zeros_like(pool.needs_language),
        days=np.zeros_like(pool.days),
        first=np.zeros_like(pool.first),
    )
    found = solve(pool, Policy())
    verify(pool, Policy(), found.pairs, found.proof)
    assert len(found.pairs) == 250
    assert found.rounds <= 10


def test_a_small_pool_waits_for_no_compiler():
    """In a process of its own: the whole service is imported, and 50 people are paired with 80."""
    lines = (
        "import sys, duolangue.matching.service",
        "from tests.matching.crowd import crowd",
        "from duolangue.matching.domain.policy import Policy",
        "from duolangue.matching.engine.assignment import solve",
        "assert solve(crowd(50, 80), Policy()).kernel == 'dense'",
        "assert not {'numba', 'llvmlite', 'scipy'} & set(sys.modules)",
    )
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
