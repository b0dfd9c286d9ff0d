"""`./duo bench sessions`: a desk with 10,000 duos and two years of weekly logs, the report of a year, logs as fast as the machine bears, activities."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Any, Final

from duolangue.chassis.decision import Change
from duolangue.chassis.service import Foundation
from duolangue.registration.commands import found_association
from duolangue.sessions.domain.commitment import Commitment
from duolangue.sessions.service import wire
from duolangue.standalone import operate
from tests.performance import crowd, gatherings, logs, reporting, talking
from tests.performance.platform import EMAIL, Bench, bench
from tests.performance.words import load, say, word

DUOS: Final = 10_000
WEEKS: Final = 104
SLUG: Final = "interra"
A_SECOND: Final = 20
SAMPLES: Final = 60
BAR_DESK: Final = 150.0
SECONDS: Final = 60.0
SETTLING: Final = 20.0
"""Seconds after which nothing counts as just written any more."""


def main() -> None:
    """Run it; the status is 1 where a bar is missed."""
    parser = argparse.ArgumentParser("duo bench sessions", description="Measures following duos up; prints a table.")
    parser.add_argument("--duos", type=int, default=DUOS, help="duos that run (default: %(default)s)")
    parser.add_argument("--weeks", type=int, default=WEEKS, help="weeks of logs (default: %(default)s)")
    parser.add_argument("--samples", type=int, default=SAMPLES, help="requests for each page (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long logs are sent (default: %(default)s)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="duo-bench-") as folder:
        met = asyncio.run(_run(Path(folder), asked))
    sys.exit(0 if met else 1)


async def _run(folder: Path, asked: argparse.Namespace) -> bool:
    async with bench(folder) as running:
        configuration = operate.find(folder / "data")
        async with operate.foundation(configuration, "sessions") as sessions:
            now = wire(sessions)(SLUG).clock.now()
            duos = await _settle(running, sessions, asked)
            people = [each.newcomer for each in duos]
            wanted = await gatherings.settle(SLUG, sessions, people, now)
            met = await _desk(running, duos, asked)
            met = await reporting.measure(running, SLUG, now) and met
            met = await logs.measure(running, SLUG, configuration, sessions, duos, asked) and met
            return await gatherings.measure(running, SLUG, sessions, wanted, people, asked.samples) and met


async def _settle(running: Bench, sessions: Foundation[Any], asked: argparse.Namespace) -> list[Commitment]:
    started = time.perf_counter()
    await found_association(running.foundation, SLUG, name="Interra", language="fr", email=EMAIL)
    ports = running.ports(SLUG)
    own, now = await ports.own(), ports.clock.now()
    people = []
    everybody = crowd.people(asked.duos * 2, own, now)
    while some := [Change(each) for each in islice(everybody, crowd.AT_ONCE)]:
        await ports.participants.add_many(some)
        people += [each.state.id for each in some]
    ours = wire(sessions)(SLUG)
    while await ours.associations.find(SLUG) is None:
        await asyncio.sleep(0.1)
    duos = await talking.settle(people, asked.duos, sessions.tenant(SLUG), now, asked.weeks)
    await reporting.settle(duos, sessions.tenant(SLUG), now)
    await asyncio.sleep(SETTLING)
    talks = await ours.conversations.count()
    say(f"{len(duos):,} duos with {talks:,} conversations settled in {time.perf_counter() - started:.0f} s; {load()}")
    return duos


async def _desk(running: Bench, duos: list[Commitment], asked: argparse.Namespace) -> bool:
    pages = {
        "the desk": "/sessions",
        "whom to call, page 2": "/sessions/calls?page=2",
        "running duos": "/sessions/duos",
        "running duos, last page": f"/sessions/duos?page={len(duos) // 50}",
        "those who keep it": "/sessions/duos?health=met",
        "one duo, two years": f"/sessions/duos/{duos[0].id}",
        "settings": "/sessions/settings",
        "today (all services)": "/desk",
    }
    say(f"\nms at {A_SECOND} requests a second      p50     p95")
    every = True
    for name, path in pages.items():
        headers = {**await running.token(SLUG), "Accept": "text/html"}
        one = await running.measure(path, headers, a_second=A_SECOND, number=asked.samples)
        met = one.most < BAR_DESK and not one.failed
        every = every and met
        failed = f"  {one.failed} failed" if one.failed else ""
        say(f"{name:<28} {one.half:6.1f}  {one.most:6.1f}  {word(met)}{failed}")
    say(f"bar: p95 under {BAR_DESK:.0f} ms; {load()}")
    return every


if __name__ == "__main__":
    main()
