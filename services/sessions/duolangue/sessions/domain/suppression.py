"""Breakdowns in which nobody can be recognised: small cells are left out, and with them what would tell them all the same.

The rule, for the cells of one breakdown whose total is told: a cell of fewer than five people is hidden; where there is one, so are all
cells that share the smallest count of five or more. Somebody who knows the total, every other cell and this very rule cannot tell a hidden
cell: a small one and one of the next size could change places, and the same would be told. Where all cells are small, so might one have been
that is not. What the total alone says (nobody at all; a single category) no rule can hide. Source of the method: primary and complementary
cell suppression, Hundepool et al., Statistical Disclosure Control (2012), chapter 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

LEAST: Final = 5
"""People a cell must have to be told."""
KeyT = TypeVar("KeyT")


def told(cells: Mapping[KeyT, int], whole: Mapping[KeyT, int] | None = None) -> dict[KeyT, int | None]:
    """The cells of a breakdown, hidden ones as none. The categories must be given whether or not anybody is in them.

    `whole`: the same cells of all people, where these are a part of them that is reported apart (a zone); then a cell is small, too, where
    those outside the part are one to four, since the difference of two reports would tell them.
    """
    small = {key for key, count in cells.items() if count < LEAST or _rest_is_small(count, whole, key)}
    others = [count for key, count in cells.items() if key not in small]
    if small and others:
        smallest = min(others)
        small |= {key for key, count in cells.items() if count == smallest}
    return {key: None if key in small else count for key, count in cells.items()}


def named(cells: Mapping[KeyT, int], whole: Mapping[KeyT, int] | None = None) -> tuple[dict[KeyT, int], int]:
    """The cells that may be told where the categories themselves say who is there (municipalities), and how many all the others are."""
    shown = {
        key: count for key, count in told({key: count for key, count in cells.items() if count}, whole).items() if count
    }
    return shown, sum(cells.values()) - sum(shown.values())


def _rest_is_small(count: int, whole: Mapping[KeyT, int] | None, key: KeyT) -> bool:
    return whole is not None and 0 < whole.get(key, count) - count < LEAST
