"""A duo as the figures count it: when it was confirmed and ended, how it came to be, how long its newcomer had waited."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from duolangue.chassis.decision import Change
from duolangue.contracts.facts.matching import DuoOrigin
from duolangue.contracts.vocabulary import EntityId


class Formed(BaseModel):
    """A duo that was confirmed. Its id is the duo's."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    newcomer: EntityId
    """The participant's id, or the key under which somebody who was erased is counted."""
    volunteer: EntityId
    confirmed_on: date
    """Days are those where the association is."""
    ended_on: date | None = None
    origin: DuoOrigin
    waited_days: int | None = Field(default=None, ge=0)
    """From when the newcomer began to wait to the confirmation; none where that is not known."""
    heard: int = Field(ge=0)
    """The version of what was heard last of it."""

    def runs_on(self, day: date) -> bool:
        """Whether it had been confirmed and had not ended at the end of a day."""
        return self.confirmed_on <= day and (self.ended_on is None or self.ended_on > day)


def heard_again(known: Formed, ended_on: date | None, version: int) -> Change[Formed] | None:
    """What changed about a duo; nothing that is older than what is known."""
    if version <= known.heard:
        return None
    return Change(known.model_copy(update={"heard": version, "ended_on": ended_on}))


def waited(waiting_since: date | None, confirmed_on: date) -> int | None:
    """How many days somebody waited."""
    return max(0, (confirmed_on - waiting_since).days) if waiting_since else None
