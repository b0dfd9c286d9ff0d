"""Duos followed up on the desk: who needs a call and why, what is told of a conversation, the end of a term, the association's rules."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest

from duolangue.chassis.identity import Access
from duolangue.contracts.facts.matching import DuoConfirmed, DuoEnded, DuoPaused, DuoStatus
from duolangue.contracts.facts.registration import ParticipantErased, ParticipantStatus
from duolangue.contracts.links import Purpose
from duolangue.sessions.domain.talked import Talked
from duolangue.sessions.usecases import conversations, following, personal_data
from tests.worlds import says

from .conftest import World, duo_fact


def form(**values: Any) -> dict[str, Any]:
    return {"held_on": "2026-11-24", "medium": "video", "minutes": "30", "other": "", "key": "form-1", **values}


async def beginning(world: World) -> None:
    """A duo confirmed on Wednesday of week 47; it is Wednesday of week 48 now."""
    await world.founded()
    await world.confirmed("duo-1")
    await world.time_passes(days=7)


async def standing(world: World, duo: str = "duo-1") -> Any:
    shown = (await world.client.get(f"/sessions/api/duos/{duo}", headers=world.desk())).json()
    return shown["health"], shown["to_call"]


async def logs(
    world: World, day: str, *, side: str = "ali", week: str = "2026-W48", duo: str = "duo-1", **values: Any
) -> None:
    sent = await world.client.post(
        world.log_link(duo, side, week), data=form(held_on=day, key=f"{side}-{day}", **values)
    )
    assert sent.status_code == 303, sent.text
    await world.own_facts_come_back()


async def facts(world: World, name: str) -> list[dict[str, Any]]:
    return [event.data for event in await world.told() if event.type.endswith(f"{name}.v1")]


async def test_what_a_side_tells_shows_on_the_desk_and_is_told_to_others_once(world: World) -> None:
    await beginning(world)
    await world.time_passes(days=4)
    assert await standing(world) == ("not_started", True)
    assert [fact["risk"] for fact in await facts(world, "at_risk")] == ["not_started"]
    await logs(world, "2026-11-25", side="bea", medium="in_person")
    await world.own_facts_come_back()
    assert await standing(world) == ("beginning", False)
    assert [fact["milestone"] for fact in await facts(world, "milestone")] == ["first_talk", "first_in_person"]
    assert "Nobody needs a call today." in (await world.client.get("/sessions", headers=world.desk())).text


async def test_logs_at_the_same_moment_are_all_counted(world: World) -> None:
    await beginning(world)
    link = world.log_link("duo-1", "ali", "2026-W48")
    told = [form(minutes="10", key=f"k-{number}", another="true") for number in range(6)]
    await asyncio.gather(*(world.client.post(link, data=each) for each in told))
    await asyncio.gather(*(world.own_facts_come_back() for _ in range(3)))
    held = await world.service.ports(world.association).commitments.get("duo-1")
    assert (held.standing.talks, held.standing.minutes) == (6, 60)
    assert [fact["milestone"] for fact in await facts(world, "milestone")] == ["first_talk", "fifth_talk"]


async def test_what_is_told_or_taken_back_long_after_its_week_was_judged_counts_as_well(world: World) -> None:
    await beginning(world)
    await logs(world, "2026-11-24")
    await world.time_passes(days=42)
    ports = world.service.ports(world.association)
    judged = await following.look("duo-1", ports)
    assert (judged.standing.talks, judged.checked, len(judged.missed)) == (1, "2026-W53", 5)
    late = {"held_on": "2026-12-02", "minutes": 40, "medium": "in_person", "key": "late"}
    told = await world.client.post("/sessions/api/duos/duo-1/conversations", json=late, headers=world.desk())
    assert told.status_code == 201, told.text
    await world.own_facts_come_back()
    held = await ports.commitments.get("duo-1")
    assert (held.standing.talks, held.standing.minutes) == (2, 70)
    assert "2026-W49 40 1 2026-12-02 1 0 0" in (held.talked or "")
    gone = await world.client.delete(f"/sessions/api/conversations/{told.json()['id']}", headers=world.desk())
    assert gone.status_code < 300, gone.text
    await world.own_facts_come_back()
    held = await ports.commitments.get("duo-1")
    assert (held.standing.talks, held.standing.minutes) == (1, 30)
    assert await ports.tally.of("duo-1") == Talked.read(held.talked or "", held.months or ""), (
        "what is noted is what there is"
    )


async def test_two_taps_are_enough_a_face_and_a_word_are_for_the_coordinator_alone(world: World) -> None:
    await beginning(world)
    page = await world.client.get(world.log_link("duo-1", "ali", "2026-W48") + "?minutes=45")
    sent = dict(re.findall(r'<input type="(?:hidden|radio)" name="(\w+)" value="([^"]+)"(?: checked)?>', page.text))
    ticked = dict(re.findall(r'name="(\w+)" value="([^"]+)" checked', page.text))
    assert ticked == {"minutes": "45", "medium": "video", "held_on": "2026-11-25"}
    word = "<i>She wants my passport</i>"
    await world.client.post(
        world.log_link("duo-1", "ali", "2026-W48"), data={**ticked, "key": sent["key"], "face": "hard", "word": word}
    )
    partner = await world.client.get(world.log_link("duo-1", "bea", "2026-W48"))
    own = await world.client.get(world.log_link("duo-1", "ali", "2026-W48"))
    assert "passport" not in partner.text + own.text
    assert all(
        "passport" not in event.model_dump_json() and "hard" not in event.model_dump_json()
        for event in await world.told()
    )
    api = await world.client.get("/sessions/api/duos/duo-1/conversations", headers=world.desk())
    assert "passport" not in api.text
    desk = (await world.client.get("/sessions", headers=world.desk())).text
    assert "&lt;i&gt;She wants my passport" in desk
    read = re.search(r'action="(/sessions/duos/duo-1/conversations/[^"]+/read)"', desk)
    assert read
    assert (await world.client.post(read[1], headers=world.desk(Access.READ))).status_code == 403
    assert (await world.client.post(read[1], headers=world.desk())).status_code == 303
    assert "passport" not in (await world.client.get("/sessions", headers=world.desk())).text
    on_the_duo = (await world.client.get("/sessions/duos/duo-1", headers=world.desk())).text
    assert "She wants my passport" in on_the_duo
    assert "difficult" in on_the_duo


async def test_who_asks_is_told_their_own_words_and_an_erasure_forgets_both_sides(world: World) -> None:
    await beginning(world)
    await logs(world, "2026-11-24", side="ali", word="from ali", face="good")
    await logs(world, "2026-11-24", side="bea", word="about ali")
    ports = world.service.ports(world.association)
    told = (await personal_data.tell("ali", ports)).tables["conversations"]
    assert [(row["told_the_coordinator"], row["how_it_went"]) for row in told] == [("from ali", "good")]
    await world.hear(ParticipantErased(status=ParticipantStatus.ERASED, roles=[]), "ali", 9)
    assert [
        row["told_the_coordinator"] for row in (await personal_data.tell("bea", ports)).tables["conversations"]
    ] == [""]
    held = await ports.conversations.select()
    assert [(each.minutes, each.unread) for each in held] == [(30, False)]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"minutes": "other", "other": "1500"}, "between 1 and 600 minutes"),
        ({"held_on": "2026-11-26"}, "still to come"),
        ({"held_on": "2026-11-20"}, "another week"),
        ({"word": "x" * 501}, "500 characters at most"),
    ],
)
async def test_what_cannot_be_is_refused_with_a_sentence_what_was_typed_stays_and_nothing_counts(
    world: World, values: dict[str, str], sentence: str
) -> None:
    await beginning(world)
    answer = await world.client.post(
        world.log_link("duo-1", "ali", "2026-W48"), data=form(**{"word": "hello", **values})
    )
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert values.get("word", "hello") in answer.text
    await world.own_facts_come_back()
    assert (await world.told(), await standing(world)) == ([], ("beginning", False))


async def test_a_coordinator_notes_a_call_and_takes_it_back(world: World) -> None:
    await beginning(world)
    await world.time_passes(days=4)
    noted = await world.client.post("/sessions/duos/duo-1/called", headers=world.desk(), follow_redirects=True)
    assert "Noted: you spoke with them." in noted.text
    assert "Nobody needs a call today." in noted.text
    await world.client.post("/sessions/duos/duo-1/not-called", headers=world.desk())
    assert await standing(world) == ("not_started", True)
    assert (await world.client.post("/sessions/api/duos/duo-1/called", headers=world.desk())).json()["to_call"] is False
    await world.time_passes(days=13)
    assert await standing(world) == ("not_started", False)
    await world.time_passes(days=1)
    assert await standing(world) == ("not_started", True)
    assert len(await facts(world, "at_risk")) == 1
    await world.client.post("/sessions/duos/duo-1/called", headers=world.desk())
    await world.hear(duo_fact(DuoPaused, DuoStatus.PAUSED, world.clock.now()), "duo-1", 5)
    assert await standing(world) == ("paused", False)
    refused = await world.client.post("/sessions/duos/duo-1/called", headers=world.desk())
    assert (refused.status_code, "needs no call" in refused.text) == (409, True)


async def twelve_weeks(world: World) -> None:
    await beginning(world)
    for number in range(12):
        day = (world.clock.moment - timedelta(days=1)).date().isoformat()
        body = {"held_on": day, "minutes": 30, "medium": "video", "key": f"w-{number}"}
        await world.client.post("/sessions/api/duos/duo-1/conversations", json=body, headers=world.desk())
        await world.time_passes(days=7)


async def test_after_twelve_weeks_both_are_asked_and_another_term_begins_when_both_go_on(world: World) -> None:
    await twelve_weeks(world)
    terms = [fact for fact in await facts(world, "milestone") if fact["milestone"] == "term"]
    assert [(fact["term"], fact["conversations"]) for fact in terms] == [(1, 12)]
    assert await standing(world) == ("completed", True)
    opened = await world.client.get(world.next_link("duo-1", "ali"))
    assert "You and Bea: do you go on?" in opened.text
    await world.client.post(world.next_link("duo-1", "ali"), data={"wish": "go_on"})
    assert "We ask Bea, too." in (await world.client.get(world.next_link("duo-1", "ali"))).text
    assert "would like" not in (await world.client.get(world.next_link("duo-1", "bea"))).text
    assert "Ali &lt;b&gt; would like to go on" in (await world.client.get("/sessions", headers=world.desk())).text
    both = await world.client.post(world.next_link("duo-1", "bea"), data={"wish": "go_on"}, follow_redirects=True)
    assert "You and Ali go on." in both.text
    assert await standing(world) == ("met", False)
    late = await world.client.post(world.next_link("duo-1", "ali"), data={"wish": "end"})
    assert late.status_code == 409
    assert (await world.client.get("/sessions/api/duos/duo-1", headers=world.desk())).json()["term"] == 2


async def test_who_wants_to_end_it_is_seen_by_the_coordinator_and_by_nobody_else(world: World) -> None:
    await twelve_weeks(world)
    await world.client.post(world.next_link("duo-1", "bea"), data={"wish": "end"})
    calls = (await world.client.get("/sessions/api/calls", headers=world.desk())).json()
    assert [call["wants_to_end"] for call in calls["calls"]] == [["volunteer"]]
    assert (
        "Bea &lt;b&gt; would like to end, with thanks."
        in (await world.client.get("/sessions", headers=world.desk())).text
    )
    assert "end, with thanks" not in (await world.client.get(world.next_link("duo-1", "ali"))).text.replace(
        "We end it, with thanks", ""
    )
    went_on = await world.client.post("/sessions/duos/duo-1/go-on", headers=world.desk(), follow_redirects=True)
    assert went_on.status_code == 200
    assert await standing(world) == ("met", False)
    await world.hear(duo_fact(DuoEnded, DuoStatus.ENDED, world.clock.now()), "duo-1", 5)
    over = await world.client.get(world.next_link("duo-1", "bea"))
    assert "Your duo has come to its end." in over.text
    assert (await world.client.post(world.next_link("duo-1", "bea"), data={"wish": "end"})).status_code == 409


async def test_a_link_about_the_next_step_opens_for_its_own_duo_and_person(world: World) -> None:
    await twelve_weeks(world)
    for link, status in (
        (world.next_link("duo-1", "carl"), 422),
        (world.next_link("duo-2", "ali"), 404),
        (world.next_link("duo-1", "ali")[:-2] + "xx", 403),
        (world.log_link("duo-1", "ali", "2026-W48").replace("/log/", "/next/"), 403),
    ):
        for answer in (await world.client.get(link), await world.client.post(link, data={"wish": "end"})):
            assert answer.status_code == status
            assert not says("Bea", answer.text)
    assert (await world.client.post(world.next_link("duo-1", "ali"), data={"wish": "perhaps"})).status_code == 422
    assert Purpose.NEXT_STEP.path == "/sessions/next"


async def test_an_association_decides_otherwise_and_every_duo_is_looked_at_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "AT_A_TIME", 2)
    await world.founded()
    for number in range(5):
        await world.hear(duo_fact(DuoConfirmed, DuoStatus.CONFIRMED, world.clock.now()), f"duo-{number}", 4)
    await world.time_passes(days=5)
    counts = (await world.client.get("/sessions/api/calls", headers=world.desk())).json()
    assert (counts["count"], counts["by_health"]["beginning"]) == (0, 5)
    page = await world.client.get("/sessions/settings", headers=world.desk(Access.READ))
    assert 'value="10"' in page.text
    typed = {
        "not_started_days": "4", "silent_days": "14", "below_weeks": "1", "one_sided_weeks": "0", "term_weeks": "12",
        "call_again_days": "14", "number": "0",
    }  # fmt: skip
    assert (await world.client.post("/sessions/settings", data=typed, headers=world.desk())).status_code == 403
    administrator = world.desk(Access.ADMINISTER)
    wrong = await world.client.post("/sessions/settings", data={**typed, "term_weeks": "0"}, headers=administrator)
    assert (wrong.status_code, "from 1 to 104" in wrong.text, 'value="4"' in wrong.text) == (422, True, True)
    kept = await world.client.post("/sessions/settings", data=typed, headers=administrator, follow_redirects=True)
    assert "Kept." in kept.text
    outdated = await world.client.post("/sessions/settings", data={**typed, "silent_days": "20"}, headers=administrator)
    assert (outdated.status_code, "Somebody else changed this" in outdated.text) == (422, True)
    await world.time_passes(seconds=3)
    counts = (await world.client.get("/sessions/api/calls", headers=world.desk())).json()
    assert (counts["count"], counts["by_health"]["not_started"]) == (5, 5)


async def test_the_lists_behind_the_desk_turn_their_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from duolangue.sessions.usecases import desk as desks

    monkeypatch.setattr(desks, "PAGE", 2)
    monkeypatch.setattr(desks, "CALLS_SHOWN", 2)
    await world.founded()
    for number in range(5):
        since = world.clock.now() - timedelta(minutes=number)
        await world.hear(duo_fact(DuoConfirmed, DuoStatus.CONFIRMED, since), f"duo-{number}", 4)
    running = ""
    for number in (1, 2, 3):
        running += (await world.client.get(f"/sessions/duos?page={number}", headers=world.desk(Access.READ))).text
    newest_first = re.findall(r'<td><a href="/sessions/duos/(duo-\d)"', running)
    assert newest_first == [f"duo-{number}" for number in range(5)]
    await world.time_passes(days=11)
    seen: list[str] = []
    for number in (1, 2, 3):
        page = await world.client.get(f"/sessions/calls?page={number}", headers=world.desk(Access.READ))
        seen += re.findall(r'<td><a href="/sessions/duos/(duo-\d)"', page.text)
    assert sorted(seen) == [f"duo-{number}" for number in range(5)]
    last = await world.client.get("/sessions/duos?health=not_started&page=9", headers=world.desk(Access.READ))
    assert "Page 3 of 3" in last.text
    assert 'href="?page=2&amp;health=not_started"' in last.text
    assert "No duo here." in (await world.client.get("/sessions/duos?health=met", headers=world.desk())).text
    assert (await world.client.get("/sessions/duos?health=splendid", headers=world.desk())).status_code == 422
    first = (await world.client.get("/sessions/api/duos?limit=3", headers=world.desk())).json()
    rest = (await world.client.get(f"/sessions/api/duos?limit=3&after={first['next']}", headers=world.desk())).json()
    assert [duo["duo"] for duo in first["duos"] + rest["duos"]] == [f"duo-{number}" for number in range(5)]
    assert rest["next"] is None


async def test_a_word_is_marked_as_read_at_its_own_duo_and_at_no_other(world: World) -> None:
    await beginning(world)
    await world.confirmed("duo-2")
    await logs(world, "2026-11-25", word="Can you call me?")
    [word] = await conversations.unread(world.ports)
    other = await world.client.post(f"/sessions/duos/duo-2/conversations/{word.id}/read", headers=world.desk())
    assert other.status_code == 404
    assert await conversations.unread(world.ports) == [word]
    own = await world.client.post(f"/sessions/duos/duo-1/conversations/{word.id}/read", headers=world.desk())
    assert own.status_code == 303
    assert await conversations.unread(world.ports) == []
