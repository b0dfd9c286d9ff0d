"""The exact assignment for a large pool: the best candidates of each side, grown by pricing out every possible pair.

A round solves the candidates exactly, then looks for possible pairs that are worth more than their two prices; those join the
candidates. When none is left, the prices prove the assignment among all pairs. The same goes for the tiers: where somebody of an
earlier tier could still be paired, the tier's step doubles.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np

from duolangue.matching.domain.policy import Policy
from duolangue.matching.engine import auction, claims, layout, paths, scan
from duolangue.matching.engine.layout import Layout
from duolangue.matching.engine.pool import Numbers, Pool, Small
from duolangue.matching.engine.proof import NOBODY, Proof, Solution

KERNEL: Final = "sparse"
CANDIDATES: Final = 16
"""For each newcomer and for each volunteer, before any price is known."""
ENOUGH: Final = 600
"""So many people, the nearest, are looked at for these; pricing looks at everybody."""
ALL: Final = 2**31
MORE: Final = 16
"""Pairs somebody may add in one round: those that miss their prices most."""
MARGIN: Final = 100
"""Pairs that miss their prices by less than this, in millionths, are added too, so that small changes need no new look."""
COARSE: Final = (1_000_000, 200_000, 40_000, 8_000, 1_600, 320)
"""Steps of the first auction, in millionths."""
FINE: Final = (2_000, 200)
"""Steps of the later ones, which begin with prices that are nearly right."""
FEW: Final = 50
"""Where fewer pairs were added than one for so many newcomers, no auction is needed: it would move prices all over again."""
BIDS: Final = 4
"""Bids without a step, for each newcomer who stands, before paths are searched."""
CHUNK: Final = 2048
THREADS: Final = max(1, min(8, os.cpu_count() or 1))


def solve(pool: Pool, policy: Policy, *, candidates: int = CANDIDATES) -> Solution:
    """The lexicographic optimum, proven over all possible pairs, whatever the number of first candidates."""
    market = Market(layout.lay_out(pool, policy), claims.count(policy))
    market.first_candidates(candidates, ENOUGH)
    market.improve(COARSE)
    market.prove()
    return market.solution()


Best = tuple[Small, Small, Small, Numbers]
"""Pairs as arrays of who was asked for, the other and the score; and for each who was asked for, above what nobody else is."""


class Market:
    """Prices, seats and candidates on the way to a proof."""

    def __init__(self, laid_out: Layout, tiers: int) -> None:
        self.layout, self.tiers, self.rounds = laid_out, tiers, 0
        rows, columns = len(laid_out.tier), len(laid_out.capacity)
        self.steps = claims.first_steps(laid_out.tier, laid_out.wait, tiers)
        self.claim = laid_out.wait + claims.bonuses(self.steps)[laid_out.tier]
        self.price = np.zeros(columns, np.int64)
        self.gain = np.zeros(rows, np.int64)
        self.bound = np.full(rows, ALL, np.int64)
        self.floor: Numbers | None = None
        first = np.concatenate([[0], np.cumsum(laid_out.capacity)]).astype(np.int64)
        places = int(first[-1])
        self.seats = auction.Seats(
            first=first,
            column=np.repeat(np.arange(columns), laid_out.capacity).astype(np.int32),
            owner=np.full(places, NOBODY, np.int32),
            price=np.zeros(places, np.int64),
            seat=np.full(rows, NOBODY, np.int32),
            score=np.zeros(rows, np.int32),
        )
        self.queue = np.empty(max(rows, columns) + 1, np.int32)
        self.search = paths.search(max(rows, columns) + 1)
        self.edges = edges_of(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int32), rows, columns)
        self.reach: list[Any] = []

    def first_candidates(self, number: int, enough: int) -> None:
        """The best pairs of each newcomer and of each volunteer, by score alone, among as many people near them."""
        rows, columns = len(self.gain), len(self.price)
        below, nothing = np.full(max(rows, columns), -1, np.int64), np.zeros(max(rows, columns), np.int64)
        one = self.best_of_rows(number, nothing[:columns], below, enough, np.arange(rows, dtype=np.int32))
        other = self.best_of_columns(number, nothing[:rows], below, enough, np.arange(columns, dtype=np.int32))
        self._add([one[:3], (other[1], other[0], other[2])])

    def improve(self, steps: tuple[int, ...]) -> None:
        """Solve the candidates exactly, from the prices and seats there are."""
        state = self.edges, self.seats, self.price, self.claim
        for epsilon in steps:
            standing = auction.loosen(*state, epsilon, self.queue)
            auction.forward(*state, epsilon, self.queue, standing, 2**62)
            auction.reverse(*state, epsilon, self.queue)
        standing = auction.loosen(*state, 0, self.queue)
        auction.forward(*state, 0, self.queue, standing, BIDS * standing)
        paths_left = paths.gains(*state, self.gain)
        self.paths = paths.finish(*state, self.gain, self.search), paths_left

    def prove(self) -> None:
        """Go on until prices and tiers are proven."""
        while True:
            self.prove_prices()
            open_tiers = self.open_tiers()
            if not open_tiers:
                return
            self.raise_tiers(open_tiers)
            self.improve(FINE)

    def prove_prices(self) -> None:
        """Go on until no possible pair is worth more than its prices."""
        self.rounds += 1
        while added := self.price_out():
            self.rounds += 1
            self.improve(FINE if added > len(self.gain) // FEW else ())

    def price_out(self) -> int:
        """Hold every possible pair against the prices, and add those that are worth more, or nearly; returns how many.

        Nobody is looked at twice for nothing. All pairs but the candidates are known to score at most `bound` of the newcomer
        and `floor` of the volunteer together; only whose price fell below that is looked at anew. Where so many are equal that
        this does not prove it, all are looked at without a margin: then only pairs that really are worth more are added.
        """
        before, least = len(self.edges.column), self.gain - self.claim
        if self.floor is None:
            self.floor = np.maximum(0, self.price - MARGIN)
        below = np.flatnonzero(self.price < self.floor).astype(np.int32)
        if len(below):
            self.floor[below] = np.maximum(0, self.price[below] - MARGIN)
            *found, self.floor[below] = self.best_of_columns(MORE, self.bound, self.floor, ALL, below)
            self._add([(found[1], found[0], found[2])])
        who = np.flatnonzero(least < self.bound).astype(np.int32)
        if len(who):
            self.bound[who] = least[who] - MARGIN
            *found, self.bound[who] = self.best_of_rows(MORE, self.floor, self.bound, ALL, who)
            self._add([(found[0], found[1], found[2])])
        if len(self.edges.column) > before:
            return len(self.edges.column) - before
        if (self.price >= self.floor).all() and (least >= self.bound).all():
            return 0
        self.floor = self.price.copy()
        *found, self.bound = self.best_of_rows(MORE, self.floor, least, ALL, np.arange(len(least), dtype=np.int32))
        self._add([(found[0], found[1], found[2])])
        return len(self.edges.column) - before

    def open_tiers(self) -> list[int]:
        """The tiers of which, or of earlier ones, somebody left could still be paired."""
        groups, near = self._groups_of_columns(np.zeros_like(self.price)), self.layout.to_columns
        people = self.layout.rows, self.layout.columns, self.layout.apart, self.layout.rules
        seats = self.seats
        found = [
            scan.reachable(
                *people,
                near,
                groups.start,
                groups.order.copy(),
                seats.first,
                seats.owner,
                seats.seat,
                self.layout.tier,
                tier,
            )
            for tier in range(self.tiers)
        ]
        self.reach = [reached for _, reached in found]
        return [tier for tier, (closed, _) in enumerate(found) if not closed]

    def raise_tiers(self, tiers: list[int]) -> None:
        """Double by how much these tiers count more than the ones after them."""
        self.steps[tiers] *= 2
        claim = self.layout.wait + claims.bonuses(self.steps)[self.layout.tier]
        self.claim = claim

    def solution(self) -> Solution:
        """What was found, in the pool's own order."""
        laid_out, seats = self.layout, self.seats
        rows, columns = laid_out.row_order, laid_out.column_order
        seated = np.flatnonzero(seats.seat >= 0)
        partner = np.full(len(rows), NOBODY, np.int64)
        score = np.zeros(len(rows), np.int64)
        partner[rows[seated]] = columns[seats.column[seats.seat[seated]]]
        score[rows[seated]] = seats.score[seated]
        newcomers, volunteers = np.empty_like(self.gain), np.empty_like(self.price)
        newcomers[rows], volunteers[columns] = self.gain, self.price
        reach = [np.zeros(len(columns), np.bool_) for _ in self.reach]
        for there, here in zip(reach, self.reach, strict=True):
            there[columns] = here
        return Solution(
            partner=partner,
            score=score,
            proof=Proof(newcomers, volunteers, claims.bonuses(self.steps), tuple(reach)),
            kernel=KERNEL,
            rounds=self.rounds,
            candidates=len(self.edges.column),
        )

    def _add(self, found: Sequence[tuple[Small, Small, Small]]) -> None:
        edges = self.edges
        rows = np.repeat(np.arange(len(self.gain), dtype=np.int32), edges.stop - edges.start)
        each = zip((rows, edges.column, edges.score), *found, strict=True)
        row, column, score = (np.concatenate(parts) for parts in each)
        self.edges = edges_of(row, column, score, len(self.gain), len(self.price))

    def _groups_of_columns(self, price: Numbers) -> layout.Groups:
        return layout.group(self.layout.columns, len(self.layout.to_columns.place), price)

    def best_of_rows(self, number: int, price: Numbers, above: Numbers, enough: int, who: Small) -> Best:
        """For each newcomer of `who` so many pairs whose score less the volunteer's price is above a bound: the best."""
        people = self.layout.to_columns, self._groups_of_columns(price)
        return self._best(scan.best_of_rows, number, *people, above, enough, who)

    def best_of_columns(self, number: int, price: Numbers, above: Numbers, enough: int, who: Small) -> Best:
        """The same for each volunteer of `who`."""
        groups = layout.group(self.layout.rows, len(self.layout.to_rows.place), price)
        people = self.layout.to_rows, groups
        return self._best(scan.best_of_columns, number, *people, above, enough, who)

    def _best(
        self, kernel: Callable[..., Numbers], number: int, near: layout.Near, groups: layout.Groups,
        above: Numbers, enough: int, who: Small,
    ) -> Best:  # fmt: skip
        """For everybody of `who` the best pairs; each chunk's own arrays, so that memory is only taken for what is found."""
        laid_out = self.layout
        people = laid_out.rows, laid_out.columns, laid_out.apart, laid_out.rules
        asked = *people, near, groups, above, enough

        def some(first: int) -> Best:
            chunk = who[first : first + CHUNK]
            found = np.empty((len(chunk), number), np.int32)
            worth = np.empty((len(chunk), number), np.int32)
            bounds = np.empty(len(chunk), np.int64)
            counts = kernel(*asked, chunk, found, worth, bounds)
            kept = np.arange(number)[None, :] < counts[:, None]
            return np.repeat(chunk, counts), found[kept], worth[kept], bounds

        starts = range(0, len(who), CHUNK)
        if len(starts) > 1:
            with ThreadPoolExecutor(THREADS) as threads:
                parts = list(threads.map(some, starts))
        else:
            parts = [some(0)]
        one, other, worth, bounds = (np.concatenate(each) for each in zip(*parts, strict=True))
        return one, other, worth, bounds


def edges_of(row: Small, column: Small, score: Small, rows: int, columns: int) -> auction.Edges:
    """Candidates from both sides, each pair once."""
    key = row.astype(np.int64) * columns + column
    _, once = np.unique(key, return_index=True)
    row, column, score = row[once], column[once], score[once]
    back = np.argsort(column, kind="stable")
    start = np.searchsorted(row, np.arange(rows + 1)).astype(np.int64)
    return auction.Edges(
        start=start[:-1],
        stop=start[1:],
        column=column,
        score=score,
        back=np.searchsorted(column[back], np.arange(columns + 1)).astype(np.int64),
        row=row[back],
        back_score=score[back],
    )


def solve_candidates(market: Market) -> None:
    """The assignment alone, on the candidates there are."""
    market.improve(COARSE)
