"""Runs and drafts on a real database: places are never exceeded, nothing doubles, nobody who left is drafted."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from duolangue.chassis.decision import Change
from duolangue.chassis.store import Taken
from duolangue.contracts.envelope import Fact
from duolangue.contracts.facts.registration import (
    NewcomerProfile,
    ParticipantLeft,
    ParticipantPaused,
    ParticipantResumed,
    ParticipantStatus,
    ParticipantUpdated,
)
from duolangue.contracts.vocabulary import Level, Role
from duolangue.matching.domain import rules
from duolangue.matching.domain import run as runs_domain
from duolangue.matching.domain.duo import Duo, Status
from duolangue.matching.domain.people import Person
from duolangue.matching.domain.places import free_places, next_place
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.run import Pair, Plan, Run
from duolangue.matching.store import DUOS, RUNS, StoredDuos
from duolangue.matching.usecases import drafts, runs
from tests.matching.conftest import World, participant


@pytest.mark.parametrize(
    ("held", "limit", "free"),
    [
        ([], 2, [1, 2]),
        ([1], 2, [2]),
        ([2], 2, [1]),
        ([1, 2], 2, []),
        ([3], 1, []),
        ([2, 3], 2, []),
        ([3], 2, [1]),
        ([], 0, []),
    ],
)
def test_free_places_count_the_duos_beyond_a_lowered_limit(held, limit, free):
    assert free_places(held, limit) == free


def test_a_duo_that_runs_already_takes_a_place_beyond_the_limit():
    assert next_place([]) == 1
    assert next_place([1, 2]) == 3
    assert next_place([1, 3]) == 2


async def test_a_run_drafts_pairs_and_tells_nobody_but_its_figures(world: World):
    await world.newcomer("ali")
    await world.newcomer("eva", waited=3)
    await world.volunteer("bea")
    run = await world.run()
    assert run["status"] == "done"
    assert run["figures"] | {"score": 0} == {
        "newcomers": 2, "volunteers": 1, "places": 1, "pairs": 1, "waiting": 1, "nobody_fits": 0, "score": 0,
    }  # fmt: skip
    (duo,) = (await world.get("/duos/api/duos?status=draft"))["duos"]
    assert (duo["newcomer"], duo["volunteer"], duo["origin"], duo["place"]) == ("ali", "bea", "run", 1)
    assert duo["score"] == run["figures"]["score"] > 0
    assert [each["criterion"] for each in duo["reasons"]] == [
        "age", "interests", "level", "distance", "availability", "language",
    ]  # fmt: skip
    assert await world.told() == ["shortage.detected.v1", "matching.completed.v1"]
    (waits,) = (await world.get("/duos/api/waiting?language=fr"))["waiting"]
    assert (waits["participant"], waits["days"]) == ("eva", 3)
    assert waits["sentence"] == "le seul bénévole possible est déjà pris"


async def test_a_pool_in_which_nobody_fits_gives_an_empty_proven_run_and_the_shortage_is_told(world: World):
    await world.newcomer("ali", radius_km=5)
    await world.volunteer("bea", postcode="6700", radius_km=5)
    run = await world.run()
    assert (run["status"], run["figures"]["pairs"], run["figures"]["nobody_fits"]) == ("done", 0, 1)
    assert run["certificate"]["primal"] == run["certificate"]["dual"] == 0
    shortage, _ = await world.events(RUNS)
    assert shortage.type == "be.duolangue.shortage.detected.v1"
    assert (shortage.data["waiting"], shortage.data["nobody_fits"], shortage.data["places"]) == (1, 1, 1)


async def test_approving_a_run_asks_both_people_of_each_pair_once(world: World):
    for number in range(3):
        await world.newcomer(f"n{number}")
        await world.volunteer(f"v{number}")
    run = await world.run()
    assert await world.post(f"/duos/api/runs/{run['run']}/approve") == {"approved": 3}
    assert await world.post(f"/duos/api/runs/{run['run']}/approve") == {"approved": 0}
    assert sorted(await world.told()) == ["duo.proposed.v1"] * 3 + ["matching.completed.v1"]


async def test_two_runs_at_once_never_exceed_a_volunteer_s_places(world: World):
    for number in range(12):
        await world.newcomer(f"n{number}", waited=number)
    await world.volunteer("bea", places=2)
    await world.volunteer("carl", places=3)
    asked = [await world.ports.runs.add(runs_domain.request(f"r{n}", world.clock.now())) for n in range(4)]
    await asyncio.gather(*(runs.perform(run.id, world.ports) for run in asked))
    held = await world.ports.duos.with_status([Status.DRAFT])
    places = sorted((duo.volunteer, duo.place) for duo in held)
    assert places == [("bea", 1), ("bea", 2), ("carl", 1), ("carl", 2), ("carl", 3)]
    assert len({duo.newcomer for duo in held}) == 5


async def test_the_database_itself_refuses_a_second_duo_for_a_newcomer_and_for_a_place(world: World):
    await world.newcomer("ali")
    await world.volunteer("bea", places=2)
    duo = await world.post("/duos/api/duos", {"newcomer": "ali", "volunteer": "bea"}, 201)
    first = await world.ports.duos.get(duo["id"])
    with pytest.raises(Taken) as newcomer:
        await world.ports.duos.add(first.model_copy(update={"id": "x", "volunteer": "other"}))
    with pytest.raises(Taken) as place:
        await world.ports.duos.add(first.model_copy(update={"id": "x", "newcomer": "other"}))
    assert (newcomer.value.index, place.value.index) == ("one_newcomer", "one_place")


async def test_lowering_the_places_evicts_nobody_and_frees_none(world: World):
    await world.volunteer("bea", places=3)
    for number in range(3):
        await world.newcomer(f"n{number}")
    assert (await world.run())["figures"]["pairs"] == 3
    await world.volunteer("bea", places=2, version=2)
    await world.newcomer("late")
    assert (await world.run())["figures"]["pairs"] == 0
    drafted = (await world.get("/duos/api/duos?status=draft"))["duos"]
    assert len(drafted) == 3
    await world.post(f"/duos/api/duos/{next(duo['id'] for duo in drafted if duo['place'] == 1)}/withdraw")
    assert (await world.run())["figures"]["places"] == 0


async def test_two_workers_on_one_pair_both_find_it_drafted(world: World):
    for number in range(10):
        await world.newcomer(f"n{number}")
        await world.volunteer(f"v{number}")
        pair = Pair(newcomer=f"n{number}", volunteer=f"v{number}", score=1)
        made = await asyncio.gather(*(drafts.add(f"d{number}", pair, world.ports, run="r") for _ in range(6)))
        assert {duo.id for duo in made} == {f"d{number}"}


async def computed(found: list[Pair], world: World) -> Run:
    """A run that found these pairs, and was left before it drafted any."""
    count, now = len(found), world.clock.now()
    figures = runs_domain.Figures(newcomers=count, volunteers=count, places=count, pairs=count)
    run = made(runs_domain.begin(runs_domain.request("r", now), Policy(), 0, now))
    plan = Plan(figures=figures, pairs=tuple(found))
    for part in runs_domain.parts(run, plan):
        await world.ports.parts.add(part)
    return await world.ports.runs.add(made(runs_domain.planned(run, 1, plan, 1, now)))


def made(change: Change[Run] | None) -> Run:
    assert change is not None
    return change.state


async def test_a_run_that_stopped_half_way_goes_on_without_doubling(world: World):
    for number in range(4):
        await world.newcomer(f"n{number}")
        await world.volunteer(f"v{number}")
    found = [Pair(newcomer=f"n{number}", volunteer=f"v{number}", score=number) for number in range(4)]
    await computed(found, world)
    await drafts.add(drafts.draft_id(world.association, "r", found[0]), found[0], world.ports, run="r")
    await asyncio.gather(runs.perform("r", world.ports), runs.perform("r", world.ports))
    await runs.perform("r", world.ports)
    assert len(await world.ports.duos.drafts_of("r")) == 4
    assert (await world.get("/duos/api/runs/r"))["figures"]["score"] == 0 + 1 + 2 + 3
    assert await world.told() == ["matching.completed.v1"]


async def test_who_left_between_computing_and_drafting_is_not_drafted(world: World):
    await world.newcomer("ali")
    await world.volunteer("bea")
    await computed([Pair(newcomer="ali", volunteer="bea", score=1)], world)
    await world.hear(participant(ParticipantLeft, status=ParticipantStatus.LEFT, roles=[Role.VOLUNTEER]), "bea", 2)
    await runs.perform("r", world.ports)
    done = await world.get("/duos/api/runs/r")
    assert (done["status"], done["figures"]["pairs"], done["figures"]["waiting"]) == ("done", 0, 1)
    (waits,) = (await world.get("/duos/api/waiting"))["waiting"]
    assert waits["code"] == "next_run"


async def test_who_left_while_the_draft_was_written_does_not_stay_drafted(world: World):
    await world.newcomer("ali")
    await world.volunteer("bea")
    gone = Person(id="bea", status=ParticipantStatus.LEFT)

    class Overtaken(StoredDuos):
        """The fact that somebody left is handled just before the draft is written: its handler finds no duo to end."""

        async def add(self, entity: Duo, *facts: Fact) -> Duo:
            await world.ports.people.apply(gone, 2)
            return await super().add(entity, *facts)

    tenant = world.service.foundation.tenant(world.association)
    ports = replace(world.ports, duos=Overtaken(tenant, DUOS))
    with pytest.raises(rules.PersonAway):
        await drafts.add("d", Pair(newcomer="ali", volunteer="bea", score=1), ports)
    assert await world.status("d") == "discarded"


async def test_the_pool_in_figures_is_what_a_run_would_find(world: World):
    await world.newcomer("ali")
    await world.newcomer("eva")
    await world.volunteer("bea", places=3)
    await world.post("/duos/api/duos", {"newcomer": "ali", "volunteer": "bea"}, 201)
    assert await world.get("/duos/api/pool") == {"active": 3, "newcomers": 1, "volunteers": 1, "places": 2}


async def test_who_pauses_is_not_paired_until_back(world: World):
    await world.newcomer("ali")
    await world.volunteer("bea")
    assert (await world.run())["figures"]["pairs"] == 1
    profile = NewcomerProfile(french_oral=Level.A1, waiting_since=world.clock.now())
    told = {"roles": [Role.NEWCOMER], "newcomer": profile}
    await world.hear(participant(ParticipantPaused, status=ParticipantStatus.PAUSED, **told), "ali", 2)
    assert (await world.get("/duos/api/duos?status=draft"))["duos"] == []
    assert (await world.run())["figures"]["newcomers"] == 0
    await world.hear(participant(ParticipantResumed, **told), "ali", 3)
    assert (await world.run())["figures"]["pairs"] == 1


async def test_a_draft_discarded_is_not_made_again_but_an_expired_proposal_may_be(world: World):
    await world.newcomer("ali")
    await world.volunteer("bea")
    await world.run()
    (duo,) = (await world.get("/duos/api/duos?status=draft"))["duos"]
    await world.post(f"/duos/api/duos/{duo['id']}/approve")
    await world.sent(duo["id"], "bea")
    await world.time_passes(days=4)
    assert await world.status(duo["id"]) == "expired"
    await world.run()
    (again,) = (await world.get("/duos/api/duos?status=draft"))["duos"]
    assert again["id"] != duo["id"]
    await world.post(f"/duos/api/duos/{again['id']}/discard")
    assert (await world.run())["figures"]["pairs"] == 0
    (waits,) = (await world.get("/duos/api/waiting"))["waiting"]
    assert waits["code"] == "history"


async def test_a_newer_fact_wins_whatever_the_order(world: World):
    await world.volunteer("bea", places=1)
    profile = NewcomerProfile(french_oral=Level.A1, waiting_since=world.clock.now())
    await world.hear(
        participant(ParticipantUpdated, roles=[Role.NEWCOMER], newcomer=profile, postcode="1000"), "ali", 2
    )
    await world.newcomer("ali")
    assert (await world.run())["figures"]["pairs"] == 0
    (waits,) = (await world.get("/duos/api/waiting"))["waiting"]
    assert waits["code"] == "too_far"


async def test_a_pair_made_by_hand_obeys_the_rules(world: World):
    await world.newcomer("ali")
    await world.volunteer("bea", postcode="1000")
    refused = await world.post("/duos/api/duos", {"newcomer": "ali", "volunteer": "bea"}, 422)
    assert (refused["type"], refused["field"]) == ("urn:duolangue:problem:unsuitable_too_far", "volunteer")
    refused = await world.post("/duos/api/duos", {"newcomer": "ali", "volunteer": "nobody"}, 409)
    assert (refused["type"], refused["field"]) == ("urn:duolangue:problem:person_away", "volunteer")
    await world.volunteer("carl", places=0)
    refused = await world.post("/duos/api/duos", {"newcomer": "ali", "volunteer": "carl"}, 409)
    assert refused["type"] == "urn:duolangue:problem:no_free_place"
    await world.volunteer("dora")
    duo = await world.post("/duos/api/duos", {"newcomer": "ali", "volunteer": "dora"}, 201)
    assert await world.post("/duos/api/duos", {"newcomer": "ali", "volunteer": "dora"}, 201) == duo
    assert await world.told() == []
