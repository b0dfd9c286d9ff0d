"""Real servers for the integration tests: given ones, containers, or the packaged binaries, in that order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from duolangue.chassis.service import Service
from duolangue.provision.member import Member
from duolangue.standalone.servers import Servers
from tests.integration import toy
from tests.integration.running import both
from tests.servers import servers_for_tests


@pytest.fixture(scope="session")
def members() -> tuple[Member, ...]:
    return toy.MEMBERS


@pytest.fixture(scope="session")
async def servers(tmp_path_factory: pytest.TempPathFactory, members: tuple[Member, ...]) -> AsyncIterator[Servers]:
    folder = Path(tmp_path_factory.mktemp("servers"))
    async with servers_for_tests(folder, members) as running:
        yield running


@pytest.fixture(scope="module")
async def services(servers: Servers) -> AsyncIterator[tuple[Service[Any, Any], Service[Any, Any]]]:
    async with both(servers) as made:
        yield made
