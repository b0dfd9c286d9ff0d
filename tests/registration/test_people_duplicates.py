"""Records that may be one person: found after people came in, told apart, or made one; on a real database."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from duolangue.contracts.envelope import Event
from duolangue.contracts.facts.matching import DuoConfirmed, DuoOrigin, DuoStatus
from duolangue.registration.domain import merging
from duolangue.registration.domain.filters import Filters
from duolangue.registration.domain.participant import NO_YEAR, NOWHERE, Status, snapshot
from duolangue.registration.usecases import people_desk, twins
from tests.registration.conftest import World

RANIA: dict[str, Any] = {
    "first_name": "Rania", "last_name": "Haddad", "phone": "0470 12 34 56", "birth_year": 1990, "postcode": "4020", "consent": True,
    "ui_language": "ar", "newcomer": {"french_oral": "A1"},
}  # fmt: skip


async def register(world: World, **changes: Any) -> str:
    answer = await world.client.post("/people/api/participants", json={**RANIA, **changes}, headers=world.desk())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def look(world: World) -> list[set[str]]:
    await world.time_passes(seconds=1)
    return [{pair.one, pair.other} for pair in await world.ports.pairs.select({"open": True})]


async def running(world: World, newcomer: str, volunteer: str) -> None:
    duo = DuoConfirmed(newcomer=newcomer, volunteer=volunteer, status=DuoStatus.CONFIRMED, origin=DuoOrigin.RUN)
    told = Event.of(
        duo, event_id=f"e-{newcomer}", association=world.association, entity_id=f"duo-{newcomer}", entity_version=1, time=world.clock.now()
    )  # fmt: skip
    await people_desk.follow_duo(duo, told, world.ports)


async def test_who_may_be_here_twice_is_found_after_coming_in_and_after_changing(world: World) -> None:
    rania = await register(world)
    swapped = await register(world, first_name="Haddad", last_name="Ranya", phone="0470111111")
    neighbour = await register(world, first_name="Samir", last_name="Nasr", birth_year=1970)
    assert sorted(map(sorted, await look(world))) == sorted(map(sorted, ({rania, swapped}, {rania, neighbour})))
    page = (await world.client.get(f"/people/{rania}", headers=world.desk())).text
    assert "the same year of birth and nearly the same name" in page
    assert "the same telephone" in page
    assert "2 possible duplicates" in (await world.client.get("/people", headers=world.desk())).text
    change = {"first_name": "Bea", "last_name": "Dupont"}
    await world.client.patch(f"/people/api/participants/{swapped}", json=change, headers=world.desk())
    assert await look(world) == [{rania, neighbour}]
    await world.client.patch(
        f"/people/api/participants/{swapped}", json={"first_name": "Rania", "last_name": "Haddat"}, headers=world.desk()
    )
    assert {rania, swapped} in await look(world)


async def test_two_who_are_two_are_not_shown_again(world: World) -> None:
    rania, samir = await register(world), await register(world, first_name="Samir", birth_year=1970)
    await look(world)
    page = (await world.client.get("/people/duplicates", headers=world.desk())).text
    found = re.search(r'action="(/people/duplicates/[^"]+)"', page)
    assert found is not None
    assert (await world.client.post(found[1], headers=world.desk())).headers["location"] == "/people/duplicates"
    await world.client.patch(f"/people/api/participants/{samir}", json={"last_name": "Hadad"}, headers=world.desk())
    assert await look(world) == []
    assert "Nobody seems to be here twice" in (await world.client.get("/people/duplicates", headers=world.desk())).text
    assert "May be the same person" not in (await world.client.get(f"/people/{rania}", headers=world.desk())).text


async def test_many_who_came_in_together_are_compared_with_those_who_were_here(world: World) -> None:
    head = "role,first_name,last_name,phone,birth_year,postcode,french_level,consent\n"
    rows = [
        f"newcomer,Name{chr(97 + n % 26)}{n},Family{n},04709{n:05d},{1950 + n % 40},4000,A1,yes" for n in range(400)
    ]
    first = (head + "\n".join(rows)).encode()
    again = (head + "\n".join(row.replace(",04709", ",04708") for row in rows[:3])).encode()
    for body in (first, again):
        done = await world.client.post("/people/api/imports", content=body, headers=world.desk())
        assert done.json()["rejected"] == []
    assert len(await look(world)) == 3
    assert (await world.ports.lookouts.get(world.association)).due_at is None


async def test_two_records_become_one_with_the_values_chosen(world: World) -> None:
    old = await register(world, languages=["ar"], interests=["music"])
    await world.client.post(f"/people/{old}/interview", data={"passed": "true"}, headers=world.desk())
    world.clock.moment += timedelta(days=30)
    new = await register(
        world, first_name="Ranya", phone="0470111111", email="rania@example.org", languages=["fr"], postcode="4000", newcomer=None, volunteer={},
        gender="female",
    )  # fmt: skip
    await world.client.post(f"/people/{new}/notes", data={"note": "Called on Monday"}, headers=world.desk())
    page = (await world.client.get(f"/people/{new}/merge/{old}", headers=world.desk())).text
    assert page.index(f'href="/people/{old}"') < page.index(f'href="/people/{new}"')
    told = {"phone": "goes", "name": "stays", "postcode": "goes", "languages": "both", "volunteer": "goes"}
    done = await world.client.post(f"/people/{new}/merge/{old}", data=told, headers=world.desk())
    assert (done.status_code, done.headers["location"]) == (303, f"/people/{old}")
    kept = await world.ports.participants.get(old)
    assert (kept.first_name, kept.phone, kept.email, kept.postcode, kept.gender, kept.languages, [role.value for role in kept.roles]) == (
        "Rania", "+32470111111", "rania@example.org", "4000", "female", ["ar", "fr"], ["newcomer", "volunteer"],
    )  # fmt: skip
    gone = await world.ports.participants.get(new)
    assert (gone.status, gone.merged_into, gone.name, gone.phone) == (Status.LEFT, old, "", None)
    assert (gone.birth_year, gone.postcode) == (NO_YEAR, NOWHERE)
    known = gone.model_copy(update={"interviewed_at": world.clock.now()})
    retold = snapshot(known, "participant.left.v1")
    assert retold is not None
    assert (retold.birth_year, retold.postcode) == (None, None)
    assert (await world.client.get(f"/people/{new}", headers=world.desk())).headers["location"] == f"/people/{old}"
    assert "Called on Monday" in (await world.client.get(f"/people/{old}", headers=world.desk())).text
    assert await world.told_of(new) == []
    assert await world.told_of(old) == ["participant.registered.v1", "participant.updated.v1"]
    assert [each.id for each in (await people_desk.people_listed(Filters(), world.ports)).people] == [old]
    assert await look(world) == []
    for answer in (
        await world.client.get(f"/people/{new}/personal-data", headers=world.desk()),
        await world.client.post(f"/people/{new}/personal-data/erase", data={"sure": "true"}, headers=world.desk()),
    ):  # erasing the emptied record would leave the person
        assert (answer.status_code, answer.headers["location"]) == (303, f"/people/{old}/personal-data")
    again = await world.client.post(f"/people/{new}/merge/{old}", data=told, headers=world.desk())
    assert again.status_code == 409


async def test_of_two_who_take_part_the_one_in_a_duo_stays_and_the_other_leaves(world: World) -> None:
    one, other, claire = [await register(world, phone=f"047022222{number}") for number in range(2)] + [
        await register(world, first_name="Claire", birth_year=1960, phone="0470333333", newcomer=None, volunteer={})
    ]
    for each in (one, other, claire):
        await world.client.post(f"/people/{each}/interview", data={"passed": "true"}, headers=world.desk())
    await running(world, other, claire)
    done = await world.client.post(f"/people/{one}/merge/{other}", headers=world.desk())
    assert done.headers["location"] == f"/people/{other}"
    assert (await world.told_of(one))[-1] == "participant.left.v1"
    assert "participant.left.v1" not in await world.told_of(other)


async def test_two_who_are_both_in_a_duo_stay_two(world: World) -> None:
    one, other = [await register(world, phone=f"047022222{number}") for number in range(2)]
    await running(world, one, "claire")
    await running(world, other, "bea")
    answer = await world.client.get(f"/people/{one}/merge/{other}", headers=world.desk())
    assert (answer.status_code, "Both are in a duo" in answer.text) == (409, True)
    assert (await world.client.post(f"/people/{one}/merge/{one}", headers=world.desk())).status_code == 409
    assert (await world.client.get(f"/people/{one}/merge/nobody", headers=world.desk())).status_code == 404


async def test_a_merging_that_was_interrupted_can_be_finished(world: World) -> None:
    one, other = [await register(world, phone=f"047022222{number}") for number in range(2)]
    await look(world)
    await world.ports.participants.update(other, lambda present: merging.giving_way(present, one))
    assert [{pair.one, pair.other} for pair, *_ in await twins.possible_duplicates(world.ports, 10)] == [{one, other}]
    done = await world.client.post(f"/people/{other}/merge/{one}", headers=world.desk())
    assert done.headers["location"] == f"/people/{one}"
    assert (await world.ports.participants.get(other)).name == ""


async def test_many_can_be_made_one_and_one_of_many(world: World) -> None:
    first, *others = [await register(world, phone=f"047022222{number}") for number in range(4)]
    for other in others:
        done = await world.client.post(f"/people/{first}/merge/{other}", headers=world.desk())
        assert done.status_code == 303
        first = done.headers["location"].rpartition("/")[2]
    assert len((await people_desk.people_listed(Filters(), world.ports)).people) == 1
