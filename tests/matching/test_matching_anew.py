"""Somebody arrives while drafts stand: what the best assignment would change among them, shown exactly, and done with one button."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from duolangue.chassis.identity import Access
from duolangue.contracts.facts.registration import NewcomerProfile, ParticipantStatus, VolunteerProfile
from duolangue.contracts.vocabulary import Level, Role
from duolangue.matching.domain.people import Association, Person
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.rules import ChangedMeanwhile
from duolangue.matching.domain.run import Pair
from duolangue.matching.engine import compute
from duolangue.matching.engine.compute import Question, build_pool
from duolangue.matching.usecases import anew
from tests.matching.conftest import World

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
NEAR, FAR = "4000", "4500"


async def drafted(world: World) -> None:
    """Ali, who can go anywhere, is drafted with Bea in Liège."""
    await world.newcomer("ali", waited=5, radius_km=100)
    await world.volunteer("bea", radius_km=100)
    await world.run()
    assert await world.drafts() == {("ali", "bea")}


async def page_of(world: World, participant: str, access: Access = Access.COORDINATE) -> str:
    answer = await world.client.get(f"/duos/waiting/{participant}", headers=world.token(access))
    assert answer.status_code == 200
    return answer.text


async def press(world: World, participant: str, page: str) -> int:
    """The button on a page."""
    (seen,) = re.findall(r'name="seen" value="([0-9a-f]+)"', page)
    answer = await world.client.post(f"/duos/waiting/{participant}/anew", data={"seen": seen}, headers=world.token())
    return answer.status_code


async def test_who_arrives_and_must_come_first_takes_the_place_of_a_draft(world: World):
    await drafted(world)
    await world.newcomer("eva", waited=100)
    page = await page_of(world, "eva")
    for said in ("What would become of the drafts", "waits again", "As many people have a draft as before."):
        assert said in page
    assert "/anew" not in await page_of(world, "eva", Access.READ)
    assert await press(world, "eva", page) == 303
    assert await world.drafts() == {("eva", "bea")}


async def test_a_chain_of_drafts_moves_for_a_new_volunteer(world: World):
    """Carl lives where only Ali can go; so Ali moves on to him, and Eva, who waited for Bea, has her."""
    await drafted(world)
    await world.newcomer("eva", waited=3, radius_km=5)
    assert "stays as it is: nothing better is possible" in await page_of(world, "eva")
    await world.volunteer("carl", postcode=FAR, radius_km=100)
    found = await anew.look(world.ports)
    assert found is not None
    assert (found.more, len(found.stay), found.volunteer_of("eva"), found.volunteer_of("ali")) == (1, 0, "bea", "carl")
    page = await page_of(world, "carl")
    assert "1 person more has a draft." in page
    assert await press(world, "carl", page) == 303
    assert await world.drafts() == {("ali", "carl"), ("eva", "bea")}
    assert [event for event in await world.told() if event.startswith("duo.")] == [], "nobody was told"
    again = await anew.look(world.ports)
    assert again is not None
    assert not again.changes


async def test_drafts_that_come_join_the_run_whose_drafts_made_way(world: World):
    await drafted(world)
    (before,) = (await world.get("/duos/api/duos?status=draft"))["duos"]
    await world.newcomer("eva", waited=100)
    await press(world, "eva", await page_of(world, "eva"))
    (duo,) = (await world.get("/duos/api/duos?status=draft"))["duos"]
    assert (duo["run"], duo["origin"], duo["drafted_by"]) == (before["run"], "run", "")
    assert duo["reasons"]
    assert await world.post(f"/duos/api/runs/{duo['run']}/approve") == {"approved": 1}


async def test_what_people_were_asked_and_what_a_coordinator_made_stays(world: World):
    await drafted(world)
    (duo,) = (await world.get("/duos/api/duos?status=draft"))["duos"]
    await world.newcomer("eva", waited=100)
    assert (await anew.look(world.ports)) is not None
    await world.post(f"/duos/api/duos/{duo['id']}/approve")
    assert await anew.look(world.ports) is None
    await world.volunteer("dora")
    await world.newcomer("noor", waited=1)
    await world.post("/duos/api/duos", {"newcomer": "noor", "volunteer": "dora"}, 201)
    assert await anew.look(world.ports) is None
    assert "What would become" not in await page_of(world, "eva")
    shown = await world.client.get("/duos/waiting/eva/anew", headers=world.token(Access.READ))
    assert "There is no draft that could change." in shown.text


async def test_a_draft_stays_whose_volunteer_takes_fewer_places_since(world: World):
    await world.newcomer("ali")
    await world.newcomer("eva")
    await world.volunteer("bea", places=2)
    await world.run()
    await world.volunteer("bea", places=1, version=2)
    await world.newcomer("noor", waited=100)
    assert await anew.look(world.ports) is None


async def test_what_changed_since_it_was_shown_is_shown_again_and_not_done(world: World):
    await drafted(world)
    await world.newcomer("eva", waited=100)
    page = await page_of(world, "eva")
    await world.newcomer("noor", waited=300)
    assert await press(world, "eva", page) == 409
    assert await world.drafts() == {("ali", "bea")}
    strangers = await world.client.post("/duos/waiting/nobody/anew", data={"seen": "0"}, headers=world.token())
    assert strangers.status_code == 404
    with pytest.raises(ChangedMeanwhile):
        await anew.carry_out("x", "c-1", world.ports)
    assert await press(world, "eva", await page_of(world, "eva")) == 303
    assert await world.drafts() == {("noor", "bea")}


async def test_while_a_run_is_under_way_nothing_is_changed(world: World):
    await drafted(world)
    await world.newcomer("eva", waited=100)
    page = await page_of(world, "eva")
    await world.post("/duos/api/runs", status=202)
    assert await press(world, "eva", page) == 409
    assert await world.drafts() == {("ali", "bea")}


async def test_a_large_association_looks_on_a_page_of_its_own_and_is_computed_beside_the_service(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    await drafted(world)
    await world.newcomer("eva", waited=100)
    monkeypatch.setattr("duolangue.matching.pages_waiting.AT_ONCE", 0)
    monkeypatch.setattr("duolangue.matching.usecases.anew.CLOSE", 0)
    page = await page_of(world, "eva")
    assert "Look at the 1 draft anew, with Eva" in page
    shown = await world.client.get("/duos/waiting/eva/anew", headers=world.token())
    assert "waits again" in shown.text
    assert await press(world, "eva", shown.text) == 303
    assert await world.drafts() == {("eva", "bea")}


def small_town(seed: int) -> Question:
    """Some who are alike, so that many assignments are equally good."""
    chance = random.Random(seed)

    def person(name: str, role: Role, **told) -> Person:
        place = chance.choice([NEAR, NEAR, FAR])
        return Person(id=name, status=ParticipantStatus.ACTIVE, roles=(role,), postcode=place, radius_km=10, **told)

    waited = [chance.choice([1, 1, 20, 100]) for _ in range(chance.randint(1, 5))]
    waits = [NewcomerProfile(french_oral=Level.A1, waiting_since=NOW - timedelta(days=days)) for days in waited]
    volunteers = [
        person(f"v{each}", Role.VOLUNTEER, volunteer=VolunteerProfile()) for each in range(chance.randint(1, 4))
    ]
    return Question(
        newcomers=[person(f"n{each}", Role.NEWCOMER, newcomer=told) for each, told in enumerate(waits)],
        volunteers=volunteers,
        capacity={each.id: chance.randint(0, 2) for each in volunteers},
        apart=set(),
        association=Association(id="a"),
        policy=Policy(),
        now=NOW,
    )


def value(question: Question, pairs: list[Pair]) -> tuple[int, ...]:
    """How many of each tier are paired, then scores and days."""
    tiers = Counter(pair.tier for pair in pairs)
    worth = sum(pair.score + pair.days * question.policy.day_waited for pair in pairs)
    return *(tiers[tier] for tier in range(len(question.policy.tiers) + 2)), worth


@pytest.mark.parametrize("seed", range(40))
def test_among_equally_good_assignments_the_one_that_keeps_most_is_taken(seed):
    question = small_town(seed)
    chance, names = random.Random(seed), [person.id for person in question.volunteers]
    now = {person.id: chance.choice(names) for person in question.newcomers if chance.random() < 0.8}
    found = compute.keeping(question, now)
    best = value(question, list(compute.plan(question).pairs))
    assert value(question, found) == best
    newcomers = [person.id for person in build_pool(question).newcomers.people]
    may = {(one, other): compute.examine(question, one, other) for one, other in product(newcomers, names)}
    most = 0
    for choice in product([None, *names], repeat=len(newcomers)):
        taken = Counter(each for each in choice if each)
        pairs = [may[one, other] for one, other in zip(newcomers, choice, strict=True) if other]
        allowed = all(isinstance(pair, Pair) for pair in pairs)
        if allowed and all(count <= question.capacity[name] for name, count in taken.items()):
            whole = [pair for pair in pairs if isinstance(pair, Pair)]
            if value(question, whole) == best:
                most = max(most, sum(now.get(pair.newcomer) == pair.volunteer for pair in whole))
    assert sum(now.get(pair.newcomer) == pair.volunteer for pair in found) == most
