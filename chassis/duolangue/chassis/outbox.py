"""The relay: publishes the facts that documents hold, in their order, and takes them out once the stream has them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
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
        self._told = asyncio.Event()

    def wake(self) -> None:
        """Facts were stored just now."""
        self._told.set()

    async def run(self) -> None:
        """Relay until cancelled. A bus or a database that is away is waited for, with growing delays."""
        delay = self._poll
        while True:
            self._told.clear()
            try:
                busy = await self.sweep()
                delay = self._poll
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, what is stored must still be published
                logger.warning("outbox.delayed", error=type(error).__name__, delay=delay)
                await asyncio.sleep(delay)
                delay = min(delay * 2, 15)
                continue
            if not busy:
                try:
                    await asyncio.wait_for(self._told.wait(), self._poll)
                except TimeoutError:
                    continue

    async def sweep(self) -> bool:
        """Publish what waits now. Returns whether there was anything.

        What cannot be published keeps back its own document's facts and no other's; the first reason is raised at the end.
        """
        outcomes = await asyncio.gather(*(self._publish_some(kind) for kind in self._kinds))
        for _, failure in outcomes:
            if failure is not None:
                raise failure
        return any(busy for busy, _ in outcomes)

    async def _publish_some(self, kind: AggregateKind[Any]) -> tuple[bool, Exception | None]:
        """Publish what waits in some documents of a kind; whether there was anything, and the first thing that went wrong."""
        waiting = await across.outboxes(self._database, kind, AT_ONCE)
        outcomes = await asyncio.gather(*(self._tell(facts) for _, facts in waiting))
        told = [fact for some, _ in outcomes for fact in some]
        if told:
            keys = [key for (key, _), (some, _) in zip(waiting, outcomes, strict=True) if some]
            await across.published(self._database, kind, keys, [fact.id for fact in told])
        return bool(waiting), next((failure for _, failure in outcomes if failure is not None), None)

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
