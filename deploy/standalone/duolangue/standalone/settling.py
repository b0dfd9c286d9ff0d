"""Whether anything is still on its way: facts to publish or to handle, work that is due. Looks from outside, whoever runs the services."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from duolangue.chassis.clock import Clock
from duolangue.chassis.store import Database, across
from duolangue.contracts.subjects import EVENTS_STREAM
from duolangue.provision.member import Member
from duolangue.standalone.operate import operator
from duolangue.standalone.servers import Servers

SETTLE_SECONDS: Final = 180.0
QUIET_LOOKS: Final = 3
QUIET_SECONDS: Final = 0.1


class Settling:
    """Looks at the databases and the consumers of all services."""

    def __init__(self, members: Sequence[Member], databases: dict[str, Database], bus: Any, clock: Clock) -> None:
        self._members = members
        self._databases = databases
        self._bus = bus
        self._clock = clock

    async def settled(self, seconds: float = SETTLE_SECONDS) -> None:
        """Return once nothing is on its way, several looks in a row.

        Raises:
            TimeoutError: something still is, after `seconds`.
        """
        async with asyncio.timeout(seconds):
            quiet = 0
            while quiet < QUIET_LOOKS:
                busy = any(await asyncio.gather(*(self._busy(member) for member in self._members)))
                quiet = 0 if busy else quiet + 1
                await asyncio.sleep(QUIET_SECONDS)

    async def _busy(self, member: Member) -> bool:
        consumer = await self._bus.consumer_info(EVENTS_STREAM, member.name)
        if consumer.num_pending or consumer.num_ack_pending:
            return True
        database = self._databases[member.name]
        for kind in member.declaration.aggregates:
            if await across.outbox_size(database, kind):
                return True
            if kind.due and await across.due_size(database, kind, self._clock.now()):
                return True
        return False


@asynccontextmanager
async def settling(servers: Servers, members: Sequence[Member], clock: Clock) -> AsyncIterator[Settling]:
    """Connections of its own, until the end of the block."""
    databases = {member.name: Database(servers.mongodb_url(member.name), member.name) for member in members}
    try:
        async with operator(servers) as client:
            yield Settling(members, databases, client.jetstream(timeout=5), clock)
    finally:
        for database in databases.values():
            database.close()
