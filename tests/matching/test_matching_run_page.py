"""The page of a run: how far it is, the proof that nothing better exists, and what became of its pairs."""

from __future__ import annotations

from functools import partial

from duolangue.chassis.identity import Access
from duolangue.matching.domain import run as runs
from duolangue.matching.domain.run import Phase
from tests.matching.conftest import World


async def town(world: World) -> None:
    await world.newcomer("ali", waited=100)
    await world.newcomer("eva", waited=40)
    await world.newcomer("noor", waited=3)
    await world.volunteer("bea")
    await world.volunteer("carl")


async def page_of(world: World, run: str, access: Access = Access.COORDINATE, language: str = "en") -> str:
    answer = await world.client.get(f"/duos/runs/{run}", headers=world.token(access, language=language))
    assert answer.status_code == 200
    return answer.text


async def test_a_run_says_that_it_is_proven_and_how(world: World):
    await town(world)
    run = await world.run()
    proven = run["certificate"]
    assert proven["primal"] == proven["dual"] > run["figures"]["score"]
    assert [(each["tier"], each["newcomers"], each["paired"]) for each in proven["tiers"] if each["newcomers"]] == [
        (1, 1, 1), (2, 1, 1), (4, 1, 0),
    ]  # fmt: skip
    shown = await page_of(world, run["run"])
    for said in ("proven", "Nobody can be paired better", "has waited 90 days or more", proven["digest"], "dense"):
        assert said in shown
    assert shown.count(f"{proven['primal']:,}") == 2, "what the pairs are worth, and that no pairs are worth more"
    listed = (await world.client.get("/duos/runs", headers=world.token())).text
    assert f'href="/duos/runs/{run["run"]}#proof"' in listed
    assert 'id="proof"' in shown


async def test_a_run_that_is_not_computed_yet_is_not_proven(world: World):
    await town(world)
    asked = await world.post("/duos/api/runs", status=202)
    assert (await world.get(f"/duos/api/runs/{asked['run']}"))["certificate"] is None
    assert "proven" not in await page_of(world, asked["run"])
    await world.ports.runs.update(asked["run"], partial(runs.progressed, phase=Phase.COMPUTING, share=40))
    assert '<progress max="100" value="40"' in await page_of(world, asked["run"])


async def test_a_run_shows_what_became_of_its_pairs_and_leads_to_who_waits(world: World):
    await town(world)
    run = await world.run()
    drafts = {duo["newcomer"]: duo["id"] for duo in (await world.get("/duos/api/duos?status=draft"))["duos"]}
    assert set(drafts) == {"ali", "eva"}
    await world.post(f"/duos/api/duos/{drafts['ali']}/approve")
    await world.post(f"/duos/api/duos/{drafts['eva']}/discard")
    shown = await page_of(world, run["run"])
    stand = shown.partition("What became of its pairs")[2]
    for said in ("waits for an answer", "did not go on", "Eva", "Ali"):
        assert said in stand
    assert stand.index("Ali") < stand.index("Eva"), "what still stands comes first"
    for place in (f"/duos/{drafts['ali']}", f"/duos/{drafts['eva']}", "/duos/waiting", "/duos/missing"):
        assert f'href="{place}"' in stand
    assert "Pairs it would draft" not in shown
    assert "/approve" not in stand


async def test_the_drafts_of_a_run_are_approved_from_its_page_by_coordinators_alone(world: World):
    await town(world)
    run = await world.run()
    assert "Approve its 2 drafts" in await page_of(world, run["run"])
    assert "/approve" not in await page_of(world, run["run"], Access.READ)
    done = await world.client.post(f"/duos/runs/{run['run']}/approve", headers=world.token())
    assert done.status_code == 303
    assert (await page_of(world, run["run"])).count("waits for an answer") == 2


async def test_a_dry_run_is_proven_too_and_shows_what_it_would_draft(world: World):
    await town(world)
    asked = await world.post("/duos/api/runs", {"dry": True}, 202)
    await world.service.sweeper.sweep()
    shown = await page_of(world, asked["run"])
    assert "Pairs it would draft" in shown
    assert "proven" in shown
    assert "What became of its pairs" not in shown
