"""What the use cases need to know of people, and of what the association decided."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Protocol

from duolangue.chassis.decision import Change
from duolangue.contracts.envelope import Fact
from duolangue.matching.domain.in_force import InForce
from duolangue.matching.domain.people import Person
from duolangue.matching.domain.roll import Roll


class People(Protocol):
    """The association's participants, as their owner told."""

    async def apply(self, state: Person, version: int) -> bool:
        """Keep what is newer."""
        ...

    async def find(self, entity_id: str) -> Person | None:
        """What is known of somebody, or none."""
        ...

    async def active(self) -> list[Person]:
        """Everybody active, without what became of them before."""
        ...

    async def everybody(self) -> list[Person]:
        """All that are known, whatever became of them."""
        ...

    async def named(self, ids: Collection[str]) -> list[Person]:
        """What is known of these, wherever they stand."""
        ...

    async def naming(self, participant: str) -> list[Person]:
        """Those who named this one as their partner."""
        ...


class KeptRoll(Protocol):
    """The roll of the association's pool, kept in this replica's memory."""

    async def now(self) -> Roll:
        """It, with all that was written before."""
        ...


class Policies(Protocol):
    """The association's policy, once it was changed."""

    async def find(self, entity_id: str) -> InForce | None:
        """What is in force, or none."""
        ...

    async def add(self, entity: InForce, *facts: Fact) -> InForce:
        """Keep the first; raises `Taken`."""
        ...

    async def update(self, entity_id: str, decide: Callable[[InForce], Change[InForce] | None]) -> InForce:
        """Change it."""
        ...
