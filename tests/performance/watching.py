"""What a platform costs while it is measured: the processor time of each of its processes; and whether the database ever read a whole collection."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorClient

from duolangue.standalone.configuration import Configuration

NAMES: Final = {"nats-server": "broker", "mongod": "database", "python": "services"}
SERVICES: Final = ("registration", "matching", "sessions", "notifications")


def spent(platform: int) -> dict[str, float]:
    """Seconds of processor time so far: of the platform (a process id) with its servers, and of this very process, which asks. Linux alone."""
    found = {"who asks": sum(os.times()[:2])}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            name, fields = _read(process)
        except OSError:  # it has ended
            continue
        if int(process.name) == platform or int(fields[1]) == platform:
            called = NAMES.get(name, NAMES["python"])
            found[called] = found.get(called, 0.0) + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


def each(before: dict[str, float], after: dict[str, float], number: int) -> str:
    """What one of so many cost, in milliseconds of a processor's time."""
    costs = {name: (after[name] - before.get(name, 0.0)) * 1000 / max(1, number) for name in after}
    told = ", ".join(f"{name} {cost:.1f}" for name, cost in sorted(costs.items(), key=lambda pair: -pair[1]))
    return f"{told}; all {sum(costs.values()):.1f} ms"


@asynccontextmanager
async def scans(configuration: Configuration) -> AsyncIterator[list[str]]:
    """Which collections the database read from end to end while the block ran, told at its end. It is empty where indexes found everything."""
    client: Any = AsyncIOMotorClient(configuration.servers.mongodb_root_url)
    whole = {"planSummary": {"$regex": "COLLSCAN"}, "ns": {"$not": {"$regex": r"\.system\."}}}
    found: list[str] = []
    try:
        for service in SERVICES:
            await client[service].command("profile", 1, slowms=100_000, filter=whole)
        yield found
        for service in SERVICES:
            await client[service].command("profile", 0)
            rows = client[service]["system.profile"].aggregate([{"$group": {"_id": "$ns", "count": {"$sum": 1}}}])
            found += [f"{row['_id']} ({row['count']} times)" async for row in rows]
    finally:
        client.close()


def _read(process: Path) -> tuple[str, list[str]]:
    name, _, rest = (process / "stat").read_text().partition("(")[2].rpartition(")")
    return name, rest.split()
