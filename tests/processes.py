"""The four services, each in a process of its own, behind one address that routes by the path's beginning."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from duolangue.chassis.clock import ShiftedClock
from duolangue.provision.platform import PLATFORM
from duolangue.standalone.catcher import Catcher, catching
from duolangue.standalone.configuration import Configuration
from duolangue.standalone.host import DEFAULT, listen, serving
from duolangue.standalone.servers import Servers, free_port
from tests.servers import servers_for_tests

READY_SECONDS: Final = 90.0
HOP_BY_HOP: Final = frozenset({b"connection", b"keep-alive", b"transfer-encoding", b"te", b"upgrade"})
PREFIXES: Final = {member.declaration.prefix: member.name for member in PLATFORM if member.name != DEFAULT}


class ServiceProcess:
    """`python -m duolangue.<service>`, with everything it says kept in a file."""

    def __init__(self, service: str, environment: Mapping[str, str], log: Path) -> None:
        self.service = service
        self.port = free_port()
        self.environment = {**environment, f"DUO_{service.upper()}_PORT": str(self.port)}
        self.log = log
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        with self.log.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", f"duolangue.{self.service}",
                env=self.environment, stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip

    async def ready(self) -> None:
        """Return once the service says it is ready; fails when it ended, or after a while."""
        async with asyncio.timeout(READY_SECONDS), httpx.AsyncClient(timeout=5) as client:
            while not await self._says_yes(client, "/readyz"):
                assert self.running, f"{self.service} ended:\n{self.said}"
                await asyncio.sleep(0.05)

    async def alive(self, client: httpx.AsyncClient) -> bool:
        """Whether it answers at all."""
        return await self._says_yes(client, "/livez")

    async def _says_yes(self, client: httpx.AsyncClient, path: str) -> bool:
        try:
            return (await client.get(f"{self.url}{path}")).is_success
        except httpx.TransportError:
            return False

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    async def kill(self) -> None:
        """As when the power goes: no word of warning."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """Ask it to stop, wait until it has; returns its exit code."""
        return await self._end(signal.SIGTERM)

    async def ended(self) -> int:
        """Wait until it ends by itself; returns its exit code."""
        assert self._process is not None
        return await self._process.wait()

    async def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(number)
        return await self._process.wait()


class Proxy:
    """A reverse proxy as an operator would put in front; says 503 while a service is away."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.upstreams: dict[str, str] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        path = request.url.path
        service = next(
            (name for prefix, name in PREFIXES.items() if path == prefix or path.startswith(f"{prefix}/")), DEFAULT
        )
        passed_on = self._client.build_request(
            request.method,
            f"{self.upstreams[service]}{path}{f'?{request.url.query}' if request.url.query else ''}",
            headers=[(name, value) for name, value in request.headers.raw if name not in HOP_BY_HOP],
            content=await request.body(),
        )
        try:
            answer = await self._client.send(passed_on, stream=True)
            body = b"".join([part async for part in answer.aiter_raw()])
            await answer.aclose()
        except httpx.TransportError as error:
            away = {"title": "Service Unavailable", "status": 503, "detail": f"{service}: {type(error).__name__}"}
            await JSONResponse(away, 503, {"Retry-After": "1"})(scope, receive, send)
            return
        response = Response(body, answer.status_code)
        response.raw_headers = [(name, value) for name, value in answer.headers.raw if name.lower() not in HOP_BY_HOP]
        await response(scope, receive, send)


@dataclass(frozen=True)
class Platform:
    """What runs."""

    url: str
    configuration: Configuration
    catcher: Catcher
    clock: ShiftedClock
    processes: dict[str, ServiceProcess]

    @property
    def servers(self) -> Servers:
        return self.configuration.servers

    @contextmanager
    def telling(self) -> Iterator[None]:
        """When the enclosed work fails, show the last words of every service."""
        try:
            yield
        except BaseException:
            for process in self.processes.values():
                print(f"--- {process.service}\n" + "\n".join(process.said.splitlines()[-15:]))  # noqa: T201
            raise


@asynccontextmanager
async def platform_in_processes(folder: Path) -> AsyncIterator[Platform]:
    """Servers, a mail catcher, the four services and the proxy, until the end of the block."""
    async with AsyncExitStack() as stack:
        servers = await stack.enter_async_context(servers_for_tests(folder, PLATFORM))
        catcher = await stack.enter_async_context(catching())
        listener = listen("127.0.0.1", 0)
        url = f"http://localhost:{listener.getsockname()[1]}"
        configuration = Configuration(servers, url, folder / "clock", poll_seconds=0.5)
        mail = {"DUO_MAIL_HOST": "127.0.0.1", "DUO_MAIL_PORT": str(catcher.port), "DUO_MAIL_TLS": "none"}
        mail["DUO_MAIL_SENDER"] = "Duolangue <bonjour@duolangue.example.org>"
        processes = {
            member.name: ServiceProcess(
                member.name, {**configuration.environment(member.name), **mail}, folder / f"{member.name}.log"
            )
            for member in PLATFORM
        }
        proxy = Proxy(await stack.enter_async_context(httpx.AsyncClient(timeout=60)))
        proxy.upstreams = {name: process.url for name, process in processes.items()}
        await stack.enter_async_context(serving(proxy, listener))
        try:
            await asyncio.gather(*(process.start() for process in processes.values()))
            await asyncio.gather(*(process.ready() for process in processes.values()))
            yield Platform(url, configuration, catcher, ShiftedClock(folder / "clock"), processes)
        finally:
            await asyncio.gather(*(process.kill() for process in processes.values() if process.running))
