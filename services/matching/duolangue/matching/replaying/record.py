"""What a replay writes down while it goes on, from which its figures are taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Standing(StrEnum):
    """Where a newcomer stands; each is at exactly one of these, from coming on."""

    WAITING = "waiting"
    IN_DUO = "in_duo"
    AWAY = "away"
    CONTENT = "content"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait that a duo ended, or none yet."""

    newcomer: str
    began: datetime
    ended: datetime | None = None

    def days(self, until: datetime) -> float:
        """How long, up to a moment where it goes on."""
        return ((self.ended or until) - self.began).total_seconds() / 86_400


@dataclass(frozen=True, slots=True)
class Made:
    """A duo that both sides confirmed."""

    newcomer: str
    volunteer: str
    at: datetime
    score: int
    """By the weights in force today, in millionths."""
    tenths_km: int


@dataclass(slots=True)
class Record:
    """All that happened under one policy."""

    runs: int = 0
    proposals: int = 0
    declined: int = 0
    unanswered: int = 0
    duos: list[Made] = field(default_factory=list)
    waited: list[Wait] = field(default_factory=list)
    """Those that a duo ended."""
    broken_off: list[Wait] = field(default_factory=list)
    """Those that ended without one: somebody left, or was not asked any more."""
    waiting: list[Wait] = field(default_factory=list)
    """Those that go on at the end."""
    standing: dict[str, Standing] = field(default_factory=dict)
    """By newcomer, at the end."""
    weeks: list[int] = field(default_factory=list)
