"""A participant: a newcomer, a volunteer, or both. The only place where names and addresses are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict, computed_field

from duolangue.chassis import places
from duolangue.contracts.facts.registration import (
    NewcomerProfile,
    ParticipantErased,
    ParticipantLeft,
    ParticipantPaused,
    ParticipantRegistered,
    ParticipantResumed,
    ParticipantState,
    ParticipantStatus,
    ParticipantUpdated,
    VolunteerProfile,
)
from duolangue.contracts.vocabulary import EntityId, Gender, Language, Postcode, Role, Slot
from duolangue.registration.domain import duplicates, search, values
from duolangue.registration.domain.history import Entry
from duolangue.registration.domain.interests import Interests
from duolangue.registration.domain.interview import RefusalReason, Tick
from duolangue.registration.domain.signup.answers import Answers

AGE_BANDS: Final = ((18, 24), (25, 34), (35, 44), (45, 54), (55, 64), (65, 74))


NOWHERE: Final = "9999"
"""No place in Belgium has this postcode: of a record that is nobody's any more."""
NO_YEAR: Final = 0
"""The year of birth of such a record."""


class Status(StrEnum):
    """Where somebody stands."""

    APPLIED = "applied"
    """Waits for a first interview; no other service knows of them yet."""
    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"
    REFUSED = "refused"
    """Did not pass the interview."""
    EXCLUDED = "excluded"
    """Kept out for safety; the others are told no more than that the person left."""
    ERASED = "erased"
    """A tombstone: nothing is left but the id."""


GONE: Final = frozenset({Status.LEFT, Status.REFUSED, Status.EXCLUDED, Status.ERASED})
"""Those who are written to no more."""


HELD: Final = "held"
"""To be looked at: the sign-up came from an excluded person's address. The person in charge of safety decides."""
AGAIN: Final = "same_person"
"""To be looked at: they are registered, and signed up once more."""


class ConsentChannel(StrEnum):
    """How somebody agreed that their data are kept."""

    WEB = "web"
    PAPER = "paper"
    ORAL = "oral"
    """Told aloud, with a coordinator who recorded the answer."""
    IMPORT = "import"
    """The association says so for people it has known before it used the platform."""


class ConsentPurpose(StrEnum):
    """What somebody agreed to."""

    PARTICIPATION = "participation"
    """That what they told is kept and used to find a partner."""
    CHARTER = "charter"
    """The volunteer's charter (law of 3 July 2005 on the rights of volunteers)."""
    FEED = "feed"
    """That a partner outside the association gets facts about them; off by default, a consent for each."""


class Consent(BaseModel):
    """That somebody agreed: to what, when, how, in which language, to which text; and whether they took it back."""

    model_config = ConfigDict(frozen=True)

    given_at: datetime
    channel: ConsentChannel
    text_version: str
    purpose: ConsentPurpose = ConsentPurpose.PARTICIPATION
    to: str = ""
    """The name of the outside feed, where it is about one."""
    language: Language | None = None
    """In which language the text was read or told."""
    values: dict[str, str] = {}
    """What the association's own figures were in the text, as they were told: months that data are kept, minutes a week."""
    withdrawn_at: datetime | None = None


class SaidAgain(BaseModel):
    """What somebody who is known answered when they signed up once more: kept beside what is known until a coordinator has looked."""

    model_config = ConfigDict(frozen=True)

    answers: Answers
    language: Language
    """In which language the pages were."""
    channel: ConsentChannel
    at: datetime


class Participant(BaseModel):
    """Somebody who takes part."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    status: Status = Status.APPLIED
    roles: list[Role]
    first_name: str
    last_name: str = ""
    """Empty for people who have one name only."""
    email: str | None = None
    phone: str | None = None
    """E.164."""
    birth_year: int
    gender: Gender | None = None
    postcode: Postcode
    languages: list[Language] = []
    interests: Interests = []
    availability: list[Slot] = []
    radius_km: int | None = None
    arrived_on: date | None = None
    ui_language: Language
    newcomer: NewcomerProfile | None = None
    volunteer: VolunteerProfile | None = None
    current_partner: EntityId | None = None
    consent: Consent
    consents: list[Consent] = []
    """All others: the charter, outside feeds."""
    host: bool = False
    """Gives workshops."""
    applied_at: datetime
    interviewed_at: datetime | None = None
    refusal: str = ""
    """Why the interview was not passed; for coordinators alone."""
    refusal_reason: RefusalReason | None = None
    checklist: list[Tick] = []
    """What was gone through in the first interview."""
    asked_for: str = ""
    """What more is asked of somebody before the interview is over."""
    asked_at: datetime | None = None
    merged_into: EntityId | None = None
    """The record that stayed when two turned out to be one person."""
    named_at: datetime | None = None
    """When name, year of birth or telephone changed last: from then on duplicates are looked for."""
    history: list[Entry] = []
    resumes_at: datetime | None = None
    """When a break ends by itself."""
    resumes_on: date | None = None
    standing_since: datetime | None = None
    """Since when they have stood where they stand; kept by the store. None where that was before it was kept."""
    unreachable_since: datetime | None = None
    """An address refused a message for good."""
    to_look_at: list[str] = []
    """What a coordinator is to look at before going on: codes of the association's own list, as in `held`."""
    said_again: SaidAgain | None = None
    """What they answered when they signed up again, until a coordinator has looked at it."""
    identities: list[str] = []
    """By which the same person is recognised; unique in the association."""

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @computed_field  # type: ignore[prop-decorator]  # kept with the state, so that it can be searched
    @property
    def search(self) -> list[str]:
        """The words under whose beginnings the person is found."""
        return search.terms(self.first_name, self.last_name, self.email, self.phone)

    @computed_field  # type: ignore[prop-decorator]  # kept with the state, so that lists can be sorted
    @property
    def sort_name(self) -> str:
        """The name as lists are sorted by it."""
        return duplicates.sortable(self.first_name, self.last_name)

    @computed_field  # type: ignore[prop-decorator]  # kept with the state, so that duplicates are found
    @property
    def alike(self) -> list[str]:
        """Under what a record of the same person would be looked for."""
        return duplicates.keys(self.first_name, self.last_name, self.birth_year, self.phone)

    @property
    def known_outside(self) -> bool:
        """Whether the other services were told of them."""
        return self.interviewed_at is not None and self.status not in {Status.APPLIED, Status.REFUSED, Status.ERASED}

    def age_band(self, year: int) -> str:
        """The band of years the age falls in, as in 25-34."""
        age = year - self.birth_year
        return next((f"{least}-{most}" for least, most in AGE_BANDS if age <= most), "75+")

    @property
    def municipality(self) -> str:
        """The name of where they live."""
        place = places.find(self.postcode)
        return place.municipality if place else ""


def identities(first_name: str, last_name: str, birth_year: int, email: str | None, phone: str | None) -> list[str]:
    """By what the same person is recognised: an address with the name and the year; a shared address alone is no identity."""
    person = f"{values.folded(f'{first_name} {last_name}')}|{birth_year}"
    return [f"{address.casefold()}|{person}" for address in (email, phone) if address]


_FACTS: Final[dict[str, type[ParticipantState]]] = {
    kind.fact_name(): kind
    for kind in (ParticipantRegistered, ParticipantUpdated, ParticipantPaused, ParticipantResumed, ParticipantLeft)
}


def snapshot(participant: Participant, last_fact: str) -> ParticipantState | None:
    """The present state again, for those who come late; none of those whom nobody was told of."""
    if participant.status is Status.ERASED:
        return ParticipantErased(status=ParticipantStatus.ERASED, roles=[])
    kind = _FACTS.get(last_fact)
    return kind(**public(participant)) if kind and participant.known_outside else None


def public(participant: Participant) -> dict[str, object]:
    """What the other services may know: nothing that names or reaches the person."""
    return {
        **participant.model_dump(include=_PUBLIC),
        "status": _OUTSIDE.get(participant.status) or ParticipantStatus(participant.status.value),
        "birth_year": participant.birth_year or None,
        "postcode": None if participant.postcode == NOWHERE else participant.postcode,
        "newcomer": participant.newcomer,
        "volunteer": participant.volunteer,
    }


def seen_outside(status: Status) -> str:
    """How somebody stands, as others and they themselves may know."""
    return (_OUTSIDE.get(status) or status).value


def discreetly(participant: Participant) -> Participant:
    """The participant as read-only accounts see them: who is kept out has left, and what is for coordinators alone is not there."""
    hidden: dict[str, object] = {
        "refusal": "",
        "refusal_reason": None,
        "asked_for": "",
        "to_look_at": [],
        "said_again": None,
    }
    return participant.model_copy(
        update={**hidden, "status": Status.LEFT if participant.status is Status.EXCLUDED else participant.status}
    )


def meant_by(status: Status, *, discreet: bool) -> tuple[Status, ...]:
    """Where those stand whom a list of this status shows; `discreet` as read-only accounts see it. Who is erased is in no list."""
    if status is Status.ERASED or (discreet and status is Status.EXCLUDED):
        return ()
    return (Status.LEFT, Status.EXCLUDED) if discreet and status is Status.LEFT else (status,)


_OUTSIDE: Final = {Status.EXCLUDED: ParticipantStatus.LEFT}
"""Nobody outside learns that somebody was excluded."""
_PUBLIC: Final = {
    "roles", "birth_year", "gender", "postcode", "languages", "interests", "availability", "radius_km", "current_partner", "resumes_on",
    "merged_into",
}  # fmt: skip


def tidy_list(items: Sequence[object]) -> list[object]:
    """The items once each, in the order they came."""
    return list(dict.fromkeys(items))
