"""All that one message may speak of, gathered at the moment of writing and never kept.

Before both have accepted, the other person is a `Glimpse`, which has no room for a last name, a number or an address.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from duolangue.contracts.facts.notifications import MessageKind
from duolangue.contracts.facts.sessions import Milestone
from duolangue.contracts.links import Purpose
from duolangue.contracts.vocabulary import Interest, Role


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What may be seen of the other before both have accepted."""

    first_name: str
    age_band: str
    municipality: str


@dataclass(frozen=True, slots=True)
class Reach:
    """How a confirmed partner is reached."""

    first_name: str
    phone: str | None
    """E.164."""
    email: str | None


@dataclass(frozen=True, slots=True)
class Programme:
    """An activity, as a message tells of it."""

    activity: str
    """Its id."""
    title: str
    lines: tuple[str, ...] = ()
    """When and where: a line for each meeting to come."""
    offer_hours: int = 24


@dataclass(frozen=True, slots=True)
class Occasion:
    """One message's facts."""

    kind: MessageKind
    language: str
    """One of the languages that messages exist in."""
    association: str
    """Its name, as people say it."""
    first_name: str
    """The recipient's."""
    role: Role | None
    """The recipient's side in the duo; in a welcome the only role, none when there are two."""
    links: dict[Purpose, str] = field(default_factory=dict)
    partner: Glimpse | Reach | None = None
    interests: tuple[Interest, ...] = ()
    slot: str | None = None
    """A moment of the week that suits both."""
    minutes: int = 30
    """What a duo promises for a week."""
    runs_a_duo: bool = False
    programme: Programme | None = None
    """The activity that the message is about."""
    until: date | None = None
    """The last day of the duo's break."""
    milestone: Milestone | None = None
    """What the duo reached."""
