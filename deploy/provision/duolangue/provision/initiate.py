"""The first minute of a replica set: it is initiated, and its root user made, through MongoDB's exception for who asks from the same machine."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import OperationFailure, PyMongoError

from duolangue.provision.wrong import CannotProvision

SET: Final = "duo"
"""What the replica set is called; mongod is started with the same name."""
ALREADY_INITIALIZED: Final = 23
UNAUTHORIZED: Final = 13


async def initiate(host: str, password: str, *, port: int = 27017, seconds: float = 25) -> None:
    """Bring the replica set to life as one node that others know as `host`, with a user `root`. Done again it changes nothing.

    Must run where mongod runs: the exception holds on loopback alone, and only until there is a user.

    Raises:
        CannotProvision: mongod does not answer, or has another root password than ours.
    """
    bare = f"mongodb://127.0.0.1:{port}/?directConnection=true"
    client: Any = AsyncIOMotorClient(bare, serverSelectionTimeoutMS=2000)
    why = "no answer"
    try:
        async with asyncio.timeout(seconds):
            while True:
                try:
                    if (await client.admin.command("hello")).get("isWritablePrimary"):
                        break
                    await _initiate(client, host)
                except PyMongoError as error:
                    why = type(error).__name__
                await asyncio.sleep(0.2)
        await create_root(client, password)
    except TimeoutError as error:
        raise CannotProvision(
            f"the database at 127.0.0.1:{port} does not become the primary of its set ({why})"
        ) from error
    finally:
        client.close()
    await _recognised(port, password)


async def _initiate(client: Any, host: str) -> None:
    try:
        await client.admin.command("replSetInitiate", {"_id": SET, "members": [{"_id": 0, "host": host}]})
    except OperationFailure as error:
        if error.code not in {ALREADY_INITIALIZED, UNAUTHORIZED}:  # there is a set, which elects its primary just now
            raise


async def create_root(client: Any, password: str) -> None:
    """Make the user who may do everything, where there is none yet: only that user could make another."""
    with suppress(OperationFailure):
        await client.admin.command("createUser", "root", pwd=password, roles=["root"], mechanisms=["SCRAM-SHA-256"])


async def _recognised(port: int, password: str) -> None:
    url = f"mongodb://127.0.0.1:{port}/?directConnection=true&authSource=admin"
    client: Any = AsyncIOMotorClient(url, username="root", password=password, serverSelectionTimeoutMS=5000)
    try:
        await client.admin.command("ping")
    except OperationFailure as error:
        raise CannotProvision(
            f"the database at 127.0.0.1:{port} was made with another root password than the one in the secrets"
        ) from error
    finally:
        client.close()
