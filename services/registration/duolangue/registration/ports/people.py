"""What the use cases need of where participants are kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol

from duolangue.chassis.decision import Change
from duolangue.contracts.envelope import Fact
from duolangue.registration.domain.duplicates import Known
from duolangue.registration.domain.filters import Filters, Mark
from duolangue.registration.domain.participant import Participant, Status

MOST_COUNTED: Final = 2000
"""How far people are counted for a figure."""
FEW_A_DAY: Final = "few_a_day"
"""The unique index that bounds how many problems one person reports in a day."""


class Participants(Protocol):
    """The association's participants."""

    async def get(self, entity_id: str) -> Participant:
        """The participant, or `Absent`."""
        ...

    async def add(self, entity: Participant, *facts: Fact) -> Participant:
        """Keep a new one, or `Taken`."""
        ...

    async def add_many(self, changes: Sequence[Change[Participant]]) -> dict[str, str]:
        """Keep many new ones; the ids of those that are held by others, with the rule that says so."""
        ...

    async def update(self, entity_id: str, decide: Callable[[Participant], Change[Participant] | None]) -> Participant:
        """Change one."""
        ...

    async def find(self, entity_id: str) -> Participant | None:
        """The participant, or none."""
        ...

    async def select(
        self, where: Mapping[str, Any] | None = None, *, sort: Sequence[tuple[str, int]] = (), limit: int = 0
    ) -> list[Participant]:
        """Those whose fields fit; nobody who is erased."""
        ...

    async def erased(self, entity_id: str) -> bool:
        """Whether somebody was here and is erased; everywhere else they are absent."""
        ...

    async def erase(self, entity_id: str) -> None:
        """Make a tombstone of somebody; or `Absent`."""
        ...

    async def forget(self, entity_id: str, may: Callable[[Participant], bool] = ...) -> bool:
        """Take somebody away of whom nobody was told, if `may` says so; whether they are gone."""
        ...

    async def with_ids(self, ids: Collection[str]) -> list[Participant]:
        """Those of these who exist."""
        ...

    async def with_addresses(self, addresses: Iterable[str]) -> list[Participant]:
        """Those who have one of these e-mail addresses or telephone numbers."""
        ...

    async def page(self, status: Status | None, after: str, limit: int, *, discreet: bool = False) -> list[Participant]:
        """Some, in the order of their ids, beginning after one; `discreet` as in `participant.meant_by`."""
        ...

    async def desk(self, status: Status | None, skip: int, limit: int) -> list[Participant]:
        """Some, in the order the desk shows them: who applied last comes first."""
        ...

    async def numbers(self, *wanted: Status) -> dict[Status, int]:
        """How many stand where: in these places, or in all."""
        ...

    async def count(self, where: Mapping[str, Any] | None = None, *, most: int = 0, index: str = "") -> int:
        """How many fit, by fields of the state in the database's own operators; counted no further than `most`, where that is given,
        and by this index, where one is named.
        """
        ...

    async def listed(
        self,
        filters: Filters,
        now: datetime,
        *,
        after: str = "",
        before: str = "",
        limit: int,
        discreet: bool = False,
    ) -> list[Participant]:
        """Those who fit, in the order asked for: beginning after somebody, or ending before somebody; `discreet` as in
        `participant.meant_by`.
        """
        ...

    async def marked(self, mark: Mark, *, most: int) -> int:
        """How many a coordinator should look at, for this reason; counted no further than `most`."""
        ...

    async def named_since(self, since: datetime | None, after: str, limit: int) -> list[Participant]:
        """Those whose name, year or telephone was told at a moment or later, in that order, beginning after somebody."""
        ...

    async def alike(self, keys: Collection[str]) -> list[Known]:
        """Those who share one of these keys, with no more than is needed to compare."""
        ...
