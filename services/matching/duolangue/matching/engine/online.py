"""One newcomer at a time, while the prices of a whole pool are kept: the best volunteers, and the exact assignment with them.

Loads the compiler, and keeps a pool in memory: for a process that answers often. Who arrives takes one shortest path from the
kept prices; whoever's price fell by it is held against every possible pair again, so that the result is exact each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from duolangue.matching.domain.policy import Policy
from duolangue.matching.engine import best, candidates, claims, glance, layout, paths, sparse
from duolangue.matching.engine.auction import Edges
from duolangue.matching.engine.pool import Numbers, Pool, Small
from duolangue.matching.engine.proof import NOBODY

FIVE: Final = 5
MANY: Final = 128
"""Candidates of somebody who is looked at anew."""
MARGIN: Final = 40_000
"""They are those who miss the prices by less than this, in millionths, so that few need another look."""
WIDER: Final = (64, 512)
"""So many more candidates for everybody, and for those to whom these were too few."""
MOST: Final = 2**62
"""More than anybody can have."""
SPARE: Final = 64
"""Edges kept free for each newcomer who may still come, and for looks at others."""


NOBODY_KNOWN: Final = best.Known(np.zeros(1, np.int64), np.zeros(1, np.int64), np.empty(0, np.int32))


@dataclass(frozen=True, slots=True)
class Arrival:
    """What changed when somebody came."""

    row: int
    """The newcomer's number in the standing's own order."""
    partner: int
    """The pool's number of their volunteer; -1 when nobody is found or all are needed more by others."""
    score: int
    moved: int
    """How many newcomers were looked at on the way."""


class Standing:
    """A solved pool that goes on: newcomers come one by one."""

    def __init__(self, pool: Pool, policy: Policy, *, arriving: int) -> None:
        """Solve a pool in which the last `arriving` newcomers have not come yet."""
        self._tiers = claims.count(policy)
        market = sparse.Market(layout.lay_out(pool, policy), self._tiers)
        self.market = market
        order = market.layout.row_order
        self._row_of = np.empty(len(order), np.int64)
        self._row_of[order] = np.arange(len(order))
        self._coming = len(order) - arriving
        self._place = market.layout.rows["place"].copy()
        market.layout.rows["place"][order >= self._coming] = NOBODY
        market.first_candidates(sparse.CANDIDATES, sparse.ENOUGH)
        market.improve(sparse.COARSE)
        market.prove()
        self._plain = self._tolls(np.zeros_like(market.price))
        self._bound = np.full_like(market.least, MOST)
        self._settle(market)

    def best(self, newcomer: int) -> list[tuple[int, int]]:
        """The five volunteers who fit somebody best, taken or not, as the pool's numbers with scores; present or still to come."""
        row = int(self._row_of[newcomer])
        found = self._look(row, self._plain, -1, FIVE, self._place[row])
        order = np.argsort(-found[1], kind="stable")
        columns = self.market.layout.column_order
        return [(int(columns[found[0][each]]), int(found[1][each])) for each in order]

    def arrive(self) -> Arrival:
        """The next newcomer comes: who sits where is exact again, with the tiers counting as they did before."""
        market = self.market
        row = int(self._row_of[self._coming])
        self._coming += 1
        market.layout.rows["place"][row] = self._place[row]
        self._extend(row, MOST)
        market.least[row] = max(-int(market.claim[row]), self._most(row))
        moved = self._seat(row) if market.least[row] > -market.claim[row] else 0
        seat = int(market.seats.seat[row])
        partner = NOBODY if seat < 0 else int(market.layout.column_order[market.seats.column[seat]])
        return Arrival(row=row, partner=partner, score=0 if seat < 0 else int(market.seats.score[row]), moved=moved)

    def check(self) -> bool:
        """Whether the order of the tiers still holds with the bonuses there are; else it is made to, which may move anybody."""
        market = self.market
        if not market.open_tiers():
            return True
        market.edges = self._both_sides()
        market.prove()
        self._bound = np.full_like(market.least, MOST)  # prices may have fallen
        self._settle(market)
        return False

    @property
    def value(self) -> tuple[int, ...]:
        """How many of each tier are paired, then the total of scores and days."""
        market = self.market
        seated = market.seats.seat >= 0
        counts = [int((seated & (market.layout.tier == each)).sum()) for each in range(self._tiers)]
        return *counts, int(market.seats.score[seated].sum() + market.layout.wait[seated].sum())

    def _settle(self, market: sparse.Market) -> None:
        """More candidates for everybody, so that few need another look; room at the end for more; and prices for looks: arrivals raise
        prices, so that these stay below them.
        """
        who = np.flatnonzero(market.layout.rows["place"] != NOBODY).astype(np.int32)
        self._bound = np.minimum(self._bound, market.least)  # who was looked at further keeps all that was found
        for number in WIDER:
            low = market.least - MARGIN
            row, column, score, left = market.best_of_rows(number, market.price, low, sparse.ALL, who)
            market.edges = candidates.joined(market.edges, row, column, score)
            self._bound[who] = np.minimum(left, self._bound[who])
            who = who[left > low[who]]
        edges = market.edges
        room = SPARE * (4 * (len(market.least) - self._coming) + 1000) + len(edges.column) // 2
        more = np.zeros(room, np.int32)
        market.edges = edges._replace(
            start=edges.start.copy(),
            stop=edges.stop.copy(),
            column=np.concatenate([edges.column, more]),
            score=np.concatenate([edges.score, more]),
        )
        self._used = len(edges.column)
        self._priced = self._tolls(market.price.copy())

    def _tolls(self, price: Numbers) -> glance.Tolls:
        return glance.tolls(self.market.volunteers, self.market.layout.columns, price)

    def _look(self, row: int, tolls: glance.Tolls, above: int, number: int, place: int) -> tuple[Small, Small, int]:
        laid_out = self.market.layout
        mine = laid_out.rows[row : row + 1].copy()
        mine["place"] = place
        apart = layout.Apart(laid_out.apart.start[row : row + 2], laid_out.apart.column)
        found, worth = np.empty((1, number), np.int32), np.empty((1, number), np.int32)
        bounds, who = np.empty(1, np.int64), np.zeros(1, np.int32)
        people = (
            mine,
            laid_out.columns,
            True,
            apart,
            laid_out.rules,
            laid_out.to_columns,
            self.market.volunteers,
            tolls,
            NOBODY_KNOWN,
        )
        count = int(best.best(*people, np.array([above], np.int64), sparse.ALL, who, found, worth, bounds)[0])
        return found[0, :count], worth[0, :count], int(bounds[0])

    def _extend(self, row: int, least: int) -> None:
        """All candidates of somebody down to a bound, and more, in place of those they had; as many as it takes."""
        number = MANY
        below = -int(self.market.claim[row]) if least == MOST else least
        while True:
            columns, worth, bound = self._look(row, self._priced, below - MARGIN, number, self._place[row])
            if len(columns) < number or bound <= least:
                break
            number *= 4
        edges, seat = self.market.edges, int(self.market.seats.seat[row])
        if seat >= 0 and self.market.seats.column[seat] not in columns:
            columns = np.append(columns, self.market.seats.column[seat])
            worth = np.append(worth, self.market.seats.score[row])
        start, self._used = self._used, self._used + len(columns)
        if self._used > len(edges.column):
            self.market.edges = self._both_sides()
            self._settle(self.market)
            self._extend(row, least)
            return
        edges.column[start : self._used], edges.score[start : self._used] = columns, worth
        edges.start[row], edges.stop[row] = start, self._used
        self._bound[row] = bound

    def _most(self, row: int) -> int:
        edges = self.market.edges
        part = slice(int(edges.start[row]), int(edges.stop[row]))
        if part.start == part.stop:
            return -int(self.market.claim[row])
        return int((edges.score[part] - self.market.price[edges.column[part]]).max())

    def _seat(self, row: int) -> int:
        """The shortest path for a newcomer; before anything changes, whoever would gain less by it is looked at anew, until no
        possible pair is left out. Returns how many people it concerned.
        """
        market, found = self.market, self.market.search
        while True:
            state = market.edges, market.seats, market.price, market.claim, market.least
            reached = int(paths.seat_row(*state, row, found, self._bound))
            if reached >= 0:
                return reached
            low = found.others[:-reached]
            least = market.least[low] - found.fall[:-reached]
            for one, bound in zip(low.tolist(), least.tolist(), strict=True):
                self._extend(one, bound)

    def _both_sides(self) -> Edges:
        none = np.empty(0, np.int32)
        return candidates.joined(self.market.edges, none, none, none)
