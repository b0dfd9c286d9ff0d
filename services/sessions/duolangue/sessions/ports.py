"""What the use cases need, bound to one association."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from duolangue.chassis.clock import Clock
from duolangue.chassis.erasure import Erased
from duolangue.chassis.identity import Directory
from duolangue.chassis.store import Aggregates, Projections
from duolangue.contracts.vocabulary import Medium
from duolangue.sessions.domain.association import Association
from duolangue.sessions.domain.commitment import Commitment
from duolangue.sessions.domain.conversation import Conversation
from duolangue.sessions.domain.overview import MediumTotals


class Tally(Protocol):
    """Sums over the association's conversations; those withdrawn count nowhere."""

    async def weeks(self, duo: str | None = None) -> dict[str, dict[str, int]]:
        """Minutes by duo, then by ISO week: of one duo, or of all."""
        ...

    async def period(self, since: date | None, until: date | None) -> tuple[int, dict[Medium, MediumTotals]]:
        """How many duos talked between two days (both included, none is no bound), and what took place by medium."""
        ...


@dataclass(frozen=True)
class Ports:
    """Everything a use case reaches the outside with."""

    association: str
    clock: Clock
    associations: Projections[Association]
    commitments: Aggregates[Commitment]
    conversations: Aggregates[Conversation]
    tally: Tally
    erasures: Aggregates[Erased]
    directory: Directory


PortsOf = Callable[[str], Ports]
"""The ports of an association, by its slug."""
