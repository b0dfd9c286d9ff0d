"""Services running on the real servers, and waiting for what they do."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import nats

from duolangue.chassis.service import Service
from duolangue.chassis.settings import MailSettings
from duolangue.provision.member import Member
from duolangue.standalone.configuration import Configuration
from duolangue.standalone.servers import Servers
from tests.integration import toy


async def until(condition: Callable[[], Awaitable[Any]], seconds: float = 15) -> Any:
    """What the condition says as soon as it says anything; fails after some seconds."""
    async with asyncio.timeout(seconds):
        while not (answer := await condition()):
            await asyncio.sleep(0.02)
        return answer


def service(member: Member, servers: Servers, **changes: Any) -> Service[Any, Any]:
    configuration = Configuration(servers, "http://localhost", poll_seconds=0.1)
    settings = configuration.settings(member.declaration).model_copy(update=changes)
    return Service(member.declaration, member.wire, settings, MailSettings(), None)


@asynccontextmanager
async def both(servers: Servers, **changes: Any) -> AsyncIterator[tuple[Service[Any, Any], Service[Any, Any]]]:
    toy.FAULTS.failing.clear()
    async with AsyncExitStack() as stack:
        made = [service(member, servers, **changes) for member in toy.MEMBERS]
        for each in made:
            await stack.enter_async_context(each.running())
        yield made[0], made[1]


def fresh() -> str:
    return f"p-{uuid.uuid4().hex[:12]}"


async def operator(servers: Servers) -> Any:
    return await nats.connect(
        servers.nats_url,
        user="operator",
        password=servers.secrets.read("nats-operator"),
        inbox_prefix=b"_INBOX_operator",
    )
