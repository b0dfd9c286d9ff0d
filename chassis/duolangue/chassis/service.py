"""One service: what it declares, what it stands on, how it starts, stops and is run. Every `service.py` wires one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from fastapi import APIRouter, FastAPI
from fastapi.middleware.gzip import GZipMiddleware

from duolangue.chassis import log
from duolangue.chassis.bus import Answers, Bus, BusSettings, Reactions
from duolangue.chassis.clock import Clock, clock_from
from duolangue.chassis.due import DueWork, Sweeper
from duolangue.chassis.identity import Directory, Keyring, Keys
from duolangue.chassis.mail import Mailer
from duolangue.chassis.metrics import Metrics
from duolangue.chassis.outbox import Relay
from duolangue.chassis.settings import MailSettings, ServiceSettings
from duolangue.chassis.starting import CannotStart, bus_answers, database_answers
from duolangue.chassis.store import AggregateKind, Database, Kind, Tenant, across
from duolangue.chassis.store.kinds import ModelT
from duolangue.chassis.web import assets, probes, problems, reader
from duolangue.chassis.web.guard import Guard
from duolangue.contracts.envelope import Event, Fact
from duolangue.contracts.facts.registration import CoordinatorRevoked
from duolangue.contracts.requests import KEYS, KeysAnswer, KeysQuestion

logger = log.get(__name__)

KEEP_ALIVE_SECONDS: Final = 75
"""Longer than clients and proxies keep an idle connection, so that none is closed under a request on its way."""

SettingsT = TypeVar("SettingsT", bound=ServiceSettings)
PortsT = TypeVar("PortsT")


@dataclass(frozen=True)
class Declaration(Generic[PortsT, SettingsT]):
    """What a service is, in data: read by the service itself and by provision."""

    name: str
    prefix: str
    """The beginning of its addresses, as in /duos."""
    package: str
    """Where its templates and catalogues are."""
    settings: type[SettingsT]
    kinds: tuple[Kind[Any], ...]
    reactions: Reactions[PortsT]
    due: DueWork[PortsT] = field(default_factory=DueWork)
    answers: Answers[Callable[[str], PortsT]] = field(default_factory=Answers)
    asks: tuple[str, ...] = ()
    """Subjects of the questions it asks others."""
    routers: tuple[APIRouter, ...] = ()
    large: Mapping[str, int] = field(default_factory=dict)
    """Addresses that take larger requests than others, with how many bytes."""
    keys: Callable[[Foundation[SettingsT]], Keys] | None = None
    """How it verifies tokens, where not with the keys that registration tells."""

    @property
    def aggregates(self) -> tuple[AggregateKind[Any], ...]:
        """The kinds that tell facts."""
        return tuple(kind for kind in self.kinds if isinstance(kind, AggregateKind))

    @property
    def publishes(self) -> tuple[type[Fact], ...]:
        """The facts it owns."""
        return tuple(fact for fact in Fact.registry.values() if fact.owner == self.name)


class Foundation(Generic[SettingsT]):
    """What a service's ports are built on."""

    def __init__(
        self, declaration: Declaration[Any, SettingsT], settings: SettingsT, clock: Clock, mailer: Mailer
    ) -> None:
        self.declaration = declaration
        self.settings = settings
        self.clock = clock
        self.mailer = mailer
        self.metrics = Metrics(declaration.name)
        self.database = Database(settings.mongodb_url.get_secret_value(), settings.mongodb_database)
        self.bus: Bus[Any] = Bus(
            declaration.name,
            BusSettings(
                settings.nats_url,
                settings.nats_user,
                settings.nats_password.get_secret_value(),
                settings.nats_inbox,
                settings.retry_seconds,
            ),
            self.metrics,
        )
        self.metrics.expects(kind.fact_name() for kind in declaration.reactions.handlers)
        self.relay = Relay(self.database, declaration.aggregates, self.bus.publish, self.metrics, settings.poll_seconds)
        self.directory = Directory(self.bus)
        self.soon: list[Callable[[str], None]] = []
        """Who is to be told of which kind something was made due just now."""
        self.at_end: list[Callable[[], Awaitable[None]]] = []
        """What is to be closed when the service stops."""
        self.keys: Keys = declaration.keys(self) if declaration.keys else Keyring(self._ask_keys, clock)

    def tenant(self, association: str) -> Tenant:
        """One association's part of the database."""
        return Tenant(self.database, association, self.clock, self.relay.wake)

    def made_due(self, kind: str) -> None:
        """Something of a kind is due just now: it need not wait until it is looked for."""
        for wake in self.soon:
            wake(kind)

    async def everywhere(self, kind: AggregateKind[ModelT]) -> AsyncIterator[ModelT]:
        """The entities of a kind of every association: for the list that the platform's operators see."""
        async for document in across.documents(self.database, kind):
            yield kind.model.model_validate(document["state"])

    async def _ask_keys(self) -> KeysAnswer:
        return await self.bus.ask(KEYS, KeysQuestion(), KeysAnswer)


Wire = Callable[[Foundation[SettingsT]], Callable[[str], PortsT]]


class Service(Generic[PortsT, SettingsT]):
    """A declared service on its foundation: an application to serve, and work in the background while it runs."""

    def __init__(
        self,
        declaration: Declaration[PortsT, SettingsT],
        wire: Wire[SettingsT, PortsT],
        settings: SettingsT,
        mail: MailSettings,
        clock: Clock | None = None,
    ) -> None:
        self.declaration = declaration
        self.foundation = Foundation(declaration, settings, clock or clock_from(settings.clock_file), Mailer(mail))
        self.ports = wire(self.foundation)
        self.failed = asyncio.Event()
        """Set when something in the background ended that must not end: stop the service and start it again."""
        self.foundation.bus.react(declaration.reactions, self.ports)
        self.foundation.bus.answer(declaration.answers, self.ports)
        self.foundation.bus.overhear(CoordinatorRevoked, self._revoked)
        self.sweeper = Sweeper(
            self.foundation.database,
            declaration.due,
            self.ports,
            self.foundation.clock,
            self.foundation.metrics,
            settings.poll_seconds,
        )
        self.foundation.soon.append(self.sweeper.wake)
        self.app = self._application()

    @property
    def checks(self) -> dict[str, probes.Check]:
        """What readiness asks."""
        return {"bus": self.foundation.bus.check, "database": self.foundation.database.ping}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Everything but the web server: the bus, the relay, the sweeper. Stops gracefully at the end.

        Raises:
            CannotStart: the database or the bus does not answer, refuses this service or was not prepared for it.
        """
        foundation = self.foundation
        try:
            await database_answers(foundation.settings, foundation.database, self.declaration.kinds[0].collections[0])
            await bus_answers(foundation.settings, foundation.bus)
        except CannotStart:
            with suppress(TimeoutError):
                await asyncio.wait_for(foundation.bus.stop(), foundation.settings.shutdown_seconds)
            foundation.database.close()
            raise
        tasks = [
            asyncio.create_task(foundation.relay.run(), name="relay"),
            asyncio.create_task(self.sweeper.run(), name="sweeper"),
            asyncio.create_task(foundation.bus.lost.wait(), name="bus"),
        ]
        for task in tasks:
            task.add_done_callback(lambda _: self.failed.set())
        logger.info("service.started", service=self.declaration.name)
        try:
            yield
        finally:
            await self._stop(tasks)

    async def _stop(self, tasks: list[asyncio.Task[Any]]) -> None:
        settings = self.foundation.settings
        with suppress(TimeoutError):
            await asyncio.wait_for(self.foundation.bus.stop(), settings.shutdown_seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(close() for close in self.foundation.at_end))
        self.foundation.database.close()
        logger.info("service.stopped", service=self.declaration.name)

    async def _revoked(self, event: Event, fact: CoordinatorRevoked) -> None:
        self.foundation.keys.revoke(event.subject, fact.revoked_at)

    def _application(self) -> FastAPI:
        declaration, foundation = self.declaration, self.foundation

        app = FastAPI(
            title=f"Duolangue: {declaration.name}",
            description="Every request needs a coordinator's token, except those whose address carries an action link.",
            version="1",
            docs_url=None,
            redoc_url=None,
            openapi_url=f"{declaration.prefix}/api/openapi.json",
        )
        app.state.ports = self.ports
        app.state.keys = foundation.keys
        app.state.package = declaration.package
        app.state.prefix = declaration.prefix
        app.state.foundation = foundation
        problems.install(app)
        app.include_router(probes.router(declaration.prefix, self.checks, foundation.metrics))
        app.include_router(reader.router(declaration.prefix))
        app.mount(f"{declaration.prefix}/static", assets.serve, name="static")
        for router in declaration.routers:
            app.include_router(router)
        app.add_middleware(GZipMiddleware, minimum_size=600, compresslevel=5)
        app.add_middleware(Guard, metrics=foundation.metrics, large=declaration.large)
        return app
