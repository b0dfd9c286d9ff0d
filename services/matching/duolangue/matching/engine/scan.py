"""Kernels that look at pairs: may they be, how well do they fit, which are the best at given prices, who can be reached.

The rules are those of `feasibility.py` and `scores.py`, stated once more for the compiler; tests hold both to the same units.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from duolangue.matching.domain.reasons import MILLION
from duolangue.matching.engine.compiling import compiled
from duolangue.matching.engine.layout import (
    AGE,
    AGE_UNKNOWN,
    BAND,
    BANDS,
    COMMON_TIME,
    DISTANCE,
    FARTHEST,
    INTERESTS,
    LANGUAGE,
    LEAST,
    LEVEL,
    MOMENTS,
    OLDEST,
    RANKS,
    TOTAL,
    WORTH,
    Apart,
    Groups,
    Near,
    People,
    Unsigned,
)
from duolangue.matching.engine.pool import Flags, Numbers, Small

EQUALS = 1024
"""Among equals each prefers others, by as many shades."""
_ONE = np.uint64(1)
_M1 = np.uint64(0x5555555555555555)
_M2 = np.uint64(0x3333333333333333)
_M4 = np.uint64(0x0F0F0F0F0F0F0F0F)
_H01 = np.uint64(0x0101010101010101)


@compiled
def ones(bits: int) -> int:
    """How many bits are set (the compiler makes one instruction of it)."""
    bits = bits - ((bits >> np.uint64(1)) & _M1)
    bits = (bits & _M2) + ((bits >> np.uint64(2)) & _M2)
    bits = (bits + (bits >> np.uint64(4))) & _M4
    return np.int64((bits * _H01) >> np.uint64(56))


@compiled
def may(row: Any, column: Any, metres: int, language: bool, common_time: int) -> bool:
    """Whether two may be a pair, as far as this shows without their history; the newcomer's level is checked before."""
    if metres > column.metres or metres > row.metres:
        return False
    if row.zones & column.zones == 0:
        return False
    if row.wished != -1 and row.wished != column.gender:
        return False
    if column.age < row.least or column.age > row.most:
        return False
    if column.same_gender and (column.gender == -1 or row.gender != column.gender):
        return False
    if row.needs_language and not language:
        return False
    return not common_time or row.slots & column.slots != 0


@compiled
def apart(start: Small, columns: Small, row: int, column: int) -> bool:
    """Whether two are kept apart."""
    for position in range(start[row], start[row + 1]):
        if columns[position] == column:
            return True
    return False


@compiled
def share_language(row: Any, column: Any) -> bool:
    """Whether two share a language other than French."""
    return (
        (row.languages & column.languages)
        | (row.languages_more & column.languages_more)
        | (row.languages_most & column.languages_most)
    ) != 0


@compiled
def plain(row: Any, column: Any, rules: Numbers, language: bool) -> int:
    """The weighted sum of age, moments and language."""
    found = rules[AGE_UNKNOWN]
    if row.age != -1 and column.age != -1:
        found = rules[AGE + min(abs(row.age - column.age), OLDEST)]
    found += rules[MOMENTS + ones(row.slots & column.slots)]
    if language:
        found += rules[LANGUAGE]
    return found


@compiled
def interests(row: Any, column: Any, rules: Numbers) -> int:
    """The weighted share of interests in common."""
    both = row.interests & column.interests
    if both == 0:
        return 0
    shared = np.int64(0)
    while both != 0:
        lowest = both & (~both + _ONE)
        shared += rules[WORTH + ones(lowest - _ONE)]
        both ^= lowest
    least = max(np.int64(1), min(row.mass, column.mass))
    # Below 2**52 a quotient of whole numbers rounds down as it should; and this takes a fraction of the time.
    return rules[INTERESTS] * np.int64(np.float64(MILLION * shared) / np.float64(least))


@compiled
def tenths(metres: int) -> int:
    """Tenths of a kilometre, as the table of distances counts them."""
    return min((metres + 50) // 100, FARTHEST)


@compiled
def score(row: Any, column: Any, rules: Numbers, metres: int) -> int:
    """A pair's score in millionths; -1 where it may not be, whatever their history."""
    step = row.level - column.level
    if step < 0:
        return -1
    language = share_language(row, column)
    if not may(row, column, metres, language, rules[COMMON_TIME]):
        return -1
    found = rules[LEVEL + step] + rules[DISTANCE + tenths(metres)] + plain(row, column, rules, language)
    found += interests(row, column, rules)
    return found // rules[TOTAL] if found >= rules[LEAST] else -1


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
def _age_parts(age: int, rules: Numbers, by_age: Numbers, by_band: Numbers) -> None:
    """What each age of the other counts, and the most within each band."""
    by_band[:] = 0
    for other in range(-1, OLDEST + 1):
        part = rules[AGE_UNKNOWN]
        if age != -1 and other != -1:
            part = rules[AGE + min(abs(age - other), OLDEST)]
        by_age[other + 1] = part
        by_band[BAND[other + 1]] = max(by_band[BAND[other + 1]], part)


@compiled
def best_of_rows(
    rows: People, columns: People, kept_apart: Apart, rules: Numbers, near: Near, groups: Groups, above: Numbers,
    enough: int, who: Small, found: Small, worth: Small, bounds: Numbers,
) -> Numbers:  # fmt: skip
    """For each newcomer of `who`: volunteers whose score less their price is above the newcomer's bound, the best `found.shape[1]`.

    Returns how many each has, and in `bounds` above what nobody else is. Whoever could not be above the bound, even were all that is not looked at yet the best, is left out:
    first whole groups, then people at a glance; the rest is computed. Who lives farther than where `enough` were looked at is not.
    """
    near_place, near_metres = near.place, near.metres
    starts, order, prices, least, least_of_level = (
        groups.start,
        groups.order,
        groups.price,
        groups.least,
        groups.least_of_level,
    )
    ages, all_slots, all_interests, all_languages = groups.age, groups.slots, groups.interests, groups.languages
    apart_start, apart_column = kept_apart.start, kept_apart.column
    most, total = found.shape[1], rules[TOTAL]
    values = np.empty(most, np.int64)
    by_age, by_band = np.empty(OLDEST + 2, np.int64), np.empty(BANDS, np.int64)
    counts = np.zeros(len(who), np.int64)
    for turn in range(len(who)):
        number = np.int64(who[turn])
        mine = rows[number]
        place, level, reach, slots, liked = mine.place, mine.level, mine.metres, mine.slots, mine.interests
        languages = mine.languages | mine.languages_more | mine.languages_most
        bounds[turn] = above[number]
        if place < 0:
            continue
        size, bound, looked = 0, above[number], 0
        numbers, worths = found[turn], worth[turn]
        _age_parts(mine.age, rules, by_age, by_band)
        open_interests = rules[INTERESTS] * MILLION if liked != 0 else 0
        open_language = rules[LANGUAGE] if languages != 0 else 0
        rest = rules[DISTANCE - 1] + open_language + open_interests
        best_age = by_band.max()
        for step in range(near_place.shape[1]):
            metres = near_metres[place, step]
            if metres > reach or looked >= enough:
                break
            at_distance = rules[DISTANCE + tenths(metres)]
            first_group = near_place[place, step] * RANKS
            for rank in range(level, -1, -1):
                group = first_group + rank
                at_level = at_distance + rules[LEVEL + level - rank]
                if at_level + best_age + rest < (bound + least_of_level[group] + 1) * total:
                    continue
                for band in range(BANDS):
                    group = (first_group + rank) * BANDS + band
                    most_here = at_level + by_band[band] + rest
                    if most_here < (bound + least[group] + 1) * total:
                        continue
                    looked += starts[group + 1] - starts[group]
                    for position in range(starts[group], starts[group + 1]):
                        needed = (bound + prices[position] + 1) * total
                        if most_here < needed:
                            break
                        value = at_level + by_age[ages[position]] + rules[MOMENTS + ones(slots & all_slots[position])]
                        value += open_language if languages & all_languages[position] != 0 else 0
                        value += open_interests if liked & all_interests[position] != 0 else 0
                        if value < needed:
                            continue
                        other = np.int64(order[position])
                        theirs = columns[other]
                        language = share_language(mine, theirs)
                        if not may(mine, theirs, metres, language, rules[COMMON_TIME]):
                            continue
                        value = at_level + plain(mine, theirs, rules, language) + interests(mine, theirs, rules)
                        if value < needed or value < rules[LEAST]:
                            continue
                        if mine.history and apart(apart_start, apart_column, number, other):
                            continue
                        whole = value // total
                        chance = (number * 40_503 + other * 25_173) & (EQUALS - 1)  # equals are not all the same few
                        value = (whole - prices[position]) * EQUALS + chance
                        if size == most and value <= values[0]:
                            continue
                        size = keep(values, numbers, worths, size, value, other, whole)
                        if size == most:
                            bound = values[0] // EQUALS - 1
        counts[turn] = size
        if size == most:
            bounds[turn] = values[0] // EQUALS
    return counts


@compiled
def best_of_columns(
    rows: People, columns: People, kept_apart: Apart, rules: Numbers, near: Near, groups: Groups, above: Numbers,
    enough: int, who: Small, found: Small, worth: Small, bounds: Numbers,
) -> Numbers:  # fmt: skip
    """The same for the volunteers of `who`, with newcomers in groups and prices for them."""
    near_place, near_metres = near.place, near.metres
    starts, order, prices, least, least_of_level = (
        groups.start,
        groups.order,
        groups.price,
        groups.least,
        groups.least_of_level,
    )
    ages, all_slots, all_interests, all_languages = groups.age, groups.slots, groups.interests, groups.languages
    apart_start, apart_column = kept_apart.start, kept_apart.column
    most, total = found.shape[1], rules[TOTAL]
    values = np.empty(most, np.int64)
    by_age, by_band = np.empty(OLDEST + 2, np.int64), np.empty(BANDS, np.int64)
    counts = np.zeros(len(who), np.int64)
    for turn in range(len(who)):
        number = np.int64(who[turn])
        mine = columns[number]
        place, level, reach, slots, liked = mine.place, mine.level, mine.metres, mine.slots, mine.interests
        languages = mine.languages | mine.languages_more | mine.languages_most
        bounds[turn] = above[number]
        if place < 0:
            continue
        size, bound, looked = 0, above[number], 0
        numbers, worths = found[turn], worth[turn]
        _age_parts(mine.age, rules, by_age, by_band)
        open_interests = rules[INTERESTS] * MILLION if liked != 0 else 0
        open_language = rules[LANGUAGE] if languages != 0 else 0
        rest = rules[DISTANCE - 1] + open_language + open_interests
        best_age = by_band.max()
        for step in range(near_place.shape[1]):
            metres = near_metres[place, step]
            if metres > reach or looked >= enough:
                break
            at_distance = rules[DISTANCE + tenths(metres)]
            first_group = near_place[place, step] * RANKS
            for rank in range(level, RANKS):
                group = first_group + rank
                at_level = at_distance + rules[LEVEL + rank - level]
                if at_level + best_age + rest < (bound + least_of_level[group] + 1) * total:
                    continue
                for band in range(BANDS):
                    group = (first_group + rank) * BANDS + band
                    most_here = at_level + by_band[band] + rest
                    if most_here < (bound + least[group] + 1) * total:
                        continue
                    looked += starts[group + 1] - starts[group]
                    for position in range(starts[group], starts[group + 1]):
                        needed = (bound + prices[position] + 1) * total
                        if most_here < needed:
                            break
                        value = at_level + by_age[ages[position]] + rules[MOMENTS + ones(slots & all_slots[position])]
                        value += open_language if languages & all_languages[position] != 0 else 0
                        value += open_interests if liked & all_interests[position] != 0 else 0
                        if value < needed:
                            continue
                        other = np.int64(order[position])
                        theirs = rows[other]
                        language = share_language(mine, theirs)
                        if not may(theirs, mine, metres, language, rules[COMMON_TIME]):
                            continue
                        value = at_level + plain(theirs, mine, rules, language) + interests(theirs, mine, rules)
                        if value < needed or value < rules[LEAST]:
                            continue
                        if theirs.history and apart(apart_start, apart_column, other, number):
                            continue
                        whole = value // total
                        chance = (number * 40_503 + other * 25_173) & (EQUALS - 1)  # equals are not all the same few
                        value = (whole - prices[position]) * EQUALS + chance
                        if size == most and value <= values[0]:
                            continue
                        size = keep(values, numbers, worths, size, value, other, whole)
                        if size == most:
                            bound = values[0] // EQUALS - 1
        counts[turn] = size
        if size == most:
            bounds[turn] = values[0] // EQUALS
    return counts


@compiled
def reachable(
    rows: People, columns: People, kept_apart: Apart, rules: Numbers, near: Near, start: Unsigned, order: Unsigned,
    first_seat: Numbers, owner: Small, seat: Small, tier: Numbers, last: int,
) -> tuple[bool, Flags]:  # fmt: skip
    """Whether nobody left of the tiers up to `last` can be moved to a free place or to one that a later tier holds.

    Also which volunteers they reach. `order` is used up: who was reached is not looked at again.
    """
    near_place, near_metres = near.place, near.metres
    apart_start, apart_column = kept_apart.start, kept_apart.column
    end = start[1:].astype(np.int64)
    reached = np.zeros(len(columns), np.bool_)
    queue = np.empty(len(rows), np.int32)
    size = 0
    for number in range(len(rows)):
        if seat[number] < 0 and tier[number] <= last and rows[number].place >= 0:
            queue[size] = number
            size += 1
    head = 0
    while head < size:
        number = queue[head]
        head += 1
        row = rows[number]
        for step in range(near_place.shape[1]):
            metres = near_metres[row.place, step]
            if metres > row.metres:
                break
            place = near_place[row.place, step]
            for group in range(place * RANKS * BANDS, (place * RANKS + row.level + 1) * BANDS):
                position = np.int64(start[group])
                while position < end[group]:
                    other = np.int64(order[position])
                    position += 1
                    if score(row, columns[other], rules, metres) < 0:
                        continue
                    if row.history and apart(apart_start, apart_column, number, other):
                        continue
                    reached[other] = True
                    position -= 1
                    end[group] -= 1
                    order[position] = order[end[group]]
                    for held in range(first_seat[other], first_seat[other + 1]):
                        owning = owner[held]
                        if owning < 0 or tier[owning] > last:
                            return False, reached
                        queue[size] = owning
                        size += 1
    return True, reached
