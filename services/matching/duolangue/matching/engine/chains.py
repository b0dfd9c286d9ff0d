"""Chains of moves: who could have a place if somebody else moved on, and how many (Berge, 1957). On a table of who may be paired with whom."""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np

from duolangue.matching.engine.pool import Flags, Numbers
from duolangue.matching.engine.proof import NOBODY

TAKEN: Final = -2
"""Paired with the volunteer who is tried."""


def helped(may: Flags, partner: Numbers, direct: Flags) -> int:
    """How many more get a place when one volunteer more has places for all: `direct` are those who may be paired with that one.

    Who is left and may be is; for each other one others move, as long as there is a way.
    """
    now = direct & (partner == NOBODY)
    count, partner = int(now.sum()), np.where(now, TAKEN, partner)
    while _moved(may, partner, direct):
        count += 1
    return count


def _moved(may: Flags, partner: Numbers, direct: Flags) -> bool:
    """Give one more person a place, by others moving on, the last of them to the new volunteer; changes `partner`. False where there is no way."""
    reached = direct & (partner != TAKEN)
    after = np.full(len(partner), TAKEN, np.int64)
    waiting, seen = deque(np.flatnonzero(reached).tolist()), np.zeros(may.shape[1], np.bool_)
    while waiting:
        holder = waiting.popleft()
        column = partner[holder]
        if seen[column]:
            continue
        seen[column] = True
        fresh = np.flatnonzero(may[:, column] & ~reached & (partner != TAKEN))
        reached[fresh] = True
        after[fresh] = holder
        free = fresh[partner[fresh] == NOBODY]
        if free.size:
            _shift(partner, after, int(free[0]))
            return True
        waiting.extend(fresh.tolist())
    return False


def _shift(partner: Numbers, after: Numbers, person: int) -> None:
    """Everybody on the way takes the place of the next one, the last one the new volunteer's."""
    while (holder := int(after[person])) != TAKEN:
        partner[person] = partner[holder]
        person = holder
    partner[person] = TAKEN


def reaching(may: Flags, partner: Numbers, reached: Flags) -> Flags:
    """Who could get a place if those `reached` had one elsewhere: they themselves, and whoever could take the place of one of them."""
    moved = np.zeros(may.shape[1], np.bool_)
    fresh = reached
    while True:
        held = partner[fresh]
        freed = np.unique(held[held != NOBODY])
        freed = freed[~moved[freed]]
        if not freed.size:
            return reached
        moved[freed] = True
        fresh = may[:, freed].any(axis=1) & ~reached
        reached |= fresh
