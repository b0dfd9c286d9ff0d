"""Whom the report of a zone sets apart, once it is subtracted from another one: from everybody's, from a larger zone's, alone or with others.

Totals of zones are told, so whoever has the reports of several zones adds them up, subtracts the sum from a report that holds them all, and
knows of whoever lives in none of them. What a zone says must not tell of few people that way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Final, TypeVar

KeyT = TypeVar("KeyT")
Zone = frozenset[str]
"""Its municipalities, by their first postcodes."""
MOST: Final = 8
"""Other zones of which every combination is tried; of more only each alone, and all."""


def rests(people: Iterable[tuple[str | None, KeyT]], mine: Zone, others: Sequence[Zone]) -> list[Counter[KeyT]]:
    """What is left of everybody, and of each larger zone, without this one and any of the `others` in it; each rest once, by key.

    `people`: where somebody lives (none where that is not known), and under which key they are counted.
    """
    every = (mine, *others)
    counted: dict[frozenset[int], Counter[KeyT]] = {}
    for municipality, key in people:
        lives = frozenset(number for number, zone in enumerate(every) if municipality in zone)
        counted.setdefault(lives, Counter())[key] += 1
    found: dict[frozenset[frozenset[int]], Counter[KeyT]] = {}
    for wide in (None, *(number for number, zone in enumerate(others, 1) if zone > mine)):
        inside = [
            number for number, zone in enumerate(others, 1) if number != wide and (wide is None or zone <= every[wide])
        ]
        for taken in _combinations(inside):
            gone = {0, *taken}
            left = frozenset(lives for lives in counted if (wide is None or wide in lives) and not lives & gone)
            if left not in found:
                found[left] = sum((counted[lives] for lives in left), Counter())
    return list(found.values())


def _combinations(zones: Sequence[int]) -> Iterator[tuple[int, ...]]:
    sizes = range(len(zones) + 1) if len(zones) <= MOST else (0, 1, len(zones))
    for size in sizes:
        yield from combinations(zones, size)
