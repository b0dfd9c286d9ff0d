"""How long people are kept, and who saw and changed whose data."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import OperationFailure

from duolangue.chassis.identity import Access
from duolangue.registration import commands, pages_personal, usecases
from duolangue.registration.domain import audit
from duolangue.registration.domain.audit import Act
from duolangue.registration.domain.coordinator import AccessLevel
from duolangue.registration.domain.erasure import Cause
from duolangue.registration.domain.participant import Status
from duolangue.registration.usecases import personal_data, retaining
from tests.registration.conftest import World
from tests.registration.personal import CANARY, own_page, somebody


async def test_people_are_erased_when_their_time_is_over_and_administrators_knew(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = await somebody(world)
    stays = await somebody(world, first_name="Amal", email="amal@example.org", phone=None)
    waits = await somebody(world, first_name="Nour", email="nour@example.org", phone=None, active=False)
    await usecases.invite_coordinator("ana@example.org", "", AccessLevel.ADMINISTER, "en", world.ports)
    await usecases.update_association({"retention_months": 2, "application_months": 1}, world.ports)
    await usecases.leave(gone, world.ports)
    await retaining.watch_retention(world.ports)
    assert [
        each.participant.id for each in await retaining.leaving(world.clock.now() + timedelta(days=45), world.ports)
    ] == [waits]
    for _ in range(20):
        await world.time_passes(days=1)
    assert [m for m in world.post.to("ana@example.org") if "will be erased" in m.get_content()]
    capsys.readouterr()
    await commands.retention(["--association", world.association, "--dry-run"], world.service.foundation)
    tried = [line.split("\t") for line in capsys.readouterr().out.splitlines() if "\t" in line]
    assert {(slug, person) for slug, person, *_ in tried} == {(world.association, waits), (world.association, gone)}
    assert await world.ports.participants.find(waits) is not None
    for _ in range(50):
        await world.time_passes(days=1)
    assert await world.ports.participants.erased(waits)
    assert await world.ports.participants.erased(gone)
    assert (await world.ports.erasures.get(gone)).cause is Cause.RETENTION
    assert (await world.ports.participants.get(stays)).status is Status.ACTIVE


async def test_a_shorter_rule_is_told_before_it_erases_anybody(world: World) -> None:
    gone = await somebody(world)
    await usecases.leave(gone, world.ports)
    await retaining.watch_retention(world.ports)
    await world.time_passes(days=200)
    await usecases.update_association({"retention_months": 1}, world.ports)
    page = (await world.client.get("/people/retention", headers=world.desk(Access.ADMINISTER))).text
    assert CANARY in page
    for _ in range(13):
        await world.time_passes(days=1)
    assert await world.ports.participants.find(gone) is not None
    for _ in range(3):
        await world.time_passes(days=1)
    assert await world.ports.participants.erased(gone)


async def test_everybody_who_goes_is_listed_page_after_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [await somebody(world, email=f"p{each}@example.org", phone=None) for each in range(5)]
    for each in people:
        await usecases.leave(each, world.ports)
        await world.time_passes(days=1)
    await usecases.update_association({"retention_months": 6}, world.ports)
    monkeypatch.setattr(pages_personal, "GOING", 2)
    headers, listed, path = world.desk(Access.ADMINISTER), [], "/people/retention"
    while path:
        page = (await world.client.get(path, headers=headers)).text
        listed += re.findall(r'<tr><td><a href="/people/([^"]+)"', page)
        following = re.search(r'href="(/people/retention\?start=\d+)">Next', page)
        path = following[1] if following else ""
    assert listed == people
    second = (await world.client.get("/people/retention?start=2", headers=headers)).text
    assert 'href="/people/retention">Before' in second


async def test_who_saw_and_changed_whose_data_is_written_down(world: World) -> None:
    person = await somebody(world)
    await world.client.get(f"/people/{person}/personal-data", headers=world.desk(coordinator="c-7"))
    await world.client.get(f"/people/{person}/personal-data/download", headers=world.desk(coordinator="c-7"))
    await world.client.get("/people/unknown/personal-data", headers=world.desk(coordinator="c-7"))
    address = await own_page(world, person)
    await world.client.get(address)
    entries = await world.ports.audit.latest(person, None, 50)
    assert {(each.actor.kind.value, each.act) for each in entries} >= {
        ("coordinator", Act.SAW), ("coordinator", Act.EXPORTED), ("participant", Act.SAW),
    }  # fmt: skip
    page = await world.client.get("/people/audit", headers=world.desk(Access.ADMINISTER))
    assert "GET /people/{participant_id}/personal-data" in page.text
    assert CANARY not in page.text
    assert (await world.client.get("/people/audit", headers=world.desk(Access.COORDINATE))).status_code == 403


async def test_a_copy_for_somebody_kept_out_does_not_say_so(world: World) -> None:
    person = await somebody(world)
    await usecases.exclusions.exclude(person, "money", "c-1", world.ports)
    copy = await personal_data.copy_of(person, world.ports)
    assert copy.parts["registration"]["about_you"][0]["status"] == "left"
    assert "excluded" not in str(copy.parts)


async def test_the_database_itself_keeps_the_audit_log_append_only(world: World, registration_settings: Any) -> None:
    await world.ports.audit.record(audit.SYSTEM, Act.SAW, ["p-1"], "test")
    client: Any = AsyncIOMotorClient(registration_settings.mongodb_url.get_secret_value())
    log = client[registration_settings.mongodb_database]["audit"]
    mine = {"association": world.association}
    assert await log.find_one(mine) is not None
    for forbidden in (
        log.update_many(mine, {"$set": {"state.what": "nothing"}}),
        log.delete_many(mine),
        log.drop(),
        log.find_one_and_replace(mine, {"x": 1}),
        log.aggregate([{"$match": mine}, {"$out": "audit"}]).to_list(1),
    ):
        with pytest.raises(OperationFailure, match=r"not authorized|requires authentication"):
            await forbidden
    client.close()
