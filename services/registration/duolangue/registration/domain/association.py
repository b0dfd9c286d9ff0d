"""An association: the tenant. Its slug is its id and never changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from duolangue.chassis.decision import Change
from duolangue.chassis.places.zones import contains
from duolangue.contracts.facts.registration import AssociationRegistered, AssociationState, AssociationUpdated, Zone
from duolangue.contracts.vocabulary import EntityId, Language, Postcode, Slug
from duolangue.registration.domain import values
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.zones import MOST_ZONES, checked

PLATFORM: Final = "platform"
"""Not an association: the name under which the platform keeps what it must know before it knows the association."""
RESERVED: Final = frozenset({PLATFORM, "www", "admin", "api", "static", "resume"})


def known_timezone(zone: str) -> str:
    """The name of a time zone that exists. Raises `Invalid`."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(
            "timezone_unknown", "No time zone is called %(value)s (as in Europe/Brussels).", value=values.shown(zone)
        ) from error
    return zone


def named(text: str) -> str:
    """A name that is not empty, tidy. Raises `Invalid`."""
    tidy = values.name(text)
    if not tidy:
        raise Invalid("name_missing", "The association needs a name.")
    return tidy


def _phone(number: str | None) -> str | None:
    return values.phone(number) if number and number.strip() else None


class AssociationSettings(BaseModel):
    """What an association decides about itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, AfterValidator(named)]
    language: Language = "fr"
    """Its working language."""
    timezone: Annotated[str, AfterValidator(known_timezone)] = "Europe/Brussels"
    commitment_minutes: int = Field(default=30, ge=1, le=600)
    """What a duo promises for a week, in minutes."""
    newcomer_years: int = Field(default=3, ge=1, le=50)
    """For how long after arriving somebody counts as a newcomer, in years."""
    radius_km: int = Field(default=30, ge=1, le=300)
    """How far apart two people may live who named no distance of their own, in kilometres."""
    zones: Annotated[list[Zone], Field(max_length=MOST_ZONES), AfterValidator(checked)] = []
    """Where duos live: both people in one of them. None means that distance alone decides."""
    languages: Annotated[list[Language], Field(max_length=40)] = []
    """In which languages its sign-up is offered; none means every language that pages exist in."""
    phone: Annotated[str | None, AfterValidator(_phone)] = None
    """Where people may leave a voice message (E.164)."""
    safeguarding: Annotated[list[EntityId], Field(max_length=10)] = []
    """The coordinators who look after reported problems; none means everybody who administers."""
    minors_to: Annotated[list[EntityId], Field(max_length=50)] = []
    """Who is mailed when a minor was turned away; none means nobody: the desk shows it."""
    calls_to: Annotated[list[EntityId], Field(max_length=50)] = []
    """Who is mailed in the morning that duos are to be called; none means nobody: the desk shows it."""
    exclusion_months: int = Field(default=24, ge=1, le=120)
    """For how long an excluded person's addresses are recognised."""
    retention_months: int = Field(default=24, ge=1, le=120)
    """How long after leaving somebody is erased, in months."""
    application_months: int = Field(default=12, ge=1, le=60)
    """How long an application that led nowhere is kept, in months."""
    feeds: Annotated[list[Annotated[str, AfterValidator(named)]], Field(max_length=10)] = []
    """Partners outside that may be told of people who agreed to it, one by one; none by default."""

    def zones_of(self, postcode: Postcode) -> list[Zone]:
        """The zones somebody with this postcode lives in; derived, never kept."""
        return [zone for zone in self.zones if contains(zone, postcode)]

    def outside(self, postcode: Postcode) -> bool:
        """Whether the association has zones and this postcode lies in none."""
        return bool(self.zones) and not self.zones_of(postcode)


class Association(AssociationSettings):
    """An association as it stands."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Slug
    """Its slug."""
    registered_at: datetime
    logo: str = ""
    """Which picture stands beside its name: the fingerprint of the file; none when empty."""

    @property
    def logo_path(self) -> str:
        """Where its picture is; empty where it has none."""
        return f"/association/logo/{self.id}/{self.logo}" if self.logo else ""

    @property
    def figures(self) -> dict[str, str]:
        """Its own figures in the texts people agree to. They may change: a consent keeps them, so that it is known to what it was given."""
        return {"minutes": str(self.commitment_minutes), "months": str(self.retention_months)}

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
    """The association changes its settings; none when nothing is different. The others hear of what concerns them."""
    fresh = association.model_copy(update={name: getattr(settings, name) for name in AssociationSettings.model_fields})
    if fresh == association:
        return None
    return Change(fresh, (AssociationUpdated(**_public(fresh)),) if _public(fresh) != _public(association) else ())


def show_logo(association: Association, fingerprint: str) -> Change[Association] | None:
    """Another picture, or none, stands beside the name from now on."""
    if association.logo == fingerprint:
        return None
    return Change(association.model_copy(update={"logo": fingerprint}))


def snapshot(association: Association, last_fact: str) -> AssociationState:
    """The present state again, for those who come late."""
    kind = AssociationRegistered if last_fact == AssociationRegistered.fact_name() else AssociationUpdated
    return kind(**_public(association))


def _public(association: Association) -> dict[str, object]:
    return association.model_dump(include=set(AssociationState.model_fields))
