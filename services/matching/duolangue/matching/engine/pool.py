"""People as arrays: newcomers are rows, volunteers columns. Unknown numbers are negative; what people share is bit sets."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial
from math import radians
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duolangue.chassis import places
from duolangue.chassis.places import EARTH_KM
from duolangue.chassis.places.zones import containing
from duolangue.contracts.vocabulary import Level
from duolangue.matching.domain.people import Association, Person
from duolangue.matching.engine import traits
from duolangue.matching.engine.traits import UNKNOWN, Traits, bits

Numbers = NDArray[np.int64]
Small = NDArray[np.int32]
Bits = NDArray[np.uint64]
Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rows = slice | Numbers
"""Some newcomers: a slice, or their numbers."""
ALL: Final = slice(None)

BEGINNER_RANK: Final = Level.A0.rank
"""Up to this rank somebody is A0, whether they read or not."""
WORD: Final = 64
"""Bits in one word of a bit set."""
DAY: Final = 24 * 60 * 60 * 1_000_000
"""Microseconds."""


@dataclass(frozen=True, slots=True)
class Side:
    """What both sides have, one entry for each person of the side."""

    people: tuple[Person, ...]
    """Empty where a pool was made from arrays alone."""
    age: Small
    """In years, by the year of birth; -1 when unknown."""
    gender: Small
    """-1 when unknown."""
    place: Small
    """The row in the pool's table of distances; -1 when the postcode is unknown."""
    radius_km: Small
    interests: Bits
    """A bit for each interest."""
    slots: Bits
    """A bit for each of the 28 moments; all of them for who named none."""
    languages: Bits
    """People by words: a bit for each language but French that somebody speaks."""
    zones: Bits
    """A bit for each of the association's zones that somebody lives in; bit 0 for everybody where it has no zones."""

    def __len__(self) -> int:
        return len(self.age)


@dataclass(frozen=True, slots=True)
class Pool:
    """Newcomers (rows) and volunteers (columns), with what only one side has."""

    newcomers: Side
    volunteers: Side
    metres: Small
    """Great-circle distances between all places somebody lives in, in whole metres."""
    level: Small
    """Rank of each newcomer's oral French."""
    wished_gender: Small
    """-1 for none."""
    least_age: Small
    most_age: Small
    """`NO_WISH` for who wished no age."""
    needs_language: Flags
    """Asked for another common language, and is A0."""
    days: Numbers
    """Whole days each newcomer has waited, never negative."""
    first: Flags
    """Goes first, since somebody else refused or stayed silent."""
    comfort: Small
    """Lowest rank each volunteer is at ease with; 0 also for who named A0, since that welcomes both kinds."""
    same_gender: Flags
    capacity: Small
    """Free places of each volunteer; 0 for who is taken."""
    apart_start: Small
    """Where each newcomer's part of `apart` begins; one entry more than newcomers."""
    apart: Small
    """Volunteers a newcomer may not meet, for their history, or since they are one person; ascending for each newcomer."""

    @property
    def shape(self) -> tuple[int, int]:
        """How many newcomers and volunteers."""
        return len(self.newcomers), len(self.volunteers)

    def apart_from(self, row: int) -> Small:
        """Whom one newcomer may not meet."""
        return self.apart[self.apart_start[row] : self.apart_start[row + 1]]


def narrowed(pool: Pool, columns: Numbers) -> Pool:
    """The pool with some volunteers only, in this order; nobody is kept apart in it."""
    side = pool.volunteers
    people = tuple(side.people[column] for column in columns.tolist()) if side.people else ()
    some = {name: getattr(side, name)[columns] for name in side.__slots__ if name != "people"}
    return replace(
        pool,
        volunteers=replace(side, people=people, **some),
        comfort=pool.comfort[columns],
        same_gender=pool.same_gender[columns],
        capacity=pool.capacity[columns],
        apart_start=np.zeros_like(pool.apart_start),
        apart=pool.apart[:0],
    )


def build(
    newcomers: Sequence[Person],
    volunteers: Sequence[Person],
    capacity: Mapping[str, int],
    apart: Collection[frozenset[str]],
    association: Association,
    now: datetime,
) -> Pool:
    """The arrays of a pool, both sides in the order of their ids. Everybody must have the profile of their side; `apart` holds pairs of ids
    in either order.
    """
    rows = tuple(sorted(newcomers, key=lambda person: person.id))
    columns = tuple(sorted(volunteers, key=lambda person: person.id))
    first = {person.id for person in rows if person.goes_first}
    asking, helping = [traits.of(person) for person in rows], [traits.of(person) for person in columns]
    found = assemble(asking, helping, capacity, apart, first, association, now)
    return replace(
        found,
        newcomers=replace(found.newcomers, people=rows),
        volunteers=replace(found.volunteers, people=columns),
    )


def assemble(
    rows: Sequence[Traits],
    columns: Sequence[Traits],
    capacity: Mapping[str, int],
    apart: Collection[frozenset[str]],
    first: Collection[str],
    association: Association,
    now: datetime,
) -> Pool:
    """The arrays of people who are numbers already, in their order, without the people themselves; `first` are those who go first."""
    asking = [each.asking for each in rows if each.asking is not None]
    helping = [each.helping for each in columns if each.helping is not None]
    if len(asking) != len(rows) or len(helping) != len(columns):
        raise ValueError("somebody without the profile of their side")
    spoken = sorted({code for codes in {each.languages for each in (*rows, *columns)} for code in codes})
    known = tuple(sorted({each.postcode for each in (*rows, *columns)} & set(places.table())))
    side = partial(_side, spoken=spoken, known=known, association=association, year=now.year)
    level = np.array([each.level for each in asking], np.int32)
    comfort = np.array([each.comfort for each in helping], np.int32)
    wants = np.array([each.wants_language for each in asking], np.bool_)
    since = np.array([each.since for each in asking], np.int64)
    start, forbidden = _apart(rows, columns, apart)
    return Pool(
        newcomers=side(rows),
        volunteers=side(columns),
        metres=metres_between(known),
        level=level,
        wished_gender=np.array([each.wished_gender for each in asking], np.int32),
        least_age=np.array([each.least_age for each in asking], np.int32),
        most_age=np.array([each.most_age for each in asking], np.int32),
        needs_language=wants & (level <= BEGINNER_RANK),
        days=whole_days(since, now),
        first=np.array([each.person in first for each in rows], np.bool_),
        comfort=np.where(comfort <= BEGINNER_RANK, 0, comfort).astype(np.int32),
        same_gender=np.array([each.same_gender for each in helping], np.bool_),
        capacity=np.array([max(0, capacity.get(each.person, 0)) for each in columns], np.int32),
        apart_start=start,
        apart=forbidden,
    )


def whole_days(since: Numbers, now: datetime) -> Numbers:
    """How many whole days have passed since moments in microseconds since 1970; none where they are still to come."""
    return np.maximum(0, (traits.microseconds(now) - since) // DAY)


@lru_cache(maxsize=64)
def metres_between(postcodes: tuple[str, ...]) -> Small:
    """Great-circle distances between postcodes in whole metres (haversine formula); all must exist."""
    found = [places.table()[postcode] for postcode in postcodes]
    latitude = np.array([radians(place.latitude) for place in found], np.float64)
    longitude = np.array([radians(place.longitude) for place in found], np.float64)
    half_latitude = (latitude[None, :] - latitude[:, None]) / 2
    half_longitude = (longitude[None, :] - longitude[:, None]) / 2
    cosines = np.cos(latitude)[:, None] * np.cos(latitude)[None, :]
    chord = np.sin(half_latitude) ** 2 + cosines * np.sin(half_longitude) ** 2
    table: Small = np.rint(2000 * EARTH_KM * np.arcsin(np.minimum(1.0, np.sqrt(chord)))).astype(np.int32)
    table.setflags(write=False)
    return table


def _side(
    people: Sequence[Traits], spoken: list[str], known: tuple[str, ...], association: Association, year: int
) -> Side:
    language_of = {code: number for number, code in enumerate(spoken)}
    place_of = {postcode: number for number, postcode in enumerate(known)}
    count = 1 + (max(1, len(spoken)) - 1) // WORD
    lived_in, told = {each.postcode for each in people}, {each.languages for each in people}
    zones_of = {each: _words(bits(containing(each, association.zones)), 1)[0] for each in lived_in}
    words_of = {each: _words(bits(language_of[code] for code in each), count) for each in told}
    born = np.array([each.birth_year for each in people], np.int32)
    radius = np.array([each.radius_km for each in people], np.int32)
    return Side(
        people=(),
        age=np.where(born == UNKNOWN, UNKNOWN, year - born).astype(np.int32),
        gender=np.array([each.gender for each in people], np.int32),
        place=np.array([place_of.get(each.postcode, UNKNOWN) for each in people], np.int32),
        radius_km=np.where(radius == UNKNOWN, association.radius_km, radius).astype(np.int32),
        interests=np.array([each.interests for each in people], np.uint64),
        slots=np.array([each.slots for each in people], np.uint64),
        languages=np.array([words_of[each.languages] for each in people], np.uint64).reshape(len(people), count),
        zones=np.array([zones_of[each.postcode] if association.zones else 1 for each in people], np.uint64),
    )


def _words(whole: int, count: int) -> list[int]:
    """A bit set as so many numbers of 64 bits."""
    return [whole >> (WORD * word) & (2**WORD - 1) for word in range(count)]


def _apart(rows: Sequence[Traits], columns: Sequence[Traits], apart: Collection[frozenset[str]]) -> tuple[Small, Small]:
    row_of = {each.person: number for number, each in enumerate(rows)}
    column_of = {each.person: number for number, each in enumerate(columns)}
    found = {(row_of[each], column_of[each]) for each in row_of.keys() & column_of.keys()}
    for pair in apart:
        one, other = min(pair), max(pair)
        for newcomer, volunteer in ((one, other), (other, one)):
            if newcomer in row_of and volunteer in column_of:
                found.add((row_of[newcomer], column_of[volunteer]))
    each = np.array(sorted(found), np.int32).reshape(-1, 2)
    start = np.searchsorted(each[:, 0], np.arange(len(rows) + 1)).astype(np.int32)
    return start, np.ascontiguousarray(each[:, 1])
