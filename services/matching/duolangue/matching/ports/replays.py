"""What the use cases need to keep of replays, and where they are computed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from duolangue.chassis.decision import Change
from duolangue.contracts.envelope import Fact
from duolangue.matching.domain.people import Association
from duolangue.matching.domain.replay import Replay, ReplayPart
from duolangue.matching.domain.replay_outcome import Outcome
from duolangue.matching.domain.replay_question import ReplayQuestion


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
