"""A replica of matching that takes up due work and stops dead half way, until somebody kills it. Run as `python -m tests.matching.dying`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import datetime
from typing import Any

from duolangue.chassis import due
from duolangue.chassis.service import Service
from duolangue.chassis.settings import MailSettings, read
from duolangue.matching import computing, store
from duolangue.matching.service import DECLARATION, wire
from duolangue.matching.settings import Settings

due.LEASE_SECONDS = 1.0  # type: ignore[misc]  # the test need not wait for fifteen


class Fixed:
    """The test's clock, as it stood."""

    def __init__(self, moment: str) -> None:
        self._moment = datetime.fromisoformat(moment)

    def now(self) -> datetime:
        return self._moment


async def stop_dead(*words: object) -> None:
    print(*words, flush=True)  # noqa: T201 - to the test that waits for it
    await asyncio.sleep(3600)


async def main(point: str, moment: str) -> None:
    service = Service(DECLARATION, wire, read(Settings), MailSettings(), Fixed(moment))
    if point == "computing":
        plan = computing.Worker.plan

        async def hang(self: computing.Worker, *given: Any) -> Any:
            await plan(self, *given)
            assert self.pid is not None
            os.kill(self.pid, signal.SIGSTOP)
            await stop_dead("here", self.pid)

        computing.Worker.plan = hang  # type: ignore[method-assign]
    elif point == "drafting":
        add_many = store.StoredDuos.add_many

        async def two_of(self: store.StoredDuos, changes: Any) -> Any:
            await add_many(self, changes[:2])
            await stop_dead("here")

        store.StoredDuos.add_many = two_of  # type: ignore[method-assign]
    else:
        update_many = store.StoredDuos.update_many

        async def two_changed(self: store.StoredDuos, ids: Any, decide: Any, *, fresh: Any) -> Any:
            await update_many(self, ids, decide, fresh=fresh[:2])
            await stop_dead("here")

        store.StoredDuos.update_many = two_changed  # type: ignore[method-assign]
    await service.sweeper.sweep()


asyncio.run(main(*sys.argv[1:]))
