"""People as arrays: newcomers are rows, volunteers columns. Unknown numbers are negative; what people share is bit sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache, partial
from math import radians
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duolangue.chassis import places
from duolangue.chassis.places import EARTH_KM
from duolangue.chassis.places.zones import containing
from duolangue.contracts.vocabulary import SLOTS, Gender, Interest, Level
from duolangue.matching.domain.people import Association, Person

Numbers = NDArray[np.int64]
Small = NDArray[np.int32]
Bits = NDArray[np.uint64]
Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rows = slice | Numbers
"""Some newcomers: a slice, or their numbers."""

UNKNOWN: Final = -1
BEGINNER_RANK: Final = Level.A0.rank
"""Up to this rank somebody is A0, whether they read or not."""
WORD: Final = 64
"""Bits in one word of a bit set."""
ANY_TIME: Final = (1 << len(SLOTS)) - 1
NO_WISH: Final = (-2, 1_000_000)
"""A range of ages that every age lies in, the unknown one too."""
_GENDERS: Final = list(Gender)
_INTERESTS: Final = {interest: number for number, interest in enumerate(Interest)}
_SLOTS: Final = {slot: number for number, slot in enumerate(SLOTS)}


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
    some = {name: getattr(side, name)[columns] for name in side.__slots__ if name != "people"}
    return replace(
        pool,
        volunteers=replace(side, people=tuple(side.people[column] for column in columns.tolist()), **some),
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
    apart: set[frozenset[str]],
    association: Association,
    now: datetime,
) -> Pool:
    """The arrays of a pool. Everybody must have the profile of their side; `apart` holds pairs of ids in either order."""
    rows = tuple(sorted(newcomers, key=lambda person: person.id))
    columns = tuple(sorted(volunteers, key=lambda person: person.id))
    spoken = sorted({code for person in (*rows, *columns) for code in person.languages} - {"fr"})
    asking = [person.newcomer for person in rows if person.newcomer is not None]
    helping = [person.volunteer for person in columns if person.volunteer is not None]
    if len(asking) != len(rows) or len(helping) != len(columns):
        raise ValueError("somebody without the profile of their side")
    level = np.array([profile.french_oral.rank for profile in asking], np.int32)
    comfort = np.array([profile.comfort.rank for profile in helping], np.int32)
    needs = np.array([profile.needs_common_language for profile in asking], np.bool_)
    ages = [(wish.least, wish.most) if (wish := profile.partner_age) else NO_WISH for profile in asking]
    known = tuple(sorted({person.postcode for person in (*rows, *columns) if person.postcode} & set(places.table())))
    side = partial(_side, spoken=spoken, known=known, association=association, year=now.year)
    start, forbidden = _apart(rows, columns, apart)
    return Pool(
        newcomers=side(rows),
        volunteers=side(columns),
        metres=metres_between(known),
        level=level,
        wished_gender=np.array([_gender(profile.partner_gender) for profile in asking], np.int32),
        least_age=np.array([least for least, _ in ages], np.int32),
        most_age=np.array([most for _, most in ages], np.int32),
        needs_language=needs & (level <= BEGINNER_RANK),
        days=np.array([max(0, (now - profile.waiting_since).days) for profile in asking], np.int64),
        first=np.array([person.goes_first for person in rows], np.bool_),
        comfort=np.where(comfort <= BEGINNER_RANK, 0, comfort).astype(np.int32),
        same_gender=np.array([profile.same_gender_only for profile in helping], np.bool_),
        capacity=np.array([max(0, capacity.get(person.id, 0)) for person in columns], np.int32),
        apart_start=start,
        apart=forbidden,
    )


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


def side_age(person: Person, year: int) -> int:
    """Somebody's age in a year, -1 when unknown."""
    return UNKNOWN if person.birth_year is None else year - person.birth_year


def radius_of(person: Person, association: Association) -> int:
    """How far somebody's partner may live, in kilometres."""
    return association.radius_km if person.radius_km is None else person.radius_km


def bits(numbers: Iterable[int], words: int) -> list[int]:
    """A bit set of so many words, as numbers of 64 bits."""
    whole = 0
    for number in numbers:
        whole |= 1 << number
    return [whole >> (WORD * word) & (2**WORD - 1) for word in range(words)]


def _side(
    people: tuple[Person, ...], spoken: list[str], known: tuple[str, ...], association: Association, year: int
) -> Side:
    zones_of = cache(partial(containing, zones=association.zones))
    language_of = {code: number for number, code in enumerate(spoken)}
    place_of = {postcode: number for number, postcode in enumerate(known)}
    words = 1 + (max(1, len(spoken)) - 1) // WORD
    interests, slots, languages, zones = [], [], [], []
    for person in people:
        interests += bits((_INTERESTS[each] for each in person.interests), 1)
        slots += bits((_SLOTS[each] for each in person.availability), 1)
        languages.append(bits((language_of[each] for each in person.languages if each != "fr"), words))
        zones += bits(zones_of(person.postcode), 1) if association.zones else [1]
    return Side(
        people=people,
        age=np.array([side_age(person, year) for person in people], np.int32),
        gender=np.array([_gender(person.gender) for person in people], np.int32),
        place=np.array([place_of.get(person.postcode or "", UNKNOWN) for person in people], np.int32),
        radius_km=np.array([radius_of(person, association) for person in people], np.int32),
        interests=np.array(interests, np.uint64),
        slots=np.array([each or ANY_TIME for each in slots], np.uint64),
        languages=np.array(languages, np.uint64).reshape(len(people), words),
        zones=np.array(zones, np.uint64),
    )


def _apart(rows: tuple[Person, ...], columns: tuple[Person, ...], apart: set[frozenset[str]]) -> tuple[Small, Small]:
    row_of = {person.id: number for number, person in enumerate(rows)}
    column_of = {person.id: number for number, person in enumerate(columns)}
    found: set[tuple[int, int]] = set()
    for pair in (*apart, *(frozenset({person.id}) for person in rows)):
        one, other = min(pair), max(pair)
        for newcomer, volunteer in ((one, other), (other, one)):
            if newcomer in row_of and volunteer in column_of:
                found.add((row_of[newcomer], column_of[volunteer]))
    each = np.array(sorted(found), np.int32).reshape(-1, 2)
    start = np.searchsorted(each[:, 0], np.arange(len(rows) + 1)).astype(np.int32)
    return start, np.ascontiguousarray(each[:, 1])


def _gender(gender: Gender | None) -> int:
    return UNKNOWN if gender is None else _GENDERS.index(gender)
