"""What the use cases need: one association's duos, runs, people, and the time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Final, Protocol

from duolangue.chassis.clock import Clock
from duolangue.chassis.decision import Change
from duolangue.chassis.erasure import Erased
from duolangue.chassis.identity import Directory
from duolangue.chassis.store import Aggregates, Projections
from duolangue.contracts.envelope import Fact
from duolangue.matching.domain.duo import Duo, Status
from duolangue.matching.domain.in_force import InForce
from duolangue.matching.domain.missing import Finding, Missing
from duolangue.matching.domain.people import Association, Exclusion, Person, Separation
from duolangue.matching.domain.question import Question
from duolangue.matching.domain.replay import Outcome, Replay, ReplayPart, ReplayQuestion
from duolangue.matching.domain.run import Part, Plan, Run
from duolangue.matching.engine import compute

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

    async def with_status(self, statuses: Collection[Status], most: int = 0) -> list[Duo]:
        """Those that stand so, the newest first; at most so many where a number is given."""
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
        """Those that decide who may be paired, and who goes first: held now, never to be proposed again, or ended by silence."""
        ...

    async def around(self, newcomers: Collection[str], volunteers: Collection[str]) -> list[Duo]:
        """What binds these people: what they are in, and what was between them and forbids that they meet again."""
        ...

    async def counts(self) -> dict[Status, int]:
        """How many stand how."""
        ...

    async def every(self) -> list[Duo]:
        """All there are and were."""
        ...

    async def begun(self, most: int) -> list[Duo]:
        """Those that ever ran, the latest begun first."""
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

    async def besides(self, run: str, attempt: int) -> list[Part]:
        """What other attempts at the run found; all of its parts for attempt -1."""
        ...

    async def naming(self, participant: str) -> list[Part]:
        """Those in which somebody waits or is paired."""
        ...

    async def forget(self, entity_id: str) -> bool:
        """Take one away; returns whether it is gone."""
        ...


class Questions(Protocol):
    """Last questions to who stayed silent."""

    async def get(self, entity_id: str) -> Question:
        """The question; raises `Absent`."""
        ...

    async def find(self, entity_id: str) -> Question | None:
        """The question, or none."""
        ...

    async def add(self, entity: Question, *facts: Fact) -> Question:
        """Keep a new one; raises `Taken`."""
        ...

    async def update(self, entity_id: str, decide: Callable[[Question], Change[Question] | None]) -> Question:
        """Change one."""
        ...

    async def of(self, participant: str) -> list[Question]:
        """All that somebody was asked, the newest first."""
        ...

    async def open(self) -> list[Question]:
        """Those that wait for an answer."""
        ...


class Separations(Protocol):
    """Who is kept apart."""

    async def find(self, entity_id: str) -> Separation | None:
        """A separation, or none."""
        ...

    async def add(self, entity: Separation, *facts: Fact) -> Separation:
        """Keep two apart; raises `Taken` when they are already."""
        ...

    async def select(self) -> list[Separation]:
        """All of them."""
        ...

    async def of(self, participant: str) -> list[Separation]:
        """From whom somebody is kept apart."""
        ...

    async def forget(self, entity_id: str) -> bool:
        """Take one away; returns whether it is gone."""
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


class Replays(Protocol):
    """The association's replays."""

    async def get(self, entity_id: str) -> Replay:
        """The replay; raises `Absent`."""
        ...

    async def add(self, entity: Replay, *facts: Fact) -> Replay:
        """Keep a new one."""
        ...

    async def update(self, entity_id: str, decide: Callable[[Replay], Change[Replay] | None]) -> Replay:
        """Change one."""
        ...

    async def forget(self, entity_id: str) -> bool:
        """Take one away; returns whether it is gone."""
        ...

    async def unfinished(self) -> Replay | None:
        """One that is asked for and not over."""
        ...

    async def newest(self, count: int) -> list[Replay]:
        """The last ones asked for, the newest first."""
        ...

    async def over(self, beyond: int) -> list[Replay]:
        """Those that are over, but for the newest `beyond`."""
        ...


class ReplayParts(Protocol):
    """The people of files that wait to be replayed."""

    async def add(self, entity: ReplayPart, *facts: Fact) -> ReplayPart:
        """Keep some."""
        ...

    async def of(self, replay: str) -> list[ReplayPart]:
        """Those of one replay, in order."""
        ...

    async def forget(self, entity_id: str) -> bool:
        """Take some away; returns whether they are gone."""
        ...


class Comparison(Protocol):
    """Where replays are computed: beside the service, and beside its runs."""

    async def compare(
        self, question: ReplayQuestion, association: Association, tell: Callable[[int], Awaitable[None]]
    ) -> tuple[Outcome, ...]:
        """What each policy would have brought. `tell` is called with how far it is, in hundredths.

        Raises:
            ComputationFailed: the process ended, or said why it cannot.
        """
        ...


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

    async def everybody(self) -> list[Person]:
        """All that are known, whatever became of them."""
        ...

    async def named(self, ids: Collection[str]) -> list[Person]:
        """What is known of these, wherever they stand."""
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
    parts: Parts
    questions: Questions
    separations: Separations
    policies: Policies
    computation: Computation
    made_due: Callable[[], None]
    """Says that something is due just now: it is begun at once, if this replica has nothing else to do."""
    replays: Replays
    replay_parts: ReplayParts
    comparison: Comparison
    missing: MissingKept
    lookout: Lookout
    public_url: str
    """The platform's address as people see it."""


PortsOf = Callable[[str], Ports]
"""The ports of an association, by its slug."""
