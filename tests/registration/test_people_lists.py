"""How people are found and listed: by what they told, in every order, a page at a time; whichever index leads."""

from __future__ import annotations

import re

import pytest

from duolangue.contracts.requests import FindQuestion
from duolangue.registration import store_leads, usecases
from duolangue.registration.domain.filters import Filters, Sort
from duolangue.registration.domain.participant import Participant
from duolangue.registration.usecases import people_desk
from tests.registration.conftest import World
from tests.registration.desk import names, register, see, send


async def test_people_are_found_by_name_telephone_town_and_by_what_they_told(world: World) -> None:
    await register(
        world, first_name="Éloïse", last_name="Petit", postcode="4100", interests=["cooking"], languages=["ti"]
    )
    await register(
        world, first_name="Ahmad", phone="0470999888", email="ahmad@example.org", newcomer={"french_oral": "B1"}
    )
    await register(world, first_name="Claire", newcomer=None, volunteer={}, postcode="6000")
    for asked, expected in (
        ({"q": "eloi"}, ["Éloïse"]),
        ({"q": "0470 99 98"}, ["Ahmad"]),
        ({"q": "AHMAD@EX"}, ["Ahmad"]),
        ({"q": "seraing"}, ["Éloïse"]),
        ({"q": "6000"}, ["Claire"]),
        ({"q": "haddad claire"}, ["Claire"]),
        ({"q": "petit ahmad"}, []),
        ({"q": "$ne"}, []),
        ({"municipality": "charleroi"}, ["Claire"]),
        ({"municipality": "nowhere"}, []),
        ({"role": "volunteer"}, ["Claire"]),
        ({"role": "host"}, []),
        ({"level": "B1"}, ["Ahmad"]),
        ({"language": "ti"}, ["Éloïse"]),
        ({"interest": "cooking"}, ["Éloïse"]),
        ({"status": "active"}, []),
        ({"sort": "name"}, ["Ahmad", "Claire", "Éloïse"]),
    ):
        assert await names(world, **asked) == expected, asked
    page = await see(world, "/people?q=eloi&sort=name")
    assert "Éloïse" in page
    assert "Ahmad" not in page


async def test_other_services_find_those_who_take_part_by_name_and_nobody_else(world: World) -> None:
    active = await register(world, first_name="Éloïse", last_name="Petit")
    await register(world, first_name="Eloi", last_name="Grand", phone="0470999888", email="eloi@example.org")
    await send(world, f"/people/{active}/interview", {"passed": "true"})
    question = FindQuestion(association=world.association, text="eloi")
    assert {key: each.first_name for key, each in (await usecases.find(question, world.ports)).people.items()} == {
        active: "Éloïse"
    }
    assert not (await usecases.find(question.model_copy(update={"text": "  "}), world.ports)).people


async def test_who_waits_longest_comes_first_and_who_waits_less_is_left_out(world: World) -> None:
    for first_name, since in (("Late", "2026-11-01"), ("Early", "2026-03-01"), ("Middle", "2026-08-01")):
        await register(world, first_name=first_name, newcomer={"french_oral": "A1", "waiting_since": since})
    await register(world, first_name="Claire", newcomer=None, volunteer={})
    assert await names(world, sort="waiting") == ["Early", "Middle", "Late"]
    assert await names(world, waits="90", sort="waiting") == ["Early", "Middle"]
    assert await names(world, waits="90") == ["Early", "Middle"]
    assert '<option value="" selected>who waits longest first</option>' in await see(world, "/people?waits=90")


async def test_pages_follow_each_other_and_lead_back(world: World) -> None:
    for number in range(people_desk.SHOWN + 7):
        await register(world, first_name=f"Person {number:03d}")
    for sort in (Sort.NAME, Sort.LATEST, Sort.EARLIEST, Sort.WAITING):
        first = await people_desk.people_listed(Filters(sort=sort), world.ports)
        second = await people_desk.people_listed(Filters(sort=sort), world.ports, after=first.after)
        back = await people_desk.people_listed(Filters(sort=sort), world.ports, before=second.before)
        assert (len(first.people), len(second.people), first.before, second.after) == (people_desk.SHOWN, 7, "", "")
        assert not {each.id for each in first.people} & {each.id for each in second.people}
        assert [each.id for each in back.people] == [each.id for each in first.people]
    everybody = [each.id async for each in people_desk.everybody(Filters(sort=Sort.NAME), world.ports)]
    assert len(set(everybody)) == people_desk.SHOWN + 7
    page = await see(world, "/people?sort=name")
    following = re.search(r'href="(/people\?sort=name&amp;after=[^"]+)"', page)
    assert following
    assert "Person 056" in await see(world, following[1].replace("&amp;", "&"))


async def test_a_strange_address_gets_a_sentence(world: World) -> None:
    for address in ("/people?status=nonsense", "/people?waits=-1", "/people?waits=x", f"/people?q={'x' * 101}"):
        assert (await world.client.get(address, headers=world.desk())).status_code == 422
    assert "Nobody is like that" in await see(world, "/people?q=nobody&after=unknown&status=")


@pytest.mark.parametrize("few", [0, 10_000], ids=["nothing leads", "what few fulfil leads"])
async def test_the_same_people_are_found_whichever_index_leads(
    world: World, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(store_leads, "FEW", (few, few, few))
    for number in range(12):
        await register(
            world,
            first_name="Amina" if number % 2 else "Ba",
            last_name=f"Person{number:02d}",
            postcode="4000" if number % 3 else "4100",
            languages=["ar"] if number % 2 else ["ti", "ar"],
            interests=["cooking"] if number % 4 else [],
            newcomer={"french_oral": "A1", "waiting_since": "2026-01-01"} if number != 11 else None,
            volunteer={} if number in {3, 11} else None,
        )
    every = await world.ports.participants.listed(Filters(sort=Sort.NAME), world.clock.now(), limit=50)
    assert len(every) == 12

    def fits(each: Participant, asked: dict[str, str]) -> bool:
        return all(
            {
                "q": all(any(term.startswith(word) for term in each.search) or (word == "seraing" and each.postcode == "4100") for word in value.split()),
                "level": bool(each.newcomer) and each.newcomer.french_oral == value,
                "language": value in each.languages,
                "interest": value in each.interests,
                "municipality": (value == "seraing") == (each.postcode == "4100"),
                "waits": bool(each.newcomer),
                "role": value in each.roles,
                "status": each.status == value,
            }[name]
            for name, value in asked.items()
        )  # fmt: skip

    for asked in (
        {"q": "amina"}, {"q": "amina person0"}, {"q": "seraing"}, {"q": "seraing ba"}, {"level": "A1", "language": "ti"},
        {"interest": "cooking", "language": "ti"}, {"municipality": "seraing"}, {"waits": "30"}, {"waits": "30", "role": "volunteer"},
        {"role": "volunteer", "level": "A1"}, {"status": "applied", "interest": "cooking"}, {"status": "active", "q": "amina"},
    ):  # fmt: skip
        wanted = [each.first_name + each.last_name for each in every if fits(each, asked)]
        for sort in (Sort.NAME, Sort.LATEST, Sort.EARLIEST):
            listing = await people_desk.people_listed(Filters.model_validate({**asked, "sort": sort}), world.ports)
            found = [each.first_name + each.last_name for each in listing.people]
            assert found == wanted if sort is Sort.NAME else sorted(found) == sorted(wanted), (asked, sort)
