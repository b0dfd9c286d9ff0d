"""What the use cases of duos ask of the store."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Protocol

from duolangue.contracts.vocabulary import Medium
from duolangue.sessions.domain.follow_up import FollowUp
from duolangue.sessions.domain.overview import MediumTotals
from duolangue.sessions.domain.standing import Health
from duolangue.sessions.domain.talked import Talked


class Rules(Protocol):
    """What the association decided about following its duos."""

    async def present(self) -> FollowUp:
        """The rules, as they were at most a second ago."""
        ...


class Tally(Protocol):
    """Sums over the association's conversations and duos; conversations that were withdrawn count nowhere."""

    async def of(self, duo: str, since: str | None = None) -> Talked:
        """All that one duo talked, from a week on where one is given."""
        ...

    async def weeks(self, duos: Collection[str], first: str = "", last: str = "") -> dict[str, dict[str, int]]:
        """Minutes by duo, then by ISO week, of these duos; from a week to another, both included, where they are given."""
        ...

    async def period(self, since: date, until: date) -> tuple[int, dict[Medium, MediumTotals]]:
        """How many duos talked between two days (both included), and what took place by medium."""
        ...

    async def by_health(self) -> Mapping[Health, int]:
        """How many duos are of which health, ended ones included."""
        ...
