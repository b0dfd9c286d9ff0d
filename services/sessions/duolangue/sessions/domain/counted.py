"""Whom the figures count: a participant in bands, month by month. No birth year, no postcode, no name ever stands here.

When somebody is erased, what is here stays under a key drawn at random that leads to nobody, so that a period has the same figures afterwards.
"""

from __future__ import annotations

import uuid
from datetime import date
from functools import cache
from typing import Annotated, Final, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from duolangue.chassis import places
from duolangue.chassis.decision import Change
from duolangue.contracts.facts.registration import ParticipantState, ParticipantStatus
from duolangue.contracts.vocabulary import EntityId, Role
from duolangue.sessions.domain import weeks

ModelT = TypeVar("ModelT", bound=BaseModel)
Month = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}$")]
NOT_TOLD: Final = ""
AGE_BANDS: Final = ((18, 24), (25, 34), (35, 44), (45, 54), (55, 64), (65, 74))
"""As registration shows them, in years; from 75 on there is one more."""
OLDEST: Final = "75+"
LEVELS: Final = ("A0", "A1", "A2", "B1", "B2", "C1", "C2")
GENDERS: Final = ("female", "male", "other")


class Told(BaseModel):
    """How somebody stood from a month on."""

    model_config = ConfigDict(frozen=True)

    month: Month
    roles: tuple[Role, ...] = ()
    active: bool
    """Takes part: neither on a break nor gone."""
    level: str = NOT_TOLD
    """Spoken French, of somebody who wants to speak it: a level of CEFR."""
    municipality: str = NOT_TOLD
    """The first of its postcodes stands for it."""
    gender: str = NOT_TOLD
    places: int = 0
    """How many duos they offer at the same time."""


class Counted(BaseModel):
    """Somebody who is or was a participant. The id is theirs, until they are erased."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    key: EntityId
    """Under which they are counted once erased; nothing leads from one to the other."""
    heard: int = Field(ge=0)
    """The version of what was heard last of them."""
    joined: Month | None = None
    age_band: str = NOT_TOLD
    """In the year they joined, for good: so it is the same in every period."""
    waiting_since: date | None = None
    """Of a newcomer; forgotten with the rest of the person."""
    history: tuple[Told, ...] = ()
    """In the order of their months, one for each month in which something changed."""
    erased: bool = False

    def as_of(self, month: str) -> Told | None:
        """How they stood at the end of a month; none before they joined."""
        for told in reversed(self.history):
            if told.month <= month:
                return told
        return None


def age_band(birth_year: int | None, year: int) -> str:
    """The band in which the age reached in a year falls."""
    if birth_year is None:
        return NOT_TOLD
    age = year - birth_year
    return next((f"{least}-{most}" for least, most in AGE_BANDS if age <= most), OLDEST)


def municipality(postcode: str | None) -> str:
    """The postcode that stands for the municipality a postcode is of: the first of its postcodes."""
    place = places.find(postcode) if postcode else None
    return _first_of()[place.municipality] if place else NOT_TOLD


def heard(participant: str, fact: ParticipantState, version: int, day: date, zone: ZoneInfo) -> Counted:
    """Somebody who was not heard of before; `day` is when it was told, where the association is."""
    month = f"{day.year:04}-{day.month:02}"
    return Counted(
        id=participant,
        key=str(uuid.uuid4()),
        heard=version,
        joined=month,
        age_band=age_band(fact.birth_year, day.year),
        waiting_since=weeks.day_at(fact.newcomer.waiting_since, zone) if fact.newcomer else None,
        history=(_told(fact, month),),
    )


def heard_again(
    known: Counted, fact: ParticipantState, version: int, day: date, zone: ZoneInfo
) -> Change[Counted] | None:
    """What changed about somebody. Nothing that is older than what is known, or about somebody who was erased."""
    if known.erased or version <= known.heard:
        return None
    last = known.history[-1]
    told = _told(fact, max(f"{day.year:04}-{day.month:02}", last.month), last.level)
    earlier = tuple(each for each in known.history if each.month != told.month)
    same = bool(earlier) and earlier[-1].model_copy(update={"month": told.month}) == told
    update = {
        "heard": version,
        "history": earlier if same else (*earlier, told),
        "waiting_since": weeks.day_at(fact.newcomer.waiting_since, zone) if fact.newcomer else known.waiting_since,
        "age_band": known.age_band or age_band(fact.birth_year, int((known.joined or told.month)[:4])),
    }
    return Change(known.model_copy(update=update))


def nameless(known: Counted, day: date) -> Counted:
    """What stays of somebody who is erased on a day, under the key that leads to nobody: they take part no more from that month on."""
    last = known.history[-1]
    gone = last.model_copy(update={"month": max(f"{day.year:04}-{day.month:02}", last.month), "active": False})
    history = (
        known.history if not last.active else (*(each for each in known.history if each.month != gone.month), gone)
    )
    return known.model_copy(update={"id": known.key, "waiting_since": None, "history": history})


def tombstone(known: Counted) -> Change[Counted] | None:
    """What stays under the participant's own id: that nothing is to be learned of them any more."""
    if known.erased:
        return None
    return Change(Counted(id=known.id, key=known.id, heard=known.heard, erased=True))


def with_earlier(known: Counted, other: Counted) -> Change[Counted] | None:
    """Two records were one person: they are counted once, from when the earlier record began. What the later one told goes before."""
    if other.erased or other.joined is None or other.id == known.id:
        return None
    firsts = [each for each in (known.joined, other.joined) if each is not None]
    began = known.history[0].month if known.history else None
    before = tuple(each for each in other.history if began is None or each.month < began)
    earlier = other if known.joined is None or other.joined < known.joined else known
    waits = [each.waiting_since for each in (known, other) if each.waiting_since]
    update = {
        "joined": min(firsts),
        "age_band": earlier.age_band or known.age_band,
        "history": (*before, *known.history),
        "waiting_since": min(waits, default=None),
    }
    state = known.model_copy(update=update)
    return None if state == known else Change(state)


def under_key(entity: ModelT, person: str, key: str, *fields: str) -> Change[ModelT] | None:
    """Something that names somebody, with another id in their place; none where it does not name them."""
    named = {name: key for name in fields if getattr(entity, name) == person}
    return Change(entity.model_copy(update=named)) if named else None


def _told(fact: ParticipantState, month: str, level: str = NOT_TOLD) -> Told:
    """How somebody stands; the `level` that was known holds where nothing is told of it: who helps others now still spoke so when they came."""
    return Told(
        month=month,
        roles=tuple(fact.roles),
        active=fact.status is ParticipantStatus.ACTIVE,
        level=fact.newcomer.french_oral.cefr if fact.newcomer else level,
        municipality=municipality(fact.postcode),
        gender=fact.gender.value if fact.gender else NOT_TOLD,
        places=fact.volunteer.places if fact.volunteer else 0,
    )


@cache
def _first_of() -> dict[str, str]:
    """Of each municipality the first postcode."""
    last_first = sorted(places.table().values(), key=lambda each: each.postcode, reverse=True)
    return {place.municipality: place.postcode for place in last_first}
