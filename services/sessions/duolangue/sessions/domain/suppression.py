"""Breakdowns in which nobody can be recognised: small cells are left out, and with them what would tell them all the same.

The rule, for the cells of one breakdown whose total is told: a cell of one to four people is hidden; where there is one, so are all cells
that share the smallest count of five or more, and where there is none of these, every cell, empty ones included. Somebody who knows the
total, every other cell and this very rule cannot tell a hidden one: a small cell and one of the next size could change places, and the same
would be told; where all are hidden, one person could be in another cell. What the total alone says (nobody at all; a single category) no
rule can hide. Source of the method: primary and complementary cell suppression, Hundepool et al., Statistical Disclosure Control (2012),
chapter 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

LEAST: Final = 5
"""People a cell must have to be told, unless nobody is in it."""
KeyT = TypeVar("KeyT")


def told(cells: Mapping[KeyT, int], rests: Sequence[Mapping[KeyT, int]] = ()) -> dict[KeyT, int | None]:
    """The cells of a breakdown, hidden ones as none. The categories must be given whether or not anybody is in them.

    `rests`: where these are a part of all people that is reported apart (a zone), the same cells of whoever it sets apart beside other reports
    (`apart.rests`); then a cell is small, too, where those are one to four, since the difference of the reports would tell them.
    """
    small = {
        key for key, count in cells.items() if 0 < count < LEAST or any(0 < rest.get(key, 0) < LEAST for rest in rests)
    }
    large = [count for key, count in cells.items() if key not in small and count]
    if not small:
        hidden = small
    elif large:
        hidden = small | {key for key, count in cells.items() if count == min(large)}
    else:
        hidden = set(cells)
    return {key: None if key in hidden else count for key, count in cells.items()}


def named(cells: Mapping[KeyT, int]) -> tuple[dict[KeyT, int], int]:
    """The cells that may be told where the categories themselves say who is there (municipalities), and how many all the others are."""
    filled = {key: count for key, count in cells.items() if count}
    shown = {key: count for key, count in told(filled).items() if count is not None}
    return shown, sum(cells.values()) - sum(shown.values())
