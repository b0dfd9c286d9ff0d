"""How a service's process ends: when it is asked to, and when it cannot even begin."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from duolangue.provision.platform import PLATFORM
from duolangue.standalone.configuration import Configuration
from tests.processes import ServiceProcess
from tests.servers import servers_for_tests

pytestmark = pytest.mark.end_to_end

SHUTDOWN_SECONDS = 15
AWAY = "127.0.0.1:1"


def elsewhere(folder: Path, **changes: str) -> ServiceProcess:
    """Matching, told of servers that are not there."""
    settings = {
        "MONGODB_URL": f"mongodb://matching:secret-word@{AWAY}/?directConnection=true",
        "MONGODB_DATABASE": "matching",
        "NATS_URL": f"nats://{AWAY}",
        "NATS_USER": "matching",
        "NATS_PASSWORD": "secret-word",
        "NATS_INBOX": "_INBOX_matching",
        **changes,
    }
    environment = {f"DUO_MATCHING_{name}": value for name, value in settings.items() if value}
    return ServiceProcess("matching", environment, folder / "matching.log")


async def test_a_missing_setting_is_named_in_one_line(tmp_path: Path) -> None:
    process = elsewhere(tmp_path, NATS_PASSWORD="", MONGODB_URL="")
    await process.start()
    assert await process.ended() == 2
    assert process.said.splitlines() == [
        "setting DUO_MATCHING_MONGODB_URL: Field required",
        "setting DUO_MATCHING_NATS_PASSWORD: Field required",
    ]


async def test_a_setting_that_makes_no_sense_is_named_in_one_line(tmp_path: Path) -> None:
    process = elsewhere(tmp_path, POLL_SECONDS="soon")
    await process.start()
    assert await process.ended() == 2
    assert len(process.said.splitlines()) == 1
    assert "DUO_MATCHING_POLL_SECONDS" in process.said


async def test_a_server_that_does_not_answer_is_named_and_the_process_ends(tmp_path: Path) -> None:
    process = elsewhere(tmp_path)
    started = time.perf_counter()
    await process.start()
    assert await process.ended() == 1
    assert time.perf_counter() - started < 30
    assert "Traceback" not in process.said
    last = process.said.splitlines()[-1]
    assert AWAY in last
    assert "does not answer" in last
    assert "secret-word" not in process.said


async def test_a_service_that_is_asked_to_stop_finishes_and_is_content(tmp_path: Path) -> None:
    async with servers_for_tests(tmp_path, PLATFORM) as servers:
        configuration = Configuration(servers, "http://localhost")
        process = ServiceProcess("sessions", configuration.environment("sessions"), tmp_path / "sessions.log")
        await process.start()
        await process.ready()
        started = time.perf_counter()
        assert await process.stop() == 0
    assert time.perf_counter() - started < SHUTDOWN_SECONDS
    assert '"service.stopped"' in process.said
    assert "Traceback" not in process.said
