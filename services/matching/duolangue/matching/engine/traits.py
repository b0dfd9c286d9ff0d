"""One person as numbers: what pairing looks at in them, whatever the day, the association and the other people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from duolangue.contracts.vocabulary import SLOTS, Gender, Interest
from duolangue.matching.domain.people import Person

UNKNOWN: Final = -1
NO_WISH: Final = (-2, 1_000_000)
"""A range of ages that every age lies in, the unknown one too."""
_GENDERS: Final = list(Gender)
_INTERESTS: Final = {interest: number for number, interest in enumerate(Interest)}
_SLOTS: Final = {slot: number for number, slot in enumerate(SLOTS)}
ANY_TIME: Final = (1 << len(SLOTS)) - 1
_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Asking(NamedTuple):
    """A newcomer's side of somebody."""

    level: int
    """Rank of spoken French."""
    wished_gender: int
    """-1 for none."""
    least_age: int
    most_age: int
    """`NO_WISH` for who wished no age."""
    wants_language: bool
    """Asked for another common language."""
    since: int
    """From when on they wait, in microseconds since 1970."""


class Helping(NamedTuple):
    """A volunteer's side of somebody."""

    comfort: int
    """Lowest rank they are at ease with."""
    same_gender: bool


class Traits(NamedTuple):
    """One person."""

    person: str
    birth_year: int
    """-1 when unknown."""
    gender: int
    """-1 when unknown."""
    postcode: str
    """Empty when unknown."""
    radius_km: int
    """-1 for who leaves it to the association."""
    interests: int
    """A bit for each interest."""
    slots: int
    """A bit for each of the 28 moments; all of them for who named none."""
    languages: tuple[str, ...]
    """Besides French."""
    asking: Asking | None
    helping: Helping | None


def of(person: Person) -> Traits:
    """What pairing looks at in somebody."""
    asks, helps = person.newcomer, person.volunteer
    ages = (asks.partner_age.least, asks.partner_age.most) if asks and asks.partner_age else NO_WISH
    return Traits(
        person=person.id,
        birth_year=UNKNOWN if person.birth_year is None else person.birth_year,
        gender=_gender(person.gender),
        postcode=person.postcode or "",
        radius_km=UNKNOWN if person.radius_km is None else person.radius_km,
        interests=bits(_INTERESTS[each] for each in person.interests),
        slots=bits(_SLOTS[each] for each in person.availability) or ANY_TIME,
        languages=tuple(each for each in person.languages if each != "fr"),
        asking=Asking(
            asks.french_oral.rank,
            _gender(asks.partner_gender),
            *ages,
            asks.needs_common_language,
            microseconds(asks.waiting_since),
        )
        if asks
        else None,
        helping=Helping(helps.comfort.rank, helps.same_gender_only) if helps else None,
    )


def microseconds(moment: datetime) -> int:
    """A moment as a whole number, so that the days between two are exact."""
    return (moment - _FIRST) // timedelta(microseconds=1)


def bits(numbers: Iterable[int]) -> int:
    """A bit set."""
    whole = 0
    for number in numbers:
        whole |= 1 << number
    return whole


def _gender(gender: Gender | None) -> int:
    return UNKNOWN if gender is None else _GENDERS.index(gender)
