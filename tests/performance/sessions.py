"""`./duo bench sessions`: a desk with 10,000 duos and two years of weekly logs; as many logs a second as the machine bears, all kept."""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

from duolangue.chassis.decision import Change
from duolangue.chassis.service import Foundation
from duolangue.chassis.store import across
from duolangue.contracts.links import Purpose
from duolangue.contracts.subjects import EVENTS_STREAM
from duolangue.registration.commands import found_association
from duolangue.sessions.domain import weeks
from duolangue.sessions.domain.commitment import Commitment
from duolangue.sessions.service import wire
from duolangue.sessions.store import COMMITMENTS, CONVERSATIONS
from duolangue.standalone import operate
from duolangue.standalone.configuration import Configuration
from tests.performance import crowd, reporting, talking
from tests.performance.open_wire import send_forms
from tests.performance.platform import EMAIL, Bench, bench

DUOS: Final = 10_000
WEEKS: Final = 104
SLUG: Final = "interra"
A_SECOND: Final = 20
SAMPLES: Final = 100
BAR_DESK: Final = 150.0
BAR_LOGS: Final = 100.0
SECONDS: Final = 60.0
CONNECTIONS: Final = 24
DRAINED: Final = 300.0


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
            duos = await _settle(running, sessions, asked)
            met = await _desk(running, duos, asked)
            met = await reporting.measure(running, SLUG, wire(sessions)(SLUG).clock.now(), _say) and met
            return await _logs(running, configuration, sessions, duos, asked) and met


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
    talks = await ours.conversations.count()
    _say(f"{len(duos):,} duos with {talks:,} conversations settled in {time.perf_counter() - started:.0f} s; {_load()}")
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
    _say(f"\nms at {A_SECOND} requests a second      p50     p95")
    every = True
    for name, path in pages.items():
        headers = {**await running.token(SLUG), "Accept": "text/html"}
        one = await running.measure(path, headers, a_second=A_SECOND, number=asked.samples)
        met = one.most < BAR_DESK and not one.failed
        every = every and met
        failed = f"  {one.failed} failed" if one.failed else ""
        _say(f"{name:<28} {one.half:6.1f}  {one.most:6.1f}  {_word(met)}{failed}")
    _say(f"bar: p95 under {BAR_DESK:.0f} ms; {_load()}")
    return every


async def _logs(
    running: Bench,
    configuration: Configuration,
    sessions: Foundation[Any],
    duos: list[Commitment],
    asked: argparse.Namespace,
) -> bool:
    """Logs of this week by the links of both sides, through the whole way: the form, the stream, our own look, notifications."""
    ours = wire(sessions)(SLUG)
    now = ours.clock.now()
    week = weeks.week_of(weeks.day_at(now, talking.ZONE))
    before = await _sums(ours, week)
    expected: dict[str, int] = {}
    forms = _forms(running, duos, week, now, expected)
    sent, seconds = await send_forms(running.url, forms, connections=CONNECTIONS, seconds=asked.seconds)
    accepted = len(sent.took) / seconds
    started = time.perf_counter()
    await _drained(configuration, sessions)
    lag = time.perf_counter() - started
    after = await _sums(ours, week)
    sustained = len(sent.took) / (seconds + lag)
    told = sum(expected.values())
    right = (after[0] - before[0], after[1] - before[1]) == (told, told) and not sent.otherwise
    sent.took.sort()
    _say(
        f"\n{len(sent.took):,} logs accepted in {seconds:.0f} s: {accepted:.0f} a second; p95 {sent.took[int(len(sent.took) * 0.95)]:.0f} ms"
    )
    _say(f"all facts published and handled {lag:.1f} s after the last: {sustained:.0f} a second through the whole way")
    _say(
        f"minutes told {told:,}; in conversations {after[0] - before[0]:,}, in how duos stand {after[1] - before[1]:,}: "
        f"{'right' if right else 'WRONG'}"
    )
    for each in sent.otherwise[:3]:
        _say(f"  refused: {each}")
    met = sustained >= BAR_LOGS and right
    _say(f"bar: {BAR_LOGS:.0f} a second for a minute, none lost  {_word(met)}; {_load()}")
    return met


def _forms(
    running: Bench, duos: list[Commitment], week: str, now: datetime, expected: dict[str, int]
) -> Iterator[tuple[str, dict[str, str]]]:
    """A hundred duos at a time: each newcomer tells, then each volunteer of the same conversation, and says ten minutes less."""
    signer, chance = running.ports(SLUG).signer, random.Random(5)
    held_on = weeks.day_at(now, talking.ZONE)
    for turn in range(4):
        for begin in range(0, len(duos), 100):
            some = duos[begin : begin + 100]
            minutes = {each.id: chance.choice((30, 45, 60)) for each in some}
            for less in (0, 10):
                for each in some:
                    told = minutes[each.id] - less
                    expected[f"{each.id}/{turn}"] = told
                    person = each.volunteer if less else each.newcomer
                    token = signer.action_token(
                        SLUG, Purpose.LOG_CONVERSATION, each.id, person, now + timedelta(days=9), "fr", week
                    )
                    key = f"{turn}-{less}-{each.id[:20]}"
                    form = {
                        "held_on": held_on.isoformat(),
                        "medium": "video",
                        "minutes": "other",
                        "other": str(told),
                        "key": key,
                    }
                    yield f"{Purpose.LOG_CONVERSATION.path}/{token}", form


async def _sums(ours: Any, week: str) -> tuple[int, int]:
    """Minutes of the week in conversations, and in what is kept of how duos stand."""
    talks = await ours.conversations.summarise(
        {"week": week, "withdrawn": False}, {"$group": {"_id": None, "sum": {"$sum": "$state.minutes"}}}
    )
    standing = await ours.commitments.summarise(
        {}, {"$group": {"_id": None, "sum": {"$sum": "$state.standing.minutes"}}}
    )
    return tuple(int(rows[0]["sum"]) if rows else 0 for rows in (talks, standing))  # type: ignore[return-value]


async def _drained(configuration: Configuration, sessions: Foundation[Any]) -> None:
    """Every outbox is empty, and both who hear of a log have handled what they were told."""
    async with operate.operator(configuration.servers) as client, asyncio.timeout(DRAINED):
        stream = client.jetstream()
        while True:
            waiting = [await across.outbox_size(sessions.database, kind) for kind in (CONVERSATIONS, COMMITMENTS)]
            for name in ("sessions", "notifications"):
                info = await stream.consumer_info(EVENTS_STREAM, name)
                waiting += [int(info.num_pending or 0), int(info.num_ack_pending or 0)]
            if not any(waiting):
                return
            await asyncio.sleep(0.1)


def _load() -> str:
    return f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def _word(met: bool) -> str:
    return "met" if met else "MISSED"


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
