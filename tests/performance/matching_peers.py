"""What one would use instead of the engine, each on the same instance: libraries, a database, and taking whoever comes first."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import numpy as np

from duolangue.matching.domain.policy import CriterionName
from duolangue.matching.engine import certificate, scores, traits
from duolangue.matching.engine.pool import Pool
from duolangue.matching.engine.proof import NOBODY
from tests.performance.matching_instances import (
    POLICY,
    Figures,
    bare,
    edges,
    everything,
    megabytes,
    people,
    resident,
    urgency,
    value,
)  # fmt: skip

SAMPLE: Final = 1_500
"""Newcomers for whom DuckDB finds candidates; its time grows with their number."""


def scipy(newcomers: int, volunteers: int) -> Figures:
    """All scores with numpy, then SciPy's linear sum assignment with a column for each place; tiers by bonuses."""
    from scipy.optimize import linear_sum_assignment

    found = people(newcomers, volunteers)
    started = time.perf_counter()
    score = certificate.allowed(found, POLICY, slice(0, newcomers))
    claim = urgency(found)
    places = np.repeat(np.arange(volunteers), found.capacity)
    worth = np.where(score >= 0, score + claim[:, None], 0)[:, places].astype(np.float64)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    partner = np.full(newcomers, NOBODY, np.int64)
    kept = score[rows, places[columns]] >= 0
    partner[rows[kept]] = places[columns[kept]]
    seconds = time.perf_counter() - started
    each = np.where(partner == NOBODY, 0, score[np.arange(newcomers), partner])
    return {"seconds": seconds, "megabytes": megabytes(), "value": value(found, partner, each)}


def networkx(newcomers: int, volunteers: int) -> Figures:
    """Scores pair by pair in Python, then NetworkX's maximum weight matching with a node for each place."""
    import networkx as nx

    found = people(newcomers, volunteers)
    started = time.perf_counter()
    graph = nx.Graph()
    claim, known = urgency(found).tolist(), {}
    pair = _in_python(found)
    for row in range(newcomers):
        for column in range(volunteers):
            score = pair(row, column)
            if score >= 0:
                known[row, column] = score
                for place in range(int(found.capacity[column])):
                    graph.add_edge(("n", row), ("v", column, place), weight=score + claim[row])
    partner, each = np.full(newcomers, NOBODY, np.int64), np.zeros(newcomers, np.int64)
    for one, other in nx.max_weight_matching(graph):
        row, column = (one[1], other[1]) if one[0] == "n" else (other[1], one[1])
        partner[row], each[row] = column, known[row, column]
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "megabytes": megabytes(), "value": value(found, partner, each)}


def ortools(newcomers: int, volunteers: int) -> Figures:
    """OR-Tools' cost-scaling flow on the same candidates, capacities native."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    market = edges(newcomers, volunteers)
    edge, capacity, claim = market.edges, market.layout.capacity, market.claim
    rows = np.repeat(np.arange(newcomers), edge.stop - edge.start)
    columns, worth = edge.column.astype(np.int64), edge.score + claim[rows]
    market.seats = market.search = market.queue = None
    before = resident()
    started = time.perf_counter()
    flow = SimpleMinCostFlow()
    sink, source = newcomers + volunteers, newcomers + volunteers + 1
    ones, none = np.ones(newcomers, np.int64), np.zeros(max(newcomers, volunteers), np.int64)
    flow.add_arcs_with_capacity_and_unit_cost(rows, newcomers + columns, np.ones(len(rows), np.int64), -worth)
    flow.add_arcs_with_capacity_and_unit_cost(np.full(newcomers, source), np.arange(newcomers), ones, none[:newcomers])
    flow.add_arcs_with_capacity_and_unit_cost(
        newcomers + np.arange(volunteers), np.full(volunteers, sink), capacity, none[:volunteers]
    )
    flow.add_arc_with_capacity_and_unit_cost(source, sink, newcomers, 0)
    flow.set_node_supply(source, newcomers)
    flow.set_node_supply(sink, -newcomers)
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError("OR-Tools found no optimum")
    seconds = time.perf_counter() - started
    return {
        "seconds": seconds,
        "megabytes": max(megabytes(), resident()) - before,
        "value": [-int(flow.optimal_cost())],
    }


def duckdb(newcomers: int, volunteers: int) -> Figures:
    """The best 64 of a sample of newcomers in one statement of SQL; the time is that for all, in proportion."""
    from tests.performance.matching_sql import best_of_sample

    return best_of_sample(people(newcomers, volunteers), POLICY, SAMPLE)


def greedy(newcomers: int, volunteers: int) -> Figures:
    """Whoever comes first by tier and days takes the best volunteer who is still free."""
    from duolangue.matching.engine import sparse

    edges(200, 150)
    market = bare(newcomers, volunteers)
    tier, wait, free = market.layout.tier, market.layout.wait, market.layout.capacity.copy()
    started = time.perf_counter()
    order = np.lexsort((-wait, tier)).astype(np.int32)
    total = paired = 0
    while len(order):
        market.layout.columns["place"][free == 0] = -1
        asked = order[: max(2_000, len(order) // 8)]
        row, column, score, _ = market.best_of_rows(sparse.CANDIDATES, *everything(market), sparse.ALL, asked)
        sort = np.argsort(-score, kind="stable")
        row, column, score = row[sort], column[sort], score[sort]
        again, sort = [], np.argsort(row, kind="stable")
        starts = np.searchsorted(row[sort], np.arange(newcomers + 1))
        for one in asked.tolist():
            mine = sort[starts[one] : starts[one + 1]]
            for position in mine.tolist():
                if free[column[position]]:
                    free[column[position]] -= 1
                    total, paired = total + int(score[position]), paired + 1
                    break
            else:
                if len(mine) == sparse.CANDIDATES:
                    again.append(one)
        order = np.concatenate([np.array(again, np.int32), order[len(asked) :]])
    return {
        "seconds": time.perf_counter() - started,
        "megabytes": megabytes(),
        "score": total,
        "pairs": paired,
        "value": [],
    }


def _in_python(found: Pool) -> Callable[[int, int], int]:
    """A pair's score as a program without arrays computes it; -1 where it may not be."""
    one, other, worth = found.newcomers, found.volunteers, scores.worths(found).tolist()
    weights = {name: POLICY.weights.of(name) for name in CriterionName}
    table = [each.tolist() for each in (scores.AGE, scores.LEVEL, scores.DISTANCE, scores.MOMENTS)]
    ages, levels, distances, moments = table

    def mass(bits: int) -> int:
        return sum(each for number, each in enumerate(worth) if bits >> number & 1)

    def pair(row: int, column: int) -> int:
        metres = int(found.metres[one.place[row], other.place[column]])
        age, gender = int(other.age[column]), int(other.gender[column])
        language = bool((one.languages[row] & other.languages[column]).any())
        step = int(found.level[row] - found.comfort[column])
        wished = int(found.wished_gender[row])
        if (
            metres > one.radius_km[row] * 1000 or metres > other.radius_km[column] * 1000 or step < 0
            or not one.zones[row] & other.zones[column] or wished not in {-1, gender}
            or not found.least_age[row] <= age <= found.most_age[row]
            or (found.same_gender[column] and (gender == -1 or one.gender[row] != gender))
            or (found.needs_language[row] and not language) or column in found.apart_from(row)
        ):  # fmt: skip
            return -1
        mine = int(one.age[row])
        liked, theirs = int(one.interests[row]), int(other.interests[column])
        slots = int(one.slots[row]) & int(other.slots[column])
        values = {
            CriterionName.AGE: scores.AGE_UNKNOWN if traits.UNKNOWN in {mine, age} else ages[min(130, abs(mine - age))],
            CriterionName.INTERESTS: 1_000_000 * mass(liked & theirs) // max(1, min(mass(liked), mass(theirs))),
            CriterionName.LEVEL: levels[step],
            CriterionName.DISTANCE: distances[min(4000, (metres + 50) // 100)],
            CriterionName.AVAILABILITY: moments[slots.bit_count()],
            CriterionName.LANGUAGE: 1_000_000 if language else 0,
        }
        total: int = sum(weights[name] * each for name, each in values.items())
        return total // POLICY.weights.total

    return pair
