"""The relay: publishes the facts that documents hold, in their order, and takes them out once the stream has them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, Final

from duolangue.chassis import log
from duolangue.chassis.metrics import Metrics
from duolangue.chassis.store import across
from duolangue.chassis.store.across import Stored
from duolangue.chassis.store.driver import Database
from duolangue.chassis.store.kinds import AggregateKind

logger = log.get(__name__)

AT_ONCE: Final = 256
"""Documents relayed at the same time: the stream syncs each write, so many in flight cost little more than one."""

LEFT_BEHIND: Final = 3
"""What is stored here is published at once. Only what a replica left behind that ended is looked for, each time so many polls have passed."""
FEW: Final = 8
TOGETHER_SECONDS: Final = 0.015
"""While facts come one by one, so long passes before the next are fetched: then some are published together."""

Publish = Callable[[Stored], Awaitable[None]]
"""Returns once the stream acknowledged the fact; raises when it did not."""


class Relay:
    """One replica's relay. Several may run: the stream recognises a fact it already has by its id."""

    def __init__(
        self, database: Database, kinds: Sequence[AggregateKind[Any]], publish: Publish, metrics: Metrics, poll: float
    ) -> None:
        self._database = database
        self._kinds = kinds
        self._publish = publish
        self._metrics = metrics
        self._poll = poll
        self._told = {kind.name: asyncio.Event() for kind in kinds}

    def wake(self, kind: str) -> None:
        """Facts of a kind were stored just now."""
        self._told[kind].set()

    async def run(self) -> None:
        """Relay until cancelled: at once what is stored here, and now and then whatever a replica that ended left behind.

        Each kind is looked after by itself, so that many facts of one keep back none of another.
        """
        async with asyncio.TaskGroup() as group:
            for kind in self._kinds:
                group.create_task(self._look_after(kind, self._told[kind.name]))
            await asyncio.Event().wait()  # also where no kind tells anything

    async def _look_after(self, kind: AggregateKind[Any], told: asyncio.Event) -> None:
        """A bus or a database that is away is waited for, with growing delays."""
        delay = self._poll
        while True:
            told.clear()
            try:
                number, failure = await self._publish_some(kind)
                if failure is not None:
                    raise failure
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, what is stored must still be published
                logger.warning("outbox.delayed", kind=kind.name, error=type(error).__name__, delay=delay)
                await asyncio.sleep(delay)
                delay = min(delay * 2, 15)
                continue
            delay = self._poll
            if 0 < number < FEW:
                await asyncio.sleep(TOGETHER_SECONDS)
            if number < AT_ONCE:
                with suppress(TimeoutError):
                    await asyncio.wait_for(told.wait(), self._poll * LEFT_BEHIND)

    async def sweep(self) -> bool:
        """Publish what waits now, of all kinds. Returns whether there was anything.

        What cannot be published keeps back its own document's facts and no other's; the first reason is raised at the end.
        """
        outcomes = await asyncio.gather(*(self._publish_some(kind) for kind in self._kinds))
        for _, failure in outcomes:
            if failure is not None:
                raise failure
        return any(number for number, _ in outcomes)

    async def _publish_some(self, kind: AggregateKind[Any]) -> tuple[int, Exception | None]:
        """Publish what waits in some documents of a kind; in how many it did, and the first thing that went wrong."""
        waiting = await across.outboxes(self._database, kind, AT_ONCE)
        outcomes = await asyncio.gather(*(self._tell(facts) for _, facts in waiting))
        told = [fact for some, _ in outcomes for fact in some]
        if told:
            keys = [key for (key, _), (some, _) in zip(waiting, outcomes, strict=True) if some]
            await across.published(self._database, kind, keys, [fact.id for fact in told])
        return len(waiting), next((failure for _, failure in outcomes if failure is not None), None)

    async def _tell(self, facts: Sequence[Stored]) -> tuple[list[Stored], Exception | None]:
        """Publish a document's facts in their order, as far as the stream takes them; which it took, and why it took no more."""
        told: list[Stored] = []
        for fact in facts:
            try:
                await self._publish(fact)
            except Exception as failure:  # noqa: BLE001 - raised once the others were told
                return told, failure
            self._metrics.published(fact.fact)
            told.append(fact)
        return told, None
