"""Participants and associations as their owner told of them, and who is kept out of the pool for safety."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from duolangue.contracts.facts.registration import (
    AssociationState,
    NewcomerProfile,
    ParticipantState,
    ParticipantStatus,
    VolunteerProfile,
    Zone,
)
from duolangue.contracts.vocabulary import Gender, Interest, Role
from duolangue.matching.domain.state import State


class Turn(State):
    """From when on a participant stood so."""

    at: datetime
    status: ParticipantStatus


MOST_TURNS: Final = 50
"""How many are remembered of one person, the first and the latest."""


class Person(State):
    """A participant, as the latest fact told."""

    id: str
    status: ParticipantStatus
    roles: tuple[Role, ...] = ()
    birth_year: int | None = None
    gender: Gender | None = None
    postcode: str | None = None
    languages: tuple[str, ...] = ()
    interests: tuple[Interest, ...] = ()
    availability: tuple[str, ...] = ()
    radius_km: int | None = None
    newcomer: NewcomerProfile | None = None
    volunteer: VolunteerProfile | None = None
    current_partner: str | None = None
    resumes_on: date | None = None
    merged_into: str | None = None
    """The record that stayed, where this one turned out to be the same person's."""
    turns: tuple[Turn, ...] = ()
    """Since when they are here, and how that changed, as far as it was heard of: what a replay of the past needs."""
    goes_first: bool = False
    """Somebody else refused, or stayed silent, when they were last proposed: they come before all others now. No fact tells it; the pool does."""

    @classmethod
    def of(cls, participant: str, told: ParticipantState) -> Person:
        """The person a fact tells of; of an erased one nothing but the id is kept."""
        if told.status is ParticipantStatus.ERASED:
            return cls(id=participant, status=told.status)
        return cls(id=participant, **told.model_dump())

    def waiting_from(self, begins: datetime) -> Person:
        """The person as a newcomer who waits since then."""
        if self.newcomer is None or self.newcomer.waiting_since == begins:
            return self
        profile = self.newcomer.model_copy(update={"waiting_since": begins})
        return self.model_copy(update={"newcomer": profile})

    def following(self, before: Person | None, at: datetime | None) -> Person:
        """The person with what is remembered of before, and from when on this holds where that is known; of an erased one nothing is."""
        if self.status is ParticipantStatus.ERASED:
            return self
        turns = before.turns if before is not None else ()
        if at is not None and (not turns or turns[-1].status is not self.status):
            turns = (*turns, Turn(at=at, status=self.status))
        return self.model_copy(update={"turns": (*turns[:1], *turns[1:][1 - MOST_TURNS :])})

    def available(self, side: Role) -> bool:
        """Whether the person may be paired, or stay drafted, on this side."""
        profile = self.newcomer if side is Role.NEWCOMER else self.volunteer
        return self.status is ParticipantStatus.ACTIVE and side in self.roles and profile is not None

    @property
    def gone(self) -> bool:
        """Whether the person left for good."""
        return self.status in {ParticipantStatus.LEFT, ParticipantStatus.ERASED}

    @property
    def places(self) -> int:
        """How many duos at the same time the person takes as a volunteer."""
        return self.volunteer.places if self.volunteer and self.available(Role.VOLUNTEER) else 0


class Association(State):
    """What pairing needs to know of an association."""

    id: str
    name: str = ""
    language: str = "fr"
    timezone: str = "Europe/Brussels"
    radius_km: int = 30
    commitment_minutes: int = 30
    """What a duo promises for a week."""
    zones: tuple[Zone, ...] = ()
    """Where its duos live, both people in one of them; none means that distance alone decides."""

    @classmethod
    def of(cls, slug: str, told: AssociationState) -> Association:
        """The association a fact tells of."""
        return cls(
            id=slug,
            name=told.name,
            language=told.language,
            timezone=told.timezone,
            radius_km=told.radius_km,
            commitment_minutes=told.commitment_minutes,
            zones=tuple(told.zones),
        )


class Exclusion(State):
    """Somebody who is kept out of the pool because of a report. The id is the participant's; why is not kept."""

    id: str
    duo: str
    excluded_at: datetime


class Separation(State):
    """Two people whom a coordinator keeps apart, whatever a run would find."""

    id: str
    one: str
    other: str
    why: str = ""
    """For coordinators alone."""
    by: str
    """The coordinator; empty where a record with that history was made one with this."""
    since: datetime
