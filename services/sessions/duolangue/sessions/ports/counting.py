"""What the use cases of figures and attestations ask of the store."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from duolangue.chassis.store import Aggregates
from duolangue.contracts.facts.activities import ActivityKind
from duolangue.sessions.domain.asking import Asking
from duolangue.sessions.domain.attestation import Attestation
from duolangue.sessions.domain.counted import Counted
from duolangue.sessions.domain.formed import Formed
from duolangue.sessions.domain.material import Material
from duolangue.sessions.domain.period import Period
from duolangue.sessions.domain.story import Story


class Sums(Protocol):
    """What took place, summed by the database."""

    async def material(self, period: Period) -> Material:
        """All that a report of a period is made of."""
        ...

    async def within(self, known: Material, period: Period) -> Material:
        """The same for another period, with the people, duos and stories that are known already."""
        ...

    async def talked(self, duos: Collection[str], since: date, until: date) -> int:
        """How long these duos talked between two days, both included, in minutes."""
        ...

    async def visited(self, participant: str, since: date, until: date) -> Mapping[ActivityKind, int]:
        """How long somebody was present at activities of each kind between two days, both included, in minutes."""
        ...


@dataclass(frozen=True)
class Counting:
    """Whom and what the figures count, what people told of themselves, what was attested."""

    counted: Aggregates[Counted]
    formed: Aggregates[Formed]
    stories: Aggregates[Story]
    askings: Aggregates[Asking]
    attestations: Aggregates[Attestation]
    sums: Sums
