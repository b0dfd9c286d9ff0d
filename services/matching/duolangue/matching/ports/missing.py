"""What the use cases need to keep of who is missing, and where that is found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from duolangue.chassis.decision import Change
from duolangue.contracts.envelope import Fact
from duolangue.matching.domain.missing import Finding, Missing
from duolangue.matching.engine import compute


class MissingKept(Protocol):
    """Who is missing in the association, as it was last found."""

    async def get(self, entity_id: str) -> Missing:
        """It; raises `Absent`."""
        ...

    async def find(self, entity_id: str) -> Missing | None:
        """It, or none."""
        ...

    async def add(self, entity: Missing, *facts: Fact) -> Missing:
        """Keep the first; raises `Taken`."""
        ...

    async def update(self, entity_id: str, decide: Callable[[Missing], Change[Missing] | None]) -> Missing:
        """Change it."""
        ...


class Lookout(Protocol):
    """Where it is found who is missing: beside the service, unless the pool is small."""

    async def find(self, question: compute.Question) -> Finding:
        """The kinds of volunteer who are missing most.

        Raises:
            ComputationFailed: the process ended, or said why it cannot.
        """
        ...
