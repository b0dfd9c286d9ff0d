"""The exact assignment for a large pool: the best candidates of each side, grown by pricing out every possible pair.

A round solves the candidates exactly, then looks for possible pairs that are worth more than their two prices; those join the
candidates. When none is left, the prices prove the assignment among all pairs. The same goes for the tiers: where somebody of an
earlier tier could still be paired, the tier's step doubles.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np

from duolangue.matching.domain.policy import Policy
from duolangue.matching.engine import auction, best, candidates, claims, frontier, glance, layout, paths, reach
from duolangue.matching.engine.layout import Layout
from duolangue.matching.engine.pool import Flags, Numbers, Pool, Small
from duolangue.matching.engine.progress import Tell, closing_in, silent, within
from duolangue.matching.engine.proof import NOBODY, Proof, Solution

KERNEL: Final = "sparse"
CANDIDATES: Final = 8
"""For each newcomer and for each volunteer, before any price is known."""
ENOUGH: Final = 600
"""So many people, the nearest, are looked at for these; pricing looks at everybody."""
ALL: Final = 2**31
MORE: Final = 16
"""Pairs somebody may add in one round: those that miss their prices most."""
MARGIN: Final = 2_000
"""Pairs that miss their prices by less than this, in millionths, are added too, so that small changes need no new look."""
COARSE: Final = (1_000_000, 200_000, 40_000, 8_000, 1_600, 320)
"""Steps of the first auction, in millionths."""
ROUGH: Final = 4
"""After so many of these steps everybody is looked at for the first time."""
FINE: Final = (2_000, 200)
"""Steps of the later ones, which begin with prices that are nearly right."""
FINER: Final = (200,)
MANY: Final = 5
"""Where more than one of so many newcomers would rather sit elsewhere, the auction begins with the larger step."""
SOME: Final = 100
"""Where fewer than one of so many would, no auction is needed: it would move prices all over again."""
BIDS: Final = 4
"""Bids without a step, for each newcomer who stands, before paths are searched."""
CHUNK: Final = 512
THREADS: Final = max(1, min(8, os.cpu_count() or 1))


def solve(pool: Pool, policy: Policy, *, first: int = CANDIDATES, tell: Tell = silent) -> Solution:
    """The lexicographic optimum, proven over all possible pairs, whatever the number of first candidates. `tell` hears how far it is."""
    market = Market(layout.lay_out(pool, policy), claims.count(policy))
    market.first_candidates(first, ENOUGH)
    tell(15)
    market.begin()
    tell(40)
    market.tell = within(tell, 40, 100)
    market.prove()
    return market.solution()


Best = tuple[Small, Small, Small, Numbers]
"""Pairs as arrays of who was asked for, the other and the score; and for each who was asked for, above what nobody else is."""


class Market:
    """Prices, seats and candidates on the way to a proof."""

    def __init__(self, laid_out: Layout, tiers: int) -> None:
        self.layout, self.tiers, self.rounds = laid_out, tiers, 0
        rows, columns = len(laid_out.tier), len(laid_out.capacity)
        places = len(laid_out.metres)
        self.newcomers = glance.glance(laid_out.rows, places)
        self.volunteers = glance.glance(laid_out.columns, places)
        self.steps = claims.first_steps(laid_out.tier, laid_out.wait, tiers)
        self.claim = laid_out.wait + claims.bonuses(self.steps)[laid_out.tier]
        self.price = np.zeros(columns, np.int64)
        self.least = np.zeros(rows, np.int64)
        self.bound = np.full(rows, ALL, np.int64)
        self.floor = np.zeros(columns, np.int64)
        first = np.concatenate([[0], np.cumsum(laid_out.capacity)]).astype(np.int64)
        seats = int(first[-1])
        self.seats = auction.Seats(
            first=first,
            column=np.repeat(np.arange(columns), laid_out.capacity).astype(np.int32),
            owner=np.full(seats, NOBODY, np.int32),
            price=np.zeros(seats, np.int64),
            seat=np.full(rows, NOBODY, np.int32),
            score=np.zeros(rows, np.int32),
        )
        self.queue = np.empty(max(rows, columns) + 1, np.int32)
        self.search = frontier.search(max(rows, columns) + 1)
        self.edges = candidates.nothing(rows, columns)
        self.reach: Flags = np.zeros((tiers, columns), np.bool_)
        self.tell: Tell = silent

    def first_candidates(self, number: int, enough: int) -> None:
        """The best pairs of each newcomer and of each volunteer, by score alone, among as many people near them."""
        rows, columns = len(self.least), len(self.price)
        below, nothing = np.full(max(rows, columns), -1, np.int64), np.zeros(max(rows, columns), np.int64)
        one = self.best_of_rows(number, nothing[:columns], below, enough, np.arange(rows, dtype=np.int32))
        other = self.best_of_columns(number, nothing[:rows], below, enough, np.arange(columns, dtype=np.int32))
        self._add([one[:3], (other[1], other[0], other[2])])

    def improve(self, steps: tuple[int, ...]) -> None:
        """Solve the candidates exactly, from the prices and seats there are, after auctions with these steps."""
        self.auction(steps)
        state = self.edges, self.seats, self.price, self.claim
        standing = auction.loosen(*state, 0, self.queue)
        auction.forward(*state, 0, self.queue, standing, BIDS * standing)
        paths.leasts(*state, self.least)
        paths.finish(*state, self.least, self.search)

    def auction(self, steps: tuple[int, ...]) -> None:
        """Prices and seats that are right up to the last of these steps."""
        state = self.edges, self.seats, self.price, self.claim
        for epsilon in steps:
            standing = auction.loosen(*state, epsilon, self.queue)
            auction.forward(*state, epsilon, self.queue, standing, 2**62)
            auction.reverse(*state, epsilon, self.queue)

    def repair(self) -> None:
        """Solve the candidates exactly after some have joined: by an auction where many would rather sit elsewhere, else by paths alone."""
        standing = auction.loosen(self.edges, self.seats, self.price, self.claim, 0, self.queue)
        rows = len(self.least)
        self.improve(FINE if standing * MANY > rows else FINER if standing * SOME > rows else ())

    def begin(self) -> None:
        """Prices that are nearly right, and more candidates at these, before anything is solved exactly."""
        self.auction(COARSE[:ROUGH])
        paths.leasts(self.edges, self.seats, self.price, self.claim, self.least)
        self.price_out(MARGIN)
        self.improve(COARSE[ROUGH:])

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
        while added := self.price_out(MARGIN):
            self.rounds += 1
            self.tell(closing_in(added, len(self.edges.column)))
            self.repair()

    def price_out(self, margin: int) -> int:
        """Hold every possible pair against the prices, and add those that are worth more, or nearly; returns how many are worth more.

        Nobody is looked at twice for nothing: all pairs but the candidates are known to score at most `bound` of the newcomer
        and `floor` of the volunteer together; only who has less now than that is looked at anew.
        """
        found = list[tuple[Small, Small, Small]]()
        who = np.flatnonzero(self.least < self.bound).astype(np.int32)
        below = np.flatnonzero(self.price < self.floor).astype(np.int32)
        self.bound, self.floor = self.least.copy(), self.price.copy()
        if len(who):
            row, column, score, left = self.best_of_rows(MORE, self.price, self.least - margin, ALL, who)
            self.bound[who] = np.maximum(left, self.least[who])
            found.append((row, column, score))
        if len(below):
            column, row, score, left = self.best_of_columns(MORE, self.least, self.price - margin, ALL, below)
            self.floor[below] = np.maximum(left, self.price[below])
            found.append((row, column, score))
        if not found:
            return 0
        row, column, score = (np.concatenate(parts) for parts in zip(*found, strict=True))
        self.edges = candidates.joined(self.edges, row, column, score)
        return int((score > self.least[row] + self.price[column]).sum())

    def open_tiers(self) -> list[int]:
        """The tiers of which, or of earlier ones, somebody left could still be paired."""
        laid_out, seats, start = self.layout, self.seats, self.volunteers.start
        people = laid_out.rows, laid_out.columns, laid_out.apart, laid_out.rules, laid_out.to_columns
        order = np.arange(len(self.price), dtype=np.uint32)
        opened, self.reach = reach.reachable(
            *people, start, order, seats.first, seats.owner, seats.seat, laid_out.tier, self.tiers
        )
        return [int(tier) for tier in np.flatnonzero(opened)]

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
        newcomers, volunteers = np.empty_like(self.least), np.empty_like(self.price)
        newcomers[rows], volunteers[columns] = self.least + self.claim, self.price
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
        row, column, score = (np.concatenate(parts) for parts in zip(*found, strict=True))
        self.edges = candidates.joined(self.edges, row, column, score)

    def best_of_rows(self, number: int, price: Numbers, above: Numbers, enough: int, who: Small) -> Best:
        """For each newcomer of `who` so many pairs whose score less the volunteer's price is above a bound: the best."""
        asked = glance.tolls(self.volunteers, self.layout.columns, price)
        return self._best(True, number, self.layout.to_columns, self.volunteers, asked, above, enough, who)

    def best_of_columns(self, number: int, price: Numbers, above: Numbers, enough: int, who: Small) -> Best:
        """The same for each volunteer of `who`."""
        asked = glance.tolls(self.newcomers, self.layout.rows, price)
        return self._best(False, number, self.layout.to_rows, self.newcomers, asked, above, enough, who)

    def _best(
        self, newcomers: bool, number: int, near: layout.Near, seen: glance.Glance, tolls: glance.Tolls,
        above: Numbers, enough: int, who: Small,
    ) -> Best:  # fmt: skip
        """For everybody of `who` the best pairs; each chunk's own arrays, so that memory is only taken for what is found."""
        laid_out = self.layout
        people = (laid_out.rows, laid_out.columns) if newcomers else (laid_out.columns, laid_out.rows)
        edges = self.edges
        known = best.Known(edges.start, edges.stop, edges.column)
        if not newcomers:
            known = best.Known(edges.back[:-1], edges.back[1:], edges.row)
        asked = *people, newcomers, laid_out.apart, laid_out.rules, near, seen, tolls, known, above, enough

        def some(first: int) -> Best:
            chunk = who[first : first + CHUNK]
            found = np.empty((len(chunk), number), np.int32)
            worth = np.empty((len(chunk), number), np.int32)
            bounds = np.empty(len(chunk), np.int64)
            counts = best.best(*asked, chunk, found, worth, bounds)
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
