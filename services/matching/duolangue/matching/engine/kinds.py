"""What kinds of volunteer could be called for: whatever somebody who is left needs, and such a volunteer as the engine takes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import product
from typing import Final

from duolangue.contracts.facts.registration import AgeRange, ParticipantStatus, VolunteerProfile
from duolangue.contracts.vocabulary import Interest, Level, Role
from duolangue.matching.domain.missing import Hours, Profile
from duolangue.matching.domain.people import Person
from duolangue.matching.engine.compute import Question

MOST_PLACES: Final = 40
"""Postcodes that are tried: those around which most people are left."""
FEWEST_PLACES: Final = 8
"""So many at least, however much else there is to combine."""
MOST_KINDS: Final = 600
"""Kinds of volunteer that are tried, those of whom least is asked first."""
MOST_LANGUAGES: Final = 5
MOST_AGES: Final = 3


def profiles(alone: Sequence[Person], question: Question) -> list[Profile]:
    """What could be asked for: whatever somebody of those who are left needs, and several of that together."""
    told = [person.newcomer for person in alone if person.newcomer is not None]
    levels = sorted({max(Level.A0, each.french_oral, key=_rank) for each in told}, key=_rank)
    asking = [person for person in alone if person.newcomer and person.newcomer.needs_common_language]
    spoken = _most([code for person in asking for code in person.languages if code != "fr"], MOST_LANGUAGES)
    genders = sorted({each.partner_gender for each in told if each.partner_gender})
    hours: list[Hours | None] = list(Hours) if question.policy.common_time else [None]
    ages = _ages([each.partner_age for each in told if each.partner_age])
    demands = list(product([None, *spoken], hours, [None, *genders], [None, *ages], levels))
    number = max(FEWEST_PLACES, min(MOST_PLACES, MOST_KINDS // max(1, len(demands))))
    postcodes = _most([person.postcode for person in alone if person.postcode], number)
    found = [
        Profile(postcode=postcode, comfort=level, language=language, hours=when, gender=gender, age=age)
        for language, when, gender, age, level in demands
        for postcode in postcodes
    ]
    return sorted(found, key=lambda profile: profile.demands)[:MOST_KINDS]


def person_of(profile: Profile, year: int) -> Person:
    """Somebody of this kind, who likes everything: that nothing is shared does not stand in the way. Their age is told only where one is asked for."""
    age = profile.age
    return Person(
        id=f"wanted-{profile.id}",
        status=ParticipantStatus.ACTIVE,
        roles=(Role.VOLUNTEER,),
        birth_year=year - (age.least + age.most) // 2 if age else None,
        gender=profile.gender,
        postcode=profile.postcode,
        languages=(profile.language,) if profile.language else (),
        interests=tuple(Interest),
        availability=profile.hours.slots if profile.hours else (),
        volunteer=VolunteerProfile(places=1, comfort=profile.comfort),
    )


def _ages(wishes: Sequence[AgeRange]) -> list[AgeRange]:
    """Ages that meet most wishes: where ranges begin, what all that hold there have in common."""
    common = Counter[tuple[int, int]]()
    for begin in sorted({wish.least for wish in wishes}):
        holding = [wish for wish in wishes if wish.least <= begin <= wish.most]
        common[begin, min(wish.most for wish in holding)] = len(holding)
    best = sorted(common, key=lambda each: (-common[each], each))[:MOST_AGES]
    return [AgeRange(least=least, most=most) for least, most in best]


def _most(values: Collection[str], most: int) -> list[str]:
    """The most frequent, in their order."""
    count = Counter(values)
    return sorted(count, key=lambda value: (-count[value], value))[:most]


def _rank(level: Level) -> int:
    return level.rank
