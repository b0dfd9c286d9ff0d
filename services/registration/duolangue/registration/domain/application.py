"""What somebody tells to take part, and the rules about it. The import and the interface come through the same door."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from duolangue.contracts.facts.registration import AgeRange, NewcomerProfile, VolunteerProfile
from duolangue.contracts.vocabulary import EntityId, Gender, Level, Role
from duolangue.registration.domain import values
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.history import Act, Entry
from duolangue.registration.domain.interests import Interests
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.participant import Consent, ConsentChannel, Participant, identities, tidy_list

ADULT: Final = 18
OLDEST: Final = 110
"""Years; above it a year of birth is a slip of the pen."""
CONSENT_TEXT: Final = "2026-2"
"""The version of the text people agree to."""
MOST_PLACES: Final = 5


def _blank(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


Email = Annotated[str, Field(max_length=254), AfterValidator(values.email)]
Phone = Annotated[str, Field(max_length=40), AfterValidator(values.phone)]
Once = AfterValidator(tidy_list)


class NewcomerTold(BaseModel):
    """What somebody tells who wants to speak French."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    french_oral: Level
    french_written: Level | None = None
    waiting_since: date | None = None
    """Since when a partner is waited for; none means from now on."""
    partner_gender: Gender | None = None
    partner_age: AgeRange | None = None
    needs_common_language: bool = False


class VolunteerTold(BaseModel):
    """What somebody tells who wants to help."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    places: int = Field(default=1, ge=0, le=MOST_PLACES)
    comfort: Level = Level.A0_CANNOT_READ
    partner_gender: Gender | None = None
    """Only one's own gender can be asked for."""


class Application(BaseModel):
    """What somebody tells."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first_name: Annotated[str, AfterValidator(values.first_name)]
    last_name: Annotated[str, AfterValidator(values.name)] = ""
    email: Annotated[Email | None, BeforeValidator(_blank)] = None
    phone: Annotated[Phone | None, BeforeValidator(_blank)] = None
    birth_year: int
    gender: Gender | None = None
    postcode: Annotated[str, Field(max_length=20), AfterValidator(values.postcode)]
    languages: Annotated[list[Annotated[str, AfterValidator(values.language)]], Field(max_length=40), Once] = []
    interests: Annotated[Interests, Field(max_length=60)] = []
    availability: Annotated[list[Annotated[str, AfterValidator(values.slot)]], Field(max_length=60), Once] = []
    radius_km: Annotated[int, Field(ge=0, le=300)] | None = None
    arrived_on: date | None = None
    ui_language: Annotated[str, AfterValidator(values.language)] | None = None
    """In which language messages come; none means the association's."""
    newcomer: NewcomerTold | None = None
    volunteer: VolunteerTold | None = None
    host: bool = False
    """Gives workshops."""
    current_partner: EntityId | None = None
    """With whom a duo runs already."""
    consent: bool
    consent_channel: ConsentChannel = ConsentChannel.PAPER

    @property
    def roles(self) -> list[Role]:
        """Which sides of a duo they can take."""
        told = {Role.NEWCOMER: self.newcomer, Role.VOLUNTEER: self.volunteer}
        return [role for role, profile in told.items() if profile is not None]


def faults(told: Application, today: date) -> Iterator[Invalid]:
    """The rules that what somebody told breaks."""
    if not told.roles and not told.host:
        yield no_role("newcomer")
    if told.email is None and told.phone is None:
        yield Invalid(
            "no_contact", "An e-mail address or a telephone number is needed, to reach this person.", field="email"
        )
    yield from age_faults(told.birth_year, today)
    if told.arrived_on is not None:
        yield from arrival_faults(told.arrived_on, told.birth_year, today)
    if told.newcomer and told.newcomer.waiting_since and told.newcomer.waiting_since > today:
        yield Invalid("waiting_in_future", "The date is in the future.", field="waiting_since")
    if told.volunteer and told.volunteer.partner_gender:
        wish = told.volunteer.partner_gender
        if told.gender is None:
            yield Invalid(
                "gender_unknown",
                "To ask for a partner of the same gender, one's own gender must be known.",
                field="partner_gender",
            )
        elif wish != told.gender:
            yield Invalid(
                "other_gender_wished",
                "A volunteer may ask for a partner of the same gender only.",
                field="partner_gender",
            )
    if not told.consent:
        yield Invalid("no_consent", "Nothing can be kept of somebody who has not agreed to it.", field="consent")


def no_role(field: str) -> Invalid:
    """What is told where somebody takes no part in anything."""
    return Invalid(
        "role_missing", "Say whether this person wants to speak French (newcomer) or to help (volunteer).", field=field
    )


def age_faults(birth_year: int, today: date) -> Iterator[Invalid]:
    """Adults only: whoever turns 18 this calendar year still counts as a minor."""
    age = today.year - birth_year
    if age < 0:
        yield Invalid(
            "birth_year_invalid",
            "%(value)s is not a year of birth.",
            field="birth_year",
            value=values.shown(birth_year),
        )
    elif age <= ADULT:
        yield Invalid(
            "too_young",
            "Sorry, duos are for adults. Whoever is under 18, or turns 18 this year, is welcome from January after the 18th birthday.",
            field="birth_year",
        )
    elif age > OLDEST:
        yield Invalid(
            "birth_year_invalid",
            "%(value)s cannot be the year of birth: please check.",
            field="birth_year",
            value=values.shown(birth_year),
        )


def arrival_faults(arrived_on: date, birth_year: int, today: date) -> Iterator[Invalid]:
    """An arrival lies between a birth and today."""
    if arrived_on > today:
        yield Invalid("arrived_in_future", "The date is in the future.", field="arrived_on")
    elif arrived_on.year < birth_year:
        yield Invalid("arrived_before_birth", "The arrival lies before the year of birth.", field="arrived_on")


def long_here(told: Application, association: Association, today: date) -> Invalid | None:
    """A remark, no refusal: a newcomer who arrived longer ago than the association's definition of one."""
    if told.newcomer is None or told.arrived_on is None:
        return None
    years = association.newcomer_years
    if today - told.arrived_on <= timedelta(days=365.25 * years):
        return None
    return Invalid(
        "long_in_belgium",
        "Arrived more than %(years)s years ago: no newcomer by the association's definition.",
        field="arrived_on",
        years=years,
    )


def register(told: Application, participant_id: str, association: Association, now: datetime) -> Participant:
    """Somebody applied: they wait for a first interview.

    Raises:
        Invalid: the first rule that is broken.
    """
    for fault in faults(told, association.today(now)):
        raise fault
    return Participant(
        id=participant_id,
        **details(told, association, now, waits_from=now),
        current_partner=told.current_partner,
        consent=Consent(
            given_at=now, channel=told.consent_channel, text_version=CONSENT_TEXT, values=association.figures
        ),
        applied_at=now,
        named_at=now,
        history=[Entry(act=Act.APPLIED, at=now)],
    )


def details(told: Application, association: Association, now: datetime, *, waits_from: datetime) -> dict[str, Any]:
    """What of a participant comes from what they told. Who names no date waits from `waits_from`."""
    newcomer = volunteer = None
    if told.newcomer:
        since = told.newcomer.waiting_since
        newcomer = NewcomerProfile(
            **told.newcomer.model_dump(exclude={"waiting_since", "partner_age"}),
            partner_age=told.newcomer.partner_age,
            waiting_since=min(association.midnight(since), now) if since else waits_from,
        )
    if told.volunteer:
        wish = told.volunteer.partner_gender
        volunteer = VolunteerProfile(
            places=told.volunteer.places, comfort=told.volunteer.comfort, same_gender_only=wish is not None
        )
    kept = {
        "first_name",
        "last_name",
        "email",
        "phone",
        "birth_year",
        "gender",
        "postcode",
        "radius_km",
        "arrived_on",
        "host",
    }
    return {
        **told.model_dump(include=kept),
        "roles": told.roles,
        "languages": told.languages,
        "interests": told.interests,
        "availability": told.availability,
        "ui_language": told.ui_language or association.language,
        "newcomer": newcomer,
        "volunteer": volunteer,
        "identities": identities(told.first_name, told.last_name, told.birth_year, told.email, told.phone),
    }
