"""Breakdowns in which nobody can be recognised: small cells are left out, and with them what would tell them all the same.

The rule, for the cells of one breakdown whose total is told: a cell of one to four people is hidden; where there is one, so are all cells
that share the smallest count of five or more, and where there is none of these, every cell, empty ones included. Somebody who knows the
total, every other cell and this very rule cannot tell a hidden one: a small cell and one of the next size could change places, and the same
would be told; where all are hidden, one person could be in another cell. What the total alone says (nobody at all; a single category) no
rule can hide. Source of the method: primary and complementary cell suppression, Hundepool et al., Statistical Disclosure Control (2012),
chapter 4.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final, TypeVar

LEAST: Final = 5
"""People a cell must have to be told, unless nobody is in it."""
KeyT = TypeVar("KeyT")


def told(
    cells: Mapping[KeyT, int], rests: Sequence[Mapping[KeyT, int]] = (), hidden_around: Collection[KeyT] = ()
) -> dict[KeyT, int | None]:
    """The cells of a breakdown, hidden ones as none. The categories must be given whether or not anybody is in them.

    `rests`: where these are a part of all people that is reported apart (a zone), the same cells of whoever it sets apart beside other reports
    (`apart.rests`); then a cell is small, too, where those are one to four, since the difference of the reports would tell them.
    `hidden_around`: the cells that a larger report hides; told here, they would tell of those it hides them with.
    """
    small = {
        key
        for key, count in cells.items()
        if 0 < count < LEAST or any(0 < rest.get(key, 0) < LEAST for rest in rests) or (count and key in hidden_around)
    }
    large = [count for key, count in cells.items() if key not in small and count]
    if not small:
        hidden = small
    elif large:
        hidden = small | {key for key, count in cells.items() if count == min(large)}
    else:
        hidden = set(cells)
    return {key: None if key in hidden else count for key, count in cells.items()}


def named(
    cells: Mapping[KeyT, int], parts: Sequence[Collection[KeyT]] = (), unnamed: Collection[KeyT] = ()
) -> dict[KeyT, int]:
    """The cells that may be told where the categories themselves say who is there (municipalities); `unnamed` ones never are.

    `parts`: cells whose sum is told elsewhere (zones); neither in one of them nor outside it one to four people are left beside those named.
    """
    filled = {key: count for key, count in cells.items() if count}
    shown = {key: count for key, count in told(filled).items() if count is not None and key not in unnamed}
    sides = [{key for key in filled if (key in part) is inside} for part in parts for inside in (True, False)]
    while (fewest := next(filter(None, (_fewest(filled, shown, side) for side in sides)), None)) is not None:
        shown = {key: count for key, count in shown.items() if key not in fewest}
    return shown


def _fewest(filled: Mapping[KeyT, int], shown: Mapping[KeyT, int], side: Collection[KeyT]) -> set[KeyT]:
    """Those with the smallest count named on a side where few are left beside them."""
    there = {key: shown[key] for key in side if key in shown}
    left = sum(filled[key] for key in side) - sum(there.values())
    return {key for key, count in there.items() if count == min(there.values())} if 0 < left < LEAST else set()
