"""The relay: publishes the facts that documents hold, in their order, and takes them out once the stream has them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
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
        self._fresh: set[str] = set()
        """The kinds of which facts were stored here and not looked for yet."""

    def wake(self, kind: str) -> None:
        """Facts of a kind were stored just now."""
        self._fresh.add(kind)
        self._told.set()

    async def run(self) -> None:
        """Relay until cancelled: at once what is stored here, and now and then whatever a replica that ended left behind.

        A bus or a database that is away is waited for, with growing delays.
        """
        loop = asyncio.get_running_loop()
        delay, look_at_all = self._poll, loop.time()
        while True:
            self._told.clear()
            wanted = {kind.name for kind in self._kinds} if loop.time() >= look_at_all else set(self._fresh)
            self._fresh -= wanted  # before they are read: what is stored meanwhile is looked for once more
            try:
                found = await self._sweep(wanted)
                self._fresh |= {kind for kind, number in found.items() if number >= AT_ONCE}
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, what is stored must still be published
                self._fresh |= wanted
                logger.warning("outbox.delayed", error=type(error).__name__, delay=delay)
                await asyncio.sleep(delay)
                delay = min(delay * 2, 15)
                continue
            delay = self._poll
            if len(wanted) == len(self._kinds):
                look_at_all = loop.time() + self._poll
            if not self._fresh:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._told.wait(), max(0.0, look_at_all - loop.time()))

    async def sweep(self) -> bool:
        """Publish what waits now, of all kinds. Returns whether there was anything.

        What cannot be published keeps back its own document's facts and no other's; the first reason is raised at the end.
        """
        return any((await self._sweep({kind.name for kind in self._kinds})).values())

    async def _sweep(self, wanted: Collection[str]) -> dict[str, int]:
        """Publish what waits of these kinds; in how many documents of each something did."""
        kinds = [kind for kind in self._kinds if kind.name in wanted]
        outcomes = await asyncio.gather(*(self._publish_some(kind) for kind in kinds))
        for _, failure in outcomes:
            if failure is not None:
                raise failure
        return {kind.name: number for kind, (number, _) in zip(kinds, outcomes, strict=True)}

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
