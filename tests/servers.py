"""Real servers for tests: given ones, containers, or the packaged binaries, in that order.

- `DUO_TEST_NATS_URL`, `DUO_TEST_MONGODB_URL` (as root) and `DUO_TEST_SECRETS` (the folder that `provision render` made the
  nats-server's configuration with): servers kept for tests alone, since what they hold is wiped.
- `DUO_TEST_CONTAINERS=1`: testcontainers; `DUO_NATS_IMAGE` and `DUO_MONGODB_IMAGE` name other images than the current official ones.
- else the binaries that the packages bring.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import nats
from motor.motor_asyncio import AsyncIOMotorClient
from nats.js.errors import NotFoundError
from pymongo.errors import OperationFailure, PyMongoError
from testcontainers.core.container import DockerContainer

from duolangue.contracts.subjects import DEAD_STREAM, EVENTS_STREAM
from duolangue.provision.apply import apply_mongodb, apply_nats
from duolangue.provision.member import Member
from duolangue.provision.nats_permissions import PROVISION
from duolangue.provision.render import render_nats
from duolangue.provision.secrets import Secrets
from duolangue.standalone.servers import Servers, local_servers

NATS_IMAGE: Final = os.environ.get("DUO_NATS_IMAGE", "nats:2.12-alpine")
UNAUTHORIZED: Final = 13
MONGODB_IMAGE: Final = os.environ.get("DUO_MONGODB_IMAGE", "mongo:8.0")

FIRST_OPEN_THEN_CLOSED: Final = """
mongod --replSet duo --bind_ip_all --dbpath /data/db & first=$!
while [ ! -e /tmp/initiated ]; do sleep 0.1; done
kill $first; wait $first
cp /secrets/mongodb-keyfile /tmp/key && chmod 400 /tmp/key
exec mongod --replSet duo --auth --keyFile /tmp/key --bind_ip_all --dbpath /data/db --noscripting
"""
"""The first user of a replica set cannot be made from outside a container once it asks for one."""


@asynccontextmanager
async def servers_for_tests(folder: Path, members: Sequence[Member]) -> AsyncIterator[Servers]:
    """Servers provisioned for these services, with nothing in them."""
    if "DUO_TEST_NATS_URL" in os.environ:
        servers = Servers(
            os.environ["DUO_TEST_NATS_URL"],
            os.environ["DUO_TEST_MONGODB_URL"],
            Secrets(Path(os.environ["DUO_TEST_SECRETS"])),
        )
        await _wipe(servers)
        await _provision(servers, members)
        yield servers
    elif os.environ.get("DUO_TEST_CONTAINERS") == "1":
        async with _containers(folder, members) as servers:
            yield servers
    else:
        async with local_servers(folder, members) as servers:
            yield servers


async def _provision(servers: Servers, members: Sequence[Member]) -> None:
    await apply_nats(members, servers.secrets, servers.nats_url)
    await apply_mongodb(members, servers.secrets, servers.mongodb_root_url)


async def _wipe(servers: Servers) -> None:
    client = await nats.connect(
        servers.nats_url,
        user=PROVISION,
        password=servers.secrets.read("nats-provision"),
        inbox_prefix=f"_INBOX_{PROVISION}".encode(),
    )
    for stream in (EVENTS_STREAM, DEAD_STREAM):
        try:
            await client.jetstream().delete_stream(stream)
        except NotFoundError:
            continue
    await client.close()
    root: Any = AsyncIOMotorClient(servers.mongodb_root_url)
    for name in ("registration", "matching", "sessions", "notifications"):
        await root.drop_database(name)
    root.close()


@asynccontextmanager
async def _containers(folder: Path, members: Sequence[Member]) -> AsyncIterator[Servers]:
    secrets = Secrets(folder / "secrets")
    secrets.ensure([member.name for member in members])
    configuration = folder / "nats.conf"
    configuration.write_text(render_nats(members, secrets, store=Path("/tmp/jetstream"), listen="0.0.0.0:4222"))
    configuration.chmod(0o644)
    with ExitStack() as stack:
        bus = DockerContainer(NATS_IMAGE).with_exposed_ports(4222).with_env("JS_KEY", secrets.read("jetstream-key"))
        bus = bus.with_volume_mapping(str(configuration), "/etc/nats/duo.conf", "ro").with_command(
            "-c /etc/nats/duo.conf"
        )
        stack.enter_context(bus)
        database = DockerContainer(MONGODB_IMAGE).with_exposed_ports(27017)
        database = database.with_volume_mapping(str(secrets.folder), "/secrets", "ro").with_kwargs(
            entrypoint=["/bin/sh", "-c"]
        )
        stack.enter_context(database.with_command([FIRST_OPEN_THEN_CLOSED]))
        nats_url = f"nats://{bus.get_container_host_ip()}:{bus.get_exposed_port(4222)}"
        address = f"{database.get_container_host_ip()}:{database.get_exposed_port(27017)}"
        root = secrets.read("mongodb-root")
        await _initiate(address, root)
        await asyncio.to_thread(database.exec, ["touch", "/tmp/initiated"])
        servers = Servers(nats_url, f"mongodb://root:{root}@{address}/?directConnection=true&authSource=admin", secrets)
        await _closed(address)
        await _provision(servers, members)
        yield servers


async def _initiate(address: str, root: str) -> None:
    client: Any = AsyncIOMotorClient(f"mongodb://{address}/?directConnection=true", serverSelectionTimeoutMS=1000)
    member = {"_id": 0, "host": "127.0.0.1:27017"}
    async with asyncio.timeout(60):
        while True:
            try:
                if (await client.admin.command("hello")).get("isWritablePrimary"):
                    break
                await client.admin.command("replSetInitiate", {"_id": "duo", "members": [member]})
            except PyMongoError:
                await asyncio.sleep(0.2)
    await client.admin.command("createUser", "root", pwd=root, roles=["root"])
    client.close()


async def _closed(address: str) -> None:
    """Return once mongod asks who somebody is: before, it is the first one still."""
    async with asyncio.timeout(60):
        while True:
            client: Any = AsyncIOMotorClient(
                f"mongodb://{address}/?directConnection=true", serverSelectionTimeoutMS=1000
            )
            try:
                await client.admin.command("listDatabases")
            except OperationFailure as error:
                if error.code == UNAUTHORIZED and (await client.admin.command("hello")).get("isWritablePrimary"):
                    return
            except PyMongoError:
                pass  # it is on its way from one to the other
            finally:
                client.close()
            await asyncio.sleep(0.2)
