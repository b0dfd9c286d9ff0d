"""One day of a duo: what is the same conversation, however and in whatever order it is told, counts once, and two count twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolangue.contracts.vocabulary import Medium, Role
from duolangue.sessions.domain import conversation as conversations
from duolangue.sessions.domain import day as days
from duolangue.sessions.domain.conversation import Conversation
from duolangue.sessions.domain.day import ToldAlready, TooMany

from .conftest import World

NOW = datetime(2026, 11, 26, 18, tzinfo=UTC)
TODAY = date(2026, 11, 26)
Telling = tuple[Role, int, Medium]


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
    assert days.next_number([gone.state], Role.VOLUNTEER, another=False) == 2


def test_what_the_desk_logged_is_what_a_side_tells_of_and_not_the_other_way_round() -> None:
    by_desk = of_day(1, None, 45)
    assert days.the_same([by_desk], Role.VOLUNTEER, Medium.VIDEO, 30) == by_desk
    first = conversations.told_again(by_desk, conversations.telling(Role.VOLUNTEER, 30, "v", NOW))
    assert first is not None
    second = conversations.told_again(first.state, conversations.telling(Role.NEWCOMER, 40, "n", NOW))
    assert second is not None
    assert (second.state.minutes, len(second.state.tellings)) == (30, 3)
    assert days.the_same([of_day(1, Role.NEWCOMER, 30)], None, Medium.VIDEO, 30) is None
    for side in (None, Role.NEWCOMER):
        with pytest.raises(ToldAlready):
            days.next_number([second.state], side, another=False)


def test_a_day_has_room_for_twelve_and_no_more() -> None:
    day = [of_day(number, Role.NEWCOMER, 10) for number in range(1, 13)]
    with pytest.raises(TooMany):
        days.next_number(day, Role.NEWCOMER, another=True)
    assert days.next_number(day, Role.VOLUNTEER, another=True) == 13


def told_in_order(tellings: list[Telling]) -> list[Conversation]:
    """The day as the use case makes it, one telling after another, each of which says that they talked again."""
    day: list[Conversation] = []
    for number, (side, minutes, medium) in enumerate(tellings):
        telling = conversations.telling(side, minutes, f"k{number}", NOW + timedelta(minutes=number), medium=medium)
        same = days.the_same(day, side, medium, minutes)
        if same is None:
            name = days.shared_id("duo-1", TODAY, days.next_number(day, side, another=True))
            day.append(conversations.told(name, "duo-1", TODAY, medium, telling).state)
        else:
            change = conversations.told_again(same, telling)
            assert change is not None
            day = [change.state if each.id == same.id else each for each in day]
        for seen, settled in days.settled(day):
            day = [settled.state if each == seen else each for each in day]
        assert not days.settled(day)
    return day


A15, A60 = (Role.NEWCOMER, 15, Medium.VIDEO), (Role.NEWCOMER, 60, Medium.VIDEO)
B15, B60 = (Role.VOLUNTEER, 15, Medium.VIDEO), (Role.VOLUNTEER, 60, Medium.VIDEO)


@pytest.mark.parametrize("order", [*permutations([A15, A60, B15, B60])])
def test_two_of_one_day_count_whole_in_whatever_order_the_two_tell(order: tuple[Telling, ...]) -> None:
    day = told_in_order([*order])
    assert sorted(each.minutes for each in day) == [15, 60]
    assert all(each.told_by(side) for each in day for side in Role)


@given(
    st.lists(
        st.tuples(st.sampled_from([*Role]), st.integers(1, 90), st.sampled_from([*Medium])), min_size=1, max_size=8
    )
)
def test_no_telling_is_lost_or_kept_twice_and_as_many_count_as_the_side_that_told_more(tellings: list[Telling]) -> None:
    day = told_in_order(tellings)
    kept = sorted(telling.key for each in day for telling in each.tellings)
    assert kept == sorted(f"k{number}" for number in range(len(tellings)))
    sides = [side for side, _, _ in tellings]
    assert len(day) == max(sides.count(each) for each in Role)
    assert all(each.minutes == min(telling.minutes for telling in each.tellings) for each in day)
    assert all(len({telling.side for telling in each.tellings}) == len(each.tellings) for each in day)


def test_a_telling_that_was_written_twice_when_a_server_died_is_seen_as_one() -> None:
    day = told_in_order([A15, A60])
    mixed = [
        change.state
        for each, minutes, key in ((day[0], 60, "b60"), (day[1], 15, "b15"))
        if (change := conversations.told_again(each, conversations.telling(Role.VOLUNTEER, minutes, key, NOW)))
    ]
    (first, change), _ = days.settled(mixed)
    half = [change.state if each.id == first.id else each for each in mixed]
    assert sorted(telling.key for each in half for telling in each.tellings) == ["b15", "b15", "k0", "k1"]
    (second, rest), = days.settled(half)  # fmt: skip
    assert sorted([change.state.minutes, rest.state.minutes]) == [15, 60]
    assert second.id != first.id


def words(each: Conversation) -> list[str]:
    return [telling.word for telling in each.tellings if telling.word]


def test_a_word_that_was_not_read_goes_along_and_one_that_was_read_stays_so() -> None:
    day = told_in_order([A15, A60])
    mixed = []
    for each, minutes, key in ((day[0], 60, "b60"), (day[1], 15, "b15")):
        change = conversations.told_again(each, conversations.telling(Role.VOLUNTEER, minutes, key, NOW, None, key))
        assert change is not None
        mixed.append(change.state)
    read = conversations.read(mixed[0])
    assert read is not None
    after = {change.state.minutes: change.state for _, change in days.settled([read.state, mixed[1]])}
    assert (words(after[60]), after[60].unread) == (["b60"], False)
    assert (words(after[15]), after[15].unread) == (["b15"], True)


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


async def test_that_both_tell_is_known_at_once_though_nothing_new_counts(world: World) -> None:
    await talking(world)
    for side in ("ali", "bea"):
        await world.client.post(world.log_link("duo-1", side, "2026-W48"), data=form(key=side))
        if side == "ali":
            await world.own_facts_come_back()
    duo = await world.service.ports(world.association).commitments.get("duo-1")
    assert duo.talked == "2026-W48 30 1 2026-11-24 0 1 1"
