"""Real servers for the integration tests: given ones, containers, or the packaged binaries, in that order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from duolangue.provision.member import Member
from duolangue.standalone.servers import Servers
from tests.integration import toy
from tests.servers import servers_for_tests


@pytest.fixture(scope="session")
def members() -> tuple[Member, ...]:
    return toy.MEMBERS


@pytest.fixture(scope="session")
async def servers(tmp_path_factory: pytest.TempPathFactory, members: tuple[Member, ...]) -> AsyncIterator[Servers]:
    folder = Path(tmp_path_factory.mktemp("servers"))
    async with servers_for_tests(folder, members) as running:
        yield running
