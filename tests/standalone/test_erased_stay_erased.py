"""Whoever was erased is erased everywhere, and a restored backup does not bring them back."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from motor.motor_asyncio import AsyncIOMotorClient

from duolangue.chassis.settings import MailSettings
from duolangue.contracts.facts.registration import ParticipantUpdated
from duolangue.provision.platform import PLATFORM
from duolangue.registration import usecases
from duolangue.registration.domain import audit
from duolangue.registration.domain.application import Application
from duolangue.registration.domain.erasure import Cause
from duolangue.registration.domain.participant import ConsentChannel
from duolangue.registration.service import wire
from duolangue.registration.usecases import erasing, personal_data
from duolangue.standalone import operate
from duolangue.standalone.backup import backup, restore
from duolangue.standalone.configuration import ERASURES_FILE
from duolangue.standalone.local import LocalPlatform, local_platform
from duolangue.standalone.operate import republish_state

CANARY = "Zephyrine-Canari"
MAIL = "zephyrine@canari.example"


async def somebody(ports: Any, name: str, mail: str, **side: Any) -> str:
    told = Application.model_validate(
        {
            "first_name": name,
            "email": mail,
            "birth_year": 1990,
            "postcode": "4000",
            "interests": ["cooking"],
            "consent": True,
            **side,
        }
    )
    registered, _ = await usecases.register_participant(told, ports)
    await usecases.interview(registered.id, True, "", ports)
    return registered.id


async def closed(ports: Any, person: str) -> None:
    async with asyncio.timeout(60):
        while (await ports.erasures.get(person)).closed_at is None:
            await asyncio.sleep(0.05)


async def stored(platform: LocalPlatform) -> str:
    """All that the four databases hold, and the stream's payloads."""
    client: Any = AsyncIOMotorClient(platform.configuration.servers.mongodb_root_url)
    texts = []
    for member in PLATFORM:
        for kind in member.declaration.kinds:
            texts += [str(document) async for document in client[member.name][kind.name].find({})]
    client.close()
    async with operate.operator(platform.configuration.servers) as bus:
        stream = bus.jetstream()
        for number in range(1, (await stream.stream_info("EVENTS")).state.last_seq + 1):
            texts.append((await stream.get_msg("EVENTS", number)).data.decode())
    return "\n".join(texts)


@pytest.mark.timeout(240)
async def test_an_erasure_reaches_every_service_and_holds_over_a_restore(tmp_path: Path) -> None:
    first, second, file = tmp_path / "first", tmp_path / "second", tmp_path / "monday" / "backup.tgz"
    file.parent.mkdir()
    async with local_platform(first, MailSettings(), poll_seconds=0.1) as platform:
        await operate.found_association(platform.configuration, "interra", "Interra", "ana@example.org")
        async with operate.foundation(platform.configuration, "registration") as made:
            ports = wire(made)("interra")
            volunteer = await somebody(ports, "Ben", "ben@example.org", volunteer={"places": 2})
            person = await somebody(
                ports, CANARY, MAIL, newcomer={"french_oral": "A1"}, current_partner=volunteer,
                consent_channel=ConsentChannel.PAPER,
            )  # fmt: skip
            await duo_runs(platform, person)
            copy = await whole_copy(platform, person)
            assert copy.away == []
            assert copy.parts["matching"]["duos"][0]["status"] == "confirmed"
            assert "ben" not in str(copy.parts["matching"]).casefold()
            await backup(first, file)

            await erasing.erase(person, Cause.ASKED, audit.participant(person), ports)
            await closed(ports, person)
            await late_fact_is_told(platform, person)
        everything = await stored(platform)
        for word in (CANARY, MAIL, CANARY.casefold()):
            assert word not in everything
    assert person in (first / ERASURES_FILE).read_text()

    done = await restore(second, file, [first / ERASURES_FILE])
    assert done["erased"] == 1
    async with local_platform(second, MailSettings(), poll_seconds=0.1) as platform:
        async with operate.foundation(platform.configuration, "registration") as made:
            ports = wire(made)("interra")
            await closed(ports, person)
            assert await ports.participants.erased(person)
            assert await ports.participants.find(volunteer) is not None
            assert (await ports.erasures.get(person)).cause is Cause.RESTORED
        assert CANARY not in await stored(platform)
    assert person in (second / ERASURES_FILE).read_text()


async def duo_runs(platform: LocalPlatform, person: str) -> None:
    service = platform.host._running["matching"]
    async with asyncio.timeout(60):
        while not await service.ports("interra").duos.touching(person):
            await asyncio.sleep(0.05)


async def whole_copy(platform: LocalPlatform, person: str) -> Any:
    return await personal_data.copy_of(person, platform.host._running["registration"].ports("interra"))


async def late_fact_is_told(platform: LocalPlatform, person: str) -> None:
    """A fact from before the erasure comes again, and everything is told anew: nobody comes back to life."""
    services = platform.host._running
    before = await services["matching"].ports("interra").people.find(person)
    from duolangue.chassis.store.across import Stored
    from duolangue.contracts.envelope import Event
    from duolangue.contracts.facts.registration import NewcomerProfile, ParticipantStatus

    fact = ParticipantUpdated(
        status=ParticipantStatus.ACTIVE, roles=["newcomer"], birth_year=1990, postcode="4000",
        newcomer=NewcomerProfile(french_oral="A1", waiting_since="2026-01-01T00:00:00Z"),
    )  # fmt: skip
    clock = services["registration"].foundation.clock
    event = Event.of(
        fact, event_id="late-1", association="interra", entity_id=person, entity_version=1, time=clock.now()
    )
    late = Stored("late-1", fact.fact_name(), str(fact.subject("interra")), event.encode())
    await services["registration"].foundation.bus.publish(late)
    await republish_state(platform.configuration, "registration", None)
    async with asyncio.timeout(60):
        for name in ("matching", "sessions", "notifications"):
            while True:
                info = await services[name].foundation.bus.consumer_info()
                if not info.num_pending and not info.num_ack_pending:
                    break
                await asyncio.sleep(0.05)
    after = await services["matching"].ports("interra").people.find(person)
    assert after == before
    assert after.status.value == "erased"
    assert after.newcomer is None
    told = await services["notifications"].ports("interra").participants.find(person)
    assert told.gone
