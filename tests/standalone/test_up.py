"""The platform on one machine, as its operator uses it: started, stopped, backed up, restored, mended."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import nats
import pytest

from duolangue.standalone.backup import CannotRestore, backup, restore
from duolangue.standalone.configuration import Running
from duolangue.standalone.demo.browser import Browser
from duolangue.standalone.operate import DeadLetter, dead_letters, deliver_again, find, operator, operator_link

pytestmark = pytest.mark.long
PEOPLE = Path(__file__).parents[2] / "data" / "liege.csv"


@dataclass
class Up:
    process: asyncio.subprocess.Process
    url: str


async def duo(*argv: str, env: dict[str, str] | None = None) -> tuple[int, str]:
    """Run a verb to its end: its status and what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "duolangue.standalone", *argv,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, env={**os.environ, **(env or {})},
    )  # fmt: skip
    output, _ = await asyncio.wait_for(process.communicate(), 90)
    return process.returncode or 0, output.decode()


@asynccontextmanager
async def up(folder: Path, *, status: int = 0) -> AsyncIterator[Up]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "duolangue.standalone", "up", "--data", str(folder), "--port", "0",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        async with asyncio.timeout(90):
            assert process.stdout is not None
            async for line in process.stdout:
                if found := re.search(rb"ready at (\S+)", line):
                    drain = asyncio.create_task(process.stdout.read())
                    yield Up(process, found[1].decode())
                    break
            else:
                pytest.fail("the platform never was ready")
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 40) == status
    drain.cancel()


async def signed_in(url: str, link: str) -> httpx.AsyncClient:
    client = httpx.AsyncClient(base_url=url, follow_redirects=True, timeout=60)
    browser = Browser(client)
    forms = await browser.open(link)
    await browser.send(forms[0])
    return client


async def participants(folder: Path, url: str) -> set[str]:
    client = await signed_in(url, await operator_link(find(folder), "interra", "ana@example.org"))
    answer = await client.get("/people/api/participants", params={"limit": 200})
    await client.aclose()
    return {f"{each['first_name']} {each['last_name']}" for each in answer.json()["participants"]}


async def test_a_platform_keeps_everything_over_a_restart_and_in_a_backup(tmp_path: Path) -> None:
    folder, other, file = tmp_path / "data", tmp_path / "other", tmp_path / "backup.tgz"
    async with up(folder) as platform:
        status, words = await duo(
            "association", "interra", "--name", "Interra", "--coordinator", "ana@example.org", "--data", str(folder)
        )
        assert status == 0
        client = await signed_in(platform.url, re.findall(r"http\S+/sign-in/\S+", words)[0])
        sheet = b"\n".join(PEOPLE.read_bytes().splitlines()[:6])
        answer = await client.post("/people/api/imports", content=sheet, headers={"Content-Type": "text/csv"})
        assert len(answer.json()["imported"]) == 5
        await client.aclose()
        ready = await httpx.AsyncClient().get(f"{platform.url}/readyz")
        assert ready.json() == {"status": "ready", "failing": {}}
        figures = (await httpx.AsyncClient().get(f"{platform.url}/metrics")).text
        assert figures.count("# TYPE duo_facts_published_total") == 1
        assert 'service="registration"' in figures
        status, words = await duo("up", "--data", str(folder))
        assert status != 0
        assert "already" in words
        assert (await backup(folder, file))["documents"] > 5
        assert file.stat().st_mode & 0o077 == 0
        with pytest.raises(CannotRestore, match="not empty"):
            await restore(folder, file)
        before = await participants(folder, platform.url)
        assert len(before) == 5
    assert Running.find(folder) is None
    async with up(folder) as platform:
        assert await participants(folder, platform.url) == before
    assert (await restore(other, file))["documents"] > 5
    async with up(other) as platform:
        assert await participants(other, platform.url) == before


@pytest.mark.parametrize("server", ["mongod", "nats-server"])
async def test_a_platform_whose_server_died_says_so_and_stops_so_that_it_can_be_started_again(
    tmp_path: Path, server: str
) -> None:
    async with up(tmp_path, status=1) as platform:
        children = Path(f"/proc/{platform.process.pid}/task/{platform.process.pid}/children").read_text().split()
        (pid,) = [int(each) for each in children if Path(f"/proc/{each}/comm").read_text().strip() == server]
        os.kill(pid, signal.SIGKILL)
        await asyncio.wait_for(platform.process.wait(), 60)
    async with up(tmp_path):
        assert Running.find(tmp_path)


async def buried(bus: Any, count: int) -> list[DeadLetter]:
    async with asyncio.timeout(30):
        while len(letters := await dead_letters(bus)) != count:
            await asyncio.sleep(0.1)
    return letters


async def test_a_dead_letter_is_listed_and_delivered_again_to_the_service_that_failed(tmp_path: Path) -> None:
    async with up(tmp_path) as platform:
        servers = find(tmp_path).servers
        client = await nats.connect(
            servers.nats_url,
            user="registration",
            password=servers.secrets.read("nats-registration"),
            inbox_prefix=servers.secrets.inbox("registration").encode(),
        )
        subject = "events.interra.registration.participant.registered.v1"
        await client.jetstream().publish(subject, b"{broken", headers={"Nats-Msg-Id": "x"}, stream="EVENTS")
        await client.close()

        async with operator(servers) as bus:
            letters = await buried(bus, 3)  # all others react to it
            assert {letter.service for letter in letters} == {"matching", "notifications", "sessions"}
            assert all("Unreadable" in letter.reason for letter in letters)
            status, words = await duo("dead", "--data", str(tmp_path))
            assert (status, words.count(subject)) == (0, 3)
            for letter in letters:
                await deliver_again(bus, letter)
            again = await buried(bus, 3)  # as broken as before: put aside again, and nothing else came to harm
            assert {letter.sequence for letter in again}.isdisjoint(letter.sequence for letter in letters)
        assert (await httpx.AsyncClient().get(f"{platform.url}/readyz")).status_code == 200


async def test_a_mail_that_cannot_leave_is_said_in_one_line() -> None:
    status, words = await duo("mail-test", "ana@example.org", env={"DUO_MAIL_HOST": "127.0.0.1", "DUO_MAIL_PORT": "9"})
    assert status != 0
    assert len(words.strip().splitlines()) == 1
    assert "DUO_MAIL_HOST" in words


async def test_commands_without_a_platform_say_how_to_start_one(tmp_path: Path) -> None:
    status, words = await duo("dead", "--data", str(tmp_path))
    assert status != 0
    assert f"./duo up --data {tmp_path}" in words
    with pytest.raises(CannotRestore, match="no backup"):
        await restore(tmp_path / "new", Path(__file__))
    assert not (tmp_path / "new").exists()
