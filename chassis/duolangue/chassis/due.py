"""What must happen later: due dates in documents, claimed with a lease by whichever replica comes first."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final, Generic, TypeVar

from duolangue.chassis import courtesy, log
from duolangue.chassis.causality import within
from duolangue.chassis.clock import Clock, SystemClock
from duolangue.chassis.metrics import Metrics
from duolangue.chassis.store import across
from duolangue.chassis.store.aggregates import LeaseLost
from duolangue.chassis.store.driver import Database
from duolangue.chassis.store.kinds import AggregateKind

logger = log.get(__name__)

LEASE_SECONDS: Final = 15.0
RETRY_SECONDS: Final = (1.0, 5.0, 30.0, 120.0, 600.0)
AT_ONCE: Final = 8

PortsT = TypeVar("PortsT")
Work = Callable[[str, PortsT], Awaitable[None]]


class DueWork(Generic[PortsT]):
    """A service's due work: one function for each kind of document that can be due.

    `@due.on(RUNS)` above `async def compute(run_id, ports)`. The function changes the entity so that it is due later, or not
    any more; one that leaves it due is called again, with growing delays.
    """

    def __init__(self) -> None:
        self.works: list[tuple[AggregateKind[Any], Work[PortsT]]] = []

    def on(self, kind: AggregateKind[Any]) -> Callable[[Work[PortsT]], Work[PortsT]]:
        """Register the function that does what is due for `kind`."""

        def register(work: Work[PortsT]) -> Work[PortsT]:
            self.works.append((kind, work))
            return work

        return register


class Sweeper(Generic[PortsT]):
    """One replica's sweeper. Several may run: a lease makes one of them work on a document, and fences out a late one."""

    def __init__(
        self,
        database: Database,
        due: DueWork[PortsT],
        ports: Callable[[str], PortsT],
        clock: Clock,
        metrics: Metrics,
        poll: float,
    ) -> None:
        self._database = database
        self._due = due
        self._ports = ports
        self._clock = clock
        self._real = SystemClock()
        self._metrics = metrics
        self._poll = poll
        self._woken = {kind.name: asyncio.Event() for kind, _ in due.works}

    def wake(self, kind: str) -> None:
        """Something of a kind was made due just now."""
        self._woken[kind].set()

    async def run(self) -> None:
        """Work until cancelled; what is in flight then finishes or is taken over when its lease ends.

        Each kind is looked after by itself, so that what takes long keeps back nothing of another kind.
        """
        async with asyncio.TaskGroup() as group:
            for kind, work in self._due.works:
                group.create_task(self._look_after(kind, work, self._woken[kind.name]))
            await asyncio.Event().wait()  # also where nothing is ever due

    async def _look_after(self, kind: AggregateKind[Any], work: Work[PortsT], woken: asyncio.Event) -> None:
        while True:
            woken.clear()
            try:
                busy = await self._drain(kind, work)
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 - a database that is away is waited for
                logger.warning("due.delayed", error=type(error).__name__)
                busy = False
            if not busy:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(woken.wait(), self._poll)

    async def sweep(self) -> bool:
        """Do what is due now. Returns whether there was anything."""
        did = await asyncio.gather(*(self._drain(kind, work) for kind, work in self._due.works))
        return any(did)

    async def _drain(self, kind: AggregateKind[Any], work: Work[PortsT]) -> bool:
        places, busy = asyncio.Semaphore(AT_ONCE), False

        async def at_work(claimed: across.Claimed) -> None:
            try:
                await self._work(kind, work, claimed)
            finally:
                places.release()

        async with asyncio.TaskGroup() as group:
            while True:
                await places.acquire()
                claimed = await across.claim(
                    self._database, kind, now=self._clock.now(), real_now=self._real.now(), seconds=LEASE_SECONDS
                )
                if claimed is None:
                    return busy
                busy = True
                group.create_task(at_work(claimed))

    async def _work(self, kind: AggregateKind[Any], work: Work[PortsT], claimed: across.Claimed) -> None:
        renewal = asyncio.create_task(self._renew(kind, claimed))
        delay = RETRY_SECONDS[min(claimed.attempts, len(RETRY_SECONDS)) - 1]
        outcome = "failed"
        with within(lease=claimed.lease):
            try:
                async with courtesy.turn():
                    await work(claimed.entity_id, self._ports(claimed.association))
                outcome = "done" if await across.finish(self._database, kind, claimed) else "left"
            except LeaseLost:
                outcome = "lost"
                logger.warning("due.lost", kind=kind.name, association=claimed.association, entity=claimed.entity_id)
            except Exception:
                logger.exception(
                    "due.failed", kind=kind.name, association=claimed.association, entity=claimed.entity_id, delay=delay
                )
            finally:
                renewal.cancel()
        self._metrics.due(kind.name, outcome)
        if outcome in {"failed", "left"}:
            await across.hold(self._database, kind, claimed.lease, self._real.now() + timedelta(seconds=delay))

    async def _renew(self, kind: AggregateKind[Any], claimed: across.Claimed) -> None:
        while True:
            await asyncio.sleep(LEASE_SECONDS / 3)
            until = self._real.now() + timedelta(seconds=LEASE_SECONDS)
            if not await across.hold(self._database, kind, claimed.lease, until):
                return
