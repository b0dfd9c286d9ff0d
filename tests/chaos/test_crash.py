"""Processes die at random moments, without a word, while people register and duos form: nothing is lost, nothing counts twice."""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

import httpx
import pytest

from duolangue.provision.platform import PLATFORM
from duolangue.standalone.operate import dead_letters, found_association, operator, operator_link
from duolangue.standalone.settling import settling
from tests.chaos.crowd import Crowd, applications
from tests.chaos.ledger import Ledger
from tests.processes import Platform, ServiceProcess, platform_in_processes

pytestmark = [pytest.mark.crash, pytest.mark.long, pytest.mark.timeout(480)]

PEOPLE: Final = 200
KILLS: Final = 24
LEAST_KILLS: Final = 10
CHAOS_SECONDS: Final = 22.0
"""No process is killed later, unless the machine is too slow for the least: what a dead one had in hand is taken over
half a minute after."""


async def until_stopped(stop: asyncio.Event, work: Callable[[], Awaitable[object]], every: float) -> None:
    while not stop.is_set():
        await work()
        await asyncio.sleep(every)


async def strike(process: ServiceProcess, after: float) -> None:
    """Kill, and start again at once."""
    await asyncio.sleep(after)
    await process.kill()
    await process.start()


async def kill_at_random(
    processes: list[ServiceProcess], crowd: Crowd, dice: random.Random, work: asyncio.TaskGroup
) -> Counter[str]:
    """Let some people in at once, and kill two services at random moments while they are busy with it; again and again.

    Returns how often which was killed.
    """
    kills: Counter[str] = Counter()
    ends = time.monotonic() + CHAOS_SECONDS
    async with httpx.AsyncClient(timeout=5) as client:
        while kills.total() < (KILLS if time.monotonic() < ends else LEAST_KILLS):
            await asyncio.sleep(0.1)
            alive = [process for process in processes if await process.alive(client)]
            if len(alive) < 2:
                continue
            work.create_task(crowd.interview(dice.randint(8, 16)))
            victims = dice.sample(alive, 2)
            await asyncio.gather(*(strike(victim, dice.uniform(0, 0.4)) for victim in victims))
            kills.update(victim.service for victim in victims)
    return kills


async def live_through(platform: Platform, crowd: Crowd, dice: random.Random) -> Counter[str]:
    """People register and duos form while processes die; then an hour passes, for what was put off, and all comes to its end."""
    link = partial(operator_link, platform.configuration, "interra", "desk@example.org")
    await crowd.sign_in(await link())
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as work:
        killing = work.create_task(kill_at_random(list(platform.processes.values()), crowd, dice, work))
        killing.add_done_callback(lambda _: stop.set())
        work.create_task(crowd.register(list(applications(PEOPLE, dice))))
        work.create_task(until_stopped(stop, crowd.pair, 0.5))
        work.create_task(until_stopped(stop, crowd.answer, 0.2))
    async with settling(platform.servers, PLATFORM, platform.clock) as quiet:
        await crowd.interview(PEOPLE)
        platform.clock.move_to(platform.clock.now() + timedelta(hours=1))
        await crowd.sign_in(await link())
        await quiet.settled(100)
        await crowd.ask("POST", "/duos/api/runs")
        await quiet.settled(60)
        await crowd.approve()
        await quiet.settled(60)
        while await crowd.answer():
            await quiet.settled(60)
    return killing.result()


async def test_whoever_dies_nothing_is_lost_and_nothing_counts_twice(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    seed = int(os.environ.get("DUO_TEST_SEED") or secrets.randbelow(1_000_000))
    record_property("crash test", f"DUO_TEST_SEED={seed}")
    dice, started = random.Random(seed), time.perf_counter()
    async with platform_in_processes(tmp_path) as platform:
        await found_association(platform.configuration, "interra", "Interra", "desk@example.org")
        crowd = Crowd(platform.url, platform.catcher)
        with platform.telling():
            kills = await live_through(platform, crowd, dice)
            people = await crowd.registered()
        await crowd.close()
        async with operator(platform.servers) as client:
            ledger = await Ledger.read(platform.servers, PLATFORM, client)
            dead = await dead_letters(client)
    found = ledger.findings()
    ids = [str(mail["Message-ID"]).strip("<>").partition("@")[0] for _, mail in platform.catcher.mails]
    duos = [each["state"]["status"] for each in ledger.documents["matching", "duos"]]
    counts = {
        "kills": kills.total(), "by service": dict(kills), "tried again": crowd.tried_again, "people": len(people),
        "duos": duos.count("confirmed"), "facts": len(ledger.events), "applied": found.applied, "lost": len(found.lost),
        "applied twice": len(found.twice), "dead": len(dead), "mails": len(ids), "mails repeated": len(ids) - len(set(ids)),
        "seconds": round(time.perf_counter() - started),
    }  # fmt: skip
    record_property("crash test", ", ".join(f"{name} {value}" for name, value in counts.items()))
    assert not found.lost
    assert not found.twice
    assert not found.wrong
    assert not dead
    assert len(people) == PEOPLE
    assert set(ids) == {each["state"]["id"] for each in ledger.messages}
    assert duos.count("confirmed") >= PEOPLE // 4
    assert not {"proposed", "draft"} & set(duos)
    assert kills.total() >= LEAST_KILLS
