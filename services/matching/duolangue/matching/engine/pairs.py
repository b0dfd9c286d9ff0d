"""What compiled code asks of one pair: may it be, and how well do the two fit.

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
    COMMON_TIME,
    DISTANCE,
    FARTHEST,
    INTERESTS,
    LANGUAGE,
    LEAST,
    LEVEL,
    MOMENTS,
    OLDEST,
    TOTAL,
    WORTH,
)
from duolangue.matching.engine.pool import Numbers, Small

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
def folded(person: Any) -> int:
    """All words of somebody's languages in half a one: who shares no bit here shares no language."""
    whole = person.languages | person.languages_more | person.languages_most
    return (whole | (whole >> np.uint64(32))) & np.uint64(0xFFFFFFFF)


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
def interests(both: int, mass: int, other: int, rules: Numbers) -> int:
    """The weighted share of interests in common: `both`, of people whose own are worth `mass` and `other`."""
    if both == 0:
        return 0
    shared = np.int64(0)
    while both != 0:
        lowest = both & (~both + _ONE)
        shared += rules[WORTH + ones(lowest - _ONE)]
        both ^= lowest
    least = max(np.int64(1), min(mass, other))
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
    found += interests(row.interests & column.interests, row.mass, column.mass, rules)
    return found // rules[TOTAL] if found >= rules[LEAST] else -1
