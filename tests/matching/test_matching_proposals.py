"""Drafts and proposals: rules set aside, who is asked first, silence and what it means."""

from __future__ import annotations

from typing import Any

import pytest

from duolangue.chassis.identity import Access
from duolangue.contracts.facts.matching import ParticipationLapsed
from duolangue.contracts.facts.notifications import Channel, MessageKind, NotificationSent
from duolangue.contracts.facts.registration import (
    AgeRange,
    NewcomerProfile,
    ParticipantPaused,
    ParticipantStatus,
    VolunteerProfile,
)
from duolangue.contracts.links import Purpose
from duolangue.contracts.vocabulary import Gender, Level, Role
from duolangue.matching.domain.people import Exclusion
from duolangue.matching.usecases import pool as pools
from tests.matching.conftest import World, participant


async def silent(world: World, newcomer: str, volunteer: str) -> str:
    """A proposal that the volunteer got and never answered."""
    duo = await world.drafted(newcomer, volunteer)
    await world.post(f"/duos/api/duos/{duo}/approve")
    await world.sent(duo, volunteer)
    await world.time_passes(days=5)
    assert await world.status(duo) == "expired"
    return duo


async def test_the_volunteer_is_asked_first_and_the_newcomer_after_a_yes(world: World):
    duo = await world.proposed()
    assert (await world.get(f"/duos/api/duos/{duo}"))["asking"] == ["volunteer"]
    await world.post(f"/duos/api/duos/{duo}/answers", {"side": "volunteer", "accept": True})
    assert (await world.get(f"/duos/api/duos/{duo}"))["asking"] == ["newcomer"]
    await world.time_passes(days=30)
    assert await world.status(duo) == "proposed"
    await world.sent(duo, "ali")
    await world.time_passes(days=1)
    await world.time_passes(days=3)
    assert await world.status(duo) == "expired"
    assert await world.told(of=duo) == ["duo.proposed.v1", "duo.accepted.v1", "duo.unanswered.v1", "duo.expired.v1"]


async def test_the_innocent_side_goes_first_until_they_have_a_duo_or_say_no_themselves(world: World):
    await world.newcomer("ali")
    await world.newcomer("eva")
    await world.volunteer("bea", places=2)
    assert {person.id for person in (await pools.look(world.ports)).waiting if person.goes_first} == set()
    await silent(world, "ali", "bea")
    first = [person.id for person in (await pools.look(world.ports)).waiting if person.goes_first]
    assert first == ["ali"]
    await world.volunteer("carl")
    duo = await world.drafted("ali", "carl")
    await world.post(f"/duos/api/duos/{duo}/approve")
    await world.time_passes(minutes=1)
    await world.post(f"/duos/api/duos/{duo}/answers", {"side": "newcomer", "accept": False})
    pool = await pools.look(world.ports)
    assert [person.id for person in pool.waiting if person.goes_first] == []
    assert [person.id for person in pool.volunteers if person.goes_first] == ["carl"]


async def test_who_stays_silent_twice_is_asked_once_more_and_without_an_answer_is_to_be_paused(world: World):
    for name in ("ali", "eva", "ina"):
        await world.newcomer(name)
    await world.volunteer("bea", places=2)
    await silent(world, "ali", "bea")
    assert await world.ports.questions.of("bea") == []
    await silent(world, "eva", "bea")
    (question,) = await world.ports.questions.of("bea")
    assert await world.told(of=question.id) == ["participation.questioned.v1"]
    assert (await world.get("/duos/api/pool"))["places"] == 0
    await world.time_passes(days=60)
    assert (await world.ports.questions.get(question.id)).open
    fact = NotificationSent(
        kind=MessageKind.LAST_QUESTION,
        recipient="bea",
        about=question.id,
        channel=Channel.MAIL,
        sent_at=world.clock.now(),
    )
    await world.hear(fact, "message-1")
    await world.time_passes(days=6.9)
    assert (await world.ports.questions.get(question.id)).open
    await world.time_passes(days=0.2)
    assert await world.told(of=question.id) == ["participation.questioned.v1", "participation.lapsed.v1"]
    profile = VolunteerProfile(places=2)
    await world.hear(
        participant(ParticipantPaused, status=ParticipantStatus.PAUSED, roles=[Role.VOLUNTEER], volunteer=profile),
        "bea",
        2,
    )
    await world.volunteer("bea", places=2, version=3)
    await silent(world, "ina", "bea")
    assert len(await world.ports.questions.of("bea")) == 1


@pytest.mark.parametrize(("choice", "fact"), [("yes", "confirmed"), ("no", "lapsed")])
async def test_the_last_question_is_answered_by_its_link_and_the_first_answer_counts(
    world: World, choice: str, fact: str
):
    for name in ("ali", "eva"):
        await world.newcomer(name)
    await world.volunteer("bea", places=2)
    for name in ("ali", "eva"):
        await silent(world, name, "bea")
    (question,) = await world.ports.questions.of("bea")
    expires = world.clock.now().replace(year=2028)
    token = world.signer.action_token(world.association, Purpose.STILL_TAKING_PART, question.id, "bea", expires, "en")
    shown = await world.client.get(f"/duos/still/{token}?choice={choice}")
    assert "Do you still want to take part?" in shown.text
    for each in (choice, "yes", "no"):
        assert (await world.client.post(f"/duos/still/{token}", data={"choice": each})).status_code == 303
    assert await world.told(of=question.id) == ["participation.questioned.v1", f"participation.{fact}.v1"]
    other = world.signer.action_token(world.association, Purpose.STILL_TAKING_PART, question.id, "ali", expires, "en")
    assert (await world.client.get(f"/duos/still/{other}")).status_code == 403
    wrong = world.link(question.id, "bea").replace("/duos/answer/", "/duos/still/")
    assert (await world.client.get(wrong)).status_code == 403


@pytest.mark.parametrize(("choice", "fact"), [("yes", "confirmed"), ("no", "lapsed")])
async def test_a_coordinator_records_what_somebody_answered_by_telephone(world: World, choice: str, fact: str):
    for name in ("ali", "eva"):
        await world.newcomer(name)
    await world.volunteer("bea", places=2)
    address = "/duos/waiting/bea/still"
    before = await world.client.get("/duos/waiting/bea", headers=world.token())
    assert address not in before.text, "nobody is asked"
    for name in ("ali", "eva"):
        await silent(world, name, "bea")
    (question,) = await world.ports.questions.of("bea")
    shown = await world.client.get("/duos/waiting/bea", headers=world.token())
    assert address in shown.text
    assert address not in (await world.client.get("/duos/waiting/bea", headers=world.token(Access.READ))).text
    form = {"choice": choice}
    assert (await world.client.post(address, data=form, headers=world.token(Access.READ))).status_code == 403
    for _ in range(2):
        assert (await world.client.post(address, data=form, headers=world.token())).status_code == 303
    assert await world.told(of=question.id) == ["participation.questioned.v1", f"participation.{fact}.v1"]
    assert (await world.client.post("/duos/waiting/nobody/still", data=form, headers=world.token())).status_code == 404


async def test_who_answers_in_between_is_not_asked(world: World):
    for name in ("ali", "eva", "ina"):
        await world.newcomer(name)
    await world.volunteer("bea", places=3)
    await silent(world, "ali", "bea")
    duo = await world.drafted("eva", "bea")
    await world.post(f"/duos/api/duos/{duo}/approve")
    await world.time_passes(minutes=1)
    await world.post(f"/duos/api/duos/{duo}/answers", {"side": "volunteer", "accept": False})
    await silent(world, "ina", "bea")
    assert await world.ports.questions.of("bea") == []


async def test_a_question_does_not_matter_once_the_person_takes_a_break(world: World):
    for name in ("ali", "eva"):
        await world.newcomer(name)
    await world.volunteer("bea", places=2)
    for name in ("ali", "eva"):
        await silent(world, name, "bea")
    (question,) = await world.ports.questions.of("bea")
    paused = participant(
        ParticipantPaused, status=ParticipantStatus.PAUSED, roles=[Role.VOLUNTEER], volunteer=VolunteerProfile()
    )
    await world.hear(paused, "bea", 2)
    assert (await world.told(of=question.id))[-1] == "participation.dropped.v1"
    assert ParticipationLapsed.fact_name() not in await world.told(of=question.id)


async def test_who_is_kept_apart_is_paired_by_nothing_until_it_is_taken_back(world: World):
    await world.newcomer("ali")
    await world.volunteer("bea")
    duo = await world.drafted("ali", "bea")
    kept = await world.post(f"/duos/api/duos/{duo}/keep-apart", {"why": "cousins"}, 201)
    assert (kept["one"], kept["other"], kept["why"], kept["by"]) == ("ali", "bea", "cousins", "c-1")
    assert await world.status(duo) == "discarded"
    assert (await world.run())["figures"]["pairs"] == 0
    by_hand = {"newcomer": "ali", "volunteer": "bea", "aside": True, "why": "they asked"}
    assert (await world.post("/duos/api/duos", by_hand, 409))["type"] == "urn:duolangue:problem:kept_apart"
    answer = await world.client.delete(f"/duos/api/separations/{kept['id']}", headers=world.token())
    assert answer.status_code == 204
    assert (await world.run())["figures"]["pairs"] == 1


async def test_a_proposal_of_two_who_are_to_be_kept_apart_is_taken_back(world: World):
    duo = await world.proposed()
    await world.post(f"/duos/api/duos/{duo}/keep-apart", {}, 201)
    assert await world.status(duo) == "expired"


@pytest.mark.parametrize(
    ("newcomer", "volunteer", "rules"),
    [
        ({}, {"postcode": "1000"}, ["too_far"]),
        ({"partner_gender": Gender.FEMALE}, {"gender": Gender.MALE}, ["wishes"]),
        ({"partner_age": AgeRange(least=18, most=20)}, {"comfort": Level.B2}, ["level", "wishes"]),
    ],
)
async def test_a_rule_is_set_aside_with_a_reason_and_by_name(
    world: World, newcomer: dict[str, Any], volunteer: dict[str, Any], rules: list[str]
):
    profile = NewcomerProfile(french_oral=Level.A1, waiting_since=world.clock.now(), **newcomer)
    await world.hear(participant(roles=[Role.NEWCOMER], newcomer=profile), "ali")
    offer = VolunteerProfile(comfort=volunteer.pop("comfort", Level.A0))
    await world.hear(participant(roles=[Role.VOLUNTEER], volunteer=offer, **volunteer), "bea")
    pair = {"newcomer": "ali", "volunteer": "bea"}
    assert (await world.post("/duos/api/duos", pair, 422))["type"] == f"urn:duolangue:problem:unsuitable_{rules[0]}"
    assert (await world.post("/duos/api/duos", {**pair, "aside": True, "why": " "}, 422))["field"] == "why"
    made = await world.post("/duos/api/duos", {**pair, "aside": True, "why": "they know each other"}, 201)
    assert (made["override"]["rules"], made["override"]["by"]) == (rules, "c-1")
    assert made["override"]["why"] == "they know each other"
    level = next(each["value"] for each in made["reasons"] if each["criterion"] == "level")
    assert (level == 0) == ("level" in rules)
    seen = await world.get(f"/duos/api/duos/{made['id']}", access=Access.READ)
    assert seen["override"] is None


async def test_no_reason_sets_safety_or_a_no_aside(world: World):
    duo = await world.proposed()
    await world.post(f"/duos/api/duos/{duo}/answers", {"side": "volunteer", "accept": False})
    pair = {"newcomer": "ali", "volunteer": "bea", "aside": True, "why": "please"}
    assert (await world.post("/duos/api/duos", pair, 409))["type"] == "urn:duolangue:problem:not_overridable"
    running = await world.confirmed("eva", "carl")
    await world.post(f"/duos/api/duos/{running}/end-for-safety", {"reported": "newcomer"})
    pair |= {"newcomer": "eva", "volunteer": "carl"}
    assert (await world.post("/duos/api/duos", pair, 409))["type"] == "urn:duolangue:problem:person_excluded"
    await world.ports.exclusions.forget("eva")
    assert (await world.post("/duos/api/duos", pair, 409))["type"] == "urn:duolangue:problem:not_overridable"
    await world.ports.exclusions.add(Exclusion(id="eva", duo=running, excluded_at=world.clock.now()))


async def test_two_who_ended_well_may_go_on_again_by_hand(world: World):
    duo = await world.confirmed()
    await world.post(f"/duos/api/duos/{duo}/end", {"reason": "a thousand thanks"})
    pair = {"newcomer": "ali", "volunteer": "bea"}
    assert (await world.post("/duos/api/duos", pair, 422))["type"] == "urn:duolangue:problem:unsuitable_history"
    again = await world.post("/duos/api/duos", {**pair, "aside": True, "why": "both asked for it"}, 201)
    assert again["override"]["rules"] == ["history"]
    await world.post(f"/duos/api/duos/{again['id']}/approve")
    assert await world.status(again["id"]) == "proposed"


async def test_the_page_offers_to_set_a_rule_aside_where_that_may_be(world: World):
    await world.newcomer("ali")
    await world.volunteer("bea", postcode="1000")
    pair = {"newcomer": "ali", "volunteer": "bea"}
    refused = await world.client.post("/duos/drafts", data=pair, headers=world.token())
    assert refused.status_code == 422
    assert "Make the draft all the same" in refused.text
    done = await world.client.post(
        "/duos/drafts", data={**pair, "aside": "true", "why": "family"}, headers=world.token()
    )
    assert done.status_code == 303
    shown = await world.client.get(done.headers["location"], headers=world.token())
    assert "family" in shown.text
    assert "family" not in (await world.client.get(done.headers["location"], headers=world.token(Access.READ))).text
    away = await world.client.post("/duos/drafts", data={**pair, "newcomer": "zoe"}, headers=world.token())
    assert away.status_code == 409
    assert "Make the draft all the same" not in away.text


async def test_all_drafts_are_approved_at_once_whoever_made_them(world: World):
    for number in range(3):
        await world.newcomer(f"n{number}")
        await world.volunteer(f"v{number}")
    await world.drafted("n0", "v0")
    await world.run()
    assert await world.post("/duos/api/drafts/approve") == {"approved": 3}
    assert {duo["approved_by"] for duo in (await world.get("/duos/api/duos?status=proposed"))["duos"]} == {"c-1"}
