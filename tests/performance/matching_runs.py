"""One measurement each, in a process of its own, so that memory and time are its alone: the engine, and what one would use instead.

`python -m tests.performance.matching_runs NAME NEWCOMERS VOLUNTEERS` prints one line of JSON. Every one makes the same seeded
people; seconds are those of the run, from arrays to pairs, once all is loaded (`loading` says how long that took).
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from duolangue.matching.engine import certificate
from tests.matching.crowd import crowd
from tests.performance.matching_instances import (
    POLICY,
    Figures,
    bare,
    edges,
    everything,
    megabytes,
    people,
    resident,
    value,
)  # fmt: skip
from tests.performance.matching_peers import duckdb, greedy, networkx, ortools, scipy


def engine(newcomers: int, volunteers: int) -> Figures:
    """The engine, and its certificate checked over every possible pair."""
    from duolangue.matching.engine.assignment import solve

    started = time.perf_counter()
    solve(crowd(200, 150, seed=1), POLICY)
    if newcomers * volunteers <= 16_384:
        solve(crowd(20, 15, seed=1), POLICY)
    loading = time.perf_counter() - started
    found = people(newcomers, volunteers)
    solution, seconds = _timed(lambda: solve(found, POLICY))
    memory = megabytes()
    started = time.perf_counter()
    if newcomers * volunteers > 100_000_000:
        from duolangue.matching.engine import recheck

        recheck.verify(found, POLICY, solution.pairs, solution.proof)
    else:
        certificate.verify(found, POLICY, solution.pairs, solution.proof)
    return {
        "seconds": seconds, "megabytes": memory, "loading": loading, "value": value(found, solution.partner, solution.score),
        "score": int(solution.score.sum()), "pairs": len(solution.pairs), "kernel": solution.kernel,
        "rounds": solution.rounds, "candidates": solution.candidates, "checking": time.perf_counter() - started,
    }  # fmt: skip


def assignment(newcomers: int, volunteers: int) -> Figures:
    """The engine's assignment alone, on the first candidates."""
    from duolangue.matching.engine import sparse
    from duolangue.matching.engine.assignment import solve

    solve(crowd(200, 150, seed=1), POLICY)
    market = edges(newcomers, volunteers)
    before = resident()
    started = time.perf_counter()
    market.improve(sparse.COARSE)
    seconds = time.perf_counter() - started
    seats = market.seats
    seated = seats.seat >= 0
    total = int(seats.score[seated].sum() + market.claim[seated].sum())
    # Its working arrays are made with the market; they count as its own.
    own = sum(each.nbytes for part in (market.seats, market.search) for each in part) / 2**20
    return {
        "seconds": seconds, "megabytes": own + max(0.0, resident() - before), "value": [total], "edges": len(market.edges.column),
    }  # fmt: skip


def candidates(newcomers: int, volunteers: int) -> Figures:
    """The engine's best 64 volunteers of every newcomer, exactly."""
    from duolangue.matching.engine import sparse

    edges(200, 150)
    market = bare(newcomers, volunteers)
    started = time.perf_counter()
    found = market.best_of_rows(64, *everything(market), sparse.ALL, np.arange(newcomers, dtype=np.int32))
    return {"seconds": time.perf_counter() - started, "megabytes": megabytes(), "value": [len(found[0])]}


def online(newcomers: int, volunteers: int) -> Figures:
    """One newcomer at a time against everybody: the best five, and the exact assignment with them."""
    from tests.performance.matching_online import arrivals

    return arrivals(people(newcomers, volunteers), POLICY)


def _timed(run: Callable[[], Any]) -> tuple[Any, float]:
    """What a run gives, and its seconds; of one shorter than a quarter of a second the middle of nine."""
    seconds: list[float] = []
    while len(seconds) < 9:
        started = time.perf_counter()
        result = run()
        seconds.append(time.perf_counter() - started)
        if seconds[0] > 0.25:
            break
    return result, sorted(seconds)[len(seconds) // 2]


RUNS: Final[dict[str, Callable[[int, int], Figures]]] = {
    each.__name__: each for each in (engine, scipy, networkx, assignment, ortools, candidates, duckdb, greedy, online)
}


if __name__ == "__main__":
    print(json.dumps(RUNS[sys.argv[1]](int(sys.argv[2]), int(sys.argv[3]))))  # noqa: T201
