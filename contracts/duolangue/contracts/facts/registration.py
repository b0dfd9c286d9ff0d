"""Facts of registration: associations, participants, coordinators. No name, no address, no number."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from duolangue.contracts.envelope import Fact, Payload
from duolangue.contracts.vocabulary import EntityId, Gender, Interest, Language, Level, Postcode, Role, Slot


class PostcodeRange(Payload):
    """Postcodes from the first to the last, both included."""

    first: Postcode
    last: Postcode


class Zone(Payload):
    """A part of the country within which duos stay: the postcodes in its ranges, and those around its centre."""

    name: str = Field(default="", max_length=100)
    ranges: list[PostcodeRange] = Field(default=[], max_length=100)
    centre: Postcode | None = None
    radius_km: int | None = Field(default=None, ge=1, le=300)
    """How far around the centre, in kilometres as the crow flies."""


class AssociationState(Fact):
    """What others know of an association. The entity's id is its slug."""

    name: str
    language: Language
    """Its working language, and the one for messages no translation exists for."""
    timezone: str = "Europe/Brussels"
    """An IANA time zone: weeks and evenings are counted in it."""
    commitment_minutes: int = Field(default=30, ge=1, le=600)
    """What a duo promises for a week, in minutes."""
    newcomer_years: int = Field(default=3, ge=1, le=50)
    """For how long after arriving somebody counts as a newcomer, in years."""
    radius_km: int = Field(default=30, ge=1, le=300)
    """How far apart two people may live who named no distance of their own, in kilometres."""
    zones: list[Zone] = Field(default=[], max_length=20)
    """Where its duos live: both people of a duo in one of them. None means that distance alone decides."""


class AssociationRegistered(AssociationState, owner="registration", entity="association", fact="registered"):
    """An association joined the platform."""


class AssociationUpdated(AssociationState, owner="registration", entity="association", fact="updated"):
    """An association changed its name or its settings."""


class ParticipantStatus(StrEnum):
    """Where a participant stands for the other services."""

    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"
    ERASED = "erased"


class AgeRange(Payload):
    """Both ends included, in years."""

    least: int = Field(default=18, ge=18, le=120)
    most: int = Field(default=120, ge=18, le=120)


class NewcomerProfile(Payload):
    """What a participant told as somebody who wants to speak French."""

    french_oral: Level
    french_written: Level | None = None
    waiting_since: AwareDatetime
    """Since when a partner is waited for: seniority counts from here."""
    partner_gender: Gender | None = None
    partner_age: AgeRange | None = None
    needs_common_language: bool = False
    """Asked for a volunteer with whom another language is shared; only weighed at A0."""


class VolunteerProfile(Payload):
    """What a participant told as somebody who wants to help."""

    places: int = Field(default=1, ge=0, le=5)
    """How many duos at the same time."""
    comfort: Level = Level.A0_CANNOT_READ
    """The lowest level of French the volunteer is at ease with."""
    same_gender_only: bool = False


class ParticipantState(Fact):
    """What others know of a participant: all that pairing needs, nothing that names or reaches the person."""

    status: ParticipantStatus
    roles: list[Role] = Field(max_length=2)
    birth_year: int | None = Field(default=None, ge=1900, le=2100)
    gender: Gender | None = None
    postcode: Postcode | None = None
    languages: list[Language] = []
    """Those spoken besides or including French."""
    interests: list[Interest] = []
    availability: list[Slot] = []
    """Moments that suit; empty means any time."""
    radius_km: Annotated[int, Field(ge=0, le=300)] | None = None
    """How far the partner may live; none means the association's own distance."""
    newcomer: NewcomerProfile | None = None
    volunteer: VolunteerProfile | None = None
    current_partner: EntityId | None = None
    """The participant with whom a duo was already running when this one was imported."""
    resumes_on: date | None = None
    merged_into: EntityId | None = None
    """The record that stays, where two were one person: what is kept of this one belongs to it. Only of one that left."""


class ParticipantRegistered(ParticipantState, owner="registration", entity="participant", fact="registered"):
    """Somebody can be reached, passed a first interview and is active from now on."""


class ParticipantUpdated(ParticipantState, owner="registration", entity="participant", fact="updated"):
    """What somebody told has changed."""


class ParticipantPaused(ParticipantState, owner="registration", entity="participant", fact="paused"):
    """Somebody takes a break: no new partner meanwhile."""


class ParticipantResumed(ParticipantState, owner="registration", entity="participant", fact="resumed"):
    """Somebody is back from a break."""


class ParticipantLeft(ParticipantState, owner="registration", entity="participant", fact="left"):
    """Somebody left the association."""


class ParticipantErased(ParticipantState, owner="registration", entity="participant", fact="erased"):
    """Somebody's data are erased: every service reduces what it keeps to a tombstone."""


class CoordinatorRevoked(Fact, owner="registration", entity="coordinator", fact="revoked"):
    """Tokens of this coordinator issued up to then are worth nothing from now on."""

    revoked_at: AwareDatetime
