"""One association at one service, on a real database, with a clock that tests move: what the worlds of the services share."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from duolangue.chassis.causality import Cause, within
from duolangue.chassis.service import Declaration, Service
from duolangue.chassis.store import AggregateKind, across
from duolangue.contracts.envelope import Event, Fact
from duolangue.provision.member import Member
from duolangue.standalone.configuration import Configuration
from tests.servers import servers_for_tests


@dataclass
class Hands:
    """A clock whose hands the test moves."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


@dataclass(kw_only=True)
class World:
    """One association at a service, fresh for each test."""

    service: Service[Any, Any]
    clock: Hands
    client: httpx.AsyncClient
    association: str = field(default_factory=lambda: f"a-{uuid.uuid4().hex[:10]}")

    @property
    def ports(self) -> Any:
        return self.service.ports(self.association)

    async def hear(
        self,
        fact: Fact,
        entity: str,
        version: int = 1,
        *,
        at: datetime | None = None,
        event_id: str = "",
        replayed: bool = False,
    ) -> None:
        """A fact of another service arrives."""
        event = Event.of(
            fact,
            event_id=event_id or str(uuid.uuid4()),
            association=self.association,
            entity_id=entity,
            entity_version=version,
            time=at or self.clock.now(),
            replayed=replayed,
        )
        with within(cause=Cause(event.id, replayed=replayed)):
            await self.service.declaration.reactions.handlers[type(fact)](fact, event, self.ports)

    async def events(self, *kinds: AggregateKind[Any]) -> list[Event]:
        """The facts this association's entities told, of these kinds or of all, in order; they wait for the relay."""
        found: list[Event] = []
        for kind in kinds or self.service.declaration.aggregates:
            for key, facts in await across.outboxes(self.service.foundation.database, kind, 10_000):
                if key.startswith(f"{self.association}/"):
                    found += [Event.model_validate_json(fact.body) for fact in facts]
        return found

    async def time_passes(self, **span: float) -> None:
        """The clock moves on, and what is due is done."""
        self.clock.moment += timedelta(**span)
        await self.service.sweeper.sweep()


@asynccontextmanager
async def settings_of(
    declaration: Declaration[Any, Any], wire: Callable[[Any], Any], folders: pytest.TempPathFactory, address: str
) -> AsyncIterator[Any]:
    """A service's settings on servers of its own, provisioned for it alone."""
    folder = Path(folders.mktemp(declaration.name))
    async with servers_for_tests(folder, [Member(declaration, wire)]) as servers:
        yield Configuration(servers, address).settings(declaration)


def says(name: str, text: str) -> bool:
    """Whether a text has a name as a word of its own: the letters of a signed link may spell it by chance."""
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None
