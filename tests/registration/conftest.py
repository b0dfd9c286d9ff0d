"""Registration: its domain with an invented association, and the service on a real database with a clock that tests move."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import httpx
import pytest

from duolangue.chassis.identity import Access, Coordinator
from duolangue.chassis.service import Service
from duolangue.chassis.settings import MailSettings
from duolangue.chassis.store import across
from duolangue.contracts.envelope import Event
from duolangue.provision.member import Member
from duolangue.registration.domain import association as associations
from duolangue.registration.domain.association import Association, AssociationSettings
from duolangue.registration.service import DECLARATION, wire
from duolangue.standalone.configuration import Configuration
from tests.servers import servers_for_tests

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def interra() -> Association:
    return associations.register("liege", AssociationSettings(name="Interra"), NOW).state


@dataclass
class Hands:
    """A clock whose hands the test moves."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment


@dataclass
class Post:
    """The mail server: keeps what it is given."""

    sender: str = "Duolangue <bonjour@duolangue.example>"
    sent: list[EmailMessage] = field(default_factory=list)
    failing: Exception | None = None

    async def send(self, message: EmailMessage) -> None:
        if self.failing is not None:
            raise self.failing
        self.sent.append(message)

    def to(self, address: str) -> list[EmailMessage]:
        return [message for message in self.sent if message["To"] == address]


@dataclass
class World:
    """Registration with one fresh association."""

    service: Service[Any, Any]
    clock: Hands
    post: Post
    client: httpx.AsyncClient
    association: str = field(default_factory=lambda: f"a-{uuid.uuid4().hex[:10]}")

    @property
    def ports(self) -> Any:
        return self.service.ports(self.association)

    def desk(
        self, access: Access = Access.COORDINATE, coordinator: str = "c-1", association: str = ""
    ) -> dict[str, str]:
        claims = Coordinator(coordinator, association or self.association, access, "en")
        return {"Authorization": f"Bearer {self.ports.signer.access_token(claims, self.clock.now())}"}

    async def told(self) -> list[Event]:
        """The facts this association's entities told, in order, which wait for the relay."""
        events = []
        for kind in DECLARATION.aggregates:
            for key, facts in await across.outboxes(self.service.foundation.database, kind, 10_000):
                if key.startswith(f"{self.association}/"):
                    events += [Event.model_validate_json(fact.body) for fact in facts]
        return events

    async def told_of(self, entity: str) -> list[str]:
        """The short names of the facts about one entity."""
        return [event.type.removeprefix("be.duolangue.") for event in await self.told() if event.subject == entity]

    async def time_passes(self, **span: float) -> None:
        """The clock moves on, and what is due is done."""
        self.clock.moment += timedelta(**span)
        await self.service.sweeper.sweep()


@pytest.fixture(scope="session")
async def registration_settings(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Any]:
    folder = Path(tmp_path_factory.mktemp("registration"))
    async with servers_for_tests(folder, [Member(DECLARATION, wire)]) as servers:
        yield Configuration(servers, "http://desk.test").settings(DECLARATION)


@pytest.fixture
async def world(registration_settings: Any) -> AsyncIterator[World]:
    clock, post = Hands(), Post()
    service = Service(DECLARATION, wire, registration_settings, MailSettings(), clock)
    service.foundation.mailer = post  # type: ignore[assignment]  # the outside world
    home = str(IPv4Address(uuid.uuid4().int % 2**32))  # a network of its own: limits count by it
    transport = httpx.ASGITransport(service.app, client=(home, 40000))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        world = World(service, clock, post, client)
        settings = AssociationSettings(name="Interra")
        change = associations.register(world.association, settings, clock.now())
        await world.ports.associations.add(change.state, *change.facts)
        yield world
    # The next test's clock may run far ahead: it has enough to do with what is its own.
    for kind in DECLARATION.aggregates:
        if kind.due:
            collection = service.foundation.database.collection(kind.name)
            await collection.update_many({"_id": {"$regex": f"^{world.association}/"}}, {"$unset": {"due": ""}})
    service.foundation.database.close()
