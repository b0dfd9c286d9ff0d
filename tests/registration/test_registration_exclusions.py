"""Keeping somebody out for safety: at once, for a stated period, recognised by a keyed hash, and never told in so many words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from duolangue.chassis.identity import Access
from duolangue.contracts.facts.registration import ParticipantStatus
from duolangue.registration import usecases
from duolangue.registration.domain import exclusion
from duolangue.registration.domain.application import Application
from duolangue.registration.domain.coordinator import AccessLevel
from duolangue.registration.domain.invalid import NotNow
from duolangue.registration.domain.participant import Participant, Status
from duolangue.registration.usecases import people_desk
from tests.registration.conftest import World

MILO: dict[str, Any] = {
    "first_name": "Milo", "email": "Milo@Example.org", "phone": "0470 12 34 56", "birth_year": 1980, "postcode": "4020", "consent": True,
    "volunteer": {},
}  # fmt: skip


async def registered(world: World, *, active: bool = False, **told: Any) -> Participant:
    participant, _ = await usecases.register_participant(Application(**{**MILO, **told}), world.ports)
    if active:
        await usecases.interview(participant.id, True, "", world.ports)
    return participant


async def test_who_is_excluded_leaves_the_pool_at_once_and_the_others_hear_that_they_left(world: World) -> None:
    milo = await registered(world, active=True)
    kept_out = await usecases.exclusions.exclude(milo.id, "asked for money", "c-1", world.ports)
    assert kept_out.status is Status.EXCLUDED
    assert await world.told_of(milo.id) == ["participant.registered.v1", "participant.left.v1"]
    left = [event for event in await world.told() if event.subject == milo.id][-1]
    assert left.data["status"] == ParticipantStatus.LEFT
    assert "money" not in left.model_dump_json()
    await usecases.exclusions.exclude(milo.id, "again", "c-2", world.ports)
    assert len(await world.told_of(milo.id)) == 2
    assert (await world.ports.exclusions.get(milo.id)).reason == "asked for money"


async def test_who_was_never_interviewed_is_excluded_quietly(world: World) -> None:
    milo = await registered(world)
    await usecases.exclusions.exclude(milo.id, "", "c-1", world.ports)
    assert await world.told_of(milo.id) == []


@pytest.mark.parametrize(
    "told",
    [
        {"first_name": "Emil", "phone": None},
        {"first_name": "Emil", "email": None},
        {"first_name": "Emil", "email": "MILO@example.org", "phone": "+32 470 99 88 77"},
    ],
)
async def test_a_new_sign_up_by_a_held_address_waits_for_a_human_look(world: World, told: dict[str, Any]) -> None:
    milo = await registered(world, active=True)
    await usecases.exclusions.exclude(milo.id, "", "c-1", world.ports)
    back = await registered(world, **told)
    assert (await world.ports.participants.get(back.id)).to_look_at == ["held"]
    assert back.status is Status.APPLIED
    other = await registered(world, first_name="Zoe", email="zoe@example.org", phone="0470 55 66 77")
    assert other.to_look_at == []


async def test_an_imported_row_with_a_held_address_is_marked_too(world: World) -> None:
    milo = await registered(world)
    await usecases.exclusions.exclude(milo.id, "", "c-1", world.ports)
    file = "role,first_name,phone,birth_year,postcode,french_level,consent\nnewcomer,Ali,0470123456,1990,4000,A1,yes"
    done = (await world.client.post("/people/api/imports", content=file.encode(), headers=world.desk())).json()
    shown = await world.ports.participants.get(done["imported"][0]["id"])
    assert shown.to_look_at == ["held"]


async def test_who_takes_a_held_address_later_waits_for_a_human_look(world: World) -> None:
    milo = await registered(world, active=True)
    await usecases.exclusions.exclude(milo.id, "", "c-1", world.ports)
    emil = await registered(world, active=True, first_name="Emil", email="emil@example.org", phone="0470 99 88 77")
    changed = await usecases.update_participant(emil.id, {"phone": "0470 12 34 56"}, world.ports)
    assert changed.to_look_at == ["held"]
    await people_desk.looked_at(emil.id, "c-1", world.ports, guards=True)
    assert (await usecases.update_participant(emil.id, {"last_name": "Z"}, world.ports)).to_look_at == []
    own = await usecases.update_participant(milo.id, {"phone": "0470 12 34 57"}, world.ports)
    assert own.to_look_at == []


async def test_of_who_came_by_a_held_address_those_in_charge_of_safety_decide_and_nobody_else(world: World) -> None:
    milo = await registered(world)
    await usecases.exclusions.exclude(milo.id, "", "c-1", world.ports)
    back = await registered(world, first_name="Emil", phone=None)
    nadia = await usecases.invite_coordinator("nadia@example.org", "", AccessLevel.COORDINATE, "en", world.ports)
    await usecases.update_association({"safeguarding": [nadia.id]}, world.ports)
    other, guardian = world.desk(Access.COORDINATE, "other"), world.desk(Access.COORDINATE, nadia.id)
    sentence = "Only the person in charge of safety, or an administrator, decides about this sign-up."
    path = f"/people/{back.id}"
    page = (await world.client.get(path, headers=other)).text
    assert (sentence in page, f"{path}/looked-at" in page, "Interview passed" in page) == (True, False, False)
    for step, told in (
        (f"{path}/looked-at", {}), (f"{path}/interview", {"passed": "true"}), (f"{path}/interview", {"passed": "false"}),
    ):  # fmt: skip
        refused = await world.client.post(step, data=told, headers=other)
        assert (refused.status_code, sentence in refused.text) == (403, True), step
    api = f"/people/api/participants/{back.id}/interview"
    assert (await world.client.post(api, json={"passed": True}, headers=other)).status_code == 403
    bulk = {"act": "interview", "people": [back.id]}
    await world.client.post("/people/bulk", data=bulk, headers=other)
    assert (await world.ports.participants.get(back.id)).to_look_at == ["held"]
    assert f"{path}/looked-at" in (await world.client.get(path, headers=guardian)).text
    assert (await world.client.post(f"{path}/looked-at", headers=guardian)).status_code == 303
    accepted = await world.client.post(api, json={"passed": True}, headers=other)
    assert (accepted.status_code, accepted.json()["status"]) == (200, "active")


async def test_a_read_only_account_sees_who_is_kept_out_as_somebody_who_left(world: World) -> None:
    milo = await registered(world, active=True)
    zoe = await registered(world, active=True, first_name="Zoe", email="zoe@example.org", phone="0470 55 66 77")
    await usecases.exclusions.exclude(milo.id, "", "c-1", world.ports)
    await usecases.leave(zoe.id, world.ports)
    reader, coordinator = world.desk(Access.READ), world.desk()

    async def seen(address: str, headers: dict[str, str]) -> str:
        answer = await world.client.get(address, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.text.lower()

    assert "kept out" in await seen(f"/people/{milo.id}", coordinator)
    page = await seen(f"/people/{milo.id}", reader)
    assert "kept out" not in page
    assert page.count(">left<") == (await seen(f"/people/{zoe.id}", reader)).count(">left<")
    for address in ("/people", "/people?status=left", "/people?status=excluded", "/people?status=excluded&q=milo"):
        assert "kept out" not in await seen(address, reader), address
        assert "excluded" not in await seen("/people", reader)
    for address, found in (("/people?status=left", True), ("/people?status=excluded", False)):
        assert (milo.id in await seen(address, reader)) is found
        assert (milo.id in await seen(address, coordinator)) is not found
    for status, ids in (("left", {milo.id, zoe.id}), ("excluded", set())):
        listed = await world.client.get(f"/people/api/participants?status={status}", headers=reader)
        assert {each["id"] for each in listed.json()["participants"]} == ids
        assert "excluded" not in listed.text
    alone = await world.client.get(f"/people/api/participants/{milo.id}", headers=reader)
    assert alone.json()["status"] == "left"
    assert (await world.client.get("/people/export", headers=reader)).status_code == 403
    assert (await world.client.get(f"/people/api/participants/{milo.id}", headers=coordinator)).json()[
        "status"
    ] == "excluded"


async def test_nothing_that_is_kept_tells_the_address_and_another_association_has_another_hash(world: World) -> None:
    milo = await registered(world)
    await usecases.exclusions.exclude(milo.id, "", "c-1", world.ports)
    kept = (await world.ports.exclusions.get(milo.id)).model_dump_json()
    assert "milo@" not in kept.lower()
    assert "470123456" not in kept
    elsewhere = world.service.ports("another-one")
    assert await usecases.exclusions.held("milo@example.org", None, world.ports)
    assert not await usecases.exclusions.held("milo@example.org", None, elsewhere)
    hashes = exclusion.fingerprints(elsewhere.exclusion_key, "another-one", ["milo@example.org"])
    assert hashes[0] not in kept


async def test_the_hash_outlives_the_words_and_is_forgotten_when_the_period_is_over(world: World) -> None:
    milo = await registered(world)
    await usecases.update_association({"exclusion_months": 6}, world.ports)
    await usecases.exclusions.exclude(milo.id, "asked for money", "c-1", world.ports)
    await usecases.exclusions.forget_words(milo.id, world.ports)
    assert (await world.ports.exclusions.get(milo.id)).reason == ""
    await world.time_passes(days=179)
    assert await usecases.exclusions.held(None, "+32470123456", world.ports)
    await world.time_passes(days=5)
    assert not await usecases.exclusions.held(None, "+32470123456", world.ports)
    assert (await world.ports.exclusions.get(milo.id)).hashes == []
    assert (await world.ports.participants.get(milo.id)).status is Status.LEFT


async def test_an_exclusion_is_lifted_for_a_reason_and_a_new_interview_brings_the_person_back(world: World) -> None:
    milo = await registered(world, active=True)
    await usecases.exclusions.exclude(milo.id, "", "c-1", world.ports)
    with pytest.raises(NotNow):
        await usecases.interview(milo.id, True, "", world.ports)
    await usecases.exclusions.lift(milo.id, "a mistake", "c-2", world.ports)
    lifted = await world.ports.exclusions.get(milo.id)
    assert (lifted.hashes, lifted.lifted_because, lifted.lifted_by) == ([], "a mistake", "c-2")
    assert (await usecases.interview(milo.id, True, "", world.ports)).status is Status.ACTIVE
    await usecases.exclusions.exclude(milo.id, "after all", "c-1", world.ports)
    assert await usecases.exclusions.held("milo@example.org", None, world.ports)


def test_months_are_counted_as_people_do() -> None:
    assert exclusion.months_after(datetime(2026, 8, 31, tzinfo=UTC), 6) == datetime(2027, 2, 28, tzinfo=UTC)
    assert exclusion.months_after(datetime(2026, 12, 1, tzinfo=UTC), 1) == datetime(2027, 1, 1, tzinfo=UTC)
