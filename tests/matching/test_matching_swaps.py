"""Another volunteer for a drafted newcomer: what that costs the others, and who has to give way."""

from __future__ import annotations

from tests.matching.conftest import World


async def test_a_swap_says_what_it_costs_and_does_what_it_said(world: World):
    await world.newcomer("ali", birth_year=1960)
    await world.newcomer("eva", birth_year=2000)
    await world.volunteer("bea", birth_year=1961)
    await world.volunteer("carl", birth_year=2000)
    for newcomer, volunteer in (("ali", "bea"), ("eva", "carl")):
        duo = await world.drafted(newcomer, volunteer)
    told = await world.get(f"/duos/api/duos/{duo}/swap/bea")
    assert (told["volunteer"], told["left"], told["instead"]) == ("bea", "ali", "carl")
    assert told["difference"] < 0
    assert await world.drafts() == {("ali", "bea"), ("eva", "carl")}
    page = await world.client.get(f"/duos/{duo}/swap?volunteer=bea", headers=world.token())
    assert "This draft falls:" in page.text
    done = await world.post(f"/duos/api/duos/{duo}/swap/bea")
    assert done == told
    assert await world.drafts() == {("eva", "bea"), ("ali", "carl")}
    assert await world.told() == []
    (mine,) = [each for each in (await world.get("/duos/api/duos?status=draft"))["duos"] if each["newcomer"] == "eva"]
    assert mine["drafted_by"] == "c-1"
    back = await world.post(f"/duos/api/duos/{mine['id']}/swap/carl")
    assert back["difference"] == -told["difference"]


async def test_of_a_volunteers_drafts_the_one_falls_that_harms_least(world: World):
    """First whoever has somebody else; where nobody has, whoever has waited least."""
    await world.volunteer("bea", places=2)
    await world.volunteer("carl")
    for name, waited in (("ali", 200), ("eva", 3), ("noor", 50)):
        await world.newcomer(name, waited=waited)
    for newcomer in ("ali", "eva"):
        await world.drafted(newcomer, "bea")
    duo = await world.drafted("noor", "carl")
    told = await world.get(f"/duos/api/duos/{duo}/swap/bea")
    assert told["instead"] == "carl", "whom Noor leaves"
    await world.volunteer("carl", places=0, version=2)
    told = await world.get(f"/duos/api/duos/{duo}/swap/bea")
    assert (told["left"], told["instead"]) == ("eva", None)


async def test_a_swap_never_takes_a_place_from_somebody_who_was_asked(world: World):
    await world.proposed("ali", "bea")
    await world.newcomer("eva")
    await world.volunteer("carl")
    duo = await world.drafted("eva", "carl")
    refused = await world.post(f"/duos/api/duos/{duo}/swap/bea", status=409)
    assert refused["type"] == "urn:duolangue:problem:no_free_place"
    same = await world.post(f"/duos/api/duos/{duo}/swap/carl", status=422)
    assert same["type"] == "urn:duolangue:problem:same_pair"
    assert await world.drafts() == {("eva", "carl")}
    assert (
        await world.client.post(f"/duos/{duo}/swap", data={"volunteer": "bea"}, headers=world.token())
    ).status_code == 409
