"""One day of a duo: what is the same conversation, however and in whatever order it is told, counts once, and two count twice."""

from __future__ import annotations

import asyncio
import random
import re
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from duolangue.contracts.vocabulary import Medium, Role
from duolangue.sessions.domain import conversation as conversations
from duolangue.sessions.domain import day as days
from duolangue.sessions.domain.conversation import Conversation
from duolangue.sessions.domain.day import ToldAlready, TooMany
from duolangue.sessions.usecases import personal_data

from .conftest import World

NOW = datetime(2026, 11, 26, 18, tzinfo=UTC)
TODAY = date(2026, 11, 26)
Telling = tuple[Role | None, int, Medium]


def of_day(number: int, side: Role | None, minutes: int, medium: Medium = Medium.VIDEO) -> Conversation:
    name = days.shared_id("duo-1", TODAY, number)
    telling = conversations.telling(side, minutes, f"key-{number}", NOW, medium=medium)
    return conversations.told(name, "duo-1", TODAY, medium, telling).state


def test_the_nth_conversation_of_a_day_has_one_id_for_both_sides() -> None:
    one = days.shared_id("duo-1", TODAY, 1)
    assert one == days.shared_id("duo-1", TODAY, 1)
    others = {
        days.shared_id("duo-2", TODAY, 1),
        days.shared_id("duo-1", date(2026, 11, 25), 1),
        days.shared_id("duo-1", TODAY, 2),
    }
    assert len(others) == 3
    assert one not in others


def test_the_other_side_tells_of_the_same_conversation_though_it_says_phone_and_not_video() -> None:
    day = [of_day(1, Role.NEWCOMER, 30)]
    assert days.the_same(day, Role.VOLUNTEER, Medium.PHONE, 45) == day[0]
    assert days.the_same(day, Role.NEWCOMER, Medium.VIDEO, 30) is None


def test_of_two_on_a_day_the_one_that_fits_best_is_meant() -> None:
    short, long, by_phone = (
        of_day(1, Role.NEWCOMER, 15), of_day(2, Role.NEWCOMER, 60), of_day(3, Role.NEWCOMER, 50, Medium.PHONE),
    )  # fmt: skip
    day = [short, long, by_phone]
    assert days.the_same(day, Role.VOLUNTEER, Medium.VIDEO, 50) == long
    assert days.the_same(day, Role.VOLUNTEER, Medium.PHONE, 15) == by_phone
    both = conversations.told_again(long, conversations.telling(Role.VOLUNTEER, 50, "v", NOW))
    assert both is not None
    assert days.the_same([both.state], Role.VOLUNTEER, Medium.VIDEO, 50) is None


def test_what_was_taken_back_is_not_the_same_and_keeps_its_number() -> None:
    gone = conversations.withdraw(of_day(1, Role.NEWCOMER, 30))
    assert gone is not None
    assert days.the_same([gone.state], Role.VOLUNTEER, Medium.VIDEO, 30) is None
    days.not_again([gone.state], Role.NEWCOMER)
    days.not_again([gone.state], None)


def test_what_the_desk_logged_is_what_a_side_tells_of_and_not_the_other_way_round() -> None:
    by_desk = of_day(1, None, 45)
    assert days.the_same([by_desk], Role.VOLUNTEER, Medium.VIDEO, 30) == by_desk
    first = conversations.told_again(by_desk, conversations.telling(Role.VOLUNTEER, 30, "v", NOW))
    assert first is not None
    second = conversations.told_again(first.state, conversations.telling(Role.NEWCOMER, 40, "n", NOW))
    assert second is not None
    assert (second.state.minutes, len(second.state.tellings)) == (30, 3)
    assert days.the_same([of_day(1, Role.NEWCOMER, 30)], None, Medium.VIDEO, 30) is None
    for each in (None, *Role):
        with pytest.raises(ToldAlready):
            days.not_again([second.state], each)
    days.not_again([by_desk], Role.NEWCOMER)


def test_a_day_has_room_for_twelve_and_for_a_days_minutes_and_no_more() -> None:
    day = [of_day(number, Role.NEWCOMER, 10) for number in range(1, 13)]
    with pytest.raises(TooMany):
        days.fits(day, Role.NEWCOMER, 10)
    days.fits(day, Role.VOLUNTEER, 10)
    gone = conversations.withdraw(day[0])
    assert gone is not None
    days.fits([gone.state, *day[1:]], Role.NEWCOMER, 10)
    long = [of_day(number, Role.NEWCOMER, 600) for number in (1, 2)]
    days.fits(long, Role.NEWCOMER, 240)
    with pytest.raises(TooMany):
        days.fits(long, Role.NEWCOMER, 241)


def settle(day: list[Conversation]) -> list[Conversation]:
    for seen, change in days.settled(day):
        day = [*day, change.state] if seen is None else [change.state if each == seen else each for each in day]
    return day


def told_in_order(tellings: list[Telling]) -> list[Conversation]:
    """The day as the use case makes it, one telling after another, each of which says that they talked again."""
    day: list[Conversation] = []
    for number, (side, minutes, medium) in enumerate(tellings):
        telling = conversations.telling(side, minutes, f"k{number}", NOW + timedelta(minutes=number), medium=medium)
        same = days.the_same(day, side, medium, minutes)
        if same is None:
            name = days.shared_id("duo-1", TODAY, len(day) + 1)
            day.append(conversations.told(name, "duo-1", TODAY, medium, days.apart(day, telling)).state)
        else:
            change = conversations.told_again(same, telling)
            assert change is not None
            day = [change.state if each.id == same.id else each for each in day]
        day = settle(day)
        assert not days.settled(day)
    return day


A15, A60 = (Role.NEWCOMER, 15, Medium.VIDEO), (Role.NEWCOMER, 60, Medium.VIDEO)
B15, B60 = (Role.VOLUNTEER, 15, Medium.VIDEO), (Role.VOLUNTEER, 60, Medium.VIDEO)
ONE_LESS_AT_LAST: list[Telling] = [
    (Role.VOLUNTEER, 20, Medium.PHONE), (Role.NEWCOMER, 10, Medium.VIDEO), (None, 10, Medium.VIDEO),
    (Role.VOLUNTEER, 30, Medium.VIDEO), (Role.NEWCOMER, 20, Medium.VIDEO),
]  # fmt: skip
"""Three conversations by the fourth telling; with the fifth all of it is of two, and the third is spare."""


@pytest.mark.parametrize("order", [*permutations([A15, A60, B15, B60])])
def test_two_of_one_day_count_whole_in_whatever_order_the_two_tell(order: tuple[Telling, ...]) -> None:
    day = told_in_order([*order])
    assert sorted(each.minutes for each in day) == [15, 60]
    assert all(each.told_by(side) for each in day for side in Role)


@pytest.mark.parametrize("order", [*permutations([A15, A60, B15, B60])])
def test_a_short_one_that_the_desk_heard_of_first_shortens_no_long_one(order: tuple[Telling, ...]) -> None:
    day = told_in_order([(None, 15, Medium.PHONE), *order])
    assert sorted(each.minutes for each in day) == [15, 60]
    assert [each.minutes for each in day if each.told_by(None)] == [15]


def test_what_the_desk_calls_another_one_stays_apart_from_what_was_known_and_is_what_is_told_later() -> None:
    day = told_in_order([A15, (None, 60, Medium.VIDEO)])
    assert sorted(each.minutes for each in day) == [15, 60]
    day = told_in_order([A15, (None, 60, Medium.VIDEO), B15])
    assert sorted(each.minutes for each in day) == [15, 60]
    day = told_in_order([A15, (None, 60, Medium.VIDEO), B60, B15, A60])
    assert sorted((each.minutes, len(each.parts)) for each in day) == [(15, 2), (60, 3)]


@given(
    st.lists(
        st.tuples(st.sampled_from([*Role, None]), st.integers(1, 90), st.sampled_from([*Medium])),
        min_size=1,
        max_size=8,
    )
)
@example(ONE_LESS_AT_LAST)
def test_no_telling_is_lost_or_kept_twice_and_as_many_count_as_the_side_that_told_more(tellings: list[Telling]) -> None:
    day = told_in_order(tellings)
    told = {telling.key: telling.minutes for each in day for telling in each.tellings}
    assert sorted(told) == sorted(f"k{number}" for number in range(len(tellings)))
    sides = [side for side, _, _ in tellings]
    most = max(sides.count(each) for each in Role)
    counting = [each for each in day if not each.withdrawn]
    assert max(most, sides.count(None)) <= len(counting) <= most + sides.count(None)
    assert sorted(part.key for each in counting for part in each.parts) == sorted(told)
    assert all(each.minutes == min(told[part.key] for part in each.parts) for each in counting)
    assert all(len({part.side for part in each.parts}) == len(each.parts) for each in counting)


def test_one_that_later_tellings_make_one_too_many_is_taken_back_and_its_minutes_count_once() -> None:
    day = told_in_order(ONE_LESS_AT_LAST[:4])
    assert sorted(each.minutes for each in day if not each.withdrawn) == [10, 10, 20]
    day = told_in_order(ONE_LESS_AT_LAST)
    assert [(each.minutes, each.spare) for each in day] == [(10, False), (10, False), (10, True)]


def test_what_counts_is_found_anew_and_every_word_stays_where_it_was_written() -> None:
    day = told_in_order([A15, A60])
    mixed = []
    for each, minutes, key in ((day[0], 60, "b60"), (day[1], 15, "b15")):
        change = conversations.told_again(each, conversations.telling(Role.VOLUNTEER, minutes, key, NOW, None, key))
        assert change is not None
        mixed.append(change.state)
    after = [change.state for _, change in days.settled(mixed)]
    assert [each.minutes for each in after] == [15, 60]
    assert [each.tellings for each in after] == [each.tellings for each in mixed]
    assert [{part.key for part in each.parts} for each in after] == [{"k0", "b15"}, {"k1", "b60"}]
    gone = conversations.withdraw(after[0])
    assert gone is not None
    assert days.settled([gone.state, after[1]]) == [], "the long one keeps who told of it, wherever that is kept"


def test_one_too_many_that_two_made_at_one_moment_is_taken_back_and_used_when_there_is_one_more() -> None:
    one = told_in_order([A15, B15])
    number = len(one) + 1
    late = [
        conversations.told(days.shared_id("duo-1", TODAY, number + each), "duo-1", TODAY, Medium.VIDEO, telling).state
        for each, telling in enumerate(
            conversations.telling(side, 60, key, NOW, medium=Medium.VIDEO)
            for side, key in ((Role.VOLUNTEER, "late-v"), (Role.NEWCOMER, "late-n"))
        )
    ]
    day = [*one, *late]
    day = settle(day)
    assert sorted(each.minutes for each in day if not each.withdrawn) == [15, 60]
    assert [each.spare for each in day] == [False, False, True]
    more = day[1].model_copy(
        update={
            "tellings": (*day[1].tellings, conversations.telling(Role.VOLUNTEER, 5, "more", NOW, medium=Medium.PHONE)),
        }
    )
    day = [day[0], more, day[2]]
    day = settle(day)
    assert sorted(each.minutes for each in day if not each.withdrawn) == [5, 15, 60]


def test_where_one_side_told_more_than_there_are_conversations_there_is_one_more() -> None:
    (one,) = told_in_order([A15, B15])
    late = conversations.telling(Role.VOLUNTEER, 60, "late", NOW, None, "A word", medium=Medium.VIDEO)
    day = settle([one.model_copy(update={"tellings": (*one.tellings, late)})])
    assert sorted(each.minutes for each in day) == [15, 60]
    assert days.settled(day) == []
    assert sum(bool(telling.word) for each in day for telling in each.tellings) == 1, "read once, where it was written"


def form(**values: Any) -> dict[str, Any]:
    return {"held_on": "2026-11-24", "medium": "video", "minutes": "30", "other": "", "key": "form-1", **values}


async def talking(world: World) -> None:
    await world.founded()
    await world.confirmed("duo-1")
    await world.time_passes(days=7)


async def minutes(world: World) -> int:
    return int((await world.client.get("/sessions/api/duos/duo-1", headers=world.desk())).json()["minutes"])


async def test_who_tells_of_the_same_day_with_a_new_form_is_asked_and_nothing_counts_meanwhile(world: World) -> None:
    await talking(world)
    link = world.log_link("duo-1", "ali", "2026-W48")
    assert (await world.client.post(link, data=form())).status_code == 303
    asked = await world.client.post(link, data=form(key="form-2", medium="phone", minutes="45", word="Good"))
    assert (asked.status_code, "Did you talk again?" in asked.text) == (422, True)
    assert await minutes(world) == 30
    assert 'name="word" value="Good"' in asked.text
    assert "45 minutes, by phone" in " ".join(asked.text.split())
    again = form(key="form-2", medium="phone", minutes="45", another="true")
    assert [(await world.client.post(link, data=again)).status_code for _ in range(2)] == [303, 303]
    assert await minutes(world) == 75


async def test_the_desk_and_the_two_sides_tell_of_one_conversation(world: World) -> None:
    await talking(world)
    path = "/sessions/api/duos/duo-1/conversations"
    heard = {"held_on": "2026-11-24", "minutes": 45, "medium": "video"}
    assert (await world.client.post(path, json=heard, headers=world.desk())).status_code == 201
    for side, told in (("ali", "30"), ("bea", "40")):
        sent = await world.client.post(world.log_link("duo-1", side, "2026-W48"), data=form(key=side, minutes=told))
        assert sent.status_code == 303
    assert await minutes(world) == 30
    refused = await world.client.post(path, json=heard, headers=world.desk())
    assert (refused.status_code, refused.json()["type"].rsplit(":", 1)[-1]) == (409, "told_already")
    page = await world.client.post("/sessions/duos/duo-1/conversations", data=form(key="d"), headers=world.desk())
    assert (page.status_code, "It is another one: log it" in page.text) == (422, True)
    assert await minutes(world) == 30
    more = {**heard, "another": True}
    assert (await world.client.post(path, json=more, headers=world.desk())).status_code == 201
    assert await minutes(world) == 75


async def test_who_tells_again_with_a_new_form_is_asked_though_the_desk_told_of_another_one(world: World) -> None:
    await talking(world)
    link = world.log_link("duo-1", "ali", "2026-W48")
    assert (await world.client.post(link, data=form())).status_code == 303
    more = {"held_on": "2026-11-24", "minutes": 45, "medium": "phone", "another": True}
    path = "/sessions/api/duos/duo-1/conversations"
    assert (await world.client.post(path, json=more, headers=world.desk())).status_code == 201
    asked = await world.client.post(link, data=form(key="form-2"))
    assert (asked.status_code, await minutes(world)) == (422, 75)
    other = await world.client.post(world.log_link("duo-1", "bea", "2026-W48"), data=form(key="bea"))
    assert (other.status_code, await minutes(world)) == (303, 75)


async def test_what_came_while_the_desk_was_asked_is_not_what_it_calls_another_one(world: World) -> None:
    await talking(world)
    link = world.log_link("duo-1", "ali", "2026-W48")
    await world.client.post(link, data=form(minutes="15"))
    path, heard = "/sessions/duos/duo-1/conversations", form(key="d", minutes="60")
    asked = await world.client.post(path, data=heard, headers=world.desk())
    seen = re.search(r'name="seen" value="([^"]*)"', asked.text)
    assert seen
    await world.client.post(link, data=form(key="form-2", minutes="60", another="true"))
    sent = {**heard, "another": "true", "seen": seen[1]}
    assert (await world.client.post(path, data=sent, headers=world.desk())).status_code == 303
    assert await minutes(world) == 75


async def test_two_told_crosswise_count_whole_and_stay_so_when_the_desk_takes_one_back(world: World) -> None:
    await talking(world)
    for number, (side, told) in enumerate((("ali", "15"), ("bea", "60"), ("ali", "60"), ("bea", "15"))):
        values = form(key=f"k{number}", minutes=told, another="true")
        sent = await world.client.post(world.log_link("duo-1", side, "2026-W48"), data=values)
        assert sent.status_code == 303
    assert await minutes(world) == 75
    listed = await world.client.get("/sessions/api/duos/duo-1/conversations", headers=world.desk())
    short = next(each for each in listed.json()["conversations"] if each["minutes"] == 15)
    await world.client.delete(f"/sessions/api/conversations/{short['id']}", headers=world.desk())
    assert await minutes(world) == 60


async def test_a_word_is_read_though_the_desk_takes_back_the_conversation_it_was_written_with(world: World) -> None:
    await talking(world)
    ports = world.service.ports(world.association)
    for number, (side, told, word) in enumerate(
        (("ali", "15", ""), ("bea", "60", "He frightens me"), ("ali", "60", ""))
    ):
        values = form(key=f"k{number}", minutes=told, word=word, another="true")
        await world.client.post(world.log_link("duo-1", side, "2026-W48"), data=values)
    await world.own_facts_come_back()
    duo = await ports.commitments.get("duo-1")
    assert duo.talked == "2026-W48 75 2 2026-11-24 0 2 1", "told by the newcomer twice, by the volunteer once"
    short = next(each for each in await ports.conversations.select() if each.minutes == 15)
    await world.client.delete(f"/sessions/api/conversations/{short.id}", headers=world.desk())
    assert await minutes(world) == 60
    assert [each.unread for each in await ports.conversations.select({"unread": True})] == [True]
    page = await world.client.get("/sessions/duos/duo-1", headers=world.desk())
    assert page.text.count("He frightens me") == 1
    rows = (await personal_data.tell("bea", ports)).tables["conversations"]
    assert {(row["minutes"], row["told_the_coordinator"], row["taken_back"]) for row in rows} == {
        (60, "He frightens me", False), (15, "", True),
    }  # fmt: skip


async def test_that_both_tell_is_known_at_once_though_nothing_new_counts(world: World) -> None:
    await talking(world)
    for side in ("ali", "bea"):
        await world.client.post(world.log_link("duo-1", side, "2026-W48"), data=form(key=side))
        if side == "ali":
            await world.own_facts_come_back()
    duo = await world.service.ports(world.association).commitments.get("duo-1")
    assert duo.talked == "2026-W48 30 1 2026-11-24 0 1 1"


@pytest.mark.parametrize("seed", range(8))
async def test_of_many_forms_at_once_nothing_is_lost_and_nothing_counts_twice(world: World, seed: int) -> None:
    await talking(world)
    rnd = random.Random(seed)
    n, v, d = rnd.randrange(1, 6), rnd.randrange(1, 6), rnd.randrange(0, 3)
    jobs = []
    for side, count in (("ali", n), ("bea", v)):
        for k in range(count):
            jobs.append(
                world.client.post(
                    world.log_link("duo-1", side, "2026-W48"),
                    data=form(
                        key=f"{side}{k}",
                        minutes=str(rnd.randrange(5, 90)),
                        medium=rnd.choice(["video", "phone"]),
                        another="true",
                    ),
                )
            )
    for k in range(d):
        jobs.append(
            world.client.post(
                "/sessions/api/duos/duo-1/conversations",
                json={
                    "held_on": "2026-11-24",
                    "minutes": rnd.randrange(5, 90),
                    "medium": "video",
                    "key": f"d{k}",
                    "another": True,
                },
                headers=world.desk(),
            )
        )
    rnd.shuffle(jobs)
    answers = await asyncio.gather(*jobs)
    assert {a.status_code for a in answers} <= {303, 201}, [a.status_code for a in answers]
    ports = world.service.ports(world.association)
    every = await ports.conversations.select({"duo": {"$eq": "duo-1"}})
    told = {t.key: t.minutes for c in every for t in c.tellings}
    assert len(told) == n + v + d
    found = [c for c in every if not c.withdrawn]
    keys = sorted(p.key for c in found for p in c.parts)
    assert keys == sorted(told), (keys, sorted(told))
    assert all(c.minutes == min(told[p.key] for p in c.parts) for c in found)
    assert all(len({p.side for p in c.parts}) == len(c.parts) for c in found)
    assert max(n, v) <= len(found) <= max(n, v) + d
    await asyncio.gather(*(world.own_facts_come_back() for _ in range(2)))
    assert await minutes(world) == sum(c.minutes for c in found)
    duo = await ports.commitments.get("duo-1")
    assert duo.standing.minutes == sum(c.minutes for c in found)
