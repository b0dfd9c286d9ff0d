"""People of a past half year, as replays take them: when they came and left, all of them alike unless told otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from duolangue.contracts.facts.registration import NewcomerProfile, ParticipantStatus, VolunteerProfile
from duolangue.contracts.vocabulary import Level, Role
from duolangue.matching.domain.people import Person
from duolangue.matching.domain.replay_question import Break, Stay

BEGINS = datetime(2025, 11, 3, tzinfo=UTC)
ENDS = BEGINS + timedelta(days=182)
LIVES = {"birth_year": 1990, "postcode": "4000"}


def day(number: float) -> datetime:
    return BEGINS + timedelta(days=number)


def newcomer(name: str, came: float, *, left: float | None = None, breaks: tuple[Break, ...] = (), **told) -> Stay:
    profile = NewcomerProfile(french_oral=told.pop("level", Level.A1), waiting_since=day(came))
    person = Person(id=name, status=ParticipantStatus.ACTIVE, roles=(Role.NEWCOMER,), newcomer=profile, **LIVES | told)
    return Stay(person=person, came_at=day(came), left_at=None if left is None else day(left), breaks=breaks)


def volunteer(name: str, came: float, *, places: int = 1, left: float | None = None, **told) -> Stay:
    profile = VolunteerProfile(places=places)
    person = Person(
        id=name, status=ParticipantStatus.ACTIVE, roles=(Role.VOLUNTEER,), volunteer=profile, **LIVES | told
    )
    return Stay(person=person, came_at=day(came), left_at=None if left is None else day(left))
