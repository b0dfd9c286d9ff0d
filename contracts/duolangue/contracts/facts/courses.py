"""Facts of sessions about French courses: absences, homework, progress. No word, no file, no name of anybody."""

from __future__ import annotations

from datetime import date
from enum import IntEnum

from pydantic import AwareDatetime, Field

from duolangue.contracts.envelope import Fact
from duolangue.contracts.vocabulary import EntityId


class Degree(IntEnum):
    """How far absences have gone: each degree is reminded of once."""

    FRIENDLY = 1
    SERIOUS = 2
    LAST = 3


class AbsenceNoticed(Fact, owner="sessions", entity="absence", fact="noticed"):
    """Somebody missed so much of a course that they are to be reminded. The entity's id is that of the enrolment."""

    activity: EntityId
    participant: EntityId
    degree: Degree
    missed: int = Field(ge=1)
    """Classes missed without an excuse."""
    counted: int = Field(ge=1)
    """Classes that count: those missed, and those attended."""


class HomeworkState(Fact):
    """One participant's homework for one lesson to watch."""

    activity: EntityId
    """The group."""
    lesson: EntityId
    participant: EntityId
    enrolment: EntityId
    """Theirs in the group."""
    wanted_on: date | None = None
    """The day until which it is wanted."""


class HomeworkSet(HomeworkState, owner="sessions", entity="homework", fact="set"):
    """There is a lesson to watch, with homework."""


class HomeworkHandedIn(HomeworkState, owner="sessions", entity="homework", fact="handed_in"):
    """Something was handed in, by the participant or by the desk for them."""

    at: AwareDatetime


class HomeworkReturned(HomeworkState, owner="sessions", entity="homework", fact="returned"):
    """A teacher corrected it and gave it back."""

    at: AwareDatetime


class LevelReached(Fact, owner="sessions", entity="learner", fact="level_reached"):
    """Somebody came to the end of a level of French courses. The entity's id is the participant's."""

    participant: EntityId
    activity: EntityId
    """The group in which."""
    level: EntityId
    number: int = Field(ge=1)
    """Its place on the association's ladder, from 1."""
    of: int = Field(ge=1)
    """How many levels there are."""
    on: date
