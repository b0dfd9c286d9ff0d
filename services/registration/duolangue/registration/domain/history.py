"""What happened to a participant, as the desk tells it: what was done in registration, kept with the person, and what other services told."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.contracts.facts.matching import DuoStatus
from duolangue.contracts.vocabulary import EntityId

MOST: Final = 200
"""Entries kept with a person; the oldest give way."""


class Act(StrEnum):
    """What was done here."""

    APPLIED = "applied"
    ACCEPTED = "accepted"
    ASKED = "asked"
    REFUSED = "refused"
    CHANGED = "changed"
    PAUSED = "paused"
    RESUMED = "resumed"
    LEFT = "left"
    MERGED = "merged"
    LOOKED_AT = "looked_at"
    REOPENED = "reopened"
    """The first interview is to come once more."""
    RETOLD = "retold"
    """What they said when they signed up again was taken over."""


class Entry(BaseModel):
    """One thing that was done, when, and by which coordinator; none where the person or time did it."""

    model_config = ConfigDict(frozen=True)

    act: Act
    at: datetime
    by: str = ""


class Happening(BaseModel):
    """Something another service told: opaque ids and the fact's name, never a reason."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    """The event's."""
    about: EntityId
    """The duo, or the participant a message went to."""
    what: str
    """The fact's name without its version, as in `duo.confirmed`; for a message its kind, as in `message.welcome`."""
    at: datetime
    minutes: int | None = None
    """How long a conversation took."""


class KnownDuo(BaseModel):
    """What matching told of a duo, as far as the desk of people needs it."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    newcomer: EntityId
    volunteer: EntityId
    status: DuoStatus

    @property
    def running(self) -> bool:
        """Whether it binds its two people now, or may soon."""
        return self.status in {DuoStatus.PROPOSED, DuoStatus.CONFIRMED, DuoStatus.PAUSED}

    def beside(self, person: str) -> str:
        """The other of the two."""
        return self.volunteer if person == self.newcomer else self.newcomer
