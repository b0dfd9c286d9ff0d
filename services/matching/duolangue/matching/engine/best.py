"""The kernel that finds, for somebody, whom of the other side they fit best at given prices: a newcomer's volunteers, or a volunteer's newcomers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from duolangue.matching.engine import glance
from duolangue.matching.engine.compiling import compiled
from duolangue.matching.engine.glance import PADDING, WIDEST, Glance, Tolls
from duolangue.matching.engine.layout import COMMON_TIME, DISTANCE, LEAST, LEVEL, RANKS, TOTAL, Apart, Near, People
from duolangue.matching.engine.pairs import apart, folded, interests, may, ones, plain, share_language, tenths
from duolangue.matching.engine.pool import Numbers, Small

EQUALS = 1024
"""Among equals each prefers others, by as many shades."""
_ONE = np.uint64(1)
_ALL = np.uint64(2**64 - 1)
_HALF = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)


class Known(NamedTuple):
    """Whom somebody has as candidates already: `other[start[number]:stop[number]]`."""

    start: Numbers
    stop: Numbers
    other: Small


@compiled
def sift(values: Numbers, numbers: Small, worths: Small, size: int) -> None:
    """Let the root of a heap, the least value first, sink to its place."""
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            return
        if child + 1 < size and values[child + 1] < values[child]:
            child += 1
        if values[at] <= values[child]:
            return
        values[at], values[child] = values[child], values[at]
        numbers[at], numbers[child] = numbers[child], numbers[at]
        worths[at], worths[child] = worths[child], worths[at]
        at = child


@compiled
def keep(values: Numbers, numbers: Small, worths: Small, size: int, value: int, number: int, worth: int) -> int:
    """Put one more into a heap of the best so many; returns how many it holds."""
    if size == len(values):
        values[0], numbers[0], worths[0] = value, number, worth
        sift(values, numbers, worths, size)
        return size
    at = size
    values[at], numbers[at], worths[at] = value, number, worth
    while at > 0 and values[(at - 1) // 2] > values[at]:
        up = (at - 1) // 2
        values[at], values[up] = values[up], values[at]
        numbers[at], numbers[up] = numbers[up], numbers[at]
        worths[at], worths[up] = worths[up], worths[at]
        at = up
    return size + 1


@compiled
def best(
    asking: People, others: People, newcomers: bool, kept_apart: Apart, rules: Numbers, near: Near, seen: Glance, asked: Tolls,
    known: Known, above: Numbers, enough: int, who: Small, found: Small, worth: Small, bounds: Numbers,
) -> Numbers:  # fmt: skip
    """For each of `who`, newcomers or volunteers: those of the other side whose score less their price is above a bound, the best `found.shape[1]`.

    Returns how many each has, and in `bounds` above what nobody else is; who is known already is left out. So is whoever could not be above the bound, even were all that
    is not looked at yet the best: first who lives at one place with one level, then people at a glance; the rest is computed. Who lives farther than where `enough` were
    looked at is not.
    """
    near_place, near_metres, starts, prices, least = near.place, near.metres, seen.start, asked.price, asked.least
    most, total = found.shape[1], rules[TOTAL]
    values = np.empty(most, np.int64)
    marks = np.zeros((len(others) // PADDING + 2) * PADDING, np.uint8)
    words = marks.view(np.uint64)
    shares = np.empty((glance.BYTES, 256), np.int32)
    counts = np.zeros(len(who), np.int64)
    for turn in range(len(who)):
        number = np.int64(who[turn])
        mine = asking[number]
        place, level, reach = mine.place, mine.level, mine.metres
        bounds[turn] = above[number]
        if place < 0:
            continue
        size, bound, looked = 0, above[number], 0
        numbers, worths = found[turn], worth[turn]
        eye, languages = glance.eye_of(mine.age, rules), folded(mine)
        glance.weigh(mine.interests, rules, shares)
        liked = np.uint32((mine.interests | (mine.interests >> _HALF)) & _LOW)
        rest = eye.top + eye.moments[3] + (eye.language if languages else 0) + (eye.interests if liked else 0)
        for step in range(near_place.shape[1]):
            metres = near_metres[place, step]
            if metres > reach or looked >= enough:
                break
            at_distance = rules[DISTANCE + tenths(metres)]
            for between in range(level + 1 if newcomers else RANKS - level):
                group = near_place[place, step] * RANKS + (level - between if newcomers else level + between)
                so_far = at_distance + rules[LEVEL + between]
                here = (so_far + total - 1) // total
                if here + rest <= bound + least[group]:
                    continue
                first, last = np.int64(starts[group]), np.int64(starts[group + 1])
                looked += last - first
                needed = min(max((bound + asked.lowest) >> asked.shift, -WIDEST - 1), WIDEST)
                lacking = needed - ((here >> asked.shift) + 1)
                glance.mark(
                    seen, asked.toll, first, last, eye, asked.shift, mine.slots, liked, languages, lacking, marks
                )
                blocks = (last - first + PADDING - 1) // PADDING
                rim = _ALL >> np.uint64(8 * (blocks * PADDING - last + first))
                for word in range(blocks):
                    left = words[word] if word < blocks - 1 else words[word] & rim
                    while left != 0:
                        lowest = left & (~left + _ONE)
                        left ^= lowest
                        other = first + PADDING * word + (ones(lowest - _ONE) >> 3)
                        cheapest = bound + asked.lowest + (np.int64(asked.toll[other]) << asked.shift)
                        sum_needed = (cheapest + 1) * total
                        if not glance.enough(seen, other, mine, languages, rules, shares, sum_needed - so_far):
                            continue
                        theirs = others[other]
                        row, column = (mine, theirs) if newcomers else (theirs, mine)
                        language = share_language(row, column)
                        if not may(row, column, metres, language, rules[COMMON_TIME]):
                            continue
                        value = so_far + plain(row, column, rules, language)
                        value += interests(row.interests & column.interests, row.mass, column.mass, rules)
                        if value < sum_needed or value < rules[LEAST]:
                            continue
                        whole = value // total
                        if whole <= bound + prices[other]:
                            continue
                        if row.history:
                            one, two = (number, other) if newcomers else (other, number)
                            if apart(kept_apart.start, kept_apart.column, one, two):
                                continue
                        chance = (number * 40_503 + other * 25_173) & (EQUALS - 1)  # equals are not all the same few
                        value = (whole - prices[other]) * EQUALS + chance
                        if (size == most and value <= values[0]) or is_known(known, number, other):
                            continue
                        size = keep(values, numbers, worths, size, value, other, whole)
                        if size == most:
                            bound = values[0] // EQUALS - 1
        counts[turn] = size
        if size == most:
            bounds[turn] = values[0] // EQUALS
    return counts


@compiled
def is_known(known: Known, number: int, other: int) -> bool:
    """Whether two are a candidate already."""
    for position in range(known.start[number], known.stop[number]):
        if known.other[position] == other:
            return True
    return False
