"""What a run keeps of the proof that nothing better exists. The proof itself is made and checked in the engine."""

from __future__ import annotations

from duolangue.matching.domain.state import State


class TierCount(State):
    """How one tier fared. Tier 0 are those who go first, the next ones waited for long, the last is the rest."""

    tier: int
    newcomers: int
    paired: int
    """As many as can be, once the tiers before have as many as can be."""
    bonus: int
    """What a pair of this tier counted more, in millionths, so that the order of the tiers holds."""


class Certificate(State):
    """The figures of a proof by duality: a price for each person, under which no possible pair is worth more than its two prices.

    The prices of all people and places then add up to at least what any assignment is worth; this one is worth as much.
    """

    kernel: str
    """Which code computed it."""
    rounds: int
    """How often all possible pairs were held against the prices."""
    candidates: int
    """How many possible pairs the assignment was chosen from in the end."""
    primal: int
    """What the pairs are worth together: scores, days waited and tier bonuses, in millionths."""
    dual: int
    """What the prices add up to: the same number."""
    tiers: tuple[TierCount, ...] = ()
    digest: str
    """SHA-256 over people, rules, pairs and prices: whether it is this pool that the proof is of."""
