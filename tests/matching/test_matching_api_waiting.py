"""What programs read of who waits, who is missing and what would become of the drafts: the same as the pages say."""

from __future__ import annotations

import pytest

from duolangue.chassis.identity import Access
from duolangue.contracts.vocabulary import Interest
from tests.matching.conftest import World


async def town(world: World) -> None:
    """Ali and Noor wait, Noor far away; two volunteers fit Ali, one of them is full, one lives elsewhere."""
    await world.newcomer("ali", interests=[Interest.MUSIC], waited=40)
    await world.newcomer("noor", postcode="6700", waited=3)
    await world.newcomer("eva", waited=100)
    await world.volunteer("bea")
    await world.volunteer("cas", interests=[Interest.MUSIC])
    await world.volunteer("dan", postcode="8000")
    await world.post("/duos/api/duos", {"newcomer": "eva", "volunteer": "bea"}, 201)


async def test_the_list_tells_everybody_in_short_and_a_few_in_full(world: World):
    await town(world)
    short = (await world.get("/duos/api/waiting"))["waiting"]
    assert [(row["participant"], row["tier"], row["options"]) for row in short] == [
        ("ali", None, None),
        ("noor", None, None),
    ]
    (ali,) = (await world.get("/duos/api/waiting?count=1"))["waiting"]
    assert (ali["participant"], ali["tier"], ali["estimate"]) == ("ali", 2, None)
    assert {name: ali["options"][name] for name in ("volunteers", "possible", "free", "blocker", "blocked", "alone")} == {
        "volunteers": 3, "possible": 2, "free": 1, "blocker": "too_far", "blocked": 1, "alone": 1,
    }  # fmt: skip
    assert ali["options"]["sentences"][0] == "2 of 3 volunteers fit; 1 of them has a free place"
    (noor,) = (await world.get("/duos/api/waiting?count=5&start=1&language=fr"))["waiting"]
    assert noor["participant"] == "noor"
    assert noor["options"]["sentences"][0] == "aucun des 3 bénévoles ne convient"


@pytest.mark.parametrize("query", ["count=0", "count=201", "start=-1", "count=x"])
async def test_a_strange_part_of_the_list_is_refused(world: World, query: str):
    assert (await world.client.get(f"/duos/api/waiting?{query}", headers=world.token())).status_code == 422


async def test_for_one_person_the_best_five_are_told_with_reasons_on_either_side(world: World):
    await town(world)
    ali = await world.get("/duos/api/waiting/ali")
    assert (ali["places"], ali["newcomers"], ali["volunteers"]["possible"]) == (None, None, 1)
    (best,) = ali["volunteers"]["best"]
    assert (best["newcomer"], best["volunteer"], best["days"], best["tier"]) == ("ali", "cas", 40, 2)
    assert {each["criterion"] for each in best["reasons"]} >= {"interests", "level", "distance"}
    assert ali["waiting"]["options"]["free"] == 1
    cas = await world.get("/duos/api/waiting/cas", access=Access.READ)
    assert (cas["waiting"], cas["places"], cas["newcomers"]["possible"]) == (None, 1, 1)
    assert cas["newcomers"]["best"][0]["newcomer"] == "ali"
    assert set((await world.get("/duos/api/waiting/eva")).values()) == {None}, "there is a draft: nobody is looked for"
    assert (await world.client.get("/duos/api/waiting/nobody", headers=world.token())).status_code == 404
    strangers = world.token(association="another")
    assert (await world.client.get("/duos/api/waiting/ali", headers=strangers)).status_code == 404


async def test_who_is_missing_is_asked_for_and_read(world: World):
    await town(world)
    empty = await world.get("/duos/api/missing")
    assert (empty["found_at"], empty["looking"], empty["calls"]) == (None, False, [])
    assert (await world.post("/duos/api/missing", status=202))["looking"]
    await world.service.sweeper.sweep()
    found = await world.get("/duos/api/missing?language=fr", access=Access.READ)
    assert (found["looking"], found["waiting"], found["left"], found["complete"]) == (False, 2, 1, True)
    (call,) = found["calls"]
    assert (call["postcode"], call["more"], call["id"]) == ("6700", 1, "6700-A1-any-any-any")
    assert call["sentences"] == ["à l’aise avec les débutants"]
    refused = await world.client.post("/duos/api/missing", headers=world.token(Access.READ))
    assert refused.status_code == 403


async def test_the_drafts_are_looked_at_anew_and_changed_as_agreed(world: World):
    await world.newcomer("ali", waited=5)
    await world.volunteer("bea")
    nothing = await world.get("/duos/api/drafts/anew")
    assert (nothing["stay"], nothing["changes"]) == ([], [])
    await world.run()
    (draft,) = (await world.get("/duos/api/duos?status=draft"))["duos"]
    assert (await world.get("/duos/api/drafts/anew"))["stay"] == [draft["id"]]
    await world.newcomer("eva", waited=100)
    found = await world.get("/duos/api/drafts/anew", access=Access.READ)
    changes = {each["newcomer"]: (each["volunteer"], each["then"]) for each in found["changes"]}
    assert changes == {"ali": ("bea", None), "eva": (None, "bea")}
    assert found["more"] == 0
    refused = await world.post("/duos/api/drafts/anew", {"seen": "another"}, 409)
    assert refused["type"] == "urn:duolangue:problem:changed_meanwhile"
    assert (await world.post("/duos/api/drafts/anew", {"seen": found["seen"]}))["changes"] == found["changes"]
    (draft,) = (await world.get("/duos/api/duos?status=draft"))["duos"]
    assert draft["newcomer"] == "eva"
