"""People as arrays: a row for each newcomer, a column for each volunteer. Unknown numbers are negative or NaN."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from math import radians
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duolangue.chassis import places
from duolangue.chassis.places.zones import containing
from duolangue.contracts.vocabulary import SLOTS, Gender, Interest, Level
from duolangue.matching.domain.people import Association, Person

Numbers = NDArray[np.int64]
Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]

UNKNOWN: Final = -1
BEGINNER_RANK: Final = Level.A0.rank
"""Up to this rank somebody is A0, whether they read or not."""
_GENDERS: Final = list(Gender)
_INTERESTS: Final = {interest: number for number, interest in enumerate(Interest)}
_SLOTS: Final = {slot: number for number, slot in enumerate(SLOTS)}


@dataclass(frozen=True, slots=True)
class Side:
    """What both sides have, one entry for each person of the side."""

    people: tuple[Person, ...]
    age: Numbers
    """In years, by the year of birth; -1 when unknown."""
    gender: Numbers
    """-1 when unknown."""
    latitude: Reals
    """In radians; NaN when the postcode is unknown."""
    longitude: Reals
    radius_km: Reals
    interests: Numbers
    """0 or 1, a column for each interest."""
    slots: Numbers
    """0 or 1, a column for each of the 28 moments; all 1 for who named none."""
    languages: Numbers
    """0 or 1, a column for each language but French that somebody speaks."""
    zones: Numbers
    """0 or 1, a column for each of the association's zones that somebody lives in; none where it has no zones."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Newcomers (rows) and volunteers (columns), with what only one side has."""

    newcomers: Side
    volunteers: Side
    level: Numbers
    """Rank of each newcomer's oral French."""
    wished_gender: Numbers
    """-1 for none."""
    least_age: Numbers
    most_age: Numbers
    wishes_age: Flags
    needs_language: Flags
    """Asked for another common language, and is A0."""
    days: Numbers
    """Whole days each newcomer has waited, never negative."""
    comfort: Numbers
    """Lowest rank each volunteer is at ease with; 0 also for who named A0, since that welcomes both kinds."""
    same_gender: Flags
    capacity: Numbers
    """Free places of each volunteer; 0 for who is taken."""
    apart: Flags
    """Pairs that may not be for their history, or since they are one person."""


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
    level = np.array([profile.french_oral.rank for profile in asking], np.int64)
    comfort = np.array([profile.comfort.rank for profile in helping], np.int64)
    needs = np.array([profile.needs_common_language for profile in asking], np.bool_)
    ages = [profile.partner_age for profile in asking]
    forbidden = np.zeros((len(rows), len(columns)), np.bool_)
    row_of = {person.id: number for number, person in enumerate(rows)}
    column_of = {person.id: number for number, person in enumerate(columns)}
    for pair in (*apart, *(frozenset({person.id}) for person in rows)):
        one, other = min(pair), max(pair)
        for newcomer, volunteer in ((one, other), (other, one)):
            if newcomer in row_of and volunteer in column_of:
                forbidden[row_of[newcomer], column_of[volunteer]] = True
    return Pool(
        newcomers=_side(rows, spoken, association, now.year),
        volunteers=_side(columns, spoken, association, now.year),
        level=level,
        wished_gender=np.array([_gender(profile.partner_gender) for profile in asking], np.int64),
        least_age=np.array([wish.least if wish else 0 for wish in ages], np.int64),
        most_age=np.array([wish.most if wish else 0 for wish in ages], np.int64),
        wishes_age=np.array([wish is not None for wish in ages], np.bool_),
        needs_language=needs & (level <= BEGINNER_RANK),
        days=np.array([max(0, (now - profile.waiting_since).days) for profile in asking], np.int64),
        comfort=np.where(comfort <= BEGINNER_RANK, 0, comfort),
        same_gender=np.array([profile.same_gender_only for profile in helping], np.bool_),
        capacity=np.array([max(0, capacity.get(person.id, 0)) for person in columns], np.int64),
        apart=forbidden,
    )


def side_age(person: Person, year: int) -> int:
    """Somebody's age in a year, -1 when unknown."""
    return UNKNOWN if person.birth_year is None else year - person.birth_year


def radius_of(person: Person, association: Association) -> int:
    """How far somebody's partner may live, in kilometres."""
    return association.radius_km if person.radius_km is None else person.radius_km


def _side(people: tuple[Person, ...], spoken: list[str], association: Association, year: int) -> Side:
    interests = np.zeros((len(people), len(_INTERESTS)), np.int64)
    slots = np.zeros((len(people), len(_SLOTS)), np.int64)
    languages = np.zeros((len(people), len(spoken)), np.int64)
    zones = np.zeros((len(people), len(association.zones)), np.int64)
    zones_of = cache(partial(containing, zones=association.zones))
    where = np.full((2, len(people)), np.nan)
    language_of = {code: number for number, code in enumerate(spoken)}
    for number, person in enumerate(people):
        interests[number, [_INTERESTS[each] for each in person.interests]] = 1
        slots[number, [_SLOTS[each] for each in person.availability] or slice(None)] = 1
        languages[number, [language_of[each] for each in person.languages if each != "fr"]] = 1
        zones[number, list(zones_of(person.postcode))] = 1
        place = places.find(person.postcode) if person.postcode else None
        if place is not None:
            where[:, number] = radians(place.latitude), radians(place.longitude)
    return Side(
        people=people,
        age=np.array([side_age(person, year) for person in people], np.int64),
        gender=np.array([_gender(person.gender) for person in people], np.int64),
        latitude=where[0],
        longitude=where[1],
        radius_km=np.array([radius_of(person, association) for person in people], np.float64),
        interests=interests,
        slots=slots,
        languages=languages,
        zones=zones,
    )


def _gender(gender: Gender | None) -> int:
    return UNKNOWN if gender is None else _GENDERS.index(gender)
