"""The platform of deploy/compose, made for tests: up from nothing, reached from outside and from inside, and taken away with all it kept."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from duolangue.chassis.clock import ShiftedClock
from duolangue.provision.secrets import Secrets
from duolangue.standalone.configuration import Configuration
from duolangue.standalone.servers import Servers, free_port

ROOT: Final = Path(__file__).parents[2]
COMPOSE: Final = ROOT / "deploy" / "compose"
OVERRIDE: Final = Path(__file__).parent / "compose.test.yaml"
SERVICES: Final = ("registration", "matching", "sessions", "notifications")
UP_SECONDS: Final = 300
BUILD_SECONDS: Final = 1200


def engine_answers() -> bool:
    """Whether a Docker engine is here, and wanted."""
    if os.environ.get("DUO_TEST_CONTAINERS") != "1":
        return False
    try:
        return (
            subprocess.run(["docker", "compose", "version"], capture_output=True, timeout=20, check=False).returncode
            == 0
        )
    except FileNotFoundError:
        return False


@dataclass
class Composed:
    """A platform in containers."""

    folder: Path
    project: str = field(default_factory=lambda: f"duo-test-{secrets.token_hex(3)}")
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        clock = self.folder / "clock"
        clock.mkdir(mode=0o755)
        port = free_port()
        self.url = f"http://localhost:{port}"
        self.mails_url = f"http://localhost:{(mails := free_port())}"
        self.clock = ShiftedClock(clock / "offset")
        self.environment = {
            **os.environ, "COMPOSE_PROJECT_NAME": self.project, "DUO_TEST_CLOCK": str(clock), "DUO_OVERRIDE": str(OVERRIDE),
            "DUO_HTTP_PORT": str(port), "DUO_HTTPS_PORT": str(free_port()), "DUO_MAILS_PORT": str(mails), "DUO_PUBLIC_URL": self.url,
            "DUO_MAIL_HOST": "mail", "DUO_MAIL_PORT": "1025", "DUO_MAIL_SENDER": "Duolangue <bonjour@duolangue.example.org>",
        }  # fmt: skip

    @property
    def operator(self) -> list[str]:
        """How registration's commands are run."""
        return ["env", *(f"{k}={v}" for k, v in self.environment.items() if k.startswith(("COMPOSE_", "DUO_"))),
                *self._command, "exec", "-T", "registration", "service"]  # fmt: skip

    @property
    def _command(self) -> list[str]:
        return ["docker", "compose", "-f", str(COMPOSE / "compose.yaml"), "-f", str(OVERRIDE), "--profile", "mail"]

    async def compose(self, *words: str, seconds: float = UP_SECONDS, fails: bool = False) -> str:
        """Run `docker compose ...`; what it printed. Fails when that does, unless it is to."""
        return await run([*self._command, *words], self.environment, seconds, fails=fails)

    async def roll(self) -> None:
        """Replace every service's containers by new ones, as an operator does."""
        await run([str(COMPOSE / "roll")], self.environment, UP_SECONDS * 2)

    async def containers(self, service: str) -> list[str]:
        """The ids of a service's containers."""
        return (await self.compose("ps", "--all", "--quiet", service)).split()

    async def inspect(self, container: str) -> Any:
        """What the engine says of a container."""
        return json.loads(await run(["docker", "inspect", container], self.environment, 30))[0]

    async def kill(self, container: str) -> None:
        """As when the kernel has no memory left for it: no word of warning, and the engine starts it again."""
        pid = (await self.inspect(container))["State"]["Pid"]
        try:
            os.kill(pid, signal.SIGKILL)
        except (PermissionError, ProcessLookupError):  # not root, or the engine is on another machine
            await run(["docker", "kill", container], self.environment, 30)
            await run(["docker", "start", container], self.environment, 30)

    async def address(self, service: str) -> str:
        """Where a server is for whoever is on its machine."""
        [container] = await self.containers(service)
        networks = (await self.inspect(container))["NetworkSettings"]["Networks"]
        return str(next(each["IPAddress"] for each in networks.values() if each["IPAddress"]))

    async def configuration(self) -> Configuration:
        """As an operator on the engine's own machine reaches the servers, with the secrets copied out."""
        kept = self.folder / "secrets"
        if not kept.exists():
            await self.compose("cp", "secrets:/secrets", str(kept))
        root = quote(Secrets(kept).read("mongodb-root"))
        mongodb = f"mongodb://root:{root}@{await self.address('mongodb')}:27017/?directConnection=true&authSource=admin"
        servers = Servers(f"nats://{await self.address('nats')}:4222", mongodb, Secrets(kept))
        return Configuration(servers, self.url, self.folder / "clock" / "offset")


async def run(command: list[str], environment: dict[str, str], seconds: float, *, fails: bool = False) -> str:
    """What a command printed; an assertion fails unless it ended as expected."""
    process = await asyncio.create_subprocess_exec(
        *command,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, wrong = await asyncio.wait_for(process.communicate(), seconds)
    except TimeoutError:
        process.kill()
        raise
    said = wrong.decode(errors="replace")
    assert bool(process.returncode) is fails, (
        f"{' '.join(command[-6:])}: {process.returncode}\n{out.decode()[-2000:]}{said[-4000:]}"
    )
    return said + out.decode() if fails else out.decode()


@asynccontextmanager
async def composed(folder: Path) -> AsyncIterator[Composed]:
    """Build the images (unless `DUO_TEST_IMAGES=built` says that they are there), start everything from nothing, take it all away at the end."""
    platform = Composed(folder)
    if os.environ.get("DUO_TEST_IMAGES") != "built":
        await platform.compose("build", seconds=BUILD_SECONDS)
    try:
        await platform.compose("up", "--wait")
        yield platform
    finally:
        await platform.compose("down", "--volumes", "--timeout", "5")
