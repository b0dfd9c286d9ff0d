"""The sessions service through its public surface: facts in, links, desk, API, facts out."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest

from duolangue.chassis.identity import Access
from duolangue.contracts.envelope import Unreadable
from duolangue.contracts.facts.matching import DuoConfirmed, DuoEnded, DuoPaused, DuoResumed, DuoStatus
from duolangue.contracts.facts.registration import AssociationRegistered, AssociationUpdated
from duolangue.contracts.links import Purpose
from duolangue.sessions.usecases.associations import AssociationUnknown

from .conftest import World, duo_fact


def form(**values: Any) -> dict[str, Any]:
    return {"held_on": "2026-11-24", "medium": "video", "minutes": "30", "other": "", "key": "form-1", **values}


async def duo_of(world: World, duo: str = "duo-1") -> dict[str, Any]:
    answer = await world.client.get(f"/sessions/api/duos/{duo}", headers=world.desk())
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def in_the_first_week(world: World) -> World:
    """A duo confirmed on Wednesday of week 47; it is Wednesday of week 48 now."""
    await world.founded()
    await world.confirmed("duo-1")
    await world.time_passes(days=7)
    return world


async def test_both_sides_log_over_four_weeks_and_the_weeks_below_are_told_once(world: World) -> None:
    await in_the_first_week(world)
    for side, day, minutes in (("ali", "2026-11-24", "30"), ("bea", "2026-12-01", "45"), ("ali", "2026-12-02", "15")):
        world.clock.moment = world.clock.moment.fromisoformat(f"{day}T20:00:00+00:00")
        week = "2026-W48" if day < "2026-11-30" else "2026-W49"
        sent = await world.client.post(
            world.log_link("duo-1", side, week), data=form(held_on=day, minutes=minutes, key=f"{side}-{day}")
        )
        assert sent.status_code == 303, sent.text
    world.clock.moment = world.clock.moment.fromisoformat("2026-12-21T11:30:00+00:00")
    await world.time_passes(hours=0)
    await world.time_passes(minutes=1)

    missed = [event for event in await world.told() if event.type.endswith("commitment.missed.v1")]
    assert [(event.data["week"], event.entityversion) for event in missed] == [("2026-W50", 1), ("2026-W51", 2)]
    assert missed[1].data == {
        "duo": "duo-1", "newcomer": "ali", "volunteer": "bea", "week": "2026-W51", "minutes": 0, "promised": 30,
        "missed_weeks": 2,
    }  # fmt: skip
    shown = await duo_of(world)
    assert [(week["week"], week["minutes"], week["met"]) for week in shown["weeks"]] == [
        ("2026-W48", 30, True), ("2026-W49", 60, True), ("2026-W50", 0, False), ("2026-W51", 0, False), ("2026-W52", 0, False),
    ]  # fmt: skip
    assert (shown["minutes"], shown["missed_weeks"], shown["to_call"], shown["status"]) == (90, 2, True, "active")


async def test_the_same_form_twice_even_at_once_logs_once(world: World) -> None:
    await in_the_first_week(world)
    link = world.log_link("duo-1", "ali", "2026-W48")
    answers = await asyncio.gather(*(world.client.post(link, data=form()) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {303}
    assert (await duo_of(world))["minutes"] == 30
    await world.client.post(link, data=form(key="form-2", another="true"))
    assert (await duo_of(world))["minutes"] == 60
    assert len([event for event in await world.told() if event.type.endswith("session.logged.v1")]) == 2


async def test_both_sides_at_once_about_one_conversation_count_it_once_and_the_shorter(world: World) -> None:
    await in_the_first_week(world)
    await asyncio.gather(
        world.client.post(world.log_link("duo-1", "ali", "2026-W48"), data=form(minutes="45", key="a")),
        world.client.post(world.log_link("duo-1", "bea", "2026-W48"), data=form(minutes="30", key="b")),
    )
    assert (await duo_of(world))["minutes"] == 30
    await world.client.post(
        world.log_link("duo-1", "bea", "2026-W48"), data=form(medium="phone", minutes="20", key="c", another="true")
    )
    await world.client.post(
        world.log_link("duo-1", "bea", "2026-W48"), data=form(minutes="10", key="d", another="true")
    )
    totals = (await world.client.get("/sessions/api/totals", headers=world.desk())).json()
    assert totals == {
        "conversations": 3, "minutes": 60, "duos": 1, "below_commitment": 0,
        "by_medium": {
            "video": {"conversations": 2, "minutes": 40},
            "phone": {"conversations": 1, "minutes": 20},
            "in_person": {"conversations": 0, "minutes": 0},
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    "values", [{"minutes": "0"}, {"minutes": "601"}, {"minutes": "other", "other": "a while"}, {"minutes": "½"}]
)
async def test_minutes_nobody_believes_come_back_with_a_sentence_and_the_form_as_it_was(
    world: World, values: Any
) -> None:
    await in_the_first_week(world)
    link = world.log_link("duo-1", "ali", "2026-W48")
    answer = await world.client.post(link, data=form(medium="phone", **values))
    assert answer.status_code == 422
    assert "between 1 and 600 minutes" in answer.text
    assert re.search(r'value="phone" checked', answer.text)
    assert (await duo_of(world))["minutes"] == 0
    corrected = await world.client.post(link, data=form(minutes="other", other="600"))
    assert corrected.status_code == 303
    assert (await duo_of(world))["minutes"] == 600


async def test_a_number_that_was_typed_counts_whatever_choice_is_still_ticked(world: World) -> None:
    await in_the_first_week(world)
    await world.client.post(world.log_link("duo-1", "ali", "2026-W48"), data=form(minutes="30", other=" 50 "))
    assert (await duo_of(world))["minutes"] == 50


async def test_a_link_is_for_its_own_duo_person_and_week(world: World) -> None:
    await in_the_first_week(world)
    for day, sentence in (("2026-11-22", "another week"), ("2026-11-26", "still to come")):
        refused = await world.client.post(world.log_link("duo-1", "ali", "2026-W48"), data=form(held_on=day))
        assert (refused.status_code, sentence in refused.text) == (422, True)
    stranger = await world.client.get(world.log_link("duo-1", "carl", "2026-W48"))
    assert (stranger.status_code, "not for this duo" in stranger.text) == (422, True)
    assert (await world.client.get(world.log_link("duo-2", "ali", "2026-W48"))).status_code == 404
    assert (await world.client.get(world.log_link("duo-1", "ali", "someday"))).status_code == 422
    assert (await world.client.get(world.log_link("duo-1", "ali", "2026-W49"))).status_code == 422
    other_purpose = world.signer.action_token(
        world.association,
        Purpose.REPORT_PROBLEM,
        "duo-1",
        "ali",
        world.clock.now() + timedelta(days=1),
        "en",
        "2026-W48",
    )
    assert (await world.client.get(f"/sessions/log/{other_purpose}")).status_code == 403
    assert (await duo_of(world))["minutes"] == 0


async def test_the_log_page_shows_the_week_so_far_in_the_persons_language(world: World) -> None:
    await in_the_first_week(world)
    sent = await world.client.post(world.log_link("duo-1", "ali", "2026-W48", "fr"), data=form(), follow_redirects=True)
    assert sent.status_code == 200
    assert "Merci\u00a0! C’est noté." in sent.text
    assert "Vos conversations avec Bea" in sent.text
    assert "30 minutes, en vidéo" in sent.text
    assert "mercredi 25 novembre" in sent.text
    assert "jeudi 26 novembre" not in sent.text


async def test_an_ended_duo_logs_no_more_by_link_and_misses_nothing(world: World) -> None:
    await in_the_first_week(world)
    await world.hear(duo_fact(DuoEnded, DuoStatus.ENDED, world.clock.now()), "duo-1", 5)
    await world.time_passes(days=30)
    link = world.log_link("duo-1", "ali", "2026-W48")
    for answer in (await world.client.get(link), await world.client.post(link, data=form())):
        assert (answer.status_code, "has come to its end" in answer.text) == (409, True)
    assert await world.told() == []
    shown = await duo_of(world)
    assert (shown["status"], shown["to_call"]) == ("ended", False)


async def test_disorder_and_duplicates_of_matchings_facts_heal(world: World) -> None:
    await world.founded()
    start = world.clock.now()
    paused = duo_fact(DuoPaused, DuoStatus.PAUSED, start)
    resumed = duo_fact(DuoResumed, DuoStatus.CONFIRMED, start)
    confirmed = duo_fact(DuoConfirmed, DuoStatus.CONFIRMED, start)
    await world.hear(resumed, "duo-1", 6, at=start + timedelta(days=13))
    await world.hear(confirmed, "duo-1", 4, at=start, event_id="e-4")
    await world.hear(confirmed, "duo-1", 4, at=start, event_id="e-4")
    await world.hear(paused, "duo-1", 5, at=start + timedelta(days=8))
    await world.hear(confirmed, "duo-1", 4, at=start, event_id="e-4-redelivered")
    await world.time_passes(days=27)
    missed = [event.data["week"] for event in await world.told() if event.type.endswith("missed.v1")]
    assert missed == ["2026-W50"]
    assert (await duo_of(world))["status"] == "active"


async def test_a_duo_heard_before_its_association_is_tried_again(world: World) -> None:
    with pytest.raises(AssociationUnknown):
        await world.confirmed("duo-1")
    await world.founded()
    await world.confirmed("duo-1")
    assert (await duo_of(world))["promised"] == 30


async def test_an_old_version_of_the_association_does_not_come_back(world: World) -> None:
    update = AssociationUpdated(name="Interra", language="fr", commitment_minutes=60)
    await world.hear(update, world.association, 2)
    await world.hear(AssociationRegistered(name="Interra", language="fr"), world.association, 1)
    await world.confirmed("duo-1")
    assert (await duo_of(world))["promised"] == 60
    with pytest.raises(Unreadable):
        await world.founded(timezone="Europe/Liège")


async def test_the_desk_logs_and_takes_back(world: World) -> None:
    await in_the_first_week(world)
    path = "/sessions/api/duos/duo-1/conversations"
    body = {"held_on": "2026-11-20", "minutes": 50, "medium": "in_person"}
    logged = await world.client.post(path, json=body, headers=world.desk())
    assert logged.status_code == 201
    assert (logged.json()["week"], logged.json()["logged_by"]) == ("2026-W47", None)
    assert (await duo_of(world))["weeks"][0] == {"week": "2026-W47", "minutes": 50, "met": True, "excused": True}
    for _ in range(2):
        taken_back = await world.client.delete(
            f"/sessions/api/conversations/{logged.json()['id']}", headers=world.desk()
        )
        assert taken_back.status_code == 204
    assert (await world.client.get(path, headers=world.desk())).json() == {"conversations": []}
    assert (await duo_of(world))["minutes"] == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"held_on": "2026-11-20", "minutes": 0, "medium": "video"}, "minutes"),
        ({"held_on": "2026-11-20", "minutes": 601, "medium": "video"}, "minutes"),
        ({"held_on": "2026-11-26", "minutes": 30, "medium": "video"}, "held_on"),
        ({"held_on": "2024-11-20", "minutes": 30, "medium": "video"}, "held_on"),
        ({"held_on": "tomorrow", "minutes": 30, "medium": "video"}, "held_on"),
        ({"held_on": "2026-11-20", "minutes": 30, "medium": "telepathy"}, "medium"),
    ],
)
async def test_what_the_desk_cannot_log_names_the_field(world: World, body: dict[str, Any], field: str) -> None:
    await in_the_first_week(world)
    answer = await world.client.post("/sessions/api/duos/duo-1/conversations", json=body, headers=world.desk())
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["field"] == field


async def test_who_may_what(world: World) -> None:
    await in_the_first_week(world)
    body = {"held_on": "2026-11-20", "minutes": 50, "medium": "video"}
    path = "/sessions/api/duos/duo-1/conversations"
    assert (await world.client.get("/sessions/api/duos")).status_code == 401
    assert (await world.client.post(path, json=body, headers=world.desk(Access.READ))).status_code == 403
    logged = (await world.client.post(path, json=body, headers=world.desk())).json()
    other = world.desk(association="another-place")
    await world.service.ports("another-place").associations.apply(
        (await world.service.ports(world.association).associations.find(world.association)).model_copy(
            update={"id": "another-place"}
        ),
        1,
    )
    assert (await world.client.get("/sessions/api/duos", headers=other)).json() == {"duos": [], "next": None}
    assert (await world.client.get("/sessions/api/duos/duo-1", headers=other)).status_code == 404
    assert (await world.client.post(path, json=body, headers=other)).status_code == 404
    assert (await world.client.delete(f"/sessions/api/conversations/{logged['id']}", headers=other)).status_code == 404
    assert (await world.client.get("/sessions/api/totals", headers=other)).json()["conversations"] == 0
    assert (await duo_of(world))["minutes"] == 50


async def test_totals_are_of_the_days_asked_for_both_included(world: World) -> None:
    await in_the_first_week(world)
    for day in ("2026-11-19", "2026-11-20", "2026-11-23"):
        body = {"held_on": day, "minutes": 20, "medium": "video"}
        await world.client.post("/sessions/api/duos/duo-1/conversations", json=body, headers=world.desk())
    await world.time_passes(days=14)
    for since, until, expected in (
        ("2026-11-20", "2026-11-23", (2, 40, 1, 1)),
        ("2026-11-19", "2026-11-19", (1, 20, 1, 0)),
        ("2026-11-24", "2026-11-29", (0, 0, 0, 1)),
    ):
        address = f"/sessions/api/totals?since={since}&until={until}"
        found = (await world.client.get(address, headers=world.desk())).json()
        assert tuple(found[name] for name in ("conversations", "minutes", "duos", "below_commitment")) == expected
    for asked, status in (
        ("since=2024-01-01&until=2026-01-01", 422),
        ("since=2026-11-20&until=2026-11-19", 422),
        ("", 200),
    ):
        answer = await world.client.get(f"/sessions/api/totals?{asked}", headers=world.desk())
        assert answer.status_code == status, "a year at most at once"
    await world.time_passes(days=367)
    assert (await world.client.get("/sessions/api/totals", headers=world.desk())).json()["conversations"] == 0


async def test_the_desks_pages_say_whom_to_call_and_why(world: World) -> None:
    await in_the_first_week(world)
    empty = await world.client.get("/sessions", headers=world.desk(Access.READ))
    assert "Nobody needs a call today." in empty.text
    await world.time_passes(days=7)
    desk = await world.client.get("/sessions", headers=world.desk(Access.READ))
    assert "Nothing was told since they became a duo on 18 November 2026." in desk.text
    assert "Ali &lt;b&gt;" in desk.text
    assert "<b>" not in desk.text
    sent = await world.client.post(
        "/sessions/duos/duo-1/conversations",
        data=form(held_on="2026-11-25"),
        headers=world.desk(),
        follow_redirects=True,
    )
    assert sent.status_code == 200
    assert "the desk" in sent.text
    made_good = await world.client.get("/sessions", headers=world.desk(Access.READ))
    assert "Nobody needs a call today." in made_good.text
    withdrawal = re.search(r'action="([^"]+/withdraw)"', sent.text)
    assert withdrawal is not None
    after = await world.client.post(withdrawal[1], headers=world.desk(), follow_redirects=True)
    assert "Nothing was logged so far." in after.text
    refused = await world.client.post(
        "/sessions/duos/duo-1/conversations", data=form(minutes="9999"), headers=world.desk()
    )
    assert (refused.status_code, "between 1 and 600" in refused.text) == (422, True)
