"""The four services in one process: each supervised by itself, behind one address that routes by the path's beginning."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, Final

import uvicorn
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import Metric
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from duolangue.chassis import log
from duolangue.chassis.service import KEEP_ALIVE_SECONDS, Service
from duolangue.chassis.settings import MailSettings
from duolangue.chassis.web.probes import failures
from duolangue.provision.member import Member
from duolangue.standalone.configuration import Configuration

logger = log.get(__name__)
RESTART_SECONDS: Final = (0.5, 1.0, 2.0, 5.0, 15.0)
READY_SECONDS: Final = 60.0
DEFAULT: Final = "registration"
"""Whose pages stand at `/`."""


class Host:
    """An application that hands each request to the service whose prefix it bears."""

    def __init__(self, configuration: Configuration, mail: MailSettings, members: Sequence[Member]) -> None:
        self._members = members
        self._configuration = configuration
        self._mail = mail
        self._running: dict[str, Service[Any, Any]] = {}
        self._prefixes = {member.declaration.prefix: member.name for member in members if member.name != DEFAULT}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep all services running until the end of the block; one that fails is started again, alone."""
        stop = asyncio.Event()
        supervisors = [asyncio.create_task(self._supervise(member, stop)) for member in self._members]
        try:
            yield
        finally:
            stop.set()
            await asyncio.gather(*supervisors)

    async def ready(self) -> None:
        """Return once every service is ready.

        Raises:
            TimeoutError: one is not, in time.
        """
        async with asyncio.timeout(READY_SECONDS):
            while await self._failing():
                await asyncio.sleep(0.05)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        path: str = scope["path"]
        if path in {"/livez", "/readyz", "/metrics"}:
            await (await self._probe(path))(scope, receive, send)
            return
        name = next(
            (name for prefix, name in self._prefixes.items() if path == prefix or path.startswith(f"{prefix}/")),
            DEFAULT,
        )
        service = self._running.get(name)
        if service is None:
            answer = JSONResponse(
                {"type": "urn:duolangue:problem:away", "title": "Service Unavailable", "status": 503, "detail": f"{name} is being restarted"},
                503, {"Retry-After": "2"}, media_type="application/problem+json",
            )  # fmt: skip
            await answer(scope, receive, send)
            return
        await service.app(scope, receive, send)

    async def _supervise(self, member: Member, stop: asyncio.Event) -> None:
        attempts = 0
        while not stop.is_set():
            try:
                service = Service(
                    member.declaration, member.wire, self._configuration.settings(member.declaration), self._mail
                )
                async with service.running():
                    self._running[member.name] = service
                    try:
                        await _first(stop, service.failed)
                    finally:
                        self._running.pop(member.name, None)
                attempts = 0
            except Exception:
                logger.exception("service.failed", service=member.name)
            if not stop.is_set():
                delay = RESTART_SECONDS[min(attempts, len(RESTART_SECONDS) - 1)]
                attempts += 1
                logger.warning("service.restarting", service=member.name, delay=delay)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), delay)

    async def _failing(self) -> dict[str, str]:
        missing = {member.name: "not running" for member in self._members if member.name not in self._running}
        checks = {
            f"{name}.{what}": check for name, service in self._running.items() for what, check in service.checks.items()
        }
        return {**missing, **await failures(checks)}

    async def _probe(self, path: str) -> Response:
        if path == "/livez":
            return JSONResponse({"status": "alive"})
        if path == "/readyz":
            failing = await self._failing()
            for name, service in self._running.items():
                service.foundation.metrics.ready(yes=not any(each.partition(".")[0] == name for each in failing))
            return JSONResponse(
                {"status": "not ready" if failing else "ready", "failing": failing}, 503 if failing else 200
            )
        merged = CollectorRegistry()
        merged.register(_Merged([service.foundation.metrics.registry for service in self._running.values()]))
        return Response(generate_latest(merged), media_type="text/plain; version=0.0.4")


class _Merged:
    """Several registries as one: a family is told once, with everybody's samples."""

    def __init__(self, registries: Iterable[CollectorRegistry]) -> None:
        self._registries = list(registries)

    def collect(self) -> Iterator[Metric]:
        families: dict[str, Metric] = {}
        for registry in self._registries:
            for family in registry.collect():
                if family.name in families:
                    families[family.name].samples.extend(family.samples)
                else:
                    families[family.name] = family
        yield from families.values()


class _Server(uvicorn.Server):
    """A web server that leaves signals to whoever started it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@asynccontextmanager
async def serving(application: Any, listener: socket.socket) -> AsyncIterator[None]:
    """Serve an application on a bound socket until the end of the block."""
    config = uvicorn.Config(
        application,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=10,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:
            if task.done():
                await task
                raise RuntimeError("the web server did not start")
            await asyncio.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        await task


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to an address; port 0 means any free one. It says that it speaks TCP: asyncio sends small parts at once (TCP_NODELAY)
    only where it is told so, and otherwise every page would wait 40 ms for the other side's acknowledgement.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen()
    return listener


async def _first(*events: asyncio.Event) -> None:
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
