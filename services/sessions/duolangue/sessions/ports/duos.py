"""What the use cases of duos ask of the store."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from duolangue.contracts.vocabulary import Medium
from duolangue.sessions.domain.overview import MediumTotals


class Tally(Protocol):
    """Sums over the association's conversations; those withdrawn count nowhere."""

    async def weeks(self, duo: str | None = None) -> dict[str, dict[str, int]]:
        """Minutes by duo, then by ISO week: of one duo, or of all."""
        ...

    async def period(self, since: date | None, until: date | None) -> tuple[int, dict[Medium, MediumTotals]]:
        """How many duos talked between two days (both included, none is no bound), and what took place by medium."""
        ...
