"""A duo takes a break by the week's link; a newcomer is asked three questions at the right moment; thanks are told where wanted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from duolangue.chassis.identity import Access
from duolangue.contracts.envelope import Event
from duolangue.contracts.facts.matching import DuoEnded, DuoPaused, DuoStatus
from duolangue.contracts.links import Purpose
from duolangue.sessions.domain.story import Moment, Question
from duolangue.sessions.store.counting import ASKINGS
from duolangue.sessions.usecases import stories
from tests.worlds import says

from .conftest import MOMENT, World, duo_fact
from .gatherings import ports_of, takes_part
from .test_sessions_following import beginning, facts, logs, standing

LINK = ("duo-1", "ali", "2026-W48")


async def posts(world: World, path: str, **form: Any) -> Any:
    return await world.client.post(path, data=form, headers=world.desk() if path.startswith("/sessions/duos") else {})


async def test_a_side_takes_a_break_by_the_weeks_link_and_nothing_is_owed_until_it_is_over(world: World) -> None:
    await beginning(world)
    await logs(world, "2026-11-25")
    link = world.log_link(*LINK)
    assert (await posts(world, f"{link}/break", until="2026-12-13")).status_code == 303
    assert (await posts(world, f"{link}/break", until="2026-12-13")).status_code == 303
    [told] = await facts(world, "commitment.paused")
    assert (told["asked_by"], told["since"], told["until"]) == ("newcomer", "2026-11-25", "2026-12-13")
    shown = (await world.client.get(link)).text
    assert "We go on now" in shown
    assert "Log it" in shown, "who talks all the same may tell of it"
    assert await standing(world) == ("paused", False)
    desk = (await world.client.get("/sessions/duos/duo-1", headers=world.desk())).text
    assert "Ali &lt;b&gt; asked for a break" in desk
    assert "Ali" in (await world.client.get("/sessions/duos?health=paused", headers=world.desk())).text
    await world.time_passes(days=21)
    assert datetime(2026, 12, 16, tzinfo=UTC) < world.clock.now() < datetime(2026, 12, 17, tzinfo=UTC)
    assert await standing(world) == ("beginning", False), "silence counts from the break's end"
    assert await facts(world, "missed") == []
    api = (await world.client.get("/sessions/api/duos/duo-1", headers=world.desk())).json()
    assert [week["excused"] for week in api["weeks"]][:3] == [True, True, True]
    await world.time_passes(days=13)
    assert (await standing(world))[0] == "silent"
    assert [fact["week"] for fact in await facts(world, "missed")] == ["2026-W51", "2026-W52"]


async def test_who_is_back_sooner_says_so_and_a_coordinator_notes_or_undoes_a_break(world: World) -> None:
    await beginning(world)
    link = world.log_link(*LINK)
    await posts(world, f"{link}/break", until="2026-12-13")
    await world.time_passes(days=2)
    assert (await posts(world, world.log_link("duo-1", "bea", "2026-W48") + "/go-on")).status_code == 303
    assert (await posts(world, f"{link}/go-on")).status_code == 303, "twice changes nothing"
    assert [fact["resumed_by"] for fact in await facts(world, "commitment.resumed")] == ["volunteer"]
    assert (await standing(world))[0] == "beginning"
    assert (await posts(world, "/sessions/duos/duo-1/break", until="2026-12-06")).status_code == 303
    assert "They take a break until" in (await world.client.get("/sessions/duos/duo-1", headers=world.desk())).text
    assert (await posts(world, "/sessions/duos/duo-1/break/undo")).status_code == 303
    assert (await facts(world, "commitment.resumed"))[-1]["resumed_by"] is None
    await world.time_passes(days=11)
    assert [fact["week"] for fact in await facts(world, "missed")] == ["2026-W49"], (
        "the week of the first break is excused"
    )


async def test_a_break_that_cannot_be_is_refused_beside_its_field_and_of_an_ended_duo_nothing_is_shown(
    world: World,
) -> None:
    await beginning(world)
    link = world.log_link(*LINK)
    for until, sentence in (
        ("2026-11-24", "This day is over."),
        ("2027-06-01", "three months at most"),
        ("soon", "Choose a day."),
        ("", "Choose a day."),
    ):
        for path in (f"{link}/break", "/sessions/duos/duo-1/break"):
            answer = await posts(world, path, until=until)
            assert answer.status_code == 422
            assert f'id="until-fault" role="alert">{sentence}' in answer.text or sentence in answer.text
            assert f'value="{until}"' in answer.text
    stranger = await posts(world, world.log_link("duo-1", "eva", "2026-W48") + "/break", until="2026-12-01")
    assert stranger.status_code == 422
    assert not says("Bea", stranger.text)
    await world.hear(duo_fact(DuoPaused, DuoStatus.PAUSED, MOMENT), "duo-1", 5)
    assert (await posts(world, f"{link}/break", until="2026-12-01")).status_code == 409
    await world.hear(duo_fact(DuoEnded, DuoStatus.ENDED, MOMENT), "duo-1", 6)
    assert (await posts(world, f"{link}/break", until="2026-12-01")).status_code == 409
    assert await facts(world, "commitment.paused") == []


async def asked(world: World) -> list[tuple[str, str]]:
    """What was told of the three questions: the fact and its moment."""
    events: list[Event] = await world.events(ASKINGS)
    return [(each.type.split(".")[-2], each.data["moment"]) for each in events]


async def test_three_questions_are_asked_on_the_morning_after_the_first_conversation_and_after_the_end_once(
    world: World,
) -> None:
    await world.founded()
    await takes_part(world, "ali")
    await world.confirmed("duo-1")
    await world.time_passes(days=7)
    await logs(world, "2026-11-25")
    await world.own_facts_come_back()
    assert await asked(world) == []
    world.clock.moment = datetime(2026, 11, 26, 9, tzinfo=UTC)
    await world.time_passes(seconds=1)
    assert await asked(world) == [("asked", "start")]
    expires = world.clock.now() + timedelta(days=1)
    token = world.signer.action_token(world.association, Purpose.THREE_QUESTIONS, "ali", "ali", expires, "fr")
    page = await world.client.get(f"/sessions/questions/{token}")
    assert page.status_code == 200
    sent = await world.client.post(f"/sessions/questions/{token}", data={"confidence": "2"})
    assert sent.status_code == 303
    assert await asked(world) == [("asked", "start"), ("answered", "start")]
    over = duo_fact(DuoEnded, DuoStatus.ENDED, MOMENT).model_copy(update={"ended_at": world.clock.now()})
    await world.hear(over, "duo-1", 6)
    await world.time_passes(days=2)
    assert len(await asked(world)) == 2, "the end is told first"
    await world.time_passes(days=2)
    assert (await asked(world))[2:] == [("asked", "end")]
    await world.time_passes(days=30)
    assert len(await asked(world)) == 3


async def test_who_answered_by_themselves_or_never_talked_is_not_asked(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali")
    await world.confirmed("duo-1")
    await world.hear(duo_fact(DuoEnded, DuoStatus.ENDED, MOMENT), "duo-1", 5)
    await world.time_passes(days=5)
    assert await asked(world) == []
    await stories.answer("ali", Moment.START, {Question.FRIENDS: 3}, "c-1", ports_of(world))
    await world.confirmed("duo-2", 4)
    await logs(world, "2026-11-23", duo="duo-2")
    await world.time_passes(days=2)
    assert await asked(world) == []


async def test_one_milestone_at_a_time_is_thanked_for_and_none_where_the_association_does_not_want_it(
    world: World,
) -> None:
    await beginning(world)
    await logs(world, "2026-11-25", medium="in_person")
    told = await facts(world, "milestone")
    assert [(each["milestone"], each["congratulate"]) for each in told] == [
        ("first_talk", False), ("first_in_person", True),
    ]  # fmt: skip
    numbers = {
        "not_started_days": 10,
        "silent_days": 14,
        "below_weeks": 1,
        "one_sided_weeks": 4,
        "term_weeks": 12,
        "call_again_days": 14,
    }
    kept = await world.client.post("/sessions/settings", data=numbers, headers=world.desk(Access.ADMINISTER))
    assert kept.status_code == 303
    ports_of(world).rules._known = None  # type: ignore[attr-defined]  # a second of the real clock would have passed
    for day in range(16, 20):
        await world.client.post(
            "/sessions/duos/duo-1/conversations",
            data={"held_on": f"2026-11-{day}", "minutes": "20", "medium": "video", "key": f"k{day}"},
            headers=world.desk(),
        )
    assert [(each["milestone"], each["congratulate"]) for each in (await facts(world, "milestone"))[2:]] == [
        ("fifth_talk", False)
    ]
    assert date(2026, 11, 25) == world.clock.now().date()
