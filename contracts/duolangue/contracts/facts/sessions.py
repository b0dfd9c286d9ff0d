"""Facts of sessions: conversations that took place, and commitments kept or missed."""

from __future__ import annotations

from datetime import date

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


class SessionsErased(Fact, owner="sessions", entity="sessions", fact="erased"):
    """The service's part of an erasure is done: nothing here says any more who it was. The entity's id is the participant's."""

    erased_at: AwareDatetime
