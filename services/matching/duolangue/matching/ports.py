"""What the use cases need: one association's duos, runs, people, and the time."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Final, Protocol

from duolangue.chassis.clock import Clock
from duolangue.chassis.decision import Change
from duolangue.chassis.erasure import Erased
from duolangue.chassis.identity import Directory
from duolangue.chassis.store import Aggregates, Projections
from duolangue.contracts.envelope import Fact
from duolangue.matching.domain.duo import Duo, Status
from duolangue.matching.domain.people import Association, Exclusion, Person
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.run import Run

ONE_NEWCOMER: Final = "one_newcomer"
"""The unique index that gives a newcomer one duo at a time."""
ONE_PLACE: Final = "one_place"
"""The unique index that gives each of a volunteer's places to one duo."""


class Duos(Protocol):
    """The association's duos. `get`, `add` and `update` raise as `chassis.store.Aggregates` says."""

    async def get(self, entity_id: str) -> Duo:
        """The duo; raises `Absent`."""
        ...

    async def find(self, entity_id: str) -> Duo | None:
        """The duo, or none."""
        ...

    async def add(self, entity: Duo, *facts: Fact) -> Duo:
        """Keep a new duo; raises `Taken` with `ONE_NEWCOMER` or `ONE_PLACE`."""
        ...

    async def update(self, entity_id: str, decide: Callable[[Duo], Change[Duo] | None]) -> Duo:
        """Change a duo."""
        ...

    async def with_status(self, statuses: Collection[Status]) -> list[Duo]:
        """Those that stand so, the newest first."""
        ...

    async def drafts_of(self, run: str) -> list[Duo]:
        """What a run drafted and nobody judged yet."""
        ...

    async def held_by(self, participant: str) -> list[Duo]:
        """What somebody is in, on either side, drafts included."""
        ...

    async def touching(self, participant: str) -> list[Duo]:
        """All somebody is or was in."""
        ...

    async def between(self, one: str, other: str) -> list[Duo]:
        """All there is or was between two people, in either role."""
        ...

    async def binding(self) -> list[Duo]:
        """Those that decide who may be paired: held now, or never to be proposed again."""
        ...

    async def counts(self) -> dict[Status, int]:
        """How many stand how."""
        ...


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
        """The one asked for last, or done last."""
        ...

    async def naming(self, participant: str) -> list[Run]:
        """Those that left this newcomer waiting."""
        ...


class Exclusions(Protocol):
    """Who is kept out of the pool for safety."""

    async def find(self, entity_id: str) -> Exclusion | None:
        """The exclusion of a participant, or none."""
        ...

    async def add(self, entity: Exclusion, *facts: Fact) -> Exclusion:
        """Keep somebody out; raises `Taken` when they are already."""
        ...

    async def select(self) -> list[Exclusion]:
        """All of them."""
        ...

    async def forget(self, entity_id: str) -> bool:
        """Take one away; returns whether it is gone."""
        ...


class People(Protocol):
    """The association's participants, as their owner told."""

    async def apply(self, state: Person, version: int) -> bool:
        """Keep what is newer."""
        ...

    async def find(self, entity_id: str) -> Person | None:
        """What is known of somebody, or none."""
        ...

    async def active(self) -> list[Person]:
        """Everybody active."""
        ...

    async def naming(self, participant: str) -> list[Person]:
        """Those who named this one as their partner."""
        ...


@dataclass(frozen=True)
class Ports:
    """One association's matching."""

    association: str
    clock: Clock
    duos: Duos
    runs: Runs
    exclusions: Exclusions
    people: People
    associations: Projections[Association]
    erasures: Aggregates[Erased]
    directory: Directory
    policy: Policy = field(default_factory=Policy)
    expiry_days: int = 4


PortsOf = Callable[[str], Ports]
"""The ports of an association, by its slug."""
