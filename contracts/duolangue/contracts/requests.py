"""Questions that services answer by request/reply: registration about people and keys, in batches; each about what waits on its desk.

An error is a reply, never a silence.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import AwareDatetime, Field

from duolangue.contracts.envelope import Payload
from duolangue.contracts.facts.activities import ActivityKind
from duolangue.contracts.links import Purpose
from duolangue.contracts.vocabulary import EntityId, Language, Slug

PEOPLE: Final = "rpc.registration.people"
FIND: Final = "rpc.registration.find"
CONTACTS: Final = "rpc.registration.contacts"
KEYS: Final = "rpc.registration.keys"

TODAY: Final = {
    "matching": "rpc.matching.today",
    "sessions": "rpc.sessions.today",
    "notifications": "rpc.notifications.today",
}
"""By service: what waits for a coordinator there?"""

PERSONAL_DATA: Final = {
    "matching": "rpc.matching.personal_data",
    "sessions": "rpc.sessions.personal_data",
    "notifications": "rpc.notifications.personal_data",
}
"""By service: what is kept there about a participant?"""

ACTIVITIES: Final = "rpc.sessions.activities"
"""What are these activities called, when and where are they?"""

BATCH: Final = 200
"""The most people one question may name."""


class PeopleQuestion(Payload):
    """Who are these?"""

    association: Slug
    people: Annotated[list[EntityId], Field(max_length=BATCH)]


class Person(Payload):
    """Somebody as the desk shows them. Towards another participant only first name, age band and municipality may be shown."""

    first_name: str
    last_name: str
    age_band: str
    """As in 25-34."""
    municipality: str


class FindQuestion(Payload):
    """Who of those who take part is called so?"""

    association: Slug
    text: Annotated[str, Field(max_length=100)]
    """The beginnings of names, or a telephone number, as a coordinator typed them."""
    most: int = Field(default=20, ge=1, le=50)


class PeopleAnswer(Payload):
    """By id; who is unknown or erased is absent."""

    people: dict[str, Person]


class LinkWanted(Payload):
    """One action link to sign for one person."""

    person: EntityId
    purpose: Purpose
    entity: EntityId
    expires: AwareDatetime
    scope: str = ""
    """What within the entity, as the week of a log link."""


class ContactsQuestion(Payload):
    """How are these reached, with these links?"""

    association: Slug
    people: Annotated[list[EntityId], Field(max_length=BATCH)]
    links: Annotated[list[LinkWanted], Field(max_length=BATCH * 4)] = []


class Contact(Payload):
    """How to reach somebody, and in which language."""

    first_name: str
    last_name: str
    language: Language
    email: str | None = None
    phone: str | None = None
    """E.164, as in +32470123456."""
    links: dict[Purpose, str] = {}
    """Whole addresses, by purpose."""


class ContactsAnswer(Payload):
    """By id; who is unknown, erased or left is absent."""

    contacts: dict[str, Contact]


class KeysQuestion(Payload):
    """With which keys are tokens and links verified?"""


class KeysAnswer(Payload):
    """A JSON Web Key Set (RFC 7517), and who was revoked while tokens issued before may still circulate."""

    keys: list[dict[str, Any]]
    revoked: dict[str, AwareDatetime] = {}
    """By coordinator id: tokens issued at or before that moment are refused."""


class ActivitiesQuestion(Payload):
    """What are these called, when and where are they?"""

    association: Slug
    activities: Annotated[list[EntityId], Field(max_length=BATCH)]


class MeetingTold(Payload):
    """One meeting, as whoever has a place in it must know it."""

    starts_at: AwareDatetime
    minutes: int
    place: str = ""
    link: str = ""
    """Of the video room."""


class ActivityTold(Payload):
    """An activity in its own words."""

    kind: ActivityKind
    title: str
    timezone: str
    """IANA: its hours are said in it."""
    meetings: list[MeetingTold]
    offer_hours: int
    """For how long an offered place is kept, once the offer was sent."""


class ActivitiesAnswer(Payload):
    """By id; what is unknown is absent."""

    activities: dict[str, ActivityTold]


class Concern(StrEnum):
    """What may wait for a coordinator in a service, or how things stand there."""

    DRAFTS = "drafts"
    """Pairs that a coordinator is to approve or discard."""
    PROPOSED = "proposed"
    """Pairs that were asked and have not both answered."""
    RUNNING = "running"
    """Duos that talk, paused ones included."""
    TO_CALL = "to_call"
    """Duos that talked less than they promised in the last week."""
    TO_HAND_OVER = "to_hand_over"
    """Messages that no mail can carry."""
    PROPOSED_WORKSHOPS = "proposed_workshops"
    """Workshops that somebody proposed and nobody prepared yet."""
    HOST_LEFT = "host_left"
    """Activities to come whose host left the association."""
    HOMEWORK = "homework"
    """Homework of French courses that a teacher is to correct."""
    NOT_SENT = "not_sent"
    """Messages that an address refused."""


class Figure(Payload):
    """How many, and the page that lists them."""

    concern: Concern
    count: int = Field(ge=0)
    path: str = Field(pattern=r"^/[a-z]")


class TodayQuestion(Payload):
    """What waits for a coordinator of this association?"""

    association: Slug


class TodayAnswer(Payload):
    """Figures only; names are on the pages that they lead to."""

    figures: list[Figure]


class PersonalDataQuestion(Payload):
    """What do you keep about this participant, who asked for it?"""

    association: Slug
    participant: EntityId


class PersonalDataAnswer(Payload):
    """Tables by name, each a list of rows; nothing about anybody else."""

    tables: dict[str, list[dict[str, str | int | bool | None]]]


class Refusal(Payload):
    """Why a question got no answer."""

    title: str
    detail: str = ""


class Reply(Payload):
    """What comes back: an answer or a refusal."""

    answer: dict[str, Any] | None = None
    refusal: Refusal | None = None
