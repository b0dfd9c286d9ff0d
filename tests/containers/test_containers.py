"""The platform in containers, as an operator runs it: from nothing to the main job, through deaths and replacements, and what goes wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import pytest

from duolangue.provision.platform import PLATFORM
from duolangue.standalone.catcher import Catcher
from duolangue.standalone.demo.against import Elsewhere, demo_against
from duolangue.standalone.demo.desk import Coordinator
from duolangue.standalone.demo.people import Participants
from duolangue.standalone.demo.story import Outcome, Story
from duolangue.standalone.operate import dead_letters, found_association, operator, operator_link
from duolangue.standalone.settling import settling
from tests.chaos.ledger import Ledger
from tests.containers.composing import ROOT, SERVICES, Composed, composed, engine_answers, run
from tests.containers.watching import Watch

pytestmark = [
    pytest.mark.containers,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not engine_answers(), reason="DUO_TEST_CONTAINERS=1 and a Docker engine are needed"),
]

SHEET = (ROOT / "data" / "liege.csv").read_bytes()
LONGEST_5XX = 2.0


@pytest.fixture(scope="module")
async def platform(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Composed]:
    async with composed(tmp_path_factory.mktemp("compose")) as running:
        yield running


async def test_the_main_job_is_done_from_outside(platform: Composed) -> None:
    few = b"".join(SHEET.splitlines(keepends=True)[:25])
    done = await demo_against(platform.url, platform.mails_url, platform.operator, few, "outside", as_json=True)
    assert done.imported > 10
    assert done.confirmed == done.proposed > 0
    assert done.sessions == done.confirmed + done.running
    assert done.mails > done.imported / 2


async def test_an_image_runs_as_nobody_in_particular_writes_nowhere_and_holds_no_tools(platform: Composed) -> None:
    for service in SERVICES:
        [container] = await platform.containers(service)
        told = await platform.inspect(container)
        assert told["Config"]["User"] == "10001:10001"
        assert told["HostConfig"]["ReadonlyRootfs"]
        assert told["HostConfig"]["CapDrop"] == ["ALL"]
        assert told["HostConfig"]["Memory"]
        assert told["Config"]["Labels"]["org.opencontainers.image.title"] == f"Duolangue: {service}"
        assert not told["HostConfig"]["PortBindings"]
        assert not [word for word in told["Config"]["Env"] if "PASSWORD=" in word or "mongodb://" in word]
        within = partial(platform.compose, "exec", "-T", service)
        tools = "/app/bin/pip /app/bin/uv /usr/local/bin/pip /usr/local/bin/pip3 /usr/bin/gcc /usr/bin/make"
        assert not (await within("sh", "-c", f"ls {tools} 2>/dev/null || true")).strip()
        others = " ".join(f"/app/lib/python3*/site-packages/duolangue/{each}" for each in SERVICES if each != service)
        assert not (await within("sh", "-c", f"ls -d {others} 2>/dev/null || true")).strip()
        seen = (await within("ls", "/run/secrets")).split()
        assert ("signing-key.pem" in seen) is (service == "registration")
        parts = {each["name"] for each in json.loads(await within("cat", "/app/sbom.json"))["components"]}
        assert {"duolangue-chassis", f"duolangue-{service}", "fastapi"} <= parts
        assert ("numba" in parts) is (service == "matching")


class Chaos:
    """Each service stands twice; one of the two is killed; then all are replaced, while people go on."""

    def __init__(self, platform: Composed) -> None:
        self._platform = platform
        self.begin = asyncio.Event()
        self.killed: list[str] = []

    def hear(self, line: str) -> None:
        """The story says what it does: once people are in, the trouble begins."""
        if line.startswith("interviewing"):
            self.begin.set()

    async def run(self) -> None:
        await self.begin.wait()
        for service in SERVICES:
            scaled = ("--scale", f"{service}=2", service)
            await self._platform.compose("up", "--detach", "--wait", "--no-deps", "--no-recreate", *scaled)
        for service in SERVICES:
            victim = (await self._platform.containers(service))[0]
            await self._platform.kill(victim)
            self.killed.append(service)
            await asyncio.sleep(1)  # the next dies while this one is being started
        await self._platform.roll()


async def hand_over(platform: Composed, slug: str) -> None:
    """What waits on a desk is handed over. The weeks that the story plays go by for associations of other tests, too."""
    configuration = await platform.configuration()
    desk = Coordinator(platform.url, lambda: operator_link(configuration, slug, "coordination@example.org"))
    await desk.sign_in()
    await desk.hand_over()
    await desk.close()


async def play(platform: Composed, chaos: Chaos) -> Outcome:
    configuration = await platform.configuration()
    slug, address = "interra", "coordination@example.org"
    await found_association(configuration, slug, "Interra", address)
    desk = Coordinator(platform.url, lambda: operator_link(configuration, slug, address))
    elsewhere = Elsewhere(desk, platform.mails_url)
    await elsewhere.begin()
    people: Catcher = elsewhere.caught
    async with settling(configuration.servers, PLATFORM, platform.clock) as quiet:

        async def settled() -> None:
            await quiet.settled(300)
            await elsewhere.look()

        await quiet.settled(300)
        story = Story(slug, desk, Participants(platform.url, people, slug), people, platform.clock, settled, chaos.hear)
        outcome = await story.play(SHEET)
        await desk.hand_over()
        await quiet.settled(300)
    await desk.close()
    return outcome


async def test_whoever_dies_or_is_replaced_nothing_is_lost_nothing_is_done_twice_and_pages_go_on(
    platform: Composed, record_property: Callable[[str, object], None]
) -> None:
    chaos, watch, stop = Chaos(platform), Watch(platform.url), asyncio.Event()
    before = {service: await platform.containers(service) for service in SERVICES}
    watching = asyncio.create_task(watch.until(stop))
    outcome, _ = await asyncio.gather(play(platform, chaos), chaos.run())
    configuration = await platform.configuration()
    async with settling(configuration.servers, PLATFORM, platform.clock) as quiet:
        await quiet.settled(300)
        async with operator(configuration.servers) as client:
            before_hand = await Ledger.read(configuration.servers, PLATFORM, client)
        for slug in {each["association"] for each in before_hand.messages if each["state"]["status"] == "waiting"}:
            await hand_over(platform, slug)
        await quiet.settled(300)
    stop.set()
    await watching
    async with operator(configuration.servers) as client:
        ledger = await Ledger.read(configuration.servers, PLATFORM, client)
        dead = await dead_letters(client)
    found = ledger.findings()
    counts = {
        "facts": len(ledger.events), "applied": found.applied, "lost": len(found.lost), "twice": len(found.twice), "dead": len(dead),
        "pages": watch.asked, "answered 5xx": watch.bad, "longest 5xx": {k: round(v, 2) for k, v in watch.longest.items()},
        "duos": outcome.confirmed, "conversations": outcome.sessions, "seconds": outcome.seconds,
    }  # fmt: skip
    record_property("containers", json.dumps(counts))
    assert not found.lost, found.lost
    assert not found.twice, found.twice
    assert not found.wrong, found.wrong
    assert not dead
    assert outcome.imported > 100
    assert outcome.confirmed == outcome.proposed > 40
    assert outcome.sessions > 100
    assert chaos.killed == list(SERVICES)
    for service in SERVICES:
        now = await platform.containers(service)
        assert len(now) == 2
        assert not set(now) & set(before[service])
    assert max(watch.longest.values()) < LONGEST_5XX, watch.longest


async def test_what_is_wrong_is_said_in_one_line_and_ends_the_container(platform: Composed) -> None:
    changed = ("-e", "DUO_MATCHING_NATS_PASSWORD_FILE=/run/secrets/nowhere")
    said = await platform.compose("run", "--rm", "--no-deps", "-T", *changed, "matching", fails=True)
    [line] = [each for each in said.splitlines() if "DUO_MATCHING" in each]
    assert line.startswith("setting DUO_MATCHING_NATS_PASSWORD_FILE: /run/secrets/nowhere cannot be read")
    assert "Traceback" not in said
    elsewhere = ("-e", "DUO_MATCHING_NATS_USER=nobody")
    said = await platform.compose("run", "--rm", "--no-deps", "-T", *elsewhere, "matching", fails=True)
    assert "matching cannot start: the bus at nats:4222 refuses the user nobody" in said
    assert "Traceback" not in said


async def test_a_database_that_is_away_ends_the_service_and_its_return_brings_it_back(platform: Composed) -> None:
    await platform.compose("stop", "mongodb")
    container = (await platform.containers("sessions"))[0]
    await run(["docker", "restart", container], platform.environment, 60)
    async with asyncio.timeout(60):
        while not (state := await platform.inspect(container))["RestartCount"]:
            await asyncio.sleep(0.5)
    said = await run(["docker", "logs", "--tail", "50", container], platform.environment, 30)
    assert state["RestartCount"] >= 1
    await platform.compose("start", "mongodb")
    async with asyncio.timeout(120):
        while (await platform.inspect(container))["State"].get("Health", {}).get("Status") != "healthy":
            await asyncio.sleep(0.5)
    assert "Traceback" not in said


async def test_a_backup_fills_new_volumes(platform: Composed, tmp_path: Path) -> None:
    configuration = await platform.configuration()
    await found_association(configuration, "kept", "Kept", "coordination@example.org")
    desk = Coordinator(platform.url, lambda: operator_link(configuration, "kept", "coordination@example.org"))
    await desk.sign_in()
    await desk.upload("/people/api/imports", b"".join(SHEET.splitlines(keepends=True)[:9]))
    people = {each["id"] for each in (await desk.get("/people/api/participants", limit=200))["participants"]}
    assert people
    await platform.compose("run", "--rm", "-T", "operate", "backup", "/backups/monday.backup")
    said = await platform.compose("run", "--rm", "-T", "operate", "restore", "/backups/monday.backup", fails=True)
    assert "is not empty" in said
    await platform.compose("stop", *SERVICES, "proxy")
    await platform.compose(
        "rm", "--stop", "--force", *SERVICES, "mongodb", "nats", "provision", "replica-set", "secrets"
    )
    for volume in ("mongodb-data", "nats-data", "secrets"):
        await run(["docker", "volume", "rm", f"{platform.project}_{volume}"], platform.environment, 30)
    await platform.compose("run", "--rm", "-T", "operate", "restore", "/backups/monday.backup")
    await platform.compose("up", "--wait")
    link = (
        await run([*platform.operator, "sign-in-link", "kept", "coordination@example.org"], platform.environment, 60)
    ).split()[-1]
    again = Coordinator(platform.url, partial(asyncio.sleep, 0, link))
    await again.sign_in()
    assert {each["id"] for each in (await again.get("/people/api/participants", limit=200))["participants"]} == people
    await desk.close()
    await again.close()
