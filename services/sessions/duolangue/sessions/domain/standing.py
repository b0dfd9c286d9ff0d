"""How a duo stands: its health, whether to call it and why, its term.

It is kept with the commitment, so that a desk of thousands reads only what it shows.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from duolangue.contracts.facts.sessions import Risk
from duolangue.contracts.vocabulary import Role, Week

RECENT: Final = 3
"""Weeks whose minutes are kept here: the present one and those before it."""


class Health(StrEnum):
    """How a duo is doing; computed from what was told and from silence, never from what anybody said."""

    BEGINNING = "beginning"
    """Confirmed a short while ago; no week was judged yet."""
    NOT_STARTED = "not_started"
    MET = "met"
    BELOW = "below"
    SILENT = "silent"
    ONE_SIDED = "one_sided"
    COMPLETED = "completed"
    """The term is over, and it is not yet known whether they go on."""
    PAUSED = "paused"
    ENDED = "ended"


RISKS: Final = {
    Health.NOT_STARTED: Risk.NOT_STARTED,
    Health.BELOW: Risk.BELOW,
    Health.SILENT: Risk.SILENT,
    Health.ONE_SIDED: Risk.ONE_SIDED,
}
URGENCY: Final = (Health.COMPLETED, Health.NOT_STARTED, Health.SILENT, Health.BELOW, Health.ONE_SIDED)
"""Who is called first; a completed duo only where one of the two wants to end it, else last."""
RUNNING: Final = tuple(health for health in Health if health is not Health.ENDED)


class WeekSum(BaseModel):
    """A week's minutes."""

    model_config = ConfigDict(frozen=True)

    week: Week
    minutes: int


class Standing(BaseModel):
    """As it was at the last look."""

    model_config = ConfigDict(frozen=True)

    health: Health = Health.BEGINNING
    since: date | None = None
    """From which day on."""
    to_call: bool = False
    rank: int = 0
    """Of those to call, the lowest first."""
    talks: int = 0
    minutes: int = 0
    """Of all conversations."""
    last_talk: date | None = None
    recent: tuple[WeekSum, ...] = ()
    """The last weeks with a conversation."""
    missed_in_a_row: int = 0
    last_missed: WeekSum | None = None
    """The last judged week, where it was below the promise."""
    only_teller: Role | None = None
    """Who alone tells of conversations."""

    def minutes_in(self, week: str) -> int:
        """What was talked in one of the last weeks."""
        return next((each.minutes for each in self.recent if each.week == week), 0)


class NextStep(StrEnum):
    """What somebody wants once the term is over."""

    GO_ON = "go_on"
    END = "end"


class Term(BaseModel):
    """The weeks for which the two gave their word; another one begins when both go on."""

    model_config = ConfigDict(frozen=True)

    number: int = Field(default=1, ge=1)
    began_after: int = Field(default=0, ge=0)
    """How many weeks of the duo counted before this term."""
    completed_on: date | None = None
    """The day on which it was noticed that the term is over; None while it lasts."""
    newcomer: NextStep | None = None
    volunteer: NextStep | None = None

    def of(self, side: Role) -> NextStep | None:
        """What one side wants."""
        return self.newcomer if side is Role.NEWCOMER else self.volunteer

    @property
    def to_end(self) -> bool:
        """One of the two wants to end it, with thanks."""
        return NextStep.END in {self.newcomer, self.volunteer}

    @property
    def goes_on(self) -> bool:
        """Both want to."""
        return self.newcomer is self.volunteer is NextStep.GO_ON


class Break(BaseModel):
    """Days on which nothing is owed, asked for by one of the two or noted by a coordinator. Why is asked of nobody."""

    model_config = ConfigDict(frozen=True)

    since: date
    """The first day, where the association is."""
    until: date
    """The last day; one before the first where they went on the very same day."""
    begins_at: AwareDatetime
    ends_at: AwareDatetime
    """When something is owed again."""
    asked_by: Role | None
    """None where a coordinator noted it."""

    def covers(self, day: date) -> bool:
        """Whether a day is in it."""
        return self.since <= day <= self.until


class Call(BaseModel):
    """A coordinator spoke with the duo."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    on: date
    """The day, where the association is."""
    about: Health
    """Why."""
