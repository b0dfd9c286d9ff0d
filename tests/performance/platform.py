"""A platform as `./duo up` runs it, or each service in a process of its own, and an open load of requests against it."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from duolangue.chassis.identity import Access, Coordinator
from duolangue.chassis.service import Foundation
from duolangue.chassis.store import Tenant
from duolangue.registration.ports import Ports
from duolangue.registration.service import wire
from duolangue.standalone import operate
from duolangue.standalone.configuration import Configuration, Running
from tests.processes import platform_in_processes

READY_SECONDS: Final = 90.0
EMAIL: Final = "bench@example.org"


@dataclass(frozen=True)
class Measured:
    """How long requests took, in milliseconds, the shortest first."""

    took: tuple[float, ...]
    failed: int
    """Answers that were not the page."""

    @property
    def half(self) -> float:
        """Half of them took no longer."""
        return self.took[len(self.took) // 2]

    @property
    def most(self) -> float:
        """95 of 100 took no longer."""
        return self.took[min(len(self.took) - 1, int(len(self.took) * 0.95))]

    def __add__(self, other: Measured) -> Measured:
        return Measured(tuple(sorted(self.took + other.took)), self.failed + other.failed)


@dataclass
class Bench:
    """The platform, and a way into its database as registration has it."""

    url: str
    pid: int
    """The process that is asked."""
    foundation: Foundation[Any]
    matching: Foundation[Any]
    notifications: Foundation[Any]
    client: httpx.AsyncClient

    def ports(self, association: str) -> Ports:
        return wire(self.foundation)(association)

    def at_matching(self, association: str) -> Tenant:
        """The association's part of matching's database."""
        return self.matching.tenant(association)

    def at_notifications(self, association: str) -> Tenant:
        """The association's part of notifications' database."""
        return self.notifications.tenant(association)

    async def token(self, association: str) -> dict[str, str]:
        """A fresh token of the association's administrator."""
        ports = self.ports(association)
        (who,) = await ports.coordinators.select({"email": {"$eq": EMAIL}})
        claims = Coordinator(who.id, association, Access.ADMINISTER, "fr")
        return {"Authorization": f"Bearer {ports.signer.access_token(claims, ports.clock.now())}"}

    async def measure(self, path: str, headers: dict[str, str], *, a_second: int, number: int) -> Measured:
        """Ask for a page so often a second, whether or not earlier answers have come: as people do."""
        took: list[float] = []
        failed = 0

        async def one(begin: float) -> None:
            nonlocal failed
            await asyncio.sleep(begin)
            started = time.perf_counter()
            try:
                failed += (await self.client.get(path, headers=headers)).status_code != 200
            except httpx.TransportError:
                failed += 1
            took.append((time.perf_counter() - started) * 1000)

        await self.client.get(
            path, headers=headers
        )  # a first time, so that no template is compiled in what is measured
        await asyncio.gather(*(one(turn / a_second) for turn in range(number)))
        return Measured(tuple(sorted(took)), failed)


@asynccontextmanager
async def bench(folder: Path) -> AsyncIterator[Bench]:
    """`./duo up` on a folder, until the end of the block."""
    log = (folder / "up.log").open("wb")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "duolangue.standalone", "up", "--data", str(folder / "data"), "--port", "0",
        stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
    )  # fmt: skip
    try:
        async with asyncio.timeout(READY_SECONDS):
            while (running := Running.find(folder / "data")) is None or not await _ready(running.url):
                if process.returncode is not None:
                    raise SystemExit((folder / "up.log").read_text(errors="replace")[-2000:])
                await asyncio.sleep(0.2)
        async with _reached(operate.find(folder / "data"), running.url, process.pid) as found:
            yield found
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
        log.close()


@asynccontextmanager
async def apart(folder: Path) -> AsyncIterator[Bench]:
    """Each service in a process of its own, until the end of the block; matching is the one that is asked."""
    async with platform_in_processes(folder) as platform:
        matching = platform.processes["matching"]
        async with _reached(platform.configuration, matching.url, matching.pid) as found:
            yield found


@asynccontextmanager
async def _reached(configuration: Configuration, url: str, pid: int) -> AsyncIterator[Bench]:
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
    async with (
        operate.foundation(configuration, "registration") as made,
        operate.foundation(configuration, "matching") as matching,
        operate.foundation(configuration, "notifications") as notifications,
        httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as client,
    ):
        yield Bench(url, pid, made, matching, notifications, client)


async def _ready(url: str) -> bool:
    try:
        async with httpx.AsyncClient(timeout=2) as client:
            return (await client.get(f"{url}/readyz")).is_success
    except httpx.TransportError:
        return False
