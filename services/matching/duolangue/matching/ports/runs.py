"""What the use cases need to keep of runs, and where they are computed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Protocol

from duolangue.chassis.decision import Change
from duolangue.contracts.envelope import Fact
from duolangue.matching.domain.reasons import Reason
from duolangue.matching.domain.run import Pair, Part, Plan, Run
from duolangue.matching.engine import compute


class Runs(Protocol):
    """The association's runs."""

    async def get(self, entity_id: str) -> Run:
        """The run; raises `Absent`."""
        ...

    async def add(self, entity: Run, *facts: Fact) -> Run:
        """Keep a new run."""
        ...

    async def update(self, entity_id: str, decide: Callable[[Run], Change[Run] | None]) -> Run:
        """Change a run."""
        ...

    async def latest(self, *, done: bool) -> Run | None:
        """The one asked for last, or done last; dry ones do not count."""
        ...

    async def unfinished(self) -> Run | None:
        """One that is asked for and not over; dry ones do not count."""
        ...

    async def newest(self, count: int) -> list[Run]:
        """The last ones asked for, dry ones too, the newest first."""
        ...

    async def dry(self, beyond: int) -> list[Run]:
        """The dry runs that are over, but for the newest `beyond`."""
        ...

    async def forget(self, entity_id: str) -> bool:
        """Take one away; returns whether it is gone."""
        ...


class Parts(Protocol):
    """What the association's runs found, in parts."""

    async def add(self, entity: Part, *facts: Fact) -> Part:
        """Keep a new part; raises `Taken`."""
        ...

    async def update(self, entity_id: str, decide: Callable[[Part], Change[Part] | None]) -> Part:
        """Change a part."""
        ...

    async def of(self, run: str, attempt: int) -> list[Part]:
        """What an attempt at a run found, in order."""
        ...

    async def best(self, run: str, attempt: int, most: int) -> list[Pair]:
        """Of the pairs that an attempt at a run found those that fit best, without their reasons."""
        ...

    async def besides(self, run: str, attempt: int) -> list[Part]:
        """What other attempts at the run found; all of its parts for attempt -1."""
        ...

    async def reasons(self, run: str, attempt: int, participants: Collection[str]) -> dict[str, Reason]:
        """Why an attempt at a run left these people waiting; who was not left is not in it."""
        ...

    async def naming(self, participant: str) -> list[Part]:
        """Those in which somebody waits or is paired."""
        ...

    async def forget(self, entity_id: str) -> bool:
        """Take one away; returns whether it is gone."""
        ...


class ComputationFailed(Exception):
    """A run could not be computed; `kind` names the error."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Computation(Protocol):
    """Where runs are computed: beside the service, so that its pages stay quick."""

    async def plan(self, question: compute.Question, tell: Callable[[int], Awaitable[None]] | None = None) -> Plan:
        """The best pairs, with the proof. `tell` is called with how far it is, in hundredths.

        Raises:
            ComputationFailed: the process ended, or said why it cannot.
        """
        ...
