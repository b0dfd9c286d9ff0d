"""A service as a process of its own: its command line, its web server, its end."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import uvicorn

from duolangue.chassis import log, memory
from duolangue.chassis import settings as configuration
from duolangue.chassis.clock import clock_from
from duolangue.chassis.mail import Mailer
from duolangue.chassis.republish import republish
from duolangue.chassis.service import (
    KEEP_ALIVE_SECONDS,
    Declaration,
    Foundation,
    PortsT,
    Service,
    SettingsT,
    Wire,
)
from duolangue.chassis.settings import MailSettings, ServiceSettings
from duolangue.chassis.starting import CannotStart

Command = Callable[[list[str], Foundation[Any]], Awaitable[None]]


def main(
    declaration: Declaration[PortsT, SettingsT],
    wire: Wire[SettingsT, PortsT],
    commands: Mapping[str, Command] | None = None,
) -> None:
    """The command line of a service: nothing to serve, `republish [ASSOCIATION]`, or one of its own commands."""
    settings, mail = configuration.read(declaration.settings), configuration.read(MailSettings)
    log.configure(settings.log_format, settings.log_level)
    verb, *rest = sys.argv[1:] or ["serve"]
    known: dict[str, Command] = {"republish": _republish, **(commands or {})}
    if verb == "serve":
        raise SystemExit(asyncio.run(_serve(declaration, wire, settings, mail)))
    if verb not in known:
        print(f"{declaration.name} knows: serve, {', '.join(known)}", file=sys.stderr)  # noqa: T201
        raise SystemExit(2)
    asyncio.run(
        _command(known[verb], rest, Foundation(declaration, settings, clock_from(settings.clock_file), Mailer(mail)))
    )


async def _serve(
    declaration: Declaration[PortsT, SettingsT], wire: Wire[SettingsT, PortsT], settings: SettingsT, mail: MailSettings
) -> int:
    service = Service(declaration, wire, settings, mail)
    try:
        async with service.running():
            memory.settled()
            return await _answer_requests(service, settings)
    except CannotStart as error:
        print(f"{declaration.name} cannot start: {error}", file=sys.stderr)  # noqa: T201
        return 1


async def _answer_requests(service: Service[Any, Any], settings: ServiceSettings) -> int:
    server = _Server(
        uvicorn.Config(
            service.app, host=settings.host, port=settings.port, log_config=None, access_log=False, lifespan="off",
            timeout_graceful_shutdown=int(settings.shutdown_seconds), server_header=False, proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
    )  # fmt: skip
    serving = asyncio.create_task(server.serve())
    failed = asyncio.create_task(service.failed.wait())
    await asyncio.wait({serving, failed}, return_when=asyncio.FIRST_COMPLETED)
    broken = service.failed.is_set() and not server.should_exit
    server.should_exit = True
    await serving
    failed.cancel()
    return 1 if broken or not server.started else 0


class _Server(uvicorn.Server):
    """Stops when asked to, and is content: uvicorn's own dies of the signal once it has stopped."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Heed signals until the process ends, so that a second one does not cut the work that is being finished."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


async def _command(command: Command, argv: list[str], foundation: Foundation[Any]) -> None:
    try:
        await command(argv, foundation)
    finally:
        foundation.database.close()


async def _republish(argv: list[str], foundation: Foundation[Any]) -> None:
    await foundation.bus.start()
    try:
        count = await republish(
            foundation.database, foundation.declaration.aggregates, foundation.bus.publish, foundation.clock, *argv[:1]
        )
    finally:
        await foundation.bus.stop()
    print(f"{count} facts published again")  # noqa: T201
