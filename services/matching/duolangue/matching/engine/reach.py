"""The kernel that follows chains of moves: to whom those who are left could be moved, and whether that breaks the order of the tiers."""

from __future__ import annotations

import numpy as np

from duolangue.matching.engine.compiling import compiled
from duolangue.matching.engine.layout import RANKS, Apart, Near, People, Unsigned
from duolangue.matching.engine.pairs import apart, score
from duolangue.matching.engine.pool import Flags, Numbers, Small


@compiled
def reachable(
    rows: People, columns: People, kept_apart: Apart, rules: Numbers, near: Near, start: Unsigned, order: Unsigned,
    first_seat: Numbers, owner: Small, seat: Small, tier: Numbers, tiers: int,
) -> tuple[Flags, Flags]:  # fmt: skip
    """By tier, whether somebody left of it or of an earlier one can be moved to a free place or to one that a later tier holds.

    And by tier, which volunteers these people reach, by whatever chain of moves. One search serves all tiers: whom an earlier
    tier reaches, a later one does too. `order` is used up: who was reached is not looked at again.
    """
    near_place, near_metres = near.place, near.metres
    apart_start, apart_column = kept_apart.start, kept_apart.column
    end = start[1:].astype(np.int64)
    open_tiers = np.zeros(tiers, np.bool_)
    reached = np.zeros((tiers, len(columns)), np.bool_)
    queue = np.empty(len(rows), np.int32)
    head = size = 0
    for last in range(tiers):
        if last > 0:
            reached[last] = reached[last - 1]
        for number in range(len(rows)):
            if seat[number] < 0 and tier[number] == last and rows[number].place >= 0:
                queue[size] = number
                size += 1
        while head < size:
            number = np.int64(queue[head])
            head += 1
            row = rows[number]
            for step in range(near_place.shape[1]):
                metres = near_metres[row.place, step]
                if metres > row.metres:
                    break
                place = near_place[row.place, step]
                for group in range(place * RANKS, place * RANKS + row.level + 1):
                    position = np.int64(start[group])
                    while position < end[group]:
                        other = np.int64(order[position])
                        position += 1
                        if score(row, columns[other], rules, metres) < 0:
                            continue
                        if row.history and apart(apart_start, apart_column, number, other):
                            continue
                        reached[last, other] = True
                        position -= 1
                        end[group] -= 1
                        order[position] = order[end[group]]
                        for held in range(first_seat[other], first_seat[other + 1]):
                            owning = owner[held]
                            if owning < 0:
                                open_tiers[last:] = True
                                continue
                            open_tiers[last : tier[owning]] = True
                            queue[size] = owning
                            size += 1
    return open_tiers, reached
