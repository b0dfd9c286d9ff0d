"""An association: the tenant. Its slug is its id and never changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from duolangue.chassis.decision import Change
from duolangue.contracts.facts.registration import AssociationRegistered, AssociationState, AssociationUpdated
from duolangue.contracts.vocabulary import Language, Slug
from duolangue.registration.domain import values
from duolangue.registration.domain.invalid import Invalid

PLATFORM: Final = "platform"
"""Not an association: the name under which the platform keeps what it must know before it knows the association."""
RESERVED: Final = frozenset({PLATFORM, "www", "admin", "api", "static"})


def _timezone(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(
            "timezone_unknown", "No time zone is called %(value)s (as in Europe/Brussels).", value=values.shown(zone)
        ) from error
    return zone


def _name(text: str) -> str:
    tidy = values.name(text)
    if not tidy:
        raise Invalid("name_missing", "The association needs a name.")
    return tidy


class AssociationSettings(BaseModel):
    """What an association decides about itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, AfterValidator(_name)]
    language: Language = "fr"
    """Its working language."""
    timezone: Annotated[str, AfterValidator(_timezone)] = "Europe/Brussels"
    commitment_minutes: int = Field(default=30, ge=1, le=600)
    """What a duo promises for a week, in minutes."""
    newcomer_years: int = Field(default=3, ge=1, le=50)
    """For how long after arriving somebody counts as a newcomer, in years."""
    radius_km: int = Field(default=30, ge=1, le=300)
    """How far apart two people may live who named no distance of their own, in kilometres."""


class Association(AssociationSettings):
    """An association as it stands."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Slug
    """Its slug."""
    registered_at: datetime

    def today(self, now: datetime) -> date:
        """The date where the association is."""
        return now.astimezone(ZoneInfo(self.timezone)).date()

    def midnight(self, day: date) -> datetime:
        """The moment a day begins where the association is."""
        return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.timezone))


def register(slug: str, settings: AssociationSettings, now: datetime) -> Change[Association]:
    """A new association joins.

    Raises:
        Invalid: the slug is one the platform needs itself.
    """
    if slug in RESERVED:
        raise Invalid("slug_reserved", "An association cannot be called %(value)s.", field="slug", value=slug)
    association = Association(id=slug, registered_at=now, **settings.model_dump())
    return Change(association, (AssociationRegistered(**_public(association)),))


def update(association: Association, settings: AssociationSettings) -> Change[Association] | None:
    """The association changes its settings; none when nothing is different."""
    fresh = association.model_copy(update=settings.model_dump())
    return None if fresh == association else Change(fresh, (AssociationUpdated(**_public(fresh)),))


def snapshot(association: Association, last_fact: str) -> AssociationState:
    """The present state again, for those who come late."""
    kind = AssociationRegistered if last_fact == AssociationRegistered.fact_name() else AssociationUpdated
    return kind(**_public(association))


def _public(association: Association) -> dict[str, object]:
    return association.model_dump(include=set(AssociationSettings.model_fields))
