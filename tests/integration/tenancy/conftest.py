"""The four services on real servers, in this process, with two associations in which everything of the main job has happened."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import structlog

from duolangue.chassis import log
from duolangue.chassis.clock import ShiftedClock
from duolangue.chassis.settings import MailSettings
from duolangue.provision.platform import PLATFORM
from duolangue.standalone.catcher import catching
from duolangue.standalone.configuration import Configuration
from duolangue.standalone.host import Host, listen, serving
from duolangue.standalone.operate import found_association
from duolangue.standalone.settling import settling
from tests.integration.tenancy.whole import ADMINISTRATOR, CANARY, Town, Whole
from tests.servers import servers_for_tests


@pytest.fixture(scope="package")
async def logs() -> AsyncIterator[io.StringIO]:
    root, before = logging.getLogger(), (logging.getLogger().handlers[:], logging.getLogger().level)
    log.configure("json")
    structlog.configure(cache_logger_on_first_use=False)
    stream = io.StringIO()
    root.handlers[0].setStream(stream)  # type: ignore[attr-defined]  # the one that was just configured
    yield stream
    root.handlers[:], root.level = before[0], before[1]
    structlog.reset_defaults()


@pytest.fixture(scope="package")
async def whole(tmp_path_factory: pytest.TempPathFactory, logs: io.StringIO) -> AsyncIterator[Whole]:
    folder = Path(tmp_path_factory.mktemp("whole"))
    listener = listen("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    clock = ShiftedClock(folder / "clock")
    async with catching() as catcher, servers_for_tests(folder, PLATFORM) as servers:
        mail = MailSettings(host="127.0.0.1", port=catcher.port, sender="Duolangue <bonjour@duolangue.example>")
        configuration = Configuration(servers, url, folder / "clock", poll_seconds=0.4)
        host = Host(configuration, mail, PLATFORM)
        async with (
            host.running(),
            serving(host, listener),
            settling(servers, PLATFORM, clock) as quiet,
            httpx.AsyncClient(base_url=url, timeout=30) as client,
        ):
            await host.ready()
            whole = Whole(configuration, host, client, catcher, clock, quiet, logs)
            for town in (whole.north, whole.south):
                await found_association(configuration, town.slug, town.slug.title(), ADMINISTRATOR.format(town.slug))
            await quiet.settled()
            await whole.live(whole.north, CANARY)
            await whole.live(whole.south, "")
            yield whole


@pytest.fixture(autouse=True)
def no_cookies(whole: Whole) -> None:
    """Nobody is signed in when a test begins, whichever ran before."""
    whole.client.cookies.clear()


@pytest.fixture
def north(whole: Whole) -> Town:
    return whole.north


@pytest.fixture
def south(whole: Whole) -> Town:
    return whole.south
