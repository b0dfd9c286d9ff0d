"""Several replicas, dying ones too: nobody is paired twice, nobody is told twice, and what one left the next one finishes."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from duolangue.chassis.service import Service
from duolangue.chassis.settings import MailSettings
from duolangue.contracts import subjects
from duolangue.contracts.facts.registration import ParticipantLeft, ParticipantStatus
from duolangue.contracts.vocabulary import Role
from duolangue.matching.computing import Worker
from duolangue.matching.domain import life
from duolangue.matching.domain import run as runs_domain
from duolangue.matching.domain.duo import Status
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.run import MOST_ATTEMPTS, RunStatus
from duolangue.matching.ports import ComputationFailed
from duolangue.matching.service import DECLARATION, wire
from duolangue.matching.store import DUOS, StoredDuos
from duolangue.matching.usecases import policies, run_drafts, runs
from duolangue.matching.usecases import pool as pools
from duolangue.standalone.operate import dead_letters, operator
from duolangue.standalone.servers import Servers
from tests.matching.conftest import World, participant

ROOT = Path(__file__).parents[2]


async def people(world: World, count: int, places: int = 1) -> None:
    for number in range(count):
        await world.newcomer(f"n{number}", waited=number)
    for number in range(count // places):
        await world.volunteer(f"v{number}", places=places)


async def decide(world: World, **policy: Any) -> None:
    await policies.change(Policy(**policy), "c-1", world.ports)


async def until(done: Callable[[], Awaitable[bool]], world: World) -> None:
    """Sweep until it is done; what a dead replica holds is free once its lease is over."""
    async with asyncio.timeout(20):
        while not await done():
            await world.service.sweeper.sweep()


@pytest.fixture
async def second(world: World, matching_settings: Any, computing: Worker) -> AsyncIterator[Service[Any, Any]]:
    """Another replica on the same servers."""
    service = Service(
        DECLARATION, lambda foundation: wire(foundation, computing), matching_settings, MailSettings(), world.clock
    )
    yield service
    service.foundation.database.close()


async def test_two_replicas_with_several_runs_at_once_never_pair_anybody_twice(world: World, second: Service[Any, Any]):
    await people(world, 24, places=3)
    for number in range(6):
        await world.ports.runs.add(runs_domain.request(f"r{number}", world.clock.now()))
    await asyncio.gather(world.service.sweeper.sweep(), second.sweeper.sweep())
    found = [await world.ports.runs.get(f"r{number}") for number in range(6)]
    assert {run.status for run in found} == {RunStatus.DONE}
    held = await world.ports.duos.with_status([Status.DRAFT])
    assert max(Counter(duo.newcomer for duo in held).values()) == 1
    assert max(Counter((duo.volunteer, duo.place) for duo in held).values()) == 1
    assert {duo.place for duo in held} == {1, 2, 3}
    assert len(held) == 24 == sum(run.figures.pairs for run in found)
    assert Counter(await world.told())["matching.completed.v1"] == 6


async def test_drafts_approved_twice_at_once_while_one_is_discarded_ask_each_pair_once(
    world: World, second: Service[Any, Any]
):
    await people(world, 12)
    await world.run()
    waiting = await world.ports.duos.with_status([Status.DRAFT])
    other = second.ports(world.association)
    once, again, _ = await asyncio.gather(
        run_drafts.approve(waiting, "c-1", world.ports),
        run_drafts.approve(waiting, "c-2", other),
        world.ports.duos.update(waiting[5].id, partial(life.withdraw, now=world.clock.now())),
    )
    asked = {duo.id for duo in await world.ports.duos.with_status([Status.PROPOSED])}
    told = await world.events(DUOS)
    assert {once, again} <= {11, 12}
    heard = {
        kind: Counter(event.subject for event in told if event.type == f"be.duolangue.duo.{kind}.v1")
        for kind in ("proposed", "expired")
    }
    assert heard["proposed"] == dict.fromkeys(asked | set(heard["expired"]), 1)
    assert asked == {duo.id for duo in waiting} - {waiting[5].id}


async def test_a_run_asked_for_while_one_is_under_way_is_that_one(world: World):
    first = await runs.request("c-1", world.ports)
    assert (await runs.request("c-2", world.ports)).id == first.id
    await world.service.sweeper.sweep()
    assert (await runs.request("c-2", world.ports)).id != first.id


async def test_a_run_begins_when_it_is_asked_for_and_not_when_due_work_is_looked_for_again(world: World):
    await people(world, 2)
    sweeper = world.service.sweeper
    sweeper._poll = 3600
    working = asyncio.create_task(sweeper.run())
    for _ in range(2):
        asked = await runs.request("c-1", world.ports)
        async with asyncio.timeout(10):
            while (await world.ports.runs.get(asked.id)).status is not RunStatus.DONE:
                await asyncio.sleep(0.01)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


@asynccontextmanager
async def killed(world: World, settings: Any, point: str) -> AsyncIterator[list[str]]:
    """Another replica, a process of its own, that got as far as `point` and is killed there. Yields what it said last."""
    names = ("mongodb_url", "mongodb_database", "nats_url", "nats_user", "nats_password", "nats_inbox")
    values = {name: getattr(settings, name) for name in names}
    secrets = {name: getattr(value, "get_secret_value", lambda value=value: value)() for name, value in values.items()}
    environment = {f"DUO_MATCHING_{name.upper()}": str(value) for name, value in secrets.items()}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.matching.dying", point, world.clock.now().isoformat(),
        cwd=ROOT, stdout=PIPE, env={**os.environ, **environment},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        said = ""
        async with asyncio.timeout(60):
            while not said.startswith("here"):
                line = await process.stdout.readline()
                assert line, "it ended by itself"
                said = line.decode().strip()
    finally:
        process.kill()
        await process.wait()
    yield said.split()


@pytest.mark.parametrize("point", ["computing", "drafting", "proposing"])
async def test_a_run_whose_replica_is_killed_is_finished_by_the_next_and_nobody_is_told_twice(
    world: World, matching_settings: Any, point: str
):
    await people(world, 5)
    await decide(world, proposes_at_once=True)
    asked = await runs.request("c-1", world.ports)
    async with killed(world, matching_settings, point) as said:
        left = await world.ports.runs.get(asked.id)
        assert left.status is (RunStatus.COMPUTING if point == "computing" else RunStatus.PROPOSING)
        if point == "computing":
            await gone(int(said[1]))
        else:
            assert len(await world.ports.duos.with_status(list(Status))) in {2, 5}

        async def done() -> bool:
            return (await world.ports.runs.get(asked.id)).status is RunStatus.DONE

        await until(done, world)
    duos = await world.ports.duos.with_status(list(Status))
    assert [(duo.status, duo.run) for duo in duos] == [(Status.PROPOSED, asked.id)] * 5
    assert len({duo.newcomer for duo in duos}) == 5
    told = Counter(await world.told())
    assert (told["duo.proposed.v1"], told["matching.completed.v1"]) == (5, 1)


async def gone(pid: int) -> None:
    """The process does not outlive the one it worked for."""
    async with asyncio.timeout(5):
        while alive(pid):
            await asyncio.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def test_who_leaves_while_a_run_writes_its_drafts_is_never_proposed(world: World):
    await people(world, 3)
    await decide(world, proposes_at_once=True)
    asked = await runs.request("c-1", world.ports)

    class Leaving(StoredDuos):
        """Somebody leaves as soon as the drafts are there."""

        async def add_many(self, changes: Any) -> dict[str, str]:
            refused = await super().add_many(changes)
            left = participant(ParticipantLeft, status=ParticipantStatus.LEFT, roles=[Role.VOLUNTEER])
            await world.hear(left, "v1", 2)
            return refused

    ports = replace(world.ports, duos=Leaving(world.service.foundation.tenant(world.association), DUOS))
    await runs.perform(asked.id, ports)
    proposed = await world.ports.duos.with_status([Status.PROPOSED])
    assert {duo.volunteer for duo in proposed} == {"v0", "v2"}
    run = await world.ports.runs.get(asked.id)
    assert (run.status, run.proposed) == (RunStatus.DONE, 2)


async def test_a_fact_that_cannot_be_read_is_put_aside_and_the_run_it_comes_into_goes_on(
    world: World, matching_servers: Servers
):
    await people(world, 3)
    asked = await runs.request("c-1", world.ports)
    told = participant(ParticipantLeft, status=ParticipantStatus.LEFT, roles=[Role.NEWCOMER])
    subject = subjects.retry("matching", str(told.subject(world.association)))

    class Disturbed:
        """While it is computed, the fact that somebody left arrives, without the somebody."""

        async def plan(self, *given: Any) -> Any:
            await client.publish(subject, b'{"specversion": "1.0", "type": "be.duolangue.participant.left.v1"}')
            async with asyncio.timeout(10):
                while not (letters := await dead_letters(client)):
                    await asyncio.sleep(0.01)
            (letter,) = letters
            assert (letter.service, letter.deliveries) == ("matching", "1")
            return await world.ports.computation.plan(*given)

    await world.service.foundation.bus.start()
    try:
        async with operator(matching_servers) as client:
            await runs.perform(asked.id, replace(world.ports, computation=Disturbed()))
    finally:
        await world.service.foundation.bus.stop()
    done = await world.ports.runs.get(asked.id)
    assert (done.status, done.drafted, done.attempts) == (RunStatus.DONE, 3, 1)


async def test_a_dry_run_drafts_nothing_tells_nobody_and_is_kept_to_be_compared(world: World):
    await people(world, 3)
    asked = await world.post("/duos/api/runs", {"dry": True}, 202)
    strict = {"dry": True, "policy": {"minimum_score": 999_000}}
    other = await world.post("/duos/api/runs", strict, 202)
    await world.service.sweeper.sweep()
    run = await world.get(f"/duos/api/runs/{asked['run']}")
    assert (run["status"], run["dry"], run["figures"]["pairs"], run["drafted"]) == ("done", True, 3, 0)
    assert run["progress"] == {"phase": "done", "share": 100}
    assert len((await world.get(f"/duos/api/runs/{asked['run']}/pairs"))["pairs"]) == 3
    tried = await world.get(f"/duos/api/runs/{other['run']}")
    assert (tried["figures"]["pairs"], tried["policy_number"]) == (0, -1)
    assert await world.told() == []
    assert (await world.get("/duos/api/duos"))["duos"] == []
    assert {row["code"] for row in (await world.get("/duos/api/waiting"))["waiting"]} == {"no_run"}
    page = await world.client.get("/duos/runs", headers=world.token())
    assert page.text.count("tried out") == 2
    left = participant(ParticipantLeft, status=ParticipantStatus.ERASED, roles=[], birth_year=None, postcode=None)
    await world.hear(left, "n1", 2)
    pairs = (await world.get(f"/duos/api/runs/{asked['run']}/pairs"))["pairs"]
    assert "n1" not in {pair["newcomer"] for pair in pairs}
    assert len(pairs) == 2


async def test_the_oldest_dry_runs_are_forgotten_with_what_they_found(world: World):
    await people(world, 1)
    ids = []
    for _ in range(runs.DRY_KEPT + 2):
        ids.append((await runs.request_dry("c-1", world.ports)).id)
        await world.time_passes(seconds=1)
    assert [run.id for run in await world.ports.runs.newest(100)] == list(reversed(ids[2:]))
    assert await world.ports.parts.besides(ids[0], -1) == []


async def test_a_computing_process_that_dies_is_started_again_and_a_run_that_always_fails_is_given_up(world: World):
    await people(world, 2)
    worker = Worker()
    ports = replace(world.ports, computation=worker)
    question = pools.question(
        await pools.look(ports), await pools.association_of(ports), (await pools.policy_of(ports)).policy, ports
    )
    assert len((await worker.plan(question)).pairs) == 2
    pid = worker.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    waiting = asyncio.create_task(worker.plan(question))
    await asyncio.sleep(0)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(ComputationFailed):
        await waiting
    assert len((await worker.plan(question)).pairs) == 2
    pid = worker.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    abandoned = asyncio.create_task(worker.plan(question))
    await asyncio.sleep(0)
    abandoned.cancel()
    with pytest.raises(asyncio.CancelledError):
        await abandoned
    assert not alive(pid)
    await worker.close()

    class Broken:
        async def plan(self, *_: Any) -> Any:
            raise ComputationFailed("MemoryError")

    asked = await runs.request("c-1", ports)
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(ComputationFailed):
            await runs.perform(asked.id, replace(ports, computation=Broken()))
    assert (await world.get(f"/duos/api/runs/{asked.id}"))["trouble"] == "MemoryError"
    await runs.perform(asked.id, replace(ports, computation=Broken()))
    assert (await world.ports.runs.get(asked.id)).status is RunStatus.FAILED
    page = await world.client.get(f"/duos/runs/{asked.id}", headers=world.token())
    assert "could not be computed" in page.text
    assert (await world.run())["figures"]["pairs"] == 2
