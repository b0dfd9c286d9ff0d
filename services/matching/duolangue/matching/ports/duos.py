"""What the use cases need to keep of duos, and of who may not be in one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final, Protocol

from duolangue.chassis.decision import Change
from duolangue.contracts.envelope import Fact
from duolangue.matching.domain.duo import Duo, Status
from duolangue.matching.domain.people import Exclusion, Separation
from duolangue.matching.domain.question import Question
from duolangue.matching.domain.rearrangement import Rearrangement

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

    async def add_many(self, changes: Sequence[Change[Duo]]) -> dict[str, str]:
        """Keep many new duos; returns the ids of those that others hold, with the index that says so."""
        ...

    async def update(self, entity_id: str, decide: Callable[[Duo], Change[Duo] | None]) -> Duo:
        """Change a duo."""
        ...

    async def update_many(
        self, entity_ids: Collection[str], decide: Callable[[Duo], Change[Duo] | None], *, fresh: Collection[Duo] = ()
    ) -> dict[str, Duo]:
        """Change many duos, and some that were added just now and told of nothing; deciding the same a second time changes nothing.
        Returns those there are, by their ids.
        """
        ...

    async def with_status(self, statuses: Collection[Status], most: int = 0, start: int = 0) -> list[Duo]:
        """Those that stand so, the newest first, from place `start` on; at most so many where a number is given."""
        ...

    async def drafts_of(self, run: str) -> list[Duo]:
        """What a run drafted and nobody judged yet."""
        ...

    async def of_run(self, run: str, most: int) -> list[Duo]:
        """What became of the pairs that a run drafted, those that stand first; at most so many."""
        ...

    async def counts_of(self, run: str) -> dict[Status, int]:
        """How many of a run's pairs stand how."""
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
        """Those that decide who may be paired, and who goes first: held now, never to be proposed again, or ended by silence. Without
        what the two have in common.
        """
        ...

    async def around(self, newcomers: Collection[str], volunteers: Collection[str]) -> list[Duo]:
        """What binds these people: what they are in, and what was between them and forbids that they meet again."""
        ...

    async def every(self) -> list[Duo]:
        """All there are and were."""
        ...

    async def begun(self, most: int) -> list[Duo]:
        """Those that ever ran, the latest begun first."""
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


class Rearrangements(Protocol):
    """Drafts that are making way for others just now."""

    async def get(self, entity_id: str) -> Rearrangement:
        """What is to be done; raises `Absent` once it is done."""
        ...

    async def add(self, entity: Rearrangement, *facts: Fact) -> Rearrangement:
        """Keep what is to be done, before it is begun."""
        ...

    async def update(
        self, entity_id: str, decide: Callable[[Rearrangement], Change[Rearrangement] | None]
    ) -> Rearrangement:
        """Change it; raises `Absent` once it is done."""
        ...

    async def forget(self, entity_id: str) -> bool:
        """It is done; returns whether it is gone."""
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
