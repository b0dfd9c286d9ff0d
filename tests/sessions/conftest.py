"""The sessions service on a real database, with a clock that tests move; other services are heard through their facts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from duolangue.chassis.causality import Cause, within
from duolangue.chassis.identity import Access, Coordinator, OwnKeys, Signer
from duolangue.chassis.service import Service
from duolangue.chassis.settings import MailSettings
from duolangue.contracts.envelope import Event, Fact
from duolangue.contracts.facts.matching import DuoConfirmed, DuoOrigin, DuoState, DuoStatus
from duolangue.contracts.facts.registration import AssociationRegistered
from duolangue.contracts.facts.sessions import CommitmentMilestone, SessionLogged, SessionWithdrawn
from duolangue.contracts.links import Purpose
from duolangue.contracts.requests import Person
from duolangue.sessions.service import DECLARATION, wire
from duolangue.sessions.store import COMMITMENTS, CONVERSATIONS
from tests import worlds

MOMENT = datetime(2026, 11, 18, 10, tzinfo=UTC)


class People:
    """Registration's directory: everybody is called after their id."""

    called: Iterable[str] = ("ali", "alina", "bea")
    """Whom a search looks through."""

    async def find(self, association: str, text: str) -> dict[str, Person]:
        return await self.people(association, [each for each in self.called if each.startswith(text.lower())])

    async def people(self, association: str, ids: Iterable[str]) -> dict[str, Person]:
        return {each: Person(first_name=each.title(), last_name="<b>", age_band="", municipality="") for each in ids}


@dataclass(kw_only=True)
class World(worlds.World):
    """One association at sessions, fresh for each test."""

    signer: Signer

    async def founded(self, **settings: Any) -> None:
        await self.hear(AssociationRegistered(name="Interra", language="fr", **settings), self.association, 1)

    async def confirmed(self, duo: str, version: int = 4) -> None:
        await self.hear(duo_fact(DuoConfirmed, DuoStatus.CONFIRMED, self.clock.now()), duo, version)

    async def told(self) -> list[Event]:
        """The facts this association's entities told, which wait for the relay."""
        return await self.events(CONVERSATIONS, COMMITMENTS)

    async def own_facts_come_back(self) -> None:
        """What was told of conversations reaches our own reactions, as the bus brings it; each event once or more."""
        for event in await self.told():
            kind = Fact.registry[event.type.removeprefix("be.duolangue.")]
            if kind in (SessionLogged, SessionWithdrawn, CommitmentMilestone):
                with within(cause=Cause(event.id)):
                    await DECLARATION.reactions.handlers[kind](
                        event.fact(kind), event, self.service.ports(self.association)
                    )

    def desk(self, access: Access = Access.COORDINATE, association: str | None = None) -> dict[str, str]:
        coordinator = Coordinator("c-1", association or self.association, access, "en")
        return {"Authorization": f"Bearer {self.signer.access_token(coordinator, self.clock.now())}"}

    def next_link(self, duo: str, person: str, language: str = "en") -> str:
        expires = self.clock.now() + timedelta(days=30)
        token = self.signer.action_token(self.association, Purpose.NEXT_STEP, duo, person, expires, language)
        return f"/sessions/next/{token}"

    def log_link(self, duo: str, person: str, week: str, language: str = "en") -> str:
        expires = self.clock.now() + timedelta(days=10)
        token = self.signer.action_token(
            self.association, Purpose.LOG_CONVERSATION, duo, person, expires, language, week
        )
        return f"/sessions/log/{token}"


def duo_fact(kind: type[DuoState], status: DuoStatus, confirmed_at: datetime | None) -> DuoState:
    """A fact of matching about the duo of `ali` and `bea`."""
    return kind(newcomer="ali", volunteer="bea", status=status, origin=DuoOrigin.RUN, confirmed_at=confirmed_at)


@pytest.fixture(scope="session")
async def sessions_settings(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Any]:
    async with worlds.settings_of(DECLARATION, wire, tmp_path_factory, "http://localhost") as settings:
        yield settings


@pytest.fixture
async def world(sessions_settings: Any) -> AsyncIterator[World]:
    signer, clock = Signer(Signer.new_key()), worlds.Hands(MOMENT)
    declaration = replace(DECLARATION, keys=lambda foundation: OwnKeys(signer, foundation.clock))
    service = Service(declaration, wire, sessions_settings, MailSettings(), clock)
    service.foundation.directory = People()  # type: ignore[assignment]  # registration is the outside world here
    transport = httpx.ASGITransport(service.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        yield World(service=service, signer=signer, clock=clock, client=client)
    service.foundation.database.close()
