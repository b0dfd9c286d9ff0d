"""A solved assignment with all that proves it: arrays, for who checks. What is stored of it is in `domain/proof.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from duolangue.matching.engine.pool import Flags, Numbers

NOBODY: Final = -1


@dataclass(frozen=True, slots=True)
class Proof:
    """Prices, and what cannot be reached.

    With bonus[tier] added, each possible pair is worth at most the newcomer's price and the volunteer's together; every
    pair made is worth exactly that; a price above nothing belongs to somebody paired, or to places that are all taken.
    So no assignment is worth more (linear programming duality; Kuhn, 1955).

    `reach[t]` holds the volunteers to whom those of the tiers 0 to t who are left could be moved, by whatever chain of
    moves: all of their places are taken by people of those tiers, who can be moved nowhere else. So no more people of
    these tiers can be paired (Hall, 1935; Berge, 1957), and among all assignments that pair so many none is worth more.
    """

    newcomers: Numbers
    """A price each, not negative, in millionths."""
    volunteers: Numbers
    """A price for each of their places."""
    bonus: Numbers
    """By tier, not increasing."""
    reach: tuple[Flags, ...]
    """By tier, a flag for each volunteer."""


@dataclass(frozen=True, slots=True)
class Solution:
    """Who meets whom, and why nothing better exists."""

    partner: Numbers
    """Each newcomer's volunteer; -1 for who is left."""
    score: Numbers
    """The pair's score in millionths; 0 for who is left."""
    proof: Proof
    kernel: str
    rounds: int
    candidates: int

    @property
    def pairs(self) -> Numbers:
        """Rows of newcomer, volunteer and score, by newcomer."""
        rows = np.flatnonzero(self.partner != NOBODY)
        return np.stack([rows, self.partner[rows], self.score[rows]], axis=1)
