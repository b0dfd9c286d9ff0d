"""The exact assignment for a small pool, on a table of all its pairs, with numpy alone: no compiler is waited for.

Successive shortest paths with prices (Jonker and Volgenant, 1987; Ahuja, Magnanti and Orlin, 1993, chapter 12).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from duolangue.matching.engine import claims
from duolangue.matching.engine.pool import Flags, Numbers
from duolangue.matching.engine.proof import NOBODY, Proof, Solution

INFINITE: Final = 2**62
KERNEL: Final = "dense"


def solve(score: Numbers, capacity: Numbers, wait: Numbers, tier: Numbers, tiers: int) -> Solution:
    """The lexicographic optimum.

    Args:
        score: newcomers by volunteers in millionths; negative where a pair may not be.
        capacity: places of each volunteer.
        wait: what each newcomer's days add.
        tier: each newcomer's tier, from 0.
        tiers: how many tiers there are.
    """
    steps = claims.first_steps(tier, wait, tiers)
    table = _Table(score, capacity)
    rounds = 0
    while True:
        rounds += 1
        bonus = claims.bonuses(steps)
        table.claim(wait + bonus[tier])
        reach = [reachable(score >= 0, capacity, table.partner, tier, each) for each in range(tiers)]
        proven = tuple(each for each in reach if each is not None)
        if len(proven) == tiers:
            break
        steps[[each is None for each in reach]] *= 2
    partner = table.partner
    paired = np.flatnonzero(partner != NOBODY)
    worth = np.zeros(len(partner), np.int64)
    worth[paired] = score[paired, partner[paired]]
    return Solution(
        partner=partner,
        score=worth,
        proof=Proof(newcomers=table.newcomers, volunteers=table.volunteers, bonus=bonus, reach=proven),
        kernel=KERNEL,
        rounds=rounds,
        candidates=int((score >= 0).sum()),
    )


def reachable(may: Flags, capacity: Numbers, partner: Numbers, tier: Numbers, last: int) -> Flags | None:
    """The volunteers to whom those left of the tiers up to `last` could be moved; none if somebody of them could be paired more."""
    counted = tier <= last
    taken = np.bincount(partner[partner != NOBODY], minlength=len(capacity))
    moved = counted & (partner == NOBODY)
    reached = np.zeros(len(capacity), np.bool_)
    while moved.any():
        found = may[moved].any(axis=0) & (capacity > 0) & ~reached
        reached |= found
        moved = (partner != NOBODY) & found[partner] if found.any() else np.zeros_like(moved)
        if (taken < capacity)[found].any() or (moved & ~counted).any():
            return None
    return reached


class _Table:
    """Prices and partners while the paths are found."""

    def __init__(self, score: Numbers, capacity: Numbers) -> None:
        self.cost = np.where((score >= 0) & (capacity > 0), -score, INFINITE)
        self.partner = np.full(len(score), NOBODY, np.int64)
        self.newcomers = np.zeros(len(score), np.int64)
        self.volunteers = np.zeros(len(capacity), np.int64)
        self.claims = np.zeros(len(score), np.int64)
        self.free = capacity.astype(np.int64).copy()
        self.held: list[list[int]] = [[] for _ in capacity]

    def claim(self, claims: Numbers) -> None:
        """What each newcomer's claim is now, no less than before; who is left tries again, the greatest claim first."""
        self.newcomers += np.where(self.partner == NOBODY, 0, claims - self.claims)
        self.claims = claims
        if not self.cost.size:
            return
        left = np.flatnonzero((self.partner == NOBODY) & (self.cost.min(axis=1) < INFINITE))
        for row in left[np.argsort(-claims[left], kind="stable")].tolist():
            best = int((self.cost[row] + self.volunteers).min())
            self.newcomers[row] = max(0, int(claims[row]) - best)
            if self.newcomers[row]:
                self._place(row)

    def _place(self, start: int) -> None:
        """A shortest path from somebody without a place to a free place, or to whoever is left in their stead."""
        distance = np.full(len(self.free), INFINITE, np.int64)
        before = np.full(len(self.free), NOBODY, np.int64)
        settled = np.zeros(len(self.free), np.bool_)
        ahead = {start: 0}
        row, at = start, 0
        stays, leaving = int(self.newcomers[start]), start
        scanned = [start]
        while True:
            for row in scanned:
                step = at + self.newcomers[row] - self.claims[row] + self.cost[row] + self.volunteers
                nearer = (step < distance) & ~settled & (self.cost[row] < INFINITE)
                distance[nearer] = step[nearer]
                before[nearer] = row
            column = int(np.where(settled, INFINITE, distance).argmin())
            at = int(distance[column])
            if settled[column] or at >= stays:
                column, at = NOBODY, stays
                break
            if self.free[column]:
                break
            settled[column] = True
            scanned = self.held[column]
            for row in scanned:
                ahead[row] = at
                if at + self.newcomers[row] < stays:
                    stays, leaving = at + int(self.newcomers[row]), row
        self._reprice(ahead, distance, settled, at)
        self._move(column, leaving, start, before)

    def _reprice(self, ahead: dict[int, int], distance: Numbers, settled: Flags, at: int) -> None:
        for row, reached in ahead.items():
            self.newcomers[row] -= max(0, at - reached)
        self.volunteers[settled] += np.maximum(0, at - distance[settled])

    def _move(self, column: int, leaving: int, start: int, before: Numbers) -> None:
        if column == NOBODY:
            column = int(self.partner[leaving])
            if column == NOBODY:
                return
            self.partner[leaving] = NOBODY
            self.held[column].remove(leaving)
        else:
            self.free[column] -= 1
        while True:
            row = int(before[column])
            left = int(self.partner[row])
            self.partner[row] = column
            self.held[column].append(row)
            if row == start:
                return
            self.held[left].remove(row)
            column = left
