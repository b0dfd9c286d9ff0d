"""A whole platform on this machine: servers, services, and one address for them all."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from duolangue.chassis import memory
from duolangue.chassis.settings import MailSettings
from duolangue.provision.platform import PLATFORM
from duolangue.standalone.configuration import Configuration, Running
from duolangue.standalone.host import Host, listen, serving
from duolangue.standalone.servers import local_servers


@dataclass(frozen=True, slots=True)
class LocalPlatform:
    """The platform that runs."""

    configuration: Configuration
    host: Host

    @property
    def url(self) -> str:
        """Its address."""
        return self.configuration.public_url


@asynccontextmanager
async def local_platform(
    folder: Path,
    mail: MailSettings,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    public_url: str = "",
    clock_file: Path | None = None,
    poll_seconds: float = 1.0,
) -> AsyncIterator[LocalPlatform]:
    """Run everything with its data in `folder` until the end of the block; yields once every service is ready."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    listener = listen(host, port)
    address = public_url or f"http://localhost:{listener.getsockname()[1]}"
    async with local_servers(folder, PLATFORM) as servers:
        configuration = Configuration(servers, address, clock_file, poll_seconds)
        application = Host(configuration, mail, PLATFORM)
        with Running(os.getpid(), address, servers.nats_url, servers.mongodb_port).told(folder):
            async with application.running(), serving(application, listener):
                await application.ready()
                memory.settled()
                yield LocalPlatform(configuration, application)
