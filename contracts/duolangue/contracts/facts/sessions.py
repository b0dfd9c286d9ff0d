"""Facts of sessions about duos: conversations that took place, commitments kept or missed, what a duo reached."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime, Field

from duolangue.contracts.envelope import Fact
from duolangue.contracts.vocabulary import EntityId, Medium, Role, Week


class SessionLogged(Fact, owner="sessions", entity="session", fact="logged"):
    """A duo's conversation was told to us."""

    duo: EntityId
    held_on: date
    week: Week
    """The ISO week of `held_on` in the association's time zone."""
    minutes: int = Field(ge=1, le=600)
    medium: Medium
    logged_by: Role | None = None
    """None when a coordinator logged it."""


class SessionWithdrawn(Fact, owner="sessions", entity="session", fact="withdrawn"):
    """A conversation was told by mistake: it counts nowhere any more."""

    duo: EntityId
    held_on: date
    week: Week


class CommitmentMissed(Fact, owner="sessions", entity="commitment", fact="missed"):
    """A week is over in which a duo talked less than it promised. The entity's id is the duo's."""

    duo: EntityId
    newcomer: EntityId
    volunteer: EntityId
    week: Week
    minutes: int = Field(ge=0)
    promised: int = Field(ge=1)
    missed_weeks: int = Field(ge=1)
    """How many of this duo's weeks were missed so far, this one included."""


class Risk(StrEnum):
    """Why a duo may need help; computed from what was told and from silence, never from what anybody said."""

    NOT_STARTED = "not_started"
    """Nothing was told since it was confirmed, for longer than the association waits."""
    BELOW = "below"
    """Less than was promised, in as many weeks in a row as the association bears."""
    SILENT = "silent"
    """Nothing was told for longer than the association waits."""
    ONE_SIDED = "one_sided"
    """Only one of the two tells of conversations."""


class CommitmentAtRisk(Fact, owner="sessions", entity="commitment", fact="at_risk"):
    """Somebody should call this duo; told once when it begins. The entity's id is the duo's."""

    duo: EntityId
    newcomer: EntityId
    volunteer: EntityId
    risk: Risk
    since: date
    """From which day on, where the association is."""


class Milestone(StrEnum):
    """What a duo reached for the first time."""

    FIRST_TALK = "first_talk"
    FIFTH_TALK = "fifth_talk"
    TEN_HOURS = "ten_hours"
    """Ten hours of conversations in all."""
    TWELVE_WEEKS = "twelve_weeks"
    """Twelve weeks that count are over, and they talked."""
    FIRST_IN_PERSON = "first_in_person"
    TERM = "term"
    """The weeks an association asks for are over: the two are asked whether they go on. Once for each term."""


class CommitmentMilestone(Fact, owner="sessions", entity="commitment", fact="milestone"):
    """A duo reached something; told once. The entity's id is the duo's."""

    duo: EntityId
    newcomer: EntityId
    volunteer: EntityId
    milestone: Milestone
    reached_on: date
    """The day it was noticed, where the association is."""
    conversations: int = Field(ge=0)
    """Of the duo until then."""
    minutes: int = Field(ge=0)
    """Of all of these."""
    term: int | None = Field(default=None, ge=1)
    """Which term is over; none for other milestones."""
    congratulate: bool = False
    """Whether the association wants the two to get a word of thanks for it."""


class CommitmentPaused(Fact, owner="sessions", entity="commitment", fact="paused"):
    """A duo takes a break (illness, holidays): nothing is owed meanwhile. The entity's id is the duo's. Told again where its last day moves."""

    duo: EntityId
    newcomer: EntityId
    volunteer: EntityId
    asked_by: Role | None = None
    """Who asked for it; none where a coordinator noted it. Why is asked of nobody."""
    since: date
    """The first day, where the association is."""
    until: date
    """The last day of it."""


class CommitmentResumed(Fact, owner="sessions", entity="commitment", fact="resumed"):
    """A duo's break is over before its last day. The entity's id is the duo's."""

    duo: EntityId
    newcomer: EntityId
    volunteer: EntityId
    resumed_by: Role | None = None
    """None where a coordinator undid it."""


class QuestionsMoment(StrEnum):
    """When the three questions (confidence, friends, projects) are asked."""

    START = "start"
    END = "end"


class QuestionsState(Fact):
    """Whether the three questions wait for somebody's answer. The answers themselves are told to nobody. The entity's id is the participant's."""

    participant: EntityId
    moment: QuestionsMoment


class QuestionsAsked(QuestionsState, owner="sessions", entity="questions", fact="asked"):
    """Somebody is to be asked the three questions; once for each moment."""


class QuestionsAnswered(QuestionsState, owner="sessions", entity="questions", fact="answered"):
    """They need not be asked any more."""


class SessionsErased(Fact, owner="sessions", entity="sessions", fact="erased"):
    """The service's part of an erasure is done: nothing here says any more who it was. The entity's id is the participant's."""

    erased_at: AwareDatetime
