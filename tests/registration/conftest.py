"""Registration: its domain with an invented association, and the service on a real database with a clock that tests move."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from ipaddress import IPv4Address
from typing import Any

import httpx
import pytest

from duolangue.chassis.identity import Access, Coordinator
from duolangue.chassis.service import Service
from duolangue.chassis.settings import MailSettings
from duolangue.contracts.envelope import Event
from duolangue.registration.domain import association as associations
from duolangue.registration.domain.association import Association, AssociationSettings
from duolangue.registration.service import DECLARATION, wire
from tests import worlds

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def interra() -> Association:
    return associations.register("liege", AssociationSettings(name="Interra"), NOW).state


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


@dataclass(kw_only=True)
class World(worlds.World):
    """Registration with one fresh association."""

    post: Post

    def desk(
        self, access: Access = Access.COORDINATE, coordinator: str = "c-1", association: str = ""
    ) -> dict[str, str]:
        claims = Coordinator(coordinator, association or self.association, access, "en")
        return {"Authorization": f"Bearer {self.ports.signer.access_token(claims, self.clock.now())}"}

    async def told(self) -> list[Event]:
        """The facts this association's entities told, in order, which wait for the relay."""
        return await self.events()

    async def told_of(self, entity: str) -> list[str]:
        """The short names of the facts about one entity."""
        return [event.type.removeprefix("be.duolangue.") for event in await self.told() if event.subject == entity]


@pytest.fixture(scope="session")
async def registration_settings(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Any]:
    async with worlds.settings_of(DECLARATION, wire, tmp_path_factory, "http://desk.test") as settings:
        yield settings


@pytest.fixture
async def world(registration_settings: Any) -> AsyncIterator[World]:
    clock, post = worlds.Hands(NOW), Post()
    service = Service(DECLARATION, wire, registration_settings, MailSettings(), clock)
    service.foundation.mailer = post  # type: ignore[assignment]  # the outside world
    home = str(IPv4Address(uuid.uuid4().int % 2**32))  # a network of its own: limits count by it
    transport = httpx.ASGITransport(service.app, client=(home, 40000))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        world = World(service=service, clock=clock, post=post, client=client)
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
