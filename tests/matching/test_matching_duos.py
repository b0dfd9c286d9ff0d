"""Duos on a real database: silence, imports, people who leave, safety, erasure, and who may do what."""

from __future__ import annotations

import pytest

from duolangue.chassis.identity import Access
from duolangue.contracts.facts.registration import (
    NewcomerProfile,
    ParticipantErased,
    ParticipantLeft,
    ParticipantStatus,
    ParticipantUpdated,
)
from duolangue.contracts.vocabulary import Interest, Level, Role
from tests.matching.conftest import World, participant


async def test_a_proposal_is_reminded_of_a_day_and_expires_four_days_after_its_message_was_really_sent(world: World):
    duo = await world.proposed()
    await world.time_passes(days=30)
    assert await world.status(duo) == "proposed"
    await world.sent(duo, "bea")
    await world.time_passes(days=0.9)
    assert await world.told(of=duo) == ["duo.proposed.v1"], "the reminder waits for a day, too"
    await world.time_passes(days=0.1)
    assert await world.told(of=duo) == ["duo.proposed.v1", "duo.unanswered.v1"]
    await world.time_passes(days=2.9)
    assert await world.status(duo) == "proposed"
    await world.time_passes(days=0.1)
    assert await world.status(duo) == "expired"
    assert await world.told(of=duo) == ["duo.proposed.v1", "duo.unanswered.v1", "duo.expired.v1"]


async def test_an_answer_twice_tells_once(world: World):
    duo = await world.proposed()
    for side in ("newcomer", "newcomer", "volunteer", "volunteer"):
        await world.post(f"/duos/api/duos/{duo}/answers", {"side": side, "accept": True})
    assert await world.told(of=duo) == ["duo.proposed.v1", "duo.accepted.v1", "duo.accepted.v1", "duo.confirmed.v1"]
    refused = await world.post(f"/duos/api/duos/{duo}/answers", {"side": "newcomer", "accept": False}, 409)
    assert refused["type"] == "urn:duolangue:problem:already_confirmed"


async def test_a_draft_whose_newcomer_left_cannot_be_approved(world: World):
    await world.newcomer("ali")
    await world.volunteer("bea")
    duo = await world.post("/duos/api/duos", {"newcomer": "ali", "volunteer": "bea"}, 201)
    await world.hear(participant(ParticipantLeft, status=ParticipantStatus.LEFT, roles=[Role.NEWCOMER]), "ali", 2)
    assert await world.status(duo["id"]) == "discarded"
    await world.post(f"/duos/api/duos/{duo['id']}/approve", status=409)
    assert await world.told() == []


async def test_who_leaves_ends_their_duo_and_the_same_event_again_tells_nothing_more(world: World):
    duo = await world.confirmed()
    left = participant(ParticipantLeft, status=ParticipantStatus.LEFT, roles=[Role.VOLUNTEER])
    for _ in range(2):
        await world.hear(left, "bea", 2, event_id="evt-left")
    seen = await world.get(f"/duos/api/duos/{duo}")
    assert (seen["status"], seen["closing"]) == ("ended", "left")
    assert (await world.told(of=duo)).count("duo.ended.v1") == 1


async def test_a_replayed_fact_is_known_but_has_no_effect(world: World):
    duo = await world.confirmed()
    left = participant(ParticipantLeft, status=ParticipantStatus.LEFT, roles=[Role.VOLUNTEER])
    await world.hear(left, "bea", 2, replayed=True)
    assert await world.status(duo) == "confirmed"
    person = await world.ports.people.find("bea")
    assert person is not None
    assert person.gone


@pytest.mark.parametrize("first", ["newcomer", "volunteer"])
@pytest.mark.parametrize("named_by", ["newcomer", "volunteer", "both"])
async def test_a_duo_that_ran_before_is_taken_over_once_whoever_comes_first(world: World, first: str, named_by: str):
    partner = {"newcomer": {"current_partner": "bea"}, "volunteer": {"current_partner": "ali"}}
    told = {side: partner[side] if named_by in {side, "both"} else {} for side in partner}
    for side in (first, "volunteer" if first == "newcomer" else "newcomer"):
        if side == "newcomer":
            await world.newcomer("ali", **told[side])
        else:
            await world.volunteer("bea", **told[side])
    profile = NewcomerProfile(french_oral=Level.A2, waiting_since=world.clock.now())
    again = participant(ParticipantUpdated, roles=[Role.NEWCOMER], newcomer=profile, current_partner="bea")
    await world.hear(again, "ali", 2)
    (duo,) = (await world.get("/duos/api/duos"))["duos"]
    assert (duo["status"], duo["origin"], duo["newcomer"], duo["volunteer"]) == ("confirmed", "import", "ali", "bea")
    assert await world.told() == ["duo.confirmed.v1"]


async def test_a_running_duo_takes_a_place_beyond_the_limit(world: World):
    await world.confirmed("ali", "bea")
    await world.newcomer("eva", current_partner="bea")
    (duo,) = (await world.get("/duos/api/duos?status=confirmed&status=paused"))["duos"][:1] or [None]
    places = sorted(each.place for each in await world.ports.duos.held_by("bea"))
    assert places == [1, 2]
    assert duo is not None


async def test_a_draft_yields_to_the_duo_that_really_runs(world: World):
    await world.newcomer("ali")
    await world.volunteer("bea")
    draft = await world.post("/duos/api/duos", {"newcomer": "ali", "volunteer": "bea"}, 201)
    await world.volunteer("carl", current_partner="ali")
    assert await world.status(draft["id"]) == "discarded"
    (running,) = (await world.get("/duos/api/duos?status=confirmed"))["duos"]
    assert (running["newcomer"], running["volunteer"]) == ("ali", "carl")


async def test_nobody_else_is_looked_for_while_a_partner_is_still_to_come(world: World):
    await world.newcomer("ali", current_partner="zoe")
    await world.volunteer("bea", current_partner="yan")
    await world.newcomer("eva")
    run = await world.run()
    assert (run["figures"]["newcomers"], run["figures"]["places"]) == (1, 0)
    waiting = {row["participant"]: row["code"] for row in (await world.get("/duos/api/waiting"))["waiting"]}
    assert waiting == {"ali": "partner_expected", "eva": "taken"}


async def test_ending_for_safety_keeps_the_reported_person_out(world: World):
    await world.volunteer("bea", places=4)
    ids = {}
    for name in ("ali", "eva", "ina", "omar"):
        await world.newcomer(name)
        duo = await world.post("/duos/api/duos", {"newcomer": name, "volunteer": "bea"}, 201)
        ids[name] = duo["id"]
    for name in ("ali", "eva", "ina"):
        await world.post(f"/duos/api/duos/{ids[name]}/approve")
    for name in ("ali", "eva"):
        for side in ("newcomer", "volunteer"):
            await world.post(f"/duos/api/duos/{ids[name]}/answers", {"side": side, "accept": True})
    done = await world.post(f"/duos/api/duos/{ids['ali']}/end-for-safety", {"reported": "volunteer"})
    assert (done["duo"]["status"], done["running"]) == ("ended", [ids["eva"]])
    assert [await world.status(ids[name]) for name in ("eva", "ina", "omar")] == ["confirmed", "expired", "discarded"]
    assert await world.told(of=ids["ali"]) == [
        "duo.proposed.v1", "duo.accepted.v1", "duo.accepted.v1", "duo.confirmed.v1", "duo.ended.v1",
    ]  # fmt: skip
    await world.volunteer("bea", places=5, version=2)
    await world.newcomer("new")
    figures = (await world.run())["figures"]
    assert (figures["volunteers"], figures["places"], figures["pairs"]) == (0, 0, 0)
    refused = await world.post("/duos/api/duos", {"newcomer": "new", "volunteer": "bea"}, 409)
    assert refused["type"] == "urn:duolangue:problem:person_excluded"
    again = await world.post(f"/duos/api/duos/{ids['ali']}/end-for-safety", {"reported": "volunteer"})
    assert again["running"] == [ids["eva"]]
    administrator = world.token(access=Access.ADMINISTER)
    listed = await world.client.get("/duos/api/exclusions", headers=administrator)
    assert listed.json()["exclusions"] == [{"participant": "bea", "duo": ids["ali"]}], "the day would tell who reported"
    for access in (Access.COORDINATE, Access.READ):
        headers = world.token(access=access)
        assert (await world.client.get("/duos/api/exclusions", headers=headers)).status_code == 403
        assert "Kept out of new duos" not in (await world.client.get("/duos", headers=headers)).text
    kept_out = (await world.client.get("/duos", headers=administrator)).text.partition("Kept out of new duos")[2]
    assert ("bea" in kept_out.lower(), "2026" in kept_out) == (True, False)
    assert (await world.get(f"/duos/api/duos/{ids['ali']}"))["closing"] == "ended"
    for name, way, closing in (
        ("ali", "end", "ended"),
        ("ina", "withdraw", "withdrawn"),
        ("omar", "discard", "withdrawn"),
    ):
        repeated = await world.post(f"/duos/api/duos/{ids[name]}/{way}", {"reason": ""} if way == "end" else None)
        assert repeated["closing"] == closing, "no trace of a report in what is answered to a press that comes late"
    assert "safety." not in (await world.client.get(f"/duos/{ids['ali']}", headers=world.token())).text
    assert "Ended for safety." in (await world.client.get(f"/duos/{ids['ali']}", headers=administrator)).text
    lift = "/duos/exclusions/bea/lift"
    assert (await world.client.post(lift, headers=world.token())).status_code == 403
    assert lift in (await world.client.get("/duos", headers=administrator)).text
    assert (await world.client.post(lift, headers=administrator)).status_code == 303
    assert (await world.client.delete("/duos/api/exclusions/bea", headers=administrator)).status_code == 404
    listed = await world.client.get("/duos/api/exclusions", headers=administrator)
    assert listed.json()["exclusions"] == []
    await world.post("/duos/api/duos", {"newcomer": "new", "volunteer": "bea"}, 201)


async def test_erasing_somebody_leaves_only_ids(world: World):
    await world.newcomer("ali", interests=[Interest.COOKING], languages=["ar"])
    await world.volunteer("bea", interests=[Interest.COOKING], languages=["ar"])
    duo = await world.post("/duos/api/duos", {"newcomer": "ali", "volunteer": "bea"}, 201)
    assert duo["shared_interests"] == ["cooking"]
    await world.post(f"/duos/api/duos/{duo['id']}/approve")
    await world.post(f"/duos/api/duos/{duo['id']}/answers", {"side": "newcomer", "accept": False, "reason": "secret"})
    await world.newcomer("eva")
    await world.run()
    erased = participant(ParticipantErased, status=ParticipantStatus.ERASED, roles=[], birth_year=None, postcode=None)
    for name in ("ali", "eva"):
        await world.hear(erased, name, 2)
    kept = await world.ports.duos.get(duo["id"])
    assert (kept.reason, kept.reasons, kept.shared_interests, kept.shared_languages) == ("", (), (), ())
    assert kept.barred
    person = await world.ports.people.find("ali")
    assert person is not None
    assert person.model_dump(exclude_defaults=True) == {"id": "ali", "status": ParticipantStatus.ERASED}
    assert await world.ports.parts.naming("eva") == []
    await world.newcomer("ali")
    assert (await world.run())["figures"]["newcomers"] == 0


async def test_another_association_sees_and_changes_nothing(world: World):
    duo = await world.proposed()
    headers = world.token(association="elsewhere")
    for method, path in (
        ("GET", f"/duos/api/duos/{duo}"), ("POST", f"/duos/api/duos/{duo}/withdraw"), ("GET", f"/duos/{duo}"),
        ("POST", f"/duos/{duo}/withdraw"),
    ):  # fmt: skip
        answer = await world.client.request(method, path, headers=headers)
        assert answer.status_code == 404, path
    assert (await world.client.get("/duos/api/duos", headers=headers)).json() == {"duos": []}
    assert await world.status(duo) == "proposed"


async def test_who_may_only_read_changes_nothing_and_reads_no_reason(world: World):
    duo = await world.proposed()
    await world.post(f"/duos/api/duos/{duo}/answers", {"side": "newcomer", "accept": False, "reason": "no time"})
    assert (await world.get(f"/duos/api/duos/{duo}"))["reason"] == "no time"
    reader = world.token(Access.READ)
    seen = await world.client.get(f"/duos/api/duos/{duo}", headers=reader)
    assert seen.json()["reason"] == ""
    assert "no time" not in (await world.client.get(f"/duos/{duo}", headers=reader)).text
    for path in ("/duos/api/runs", f"/duos/api/duos/{duo}/pause", "/duos/runs", f"/duos/{duo}/pause"):
        assert (await world.client.post(path, headers=reader)).status_code == 403
    assert (await world.client.get("/duos/api/duos")).status_code == 401


@pytest.mark.parametrize("body", [{}, {"side": "teacher", "accept": True}, {"side": {"$ne": None}, "accept": True}])
async def test_a_malformed_answer_names_its_field(world: World, body: dict):
    duo = await world.proposed()
    refused = await world.post(f"/duos/api/duos/{duo}/answers", body, 422)
    assert refused["errors"][0]["field"] == "side"
