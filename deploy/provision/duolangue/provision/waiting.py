"""Waits for the servers that provision works on, and says which of them does not answer or refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import nats
from motor.motor_asyncio import AsyncIOMotorClient
from nats.errors import Error as NatsError
from pymongo.errors import OperationFailure, PyMongoError

from duolangue.provision.nats_permissions import PROVISION
from duolangue.provision.secrets import Secrets
from duolangue.provision.wrong import CannotProvision

PATIENCE_SECONDS: Final = 12.0
"""For each of the two servers: who waits for both knows within half a minute."""


async def servers_answer(nats_url: str, mongodb_url: str, secrets: Secrets, seconds: float = PATIENCE_SECONDS) -> None:
    """Return once both servers take us in.

    Raises:
        CannotProvision: one does not, in time.
    """
    await _bus_answers(nats_url, secrets, seconds)
    await _database_answers(mongodb_url, seconds)


async def _bus_answers(url: str, secrets: Secrets, seconds: float) -> None:
    where, ends = f"the bus at {_address(url)}", asyncio.get_running_loop().time() + seconds
    while True:
        try:
            async with connected(url, PROVISION, secrets.read(f"nats-{PROVISION}")):
                return
        except (NatsError, OSError) as error:
            if "Authorization Violation" in str(error):
                raise CannotProvision(
                    f"{where} refuses the user {PROVISION}: was its configuration made with other secrets?"
                ) from error
            if asyncio.get_running_loop().time() > ends:
                raise CannotProvision(f"{where} does not answer ({type(error).__name__})") from error
        await asyncio.sleep(0.3)


async def _database_answers(url: str, seconds: float) -> None:
    where = f"the database at {_address(url)}"
    client: Any = AsyncIOMotorClient(url, serverSelectionTimeoutMS=int(seconds * 1000))
    try:
        await client.admin.command("ping")
    except OperationFailure as error:
        raise CannotProvision(f"{where} refuses the user root: was it made with other secrets?") from error
    except PyMongoError as error:
        raise CannotProvision(f"{where} does not answer ({type(error).__name__})") from error
    finally:
        client.close()


@asynccontextmanager
async def connected(url: str, user: str, password: str) -> AsyncIterator[Any]:
    """A connection to the bus, tried twice: left to itself, the client tries a port that nobody listens on for two minutes.

    Raises:
        nats.errors.Error, OSError: there is none.
    """
    client = await nats.connect(
        url, user=user, password=password, inbox_prefix=f"_INBOX_{user}".encode(), name=user, allow_reconnect=False,
        connect_timeout=5, max_reconnect_attempts=1, reconnect_time_wait=0.1, error_cb=_unsaid,
    )  # fmt: skip
    try:
        yield client
    finally:
        await client.close()


async def _unsaid(_: Exception) -> None:
    """What goes wrong is raised where it is awaited; it need not stand in the log as well."""


def _address(url: str) -> str:
    return url.rpartition("@")[2].rpartition("//")[2].partition("/")[0]
