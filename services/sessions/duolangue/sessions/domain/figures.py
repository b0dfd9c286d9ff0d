"""The figures of an impact report, as data: their names, and what a report holds. How each is counted is decided in `impact`."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain.counted import Month
from duolangue.sessions.domain.story import Question


class Figure(StrEnum):
    """One figure of a report. What it counts is said in `impact_words`, on the page and in docs/impact.md."""

    NEWCOMERS_REACHED = "newcomers_reached"
    VOLUNTEERS_REACHED = "volunteers_reached"
    NEWCOMERS_JOINED = "newcomers_joined"
    VOLUNTEERS_JOINED = "volunteers_joined"
    DUOS_FORMED = "duos_formed"
    DUOS_TALKED = "duos_talked"
    DUOS_RUNNING = "duos_running"
    FOUR_WEEKS = "duos_four_weeks"
    MET_FOUR_WEEKS = "duos_met_after_four_weeks"
    TWELVE_WEEKS = "duos_twelve_weeks"
    MET_TWELVE_WEEKS = "duos_met_after_twelve_weeks"
    CONVERSATIONS = "conversations"
    MINUTES = "minutes"
    MINUTES_VIDEO = "minutes_video"
    MINUTES_PHONE = "minutes_phone"
    MINUTES_IN_PERSON = "minutes_in_person"
    WAITED_MEDIAN = "waited_days_median"
    WAITED_NINE_IN_TEN = "waited_days_nine_in_ten"
    NEWCOMERS_WAITING = "newcomers_waiting"
    PLACES_FREE = "places_free"
    VOLUNTEERS_MISSING = "volunteers_missing"
    WORKSHOPS = "workshops"
    WORKSHOPS_BY_NEWCOMERS = "workshops_by_newcomers"
    WORKSHOP_PEOPLE = "workshop_people"
    WORKSHOP_NEWCOMERS = "workshop_visits_newcomers"
    WORKSHOP_LOCALS = "workshop_visits_locals"
    COURSE_PEOPLE = "course_people"
    COURSE_HOURS = "course_hours"
    COURSE_LEVELS = "course_levels"
    LESSON_HOURS = "lesson_hours"
    OUTING_PEOPLE = "outing_people"
    MODULE_PEOPLE = "module_people"
    LEVEL_KNOWN = "level_known"
    LEVEL_HIGHER = "level_higher"
    TRAINING = "outcome_training"
    JOB = "outcome_job"
    HOME = "outcome_home"
    ANSWERED_TWICE = "answered_twice"


class Topic(StrEnum):
    """Figures that belong together."""

    PEOPLE = "people"
    DUOS = "duos"
    TALKS = "talks"
    WAITING = "waiting"
    ACTIVITIES = "activities"
    CHANGE = "change"


TOPICS: Final[dict[Topic, tuple[Figure, ...]]] = {
    Topic.PEOPLE: (
        Figure.NEWCOMERS_REACHED,
        Figure.VOLUNTEERS_REACHED,
        Figure.NEWCOMERS_JOINED,
        Figure.VOLUNTEERS_JOINED,
    ),
    Topic.DUOS: (
        Figure.DUOS_FORMED,
        Figure.DUOS_TALKED,
        Figure.DUOS_RUNNING,
        Figure.FOUR_WEEKS,
        Figure.MET_FOUR_WEEKS,
        Figure.TWELVE_WEEKS,
        Figure.MET_TWELVE_WEEKS,
    ),
    Topic.TALKS: (
        Figure.CONVERSATIONS,
        Figure.MINUTES,
        Figure.MINUTES_VIDEO,
        Figure.MINUTES_PHONE,
        Figure.MINUTES_IN_PERSON,
    ),
    Topic.WAITING: (
        Figure.WAITED_MEDIAN,
        Figure.WAITED_NINE_IN_TEN,
        Figure.NEWCOMERS_WAITING,
        Figure.PLACES_FREE,
        Figure.VOLUNTEERS_MISSING,
    ),
    Topic.ACTIVITIES: (
        Figure.WORKSHOPS,
        Figure.WORKSHOPS_BY_NEWCOMERS,
        Figure.WORKSHOP_PEOPLE,
        Figure.WORKSHOP_NEWCOMERS,
        Figure.WORKSHOP_LOCALS,
        Figure.COURSE_PEOPLE,
        Figure.COURSE_HOURS,
        Figure.COURSE_LEVELS,
        Figure.LESSON_HOURS,
        Figure.OUTING_PEOPLE,
        Figure.MODULE_PEOPLE,
    ),
    Topic.CHANGE: (
        Figure.LEVEL_KNOWN,
        Figure.LEVEL_HIGHER,
        Figure.TRAINING,
        Figure.JOB,
        Figure.HOME,
        Figure.ANSWERED_TWICE,
    ),
}


class By(StrEnum):
    """What people are broken down by."""

    LEVEL = "level"
    AGE = "age"
    GENDER = "gender"
    MUNICIPALITY = "municipality"


class Cell(BaseModel):
    """One category of a breakdown."""

    model_config = ConfigDict(frozen=True)

    category: str
    """A level, a band of ages, a gender, a municipality's name; empty for whoever told none."""
    people: int | None
    """None where the cell is hidden, so that nobody can be recognised."""


class Breakdown(BaseModel):
    """The people reached on one side, by one trait."""

    model_config = ConfigDict(frozen=True)

    side: Role
    by: By
    total: int
    """Never hidden."""
    cells: tuple[Cell, ...]
    others: int = 0
    """Of municipalities: the people of those that are not named."""


class MonthSum(BaseModel):
    """One month of the period."""

    model_config = ConfigDict(frozen=True)

    month: Month
    conversations: int = 0
    minutes: int = 0
    duos_formed: int = 0


class QuestionChange(BaseModel):
    """One of the three questions, of those who answered it at the start and at the end."""

    model_config = ConfigDict(frozen=True)

    question: Question
    people: int
    start: float | None
    """The mean from 1 to 5; none where fewer than five people answered."""
    end: float | None
    better: int | None
    """How many answered higher at the end."""


class Impact(BaseModel):
    """A report."""

    model_config = ConfigDict(frozen=True)

    first: Month
    last: Month
    zone: str = ""
    """The name of the association's zone it is limited to; empty for everybody."""
    figures: dict[Figure, int | float | None]
    """None where there is nothing to count from, as a median of nobody."""
    people_apart: bool = True
    """Whether people are told apart: in what leaves the desk only for a whole calendar year that is over."""
    breakdowns: tuple[Breakdown, ...] = ()
    months: tuple[MonthSum, ...] = ()
    questions: tuple[QuestionChange, ...] = ()
    words: tuple[str, ...] = ()
    """What people said, with their leave."""

    def of(self, figure: Figure) -> int | float | None:
        """One figure."""
        return self.figures[figure]

    @property
    def talks(self) -> bool:
        """Whether there is anything to draw."""
        return any(each.conversations for each in self.months)
