"""Which of a volunteer's places a new duo may take."""

from __future__ import annotations

from collections.abc import Collection


def free_places(held: Collection[int], limit: int) -> list[int]:
    """The places a new duo may take, the lowest first, when `held` are taken and the volunteer wants `limit` duos at most.

    Duos beyond the limit (it was lowered, or they were imported) stay, and count: as long as they take it up, no place is
    free. Two runs that look at the same moment get the same list, so that a unique index on the place keeps the limit.
    """
    budget = limit - len(held)
    free = [place for place in range(1, limit + 1) if place not in held]
    return free[: max(0, budget)]


def next_place(held: Collection[int]) -> int:
    """The lowest free place for a duo that runs already, also beyond what the volunteer wants: reality wins."""
    return next(place for place in range(1, len(held) + 2) if place not in held)
