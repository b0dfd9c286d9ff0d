"""Matching on a real database, with a clock that tests move. Other services are heard through their facts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from duolangue.chassis.identity import Access, Coordinator, OwnKeys, Signer
from duolangue.chassis.service import Service
from duolangue.chassis.settings import MailSettings
from duolangue.contracts.facts.notifications import Channel, MessageKind, NotificationSent
from duolangue.contracts.facts.registration import (
    NewcomerProfile,
    ParticipantRegistered,
    ParticipantState,
    ParticipantStatus,
    VolunteerProfile,
)
from duolangue.contracts.links import Purpose
from duolangue.contracts.requests import Person
from duolangue.contracts.vocabulary import Level, Role
from duolangue.matching.computing import Worker
from duolangue.matching.service import DECLARATION, wire
from duolangue.matching.store import DUOS, QUESTIONS, RUNS
from duolangue.provision.member import Member
from duolangue.standalone.configuration import Configuration
from duolangue.standalone.servers import Servers
from tests import worlds
from tests.servers import servers_for_tests

MOMENT = datetime(2026, 11, 18, 10, tzinfo=UTC)


class Names:
    """Registration's directory: everybody is called after their id, and tries to be HTML."""

    async def people(self, association: str, ids: Iterable[str]) -> dict[str, Person]:
        return {
            each: Person(first_name=each.title(), last_name="<b>Secret", age_band="25-34", municipality="Liège")
            for each in ids
        }


@dataclass(kw_only=True)
class World(worlds.World):
    """One association at matching, fresh for each test."""

    signer: Signer

    async def newcomer(self, name: str, *, waited: int = 10, **told: Any) -> None:
        profile = NewcomerProfile(french_oral=Level.A1, waiting_since=self.clock.now() - timedelta(days=waited))
        await self.hear(participant(roles=[Role.NEWCOMER], newcomer=profile, **told), name)

    async def volunteer(self, name: str, *, places: int = 1, version: int = 1, **told: Any) -> None:
        offer = VolunteerProfile(places=places)
        await self.hear(participant(roles=[Role.VOLUNTEER], volunteer=offer, **told), name, version)

    async def sent(self, duo: str, recipient: str) -> None:
        """The proposal's message left for somebody, now."""
        fact = NotificationSent(
            kind=MessageKind.PROPOSAL, recipient=recipient, about=duo, channel=Channel.MAIL, sent_at=self.clock.now()
        )
        await self.hear(fact, f"{duo}-{recipient}")

    async def told(self, *, of: str = "") -> list[str]:
        """The facts told, in order, by one entity or by all of the association; they wait for the relay."""
        found = await self.events(DUOS, RUNS, QUESTIONS)
        return [event.type.removeprefix("be.duolangue.") for event in found if not of or event.subject == of]

    def token(self, access: Access = Access.COORDINATE, association: str = "", language: str = "en") -> dict[str, str]:
        coordinator = Coordinator("c-1", association or self.association, access, language)
        return {"Authorization": f"Bearer {self.signer.access_token(coordinator, self.clock.now())}"}

    async def get(self, path: str, **more: Any) -> Any:
        answer = await self.client.get(path, headers=self.token(**more))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        answer = await self.client.post(path, json=body, headers=self.token())
        assert answer.status_code == status, answer.text
        return answer.json()

    async def run(self) -> dict[str, Any]:
        """A run, from asking to its figures."""
        asked = await self.post("/duos/api/runs", status=202)
        await self.service.sweeper.sweep()
        return await self.get(f"/duos/api/runs/{asked['run']}")

    async def proposed(self, newcomer: str = "ali", volunteer: str = "bea") -> str:
        """A duo that both were asked about, though no message has left yet."""
        await self.newcomer(newcomer)
        await self.volunteer(volunteer)
        duo = await self.post("/duos/api/duos", {"newcomer": newcomer, "volunteer": volunteer}, 201)
        await self.post(f"/duos/api/duos/{duo['id']}/approve")
        return str(duo["id"])

    async def drafted(self, newcomer: str, volunteer: str) -> str:
        """A draft that the coordinator made of two who are there."""
        duo = await self.post("/duos/api/duos", {"newcomer": newcomer, "volunteer": volunteer}, 201)
        return str(duo["id"])

    async def drafts(self) -> set[tuple[str, str]]:
        """Who is drafted with whom."""
        found = (await self.get("/duos/api/duos?status=draft"))["duos"]
        return {(duo["newcomer"], duo["volunteer"]) for duo in found}

    async def confirmed(self, newcomer: str = "ali", volunteer: str = "bea") -> str:
        duo = await self.proposed(newcomer, volunteer)
        for side in Role:
            await self.post(f"/duos/api/duos/{duo}/answers", {"side": side.value, "accept": True})
        return duo

    async def status(self, duo: str) -> str:
        return str((await self.get(f"/duos/api/duos/{duo}"))["status"])

    def link(self, duo: str, person: str, language: str = "en") -> str:
        expires = self.clock.now() + timedelta(days=30)
        token = self.signer.action_token(self.association, Purpose.ANSWER_PROPOSAL, duo, person, expires, language)
        return f"/duos/answer/{token}"


def participant(kind: type[ParticipantState] = ParticipantRegistered, **told: Any) -> ParticipantState:
    """A fact about somebody in Liège, active unless told otherwise."""
    return kind(**{"status": ParticipantStatus.ACTIVE, "birth_year": 1990, "postcode": "4000", **told})


@pytest.fixture(scope="session")
async def matching_servers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Servers]:
    async with servers_for_tests(Path(tmp_path_factory.mktemp("matching")), [Member(DECLARATION, wire)]) as servers:
        yield servers


@pytest.fixture(scope="session")
def matching_settings(matching_servers: Servers) -> Any:
    return Configuration(matching_servers, "http://localhost").settings(DECLARATION)


@pytest.fixture(scope="session")
async def computing() -> AsyncIterator[Worker]:
    """One computing process for all tests: starting it takes half a second."""
    worker = Worker()
    yield worker
    await worker.close()


@pytest.fixture
async def world(matching_settings: Any, computing: Worker) -> AsyncIterator[World]:
    signer, clock = Signer(Signer.new_key()), worlds.Hands(MOMENT)
    declaration = replace(DECLARATION, keys=lambda foundation: OwnKeys(signer, foundation.clock))
    service = Service(declaration, partial(wire, computation=computing), matching_settings, MailSettings(), clock)
    service.foundation.directory = Names()  # type: ignore[assignment]  # registration is the outside world here
    transport = httpx.ASGITransport(service.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        yield World(service=service, signer=signer, clock=clock, client=client)
    service.foundation.database.close()
