"""What tells at a glance whether two could fit well enough: narrow columns of people by place and level, of which a processor takes eight at a time.

A glance never says no to a pair that is better than asked for; whoever it lets through is then computed.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from duolangue.contracts.vocabulary import Interest
from duolangue.matching.domain.reasons import MILLION
from duolangue.matching.engine.compiling import compiled
from duolangue.matching.engine.layout import (
    AGE,
    AGE_UNKNOWN,
    INTERESTS,
    LANGUAGE,
    MOMENTS,
    OLDEST,
    RANKS,
    TOTAL,
    WORTH,
    People,
    Unsigned,
)
from duolangue.matching.engine.pairs import ones
from duolangue.matching.engine.pool import Bits, Numbers, Small
from duolangue.matching.engine.traits import UNKNOWN

WIDEST: Final = 2**29
"""Tolls are less than this; where prices differ by more, they are told in coarser units."""
ABSENT: Final = 2**30
PADDING: Final = 8
"""Whole blocks of so many are looked at; what lies beyond the last one is not used."""
GENERATION: Final = 40
"""Years from which on a glance does not look closer."""
HALF: Final = np.uint64(0xFFFFFFFF)
NUMBER: Final = len(Interest)
BYTES: Final = (NUMBER + 7) // 8
_ONE = np.uint64(1)
_BYTE = np.uint64(255)
Marks = NDArray[np.uint8]


class Glance(NamedTuple):
    """One side's people, by place and level."""

    start: Unsigned
    """Who lives at place `p` with level `l` is at `start[p * RANKS + l]` to the next of what follows, by their own numbers."""
    age: Small
    """One more than the age, so that 0 is an unknown one."""
    slots: Unsigned
    interests: Unsigned
    """Two halves in one: who shares no bit here shares nothing. The same for languages."""
    languages: Unsigned
    liked: Bits
    """All interests, and what they are worth together."""


class Tolls(NamedTuple):
    """What it takes to have each one of a side: their price, as a glance sees it."""

    price: Numbers
    toll: Small
    """How much the price is above the lowest, in units of `1 << shift` millionths; `ABSENT` for who is not to be looked at."""
    least: Numbers
    """The lowest price of each place and level."""
    lowest: int
    shift: int


class Eye(NamedTuple):
    """The most that each criterion can give one person, in millionths of the whole, rounded up."""

    age: int
    top: int
    slope: int
    unknown: int
    moments: tuple[int, int, int, int]
    """For no common moment, one, two and more."""
    language: int
    interests: int


def glance(people: People, places: int) -> Glance:
    """People as a glance sees them; they must be in the order of place and level."""
    key = np.where(people["place"] == UNKNOWN, UNKNOWN, people["place"] * RANKS + people["level"])
    languages = people["languages"] | people["languages_more"] | people["languages_most"]
    return Glance(
        start=np.searchsorted(key, np.arange(places * RANKS + 1)).astype(np.uint32),
        age=_padded(np.clip(people["age"], UNKNOWN, OLDEST) + 1, np.int32),
        slots=_padded(people["slots"], np.uint32),
        interests=_padded(_folded(people["interests"]), np.uint32),
        languages=_padded(_folded(languages), np.uint32),
        liked=np.stack([people["interests"], people["mass"].astype(np.uint64)], axis=1),
    )


def tolls(seen: Glance, people: People, price: Numbers) -> Tolls:
    """Prices as a glance sees them. Who has no place (any more) is not looked at."""
    here = people["place"] != UNKNOWN
    lowest = int(price[here].min(initial=np.iinfo(np.int64).max)) if here.any() else 0
    shift = max(0, (int(price[here].max(initial=lowest)) - lowest).bit_length() - WIDEST.bit_length() + 1)
    toll = _padded(np.where(here, (price - lowest) >> shift, ABSENT), np.int32)
    filled = np.flatnonzero(seen.start[:-1] < seen.start[1:])
    least = np.full(len(seen.start) - 1, np.iinfo(np.int64).max // 4)
    if len(filled):
        real = np.where(here, price, np.iinfo(np.int64).max // 4)
        least[filled] = np.minimum.reduceat(real, seen.start[filled])
    return Tolls(price=price, toll=toll, least=least, lowest=lowest, shift=shift)


def _folded(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return (bits | bits >> np.uint64(32)) & HALF


def _padded(values: Any, kind: Any) -> Any:
    return np.concatenate([values.astype(kind), np.zeros(PADDING, kind)])


@compiled
def eye_of(age: int, rules: Numbers) -> Eye:
    """With which somebody of this age looks."""
    total = rules[TOTAL]
    more = total - 1
    unknown = (rules[AGE_UNKNOWN] + more) // total
    top, slope = unknown, np.int64(0)
    if age != -1:
        top, slope = (rules[AGE] + more) // total, np.int64(2**30)
        for years in range(1, GENERATION + 1):
            slope = min(slope, (rules[AGE] - rules[AGE + years]) // (years * total))
    most = np.int64(0)
    for shared in range(3, 29):
        most = max(most, rules[MOMENTS + shared])
    moments = (
        (rules[MOMENTS] + more) // total,
        (rules[MOMENTS + 1] + more) // total,
        (rules[MOMENTS + 2] + more) // total,
        (most + more) // total,
    )
    language, interests = (rules[LANGUAGE] + more) // total, (rules[INTERESTS] * MILLION + more) // total
    return Eye(np.int64(min(age, OLDEST) + 1), top, slope, unknown, moments, language, interests)


@compiled
def mark(
    seen: Glance, toll: Small, first: int, last: int, eye: Eye, shift: int, slots: int, liked: int, spoken: int, needed: int, marks: Marks
) -> None:  # fmt: skip
    """Mark those from `first` to `last` of whom the most that can be is no less than `needed` and their toll."""
    ages, all_slots, all_interests, all_languages = seen.age, seen.slots, seen.interests, seen.languages
    # Where units are coarse, all that adds up is rounded up once more.
    more = np.int64(1) if shift > 0 else np.int64(0)
    mine, unknown = np.int32(eye.age), np.int32((eye.unknown >> shift) + more)
    top, slope = np.int32((eye.top >> shift) + more), np.int32(eye.slope >> shift)
    none, once = np.int32((eye.moments[0] >> shift) + more), np.int32((eye.moments[1] >> shift) + more)
    twice, often = np.int32((eye.moments[2] >> shift) + more), np.int32((eye.moments[3] >> shift) + more)
    language, interests = np.int32((eye.language >> shift) + more), np.int32((eye.interests >> shift) + more)
    least = np.int32(needed)
    zero, oldest = np.int32(0), np.int32(GENERATION)
    my_slots, my_interests, my_languages = np.uint32(slots), np.uint32(liked), np.uint32(spoken)
    begin = np.uint64(first)
    for number in range((np.uint64(last) - begin + np.uint64(PADDING - 1)) // np.uint64(PADDING) * np.uint64(PADDING)):
        position = begin + np.uint64(number)
        age = ages[position]
        years = np.int32(abs(np.int32(age - mine)))
        years = min(years, oldest)
        found = np.int32(top - np.int32(slope * years))
        found = unknown if age == zero else found
        both = np.uint32(my_slots & all_slots[position])
        rest = np.uint32(both & np.uint32(both - np.uint32(1)))
        third = np.uint32(rest & np.uint32(rest - np.uint32(1)))
        moment = none if both == 0 else (once if rest == 0 else (twice if third == 0 else often))
        found = np.int32(found + moment)
        found = np.int32(found + (language if np.uint32(my_languages & all_languages[position]) != 0 else zero))
        found = np.int32(found + (interests if np.uint32(my_interests & all_interests[position]) != 0 else zero))
        marks[number] = found >= np.int32(least + toll[position])


@compiled
def weigh(liked: int, rules: Numbers, shares: Small) -> None:
    """What sharing each set of eight interests is worth for who likes `liked`: `shares[byte, set]`."""
    for byte in range(BYTES):
        shares[byte, 0] = 0
        for bit in range(8):
            number = 8 * byte + bit
            part = np.int64(0)
            if number < NUMBER and liked >> np.uint64(number) & _ONE:
                part = rules[WORTH + number]
            for other in range(1 << bit):
                shares[byte, (1 << bit) + other] = shares[byte, other] + part


@compiled
def enough(seen: Glance, other: int, mine: Any, spoken: int, rules: Numbers, shares: Small, needed: int) -> bool:
    """Whether the weighted sum of age, moments, interests and language may be `needed`; sharing half a word of languages counts as sharing one."""
    age = np.int64(seen.age[other]) - 1
    lacking = needed - rules[MOMENTS + ones(np.uint32(mine.slots) & seen.slots[other])]
    lacking -= rules[AGE_UNKNOWN] if mine.age == -1 or age == -1 else rules[AGE + min(abs(mine.age - age), OLDEST)]
    if spoken & seen.languages[other] != 0:
        lacking -= rules[LANGUAGE]
    if lacking <= 0:
        return True
    both, shared = seen.liked[other, 0], np.int64(0)
    for byte in range(BYTES):
        shared += shares[byte, (both >> np.uint64(8 * byte)) & _BYTE]
    return rules[INTERESTS] * MILLION * shared >= lacking * max(
        np.int64(1), min(mine.mass, np.int64(seen.liked[other, 1]))
    )
