"""Who waits and why, in full, for the coordinator; whom to propose by hand; and what the newcomer is told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from duolangue.chassis.identity import Access
from duolangue.contracts.facts.registration import (
    NewcomerProfile,
    ParticipantErased,
    ParticipantStatus,
    VolunteerProfile,
)
from duolangue.contracts.vocabulary import Gender, Interest, Level, Role
from duolangue.matching.domain.waiting import Estimate, Options, Past, Wait, tier_of
from duolangue.matching.engine import claims
from duolangue.matching.engine.compute import build_pool, examine
from duolangue.matching.usecases import pool as pools
from duolangue.matching.usecases import waiting
from tests.matching.conftest import World, participant
from tests.worlds import says


def over(*days: int, level: Level = Level.A1) -> list[Wait]:
    return [Wait(level, each, over=True) for each in days]


def lasting(*days: int, level: Level = Level.A1) -> list[Wait]:
    return [Wait(level, each, over=False) for each in days]


def test_an_estimate_is_the_middle_half_of_what_became_of_like_people():
    past = over(10, 20, 30, 40, 50, 60, 70, 80)
    assert Past(past).estimate(Level.A1, 0) == Estimate(least=20, most=60, cases=8, same_level=True)
    assert Past(past).estimate(Level.A1, 35) == Estimate(least=15, most=35, cases=5, same_level=True)


def test_nothing_is_said_where_fewer_than_five_were_in_the_same_place():
    assert Past(over(10, 20, 30, 40)).estimate(Level.A1, 0) is None
    assert Past(over(10, 20, 30, 40, 50)).estimate(Level.A1, 11) is None
    assert Past([*over(10, 20, 30, 40), *lasting(50, 60, 70)]).estimate(Level.A1, 0) is None


def test_where_the_own_level_is_rare_everybody_counts_and_it_is_said():
    past = [*over(10, 20, 30, 40, level=Level.B1), *over(50)]
    assert Past(past).estimate(Level.A1, 0) == Estimate(least=20, most=40, cases=5, same_level=False)


def test_who_still_waits_makes_the_estimate_longer_or_open():
    lucky = over(5, 6, 7, 8, 9)
    assert Past(lucky).estimate(Level.A1, 0) == Estimate(least=6, most=8, cases=5, same_level=True)
    crowded = Past([*lucky, *lasting(100, 110, 120, 130, 140)]).estimate(Level.A1, 0)
    assert crowded == Estimate(least=7, most=None, cases=5, same_level=True)


async def question(world: World):
    pool = await pools.look(world.ports)
    policy = (await pools.policy_of(world.ports)).policy
    return pools.question(pool, await pools.association_of(world.ports), policy, world.ports)


async def town(world: World) -> None:
    """Ali waits; two volunteers fit, one of them is full; three live far away, one of whom also wishes for better French."""
    likes = [Interest.COOKING, Interest.MUSIC]
    await world.newcomer("ali", interests=likes, gender=Gender.MALE, languages=["en"])
    await world.newcomer("eva", waited=100)
    await world.volunteer("bea", interests=[Interest.COOKING])
    await world.volunteer("cas", interests=[Interest.MUSIC], places=2)
    for far in ("dan", "eli"):
        await world.volunteer(far, postcode="8000")
    strict = VolunteerProfile(places=1, comfort=Level.B1)
    await world.hear(participant(roles=[Role.VOLUNTEER], volunteer=strict, postcode="8000"), "fay")
    await world.post("/duos/api/duos", {"newcomer": "eva", "volunteer": "bea"}, 201)


async def test_the_constraint_that_excludes_most_is_named_with_whom_it_alone_keeps_away(world: World):
    await town(world)
    found = await waiting.of_one("ali", world.ports)
    assert found is not None
    assert found.outlook is not None
    options = Options(volunteers=5, possible=2, free=1, blocker="too_far", blocked=3, alone=2)
    assert found.outlook.options == options


async def test_candidates_have_the_score_and_the_reasons_of_a_run_in_both_directions(world: World):
    await town(world)
    asked = await question(world)
    ali, cas = await waiting.of_one("ali", world.ports), await waiting.of_one("cas", world.ports)
    assert ali is not None
    assert cas is not None
    assert ali.volunteers is not None
    assert ali.newcomers is None
    assert cas.newcomers is not None
    assert ali.volunteers.best == cas.newcomers.best == (examine(asked, "ali", "cas"),)


async def test_what_is_remembered_of_people_follows_what_they_tell(world: World):
    await town(world)
    assert await candidates(world, "ali") == ["cas"]
    read = world.ports.people.named
    asked_for: list[str] = []

    async def counted(ids):
        asked_for.extend(ids)
        return await read(ids)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(world.ports.people), "named", lambda _, ids: counted(ids))
        await world.volunteer("dan", postcode="4000", version=2)  # moves to Liège
        assert await candidates(world, "ali") == ["cas", "dan"]
    assert sorted(asked_for) == ["cas", "dan", "dan"]  # who changed, and those whose reasons are told


async def candidates(world: World, newcomer: str) -> list[str]:
    found = await waiting.of_one(newcomer, world.ports)
    assert found is not None
    assert found.volunteers is not None
    return sorted(pair.volunteer for pair in found.volunteers.best)


async def test_the_tier_is_the_engines(world: World):
    for name, days in (("ann", 0), ("bob", 13), ("cem", 14), ("dia", 89), ("eve", 90), ("fox", 900)):
        await world.newcomer(name, waited=days)
    asked = await question(world)
    pool = build_pool(asked)
    assert list(claims.tiers(pool, asked.policy)) == [
        tier_of(int(days), asked.policy, goes_first=False) for days in pool.days
    ]


async def test_the_desk_shows_who_waits_with_the_best_five_and_drafts_one_by_hand(world: World):
    await town(world)
    headers = world.token(language="en")
    everybody = (await world.client.get("/duos/waiting", headers=headers)).text
    for shown in (
        "Ali",
        "2 of 5 volunteers fit; 1 of them has a free place",
        "3 volunteers live too far away for one of the two",
    ):
        assert shown in everybody
    assert 'href="/duos/waiting/cas"' in everybody
    assert 'href="/duos/waiting/bea"' not in everybody  # her only place is held
    page = (await world.client.get("/duos/waiting/ali", headers=headers)).text
    for shown in ("The best volunteers for Ali today", "Cas", "music", "Too few people", "We are still looking"):
        assert shown in page
    assert not says("Bea", page.partition("<form")[2])
    form = {"newcomer": "ali", "volunteer": "cas"}
    assert all(f'name="{name}" value="{value}"' in page for name, value in form.items())
    drafted = await world.client.post("/duos/drafts", data=form, headers=headers)
    assert drafted.status_code == 303
    assert "Nobody is looked for at present" in (await world.client.get("/duos/waiting/ali", headers=headers)).text
    volunteer = (await world.client.get("/duos/waiting/cas", headers=headers)).text
    assert "1 free place" in volunteer
    assert "Nobody who waits fits." in volunteer


async def test_who_only_reads_sees_no_button(world: World):
    await town(world)
    page = await world.client.get("/duos/waiting/ali", headers=world.token(Access.READ))
    assert page.status_code == 200
    assert "/duos/drafts" not in page.text


async def test_the_newcomers_words_are_in_their_language_and_hold_no_figure(world: World):
    await world.newcomer("ali", waited=250, languages=["ti", "nl"])
    page = (await world.client.get("/duos/waiting/ali", headers=world.token(language="fr"))).text
    said = re.search(r'<p lang="ti" dir="ltr">([^<]+)</p>', page)
    assert said
    assert not re.search(r"\d", said[1])


async def test_the_estimate_rests_on_the_associations_own_history(world: World):
    """Six at A1 found somebody after 10 days; who had a duo before counts from its end; imported duos say nothing."""
    for number in range(6):
        await world.confirmed(f"n{number}", f"v{number}")
    ended = (await world.ports.duos.held_by("n0"))[0].id
    await world.time_passes(days=20)
    await world.post(f"/duos/api/duos/{ended}/end", {"reason": ""})
    await world.newcomer("imp", waited=200)
    partner = participant(roles=[Role.VOLUNTEER], volunteer=VolunteerProfile(places=1), current_partner="imp")
    await world.hear(partner, "vol")
    await world.newcomer("new", waited=2)
    found = await waiting.of_one("new", world.ports)
    assert found is not None
    assert found.outlook is not None
    assert found.outlook.estimate == Estimate(least=8, most=8, cases=6, same_level=True)
    page = (await world.client.get("/duos/waiting/new", headers=world.token(language="en"))).text
    assert "Probably about 8 days from now" in page
    assert "6 people with the same level" in page
    other = NewcomerProfile(french_oral=Level.B1, waiting_since=world.clock.now() - timedelta(days=2))
    await world.hear(participant(roles=[Role.NEWCOMER], newcomer=other), "bee")
    found = await waiting.of_one("bee", world.ports)
    assert found is not None
    assert found.outlook is not None
    assert found.outlook.estimate == Estimate(least=8, most=8, cases=6, same_level=False)


@pytest.mark.parametrize("start", ["-1", "x", "10000000000"])
async def test_a_strange_place_in_the_list_is_refused(world: World, start):
    assert (await world.client.get(f"/duos/waiting?start={start}", headers=world.token())).status_code == 422


async def test_of_who_is_gone_nothing_is_remembered(world: World):
    await town(world)
    await candidates(world, "ali")
    roll = await world.ports.roll.now()
    assert {"ali", "cas", "dan"} <= roll.made_of.keys()
    gone = participant(ParticipantErased, status=ParticipantStatus.ERASED, roles=[], birth_year=None, postcode=None)
    await world.hear(gone, "dan", 2)
    assert await candidates(world, "ali") == ["cas"]
    assert "dan" not in (await world.ports.roll.now()).made_of
