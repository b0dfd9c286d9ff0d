"""What changed between one look and the next: people who pause or tell otherwise, drafts nobody saw, runs beside each other."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from duolangue.contracts.facts.registration import (
    ParticipantLeft,
    ParticipantPaused,
    ParticipantStatus,
    ParticipantUpdated,
    VolunteerProfile,
)
from duolangue.contracts.vocabulary import Gender, Role
from duolangue.matching.domain import run as runs
from duolangue.matching.usecases import apart, surroundings, waiting
from duolangue.matching.usecases import pool as pools
from tests.matching.conftest import World, participant


async def confirmed(world: World, duo: str) -> None:
    for side in ("volunteer", "newcomer"):
        await world.post(f"/duos/api/duos/{duo}/answers", {"side": side, "accept": True})


async def standing(world: World, duo: str) -> Any:
    return await world.get(f"/duos/api/duos/{duo}")


async def test_who_was_in_a_duo_waits_since_it_was_over(world: World) -> None:
    await world.newcomer("old", waited=400)
    await world.volunteer("bea")
    duo = await world.drafted("old", "bea")
    await world.post(f"/duos/api/duos/{duo}/approve")
    await confirmed(world, duo)
    await world.time_passes(days=200)
    await world.newcomer("fresh", waited=80)
    await world.post(f"/duos/api/duos/{duo}/end", {"reason": ""})
    await world.time_passes(days=5)
    await world.volunteer("carl")
    await world.volunteer("bea", places=1, version=2, postcode="8400")
    rows = (await world.get("/duos/api/waiting"))["waiting"]
    assert [(each["participant"], each["days"]) for each in rows] == [("fresh", 85), ("old", 5)]
    found = await pools.look(world.ports)
    since = {each.id: each.newcomer.waiting_since for each in found.waiting if each.newcomer}
    assert world.clock.now() - since["old"] == timedelta(days=5)
    roll = await world.ports.roll.now()
    around = await surroundings.of({"old"}, roll, (await pools.policy_of(world.ports)).policy, world.ports)
    assert dict(zip(around.everybody.newcomers, around.pool().days.tolist(), strict=True)) == {"fresh": 85, "old": 5}
    told = await waiting.of_one("old", world.ports)
    assert told is not None
    assert told.volunteers is not None
    assert [each.days for each in told.volunteers.best] == [5]
    await world.run()
    assert await world.drafts() == {("fresh", "carl")}


async def test_a_proposal_is_taken_back_when_one_side_takes_a_break_and_the_other_goes_first(world: World) -> None:
    duo = await world.proposed("ali", "bea")
    await world.post(f"/duos/api/duos/{duo}/answers", {"side": "newcomer", "accept": True})
    offer = VolunteerProfile(places=1)
    away = participant(ParticipantPaused, status=ParticipantStatus.PAUSED, roles=[Role.VOLUNTEER], volunteer=offer)
    await world.hear(away, "bea", 2)
    found = await standing(world, duo)
    assert (found["status"], found["asking"], found["silent"]) == ("expired", [], [])
    assert await world.told(of=duo) == ["duo.proposed.v1", "duo.accepted.v1", "duo.expired.v1"]
    await world.newcomer("old", waited=400)
    await world.volunteer("carl")
    assert {each.id for each in (await pools.look(world.ports)).waiting if each.goes_first} == {"ali"}
    assert (await world.ports.roll.now()).standing("ali").goes_first
    await world.run()
    assert await world.drafts() == {("ali", "carl")}, "it was not their fault"


async def test_whose_volunteer_leaves_goes_first_whether_asked_or_in_a_duo(world: World) -> None:
    for newcomer, volunteer in (("ali", "bea"), ("eva", "carl")):
        await world.newcomer(newcomer)
        await world.volunteer(volunteer)
    asked, running = await world.drafted("ali", "bea"), await world.drafted("eva", "carl")
    for duo in (asked, running):
        await world.post(f"/duos/api/duos/{duo}/approve")
    await confirmed(world, running)
    for volunteer in ("bea", "carl"):
        offer = VolunteerProfile(places=1)
        gone = participant(ParticipantLeft, status=ParticipantStatus.LEFT, roles=[Role.VOLUNTEER], volunteer=offer)
        await world.hear(gone, volunteer, 2)
    assert {each.id for each in (await pools.look(world.ports)).waiting if each.goes_first} == {"ali", "eva"}
    roll = await world.ports.roll.now()
    assert [roll.standing(each).goes_first for each in ("ali", "eva")] == [True, True]


async def test_nobody_is_asked_about_a_draft_whose_people_suit_each_other_no_more(world: World) -> None:
    for newcomer in ("ali", "eva"):
        await world.newcomer(newcomer, gender=Gender.MALE)
    await world.volunteer("bea", places=2, gender=Gender.FEMALE)
    await world.run()
    first, second = sorted((await world.get("/duos/api/duos?status=draft"))["duos"], key=lambda duo: duo["place"])
    one_place = participant(
        ParticipantUpdated, roles=[Role.VOLUNTEER], volunteer=VolunteerProfile(places=1), gender=Gender.FEMALE
    )
    await world.hear(one_place, "bea", 2)
    page = await world.client.get("/duos", headers=world.token())
    assert page.text.count("This volunteer has no free place") == 1
    late = await world.client.post(f"/duos/api/duos/{second['id']}/approve", headers=world.token())
    assert late.status_code == 409
    strict = VolunteerProfile(places=1, same_gender_only=True)
    changed = participant(ParticipantUpdated, roles=[Role.VOLUNTEER], volunteer=strict, gender=Gender.FEMALE)
    await world.hear(changed, "bea", 3)
    refused = await world.client.post(f"/duos/{first['id']}/approve", headers=world.token())
    assert (refused.status_code, "The volunteer wishes for a partner of the same gender." in refused.text) == (
        422,
        True,
    )
    await world.client.post("/duos/drafts/approve", headers=world.token())
    assert {each["status"] for each in (await world.get("/duos/api/duos"))["duos"]} == {"draft"}, (
        "they stay to be looked at"
    )
    await world.hear(one_place, "bea", 4)
    await world.client.post("/duos/drafts/approve", headers=world.token())
    assert (await standing(world, first["id"]))["status"] == "proposed"
    assert (await standing(world, second["id"]))["status"] == "draft"


async def test_a_rule_that_was_set_aside_for_a_pair_does_not_stand_against_it_later(world: World) -> None:
    await world.newcomer("ali", gender=Gender.MALE)
    await world.volunteer("bea", gender=Gender.FEMALE)
    offer = VolunteerProfile(places=1, same_gender_only=True)
    fact = participant(ParticipantUpdated, roles=[Role.VOLUNTEER], volunteer=offer, gender=Gender.FEMALE)
    await world.hear(fact, "bea", 2)
    body = {"newcomer": "ali", "volunteer": "bea", "aside": True, "why": "They know each other."}
    made = await world.client.post("/duos/api/duos", json=body, headers=world.token())
    assert made.status_code == 201, made.text
    await world.post(f"/duos/api/duos/{made.json()['id']}/approve")
    assert (await standing(world, made.json()["id"]))["status"] == "proposed"


async def test_all_drafts_are_those_that_were_there_to_be_seen(world: World) -> None:
    await world.newcomer("ali")
    await world.volunteer("bea")
    await world.run()
    desk = (await world.client.get("/duos", headers=world.token())).text
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', desk)
    await world.time_passes(minutes=5)
    await world.newcomer("eva")
    await world.volunteer("carl")
    await world.run()
    await world.client.post("/duos/drafts/approve", data={"seen": seen}, headers=world.token())
    stand = {each["newcomer"]: each["status"] for each in (await world.get("/duos/api/duos"))["duos"]}
    assert stand == {"ali": "proposed", "eva": "draft"}


async def test_a_swap_that_would_cost_somebody_else_their_pair_is_shown_again(world: World) -> None:
    for newcomer in ("ali", "eva"):
        await world.newcomer(newcomer)
    await world.volunteer("bea")
    await world.volunteer("carl")
    duo = await world.drafted("ali", "bea")
    shown = (await world.client.get(f"/duos/{duo}/swap", params={"volunteer": "carl"}, headers=world.token())).text
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', shown)
    await world.drafted("eva", "carl")
    form = {"volunteer": "carl", "seen": seen}
    again = await world.client.post(f"/duos/{duo}/swap", data=form, headers=world.token())
    assert (again.status_code, "Something changed meanwhile" in again.text) == (409, True)
    assert await world.drafts() == {("ali", "bea"), ("eva", "carl")}
    (now,) = re.findall(r'name="seen" value="([^"]+)"', again.text)
    done = await world.client.post(f"/duos/{duo}/swap", data={**form, "seen": now}, headers=world.token())
    assert done.status_code == 303
    assert ("ali", "carl") in await world.drafts()


async def test_two_runs_at_once_count_nobody_as_waiting_whom_the_other_paired(world: World) -> None:
    for number in range(3):
        await world.newcomer(f"n{number}")
        await world.volunteer(f"v{number}")
    for each in ("a", "b"):
        await world.ports.runs.add(runs.request(each, world.clock.now()))
    await world.service.sweeper.sweep()
    figures = [(await world.get(f"/duos/api/runs/{each}"))["figures"] for each in ("a", "b")]
    assert sorted(each["pairs"] for each in figures) == [0, 3]
    assert [each["waiting"] for each in figures] == [0, 0]
    assert not [each for each in await world.told() if "shortage" in each]


async def test_a_record_that_is_the_same_person_is_not_paired_with_whom_the_other_one_was(world: World) -> None:
    await world.newcomer("ali")
    for volunteer in ("bea", "carl"):
        await world.volunteer(volunteer)
    duo = await world.drafted("ali", "bea")
    await world.post(f"/duos/api/duos/{duo}/approve")
    await confirmed(world, duo)
    await world.post(f"/duos/api/duos/{duo}/end", {"reason": ""})
    await apart.keep("ali", "carl", "c-1", "neighbours", world.ports)
    await world.newcomer("alis")
    gone = participant(ParticipantLeft, status=ParticipantStatus.LEFT, roles=[Role.NEWCOMER], merged_into="alis")
    for version in (2, 3):
        await world.hear(gone, "ali", version)
    await world.run()
    assert await world.drafts() == set()
    kept = {each.id: (each.one, each.other, each.why) for each in await world.ports.separations.of("alis")}
    assert sorted(kept.values()) == [("alis", "bea", ""), ("alis", "carl", "neighbours")]
    assert await waiting.of_one("alis", world.ports) is not None
    for separation in kept:
        await apart.allow(separation, world.ports)
    await world.run()
    assert len(await world.drafts()) == 1, "a coordinator may allow it again"


async def test_a_no_recorded_by_mistake_is_taken_back_on_the_duos_page(world: World) -> None:
    duo = await world.proposed("ali", "bea")
    page = (await world.client.get(f"/duos/{duo}", headers=world.token())).text
    assert "Was it a mistake?" not in page
    await world.post(f"/duos/api/duos/{duo}/answers", {"side": "volunteer", "accept": False, "reason": "wrong person"})
    page = (await world.client.get(f"/duos/{duo}", headers=world.token())).text
    assert f'action="/duos/{duo}/allow-again"' in page
    await world.run()
    assert await world.drafts() == set()
    done = await world.client.post(f"/duos/{duo}/allow-again", headers=world.token())
    assert done.status_code == 303
    assert "wrong person" not in (await world.client.get(f"/duos/{duo}", headers=world.token())).text
    await world.run()
    assert await world.drafts() == {("ali", "bea")}
    running = await world.drafted("ali", "bea")
    refused = await world.post(f"/duos/api/duos/{running}/allow-again", status=409)
    assert "Nobody said no to this pair." in str(refused)


async def test_two_who_were_never_proposed_are_kept_apart_from_the_page_of_who_waits(world: World) -> None:
    await world.newcomer("ali")
    await world.volunteer("bea")
    page = (await world.client.get("/duos/waiting/ali", headers=world.token())).text
    assert 'action="/duos/separations"' in page
    told = {"one": "ali", "other": "bea", "why": "cousins"}
    done = await world.client.post("/duos/separations", data=told, headers=world.token())
    assert (done.status_code, done.headers["location"]) == (303, "/duos/waiting/ali")
    (kept,) = await world.ports.separations.select()
    assert (kept.one, kept.other, kept.why) == ("ali", "bea", "cousins")
    await world.run()
    assert await world.drafts() == set()
    await apart.allow(kept.id, world.ports)
    await world.post("/duos/api/separations", told, status=201)
    await world.post("/duos/api/separations", {**told, "other": "nobody"}, status=404)
    assert len(await world.ports.separations.select()) == 1
