"""What a replay looks at: who came and went, how people answer, and the policies that are tried."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pydantic import Field

from duolangue.matching.domain.people import Person
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.state import State

MOST_CASES: Final = 5
"""The association's present policy, and up to four beside it."""


class Break(State):
    """A time in which somebody could not be paired; without an end it lasts."""

    begins: datetime
    ends: datetime | None = None


class Stay(State):
    """Somebody's time with the association, as a replay takes it."""

    person: Person
    """As known today: what changed meanwhile is not known any more."""
    came_at: datetime
    left_at: datetime | None = None
    breaks: tuple[Break, ...] = ()


class RunningDuo(State):
    """A duo that ran already when the time looked at began."""

    newcomer: str
    volunteer: str
    until: datetime
    """When it really ended; the end of the time looked at where it went on."""


class History(State):
    """Who came and went."""

    stays: tuple[Stay, ...] = ()
    running: tuple[RunningDuo, ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    """Who may not meet: kept apart by a coordinator, or with a history from before."""
    day_unknown: int = 0
    """People of whom it is not known when they came: taken as there from the beginning."""
    left_out: int = 0
    """People of whom too little is kept: who is erased, and who left on a day not known."""


class Behaviour(State):
    """How people answer, and how long duos last. The stated figures hold where an association's own history is too short."""

    volunteer_yes: int = Field(default=85, ge=0, le=100)
    """Of a hundred volunteers who answer, how many say yes."""
    newcomer_yes: int = Field(default=90, ge=0, le=100)
    approval_days: float = Field(default=1.0, ge=0, le=60)
    """From a draft to its message, where a coordinator looks at drafts first."""
    answer_days: float = Field(default=1.0, ge=0, le=60)
    """From a message to the answer on average, exponentially distributed: whoever takes longer than the policy waits is silent."""
    duo_days: float = Field(default=90.0, ge=1, le=3650)
    """How long a duo lasts on average, exponentially distributed."""
    look_again: int = Field(default=25, ge=0, le=100)
    """Of a hundred newcomers whose duo ended, how many look for another; all do whose volunteer left."""
    observed: dict[str, int] = {}
    """By figure, from how many observations of the association's own it is; what is missing here is stated, not observed."""


class Case(State):
    """A policy that is replayed."""

    name: str = ""
    """As the coordinator calls it; empty for the one in force."""
    policy: Policy
    assumed_rhythm: bool = False
    """It has no rhythm of its own: it is replayed as if runs happened every week."""


class ReplayQuestion(State):
    """Everything a replay looks at besides the people."""

    begins: datetime
    ends: datetime
    cases: tuple[Case, ...]
    """The first is the policy in force."""
    behaviour: Behaviour
    seed: int
    history: History
