"""Individual lessons: hours opened by a teacher, booked, moved, cancelled; never two people in one hour."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from duolangue.contracts.facts.activities import CancelledBy, EnrolmentStatus
from duolangue.sessions.domain.activity import NotOpen
from duolangue.sessions.domain.announcing import Plan
from duolangue.sessions.domain.enrolment import Enrolment
from duolangue.sessions.usecases import activities, activities_shown, enrolments, hosting, lessons
from duolangue.sessions.usecases.enrolments import HourTaken
from duolangue.sessions.usecases.lessons import Hour, HourGone, HoursPlan, NoHour, TooManyHours
from duolangue.sessions.usecases.teaching import LearnerBusy, TeacherBusy

from .conftest import World
from .gatherings import ports_of, takes_part, told

WEEK = lessons.hours_between(date(2026, 11, 23), date(2026, 11, 29), [0, 2], "13:00", "15:00")
"""Two hours on Monday, two on Wednesday; the tests begin five days before."""


async def opened(world: World, *people: str, teacher: str | None = None) -> list[Hour]:
    """Four hours to come, and people who may book them."""
    await world.founded()
    await takes_part(world, *people)
    plan = HoursPlan("Parler, une heure", WEEK, place="Bureau 3", teacher=teacher)
    assert await lessons.open_hours(plan, "c-1", ports_of(world)) == 4
    return await lessons.free(ports_of(world))


async def booked(world: World) -> dict[str, str]:
    """Who has which hour."""
    return {
        f"{each.begins:%a %H}": each.booked.participant for each in await lessons.hours(ports_of(world)) if each.booked
    }


async def test_of_fifty_at_once_one_gets_the_hour_and_nobody_waits(world: World) -> None:
    people = [f"p{number:02}" for number in range(50)]
    hour = (await opened(world, *people))[0].activity.id
    ports = ports_of(world)
    answers: list[Any] = await asyncio.gather(
        *(lessons.book(hour, each, ports) for each in people), return_exceptions=True
    )
    won = [each for each in answers if isinstance(each, Enrolment)]
    assert [each.status for each in won] == [EnrolmentStatus.CONFIRMED]
    assert sum(isinstance(each, HourTaken) for each in answers) == 49
    assert len(await ports.enrolments.of_activity(hour)) == 1
    assert [each.type.split(".")[3] for each in await told(world, "enrolment")] == ["confirmed"]


async def test_two_who_swap_hours_at_once_never_share_one(world: World) -> None:
    first, second, third, _ = await opened(world, "ali", "lan")
    ports = ports_of(world)
    mine = await lessons.book(first.activity.id, "ali", ports)
    theirs = await lessons.book(second.activity.id, "lan", ports)
    await asyncio.gather(
        lessons.move(mine.id, third.activity.id, "ali", ports),
        lessons.move(theirs.id, third.activity.id, "lan", ports),
        return_exceptions=True,
    )
    found = await booked(world)
    assert sorted(found.values()) == ["ali", "lan"], "each has exactly one hour"
    assert "Wed 13" in found


async def test_an_hour_is_moved_and_the_old_one_is_free_again(world: World) -> None:
    first, second, *_ = await opened(world, "ali", "lan")
    ports = ports_of(world)
    mine = await lessons.book(first.activity.id, "ali", ports)
    moved = await lessons.move(mine.id, second.activity.id, "ali", ports)
    again = await lessons.move(mine.id, second.activity.id, "ali", ports)
    assert moved.id == again.id
    assert await booked(world) == {"Mon 14": "ali"}
    await lessons.book(first.activity.id, "lan", ports)
    with pytest.raises(HourTaken):
        await lessons.move(moved.id, first.activity.id, "ali", ports)
    assert await booked(world) == {"Mon 13": "lan", "Mon 14": "ali"}


async def test_a_page_of_some_time_ago_moves_no_hour_that_was_given_up(world: World) -> None:
    first, second, third, _ = await opened(world, "ali")
    ports = ports_of(world)
    mine = await lessons.book(first.activity.id, "ali", ports)
    await lessons.move(mine.id, second.activity.id, "ali", ports)
    with pytest.raises(HourGone):
        await lessons.move(mine.id, third.activity.id, "ali", ports)
    assert await booked(world) == {"Mon 14": "ali"}


async def test_however_many_forms_somebody_sends_at_once_they_hold_three_hours_and_none_at_the_same_time(
    world: World,
) -> None:
    first, *_ = await opened(world, "ali", "zoe")
    ports = ports_of(world)
    assert await lessons.open_hours(HoursPlan("Parler", WEEK, place="Bureau 4", teacher="zoe"), "c-1", ports) == 4
    beside = next(
        each for each in await lessons.free(ports) if each.begins == first.begins and each.activity.host == "zoe"
    )
    await asyncio.gather(
        *(lessons.book(each.activity.id, "ali", ports) for each in (first, beside)), return_exceptions=True
    )
    assert len(await lessons.own("ali", ports)) <= 1
    every = [each.activity.id for each in await lessons.free(ports)]
    await asyncio.gather(*(lessons.book(each, "ali", ports) for each in every), return_exceptions=True)
    held = await lessons.own("ali", ports)
    assert len(held) <= 3
    assert len({each.begins for each in held}) == len(held)


async def test_an_hour_given_up_can_be_booked_by_somebody_else(world: World) -> None:
    first, *_ = await opened(world, "ali", "lan")
    ports = ports_of(world)
    mine = await lessons.book(first.activity.id, "ali", ports)
    await enrolments.give_up(mine.id, CancelledBy.PARTICIPANT, ports)
    assert len(await lessons.free(ports)) == 4
    await lessons.book(first.activity.id, "lan", ports)
    assert await booked(world) == {"Mon 13": "lan"}


async def test_a_closed_hour_is_told_to_whoever_booked_it_and_opens_for_nobody(world: World) -> None:
    first, *_ = await opened(world, "ali", "lan")
    ports = ports_of(world)
    await lessons.book(first.activity.id, "ali", ports)
    await lessons.close(first.activity.id, ports)
    cancelled = await told(world, "enrolment.cancelled")
    assert [(each.data["participant"], each.data["cancelled_by"]) for each in cancelled] == [("ali", "activity")]
    with pytest.raises(NotOpen):
        await lessons.book(first.activity.id, "lan", ports)
    assert await lessons.open_hours(HoursPlan("Parler", WEEK, place="Bureau 3"), "c-1", ports) == 1


async def test_hours_open_once_for_a_teacher_and_again_for_another(world: World) -> None:
    await opened(world, "zoe", teacher=None)
    ports = ports_of(world)
    with pytest.raises(NoHour):
        await lessons.open_hours(HoursPlan("Parler", WEEK, place="Bureau 3"), "c-1", ports)
    overlapping = lessons.hours_between(date(2026, 11, 23), date(2026, 11, 23), [0], "13:30", "16:30")
    assert await lessons.open_hours(HoursPlan("Parler", overlapping, place="Bureau 3"), "c-1", ports) == 1, (
        "15:30 alone is free"
    )
    assert await lessons.open_hours(HoursPlan("Parler", WEEK, place="Bureau 4", teacher="zoe"), "c-1", ports) == 4


async def test_no_form_moves_gives_or_announces_an_hour_onto_another_of_the_same_teacher(world: World) -> None:
    first, second, *_ = await opened(world, "zoe", "lan")
    ports = ports_of(world)
    onto = Plan(first.activity.title, meetings=(second.meeting,), capacity=1)
    with pytest.raises(TeacherBusy):
        await activities.change(first.activity.id, onto, "c-1", ports)
    assert (await ports.activities.get(first.activity.id)).meetings == first.activity.meetings
    await lessons.open_hours(HoursPlan("Parler", WEEK, place="Bureau 4", teacher="zoe"), "c-1", ports)
    with pytest.raises(TeacherBusy):
        await hosting.entrust(first.activity.id, "zoe", "c-1", ports)
    assert (await ports.activities.get(first.activity.id)).host is None
    await hosting.entrust(first.activity.id, "lan", "c-1", ports)
    await activities.change(first.activity.id, replace(onto, host="lan"), "c-1", ports)
    await activities.back(first.activity.id, ports)
    await lessons.open_hours(HoursPlan("Parler", WEEK, place="Bureau 5", teacher="lan"), "c-1", ports)
    with pytest.raises(TeacherBusy):
        await activities.publish(first.activity.id, "c-1", ports)


async def test_hours_opened_again_where_the_first_ones_moved_or_are_somebody_elses_are_new_ones(world: World) -> None:
    first, second, *_ = await opened(world, "zoe", "lan", teacher="zoe")
    ports, plan = ports_of(world), HoursPlan("Parler", WEEK, place="Bureau 3", teacher="zoe")
    moved = first.meeting.model_copy(update={"begins": "16:00"})
    await activities.change(
        first.activity.id, Plan(first.activity.title, meetings=(moved,), capacity=1, host="zoe"), "c-1", ports
    )
    await hosting.entrust(second.activity.id, "lan", "c-1", ports)
    assert await lessons.open_hours(plan, "c-1", ports) == 2
    assert sorted(f"{each.begins:%a %H} {each.activity.host}" for each in await lessons.free(ports)) == [
        "Mon 13 zoe", "Mon 14 lan", "Mon 14 zoe", "Mon 16 zoe", "Wed 13 zoe", "Wed 14 zoe",
    ]  # fmt: skip


async def test_an_hour_that_is_on_is_in_the_way_of_its_teacher_and_of_whoever_booked_it(world: World) -> None:
    first, *_ = await opened(world, "ali", "zoe", teacher="zoe")
    ports = ports_of(world)
    await lessons.book(first.activity.id, "ali", ports)
    half = lessons.hours_between(date(2026, 11, 23), date(2026, 11, 23), [0], "13:30", "14:30")
    await lessons.open_hours(HoursPlan("Parler", half, place="Bureau 4"), "c-1", ports)
    (other,) = [each for each in await lessons.free(ports) if f"{each.begins:%H:%M}" == "13:30"]
    world.clock.moment = first.activity.meetings[0].starts_at(first.activity.zone) + timedelta(minutes=5)
    with pytest.raises(HourTaken):
        await lessons.book(other.activity.id, "ali", ports)
    with pytest.raises(NoHour):
        await lessons.open_hours(HoursPlan("Parler", half, place="Bureau 3", teacher="zoe"), "c-1", ports)


async def test_no_form_of_activities_begins_an_hour_or_a_course(world: World) -> None:
    await world.founded()
    for kind in ("lesson", "course"):
        path = f"/sessions/activities/new?kind={kind}"
        assert (await world.client.get(path, headers=world.desk())).status_code == 404
        assert (await world.client.post(path, headers=world.desk(), data={"title": "x"})).status_code == 404


async def test_nobody_holds_more_than_three_hours_or_two_at_the_same_time(world: World) -> None:
    hours = await opened(world, "ali", "zoe")
    ports = ports_of(world)
    await lessons.open_hours(HoursPlan("Lire", WEEK, place="Bureau 4", teacher="zoe"), "c-1", ports)
    await lessons.book(hours[0].activity.id, "ali", ports)
    beside = next(each for each in await lessons.free(ports) if each.begins == hours[0].begins)
    with pytest.raises(HourTaken):
        await lessons.book(beside.activity.id, "ali", ports)
    for each in hours[1:3]:
        await lessons.book(each.activity.id, "ali", ports)
    with pytest.raises(TooManyHours):
        await lessons.book(hours[3].activity.id, "ali", ports)
    mine = (await lessons.own("ali", ports))[0]
    assert mine.booked is not None
    await lessons.move(mine.booked.id, hours[3].activity.id, "ali", ports)
    await lessons.book(hours[0].activity.id, "ali", ports, by="c-1")
    assert len(await lessons.own("ali", ports)) == 4, "a coordinator may book one more for them"


async def test_hours_that_are_over_are_offered_to_nobody_and_fill_no_list_of_activities(world: World) -> None:
    first, *_ = await opened(world, "ali")
    ports = ports_of(world)
    assert await activities_shown.open_to_all(ports) == []
    assert (await activities_shown.desk_page(1, ports)).every == []
    world.clock.moment = first.begins
    assert len(await lessons.free(ports)) == 3
    with pytest.raises(NotOpen):
        await lessons.book(first.activity.id, "ali", ports)


async def test_who_was_given_a_fourth_hour_by_a_coordinator_can_still_move_one_and_gets_none_more_by_it(
    world: World,
) -> None:
    first, second, third, fourth = await opened(world, "ali", "zoe")
    ports = ports_of(world)
    await lessons.open_hours(HoursPlan("Parler", WEEK, place="Bureau 4", teacher="zoe"), "c-2", ports)
    free = {each.begins: each for each in await lessons.free(ports) if each.activity.host == "zoe"}
    mine = [await lessons.book(each.activity.id, "ali", ports) for each in (first, second, third)]
    await lessons.book(fourth.activity.id, "ali", ports, by="c-1")
    moved = await lessons.move(mine[0].id, free[first.begins].activity.id, "ali", ports)
    assert moved.open
    assert len(await lessons.own("ali", ports)) == 4
    with pytest.raises(TooManyHours):
        await lessons.book(first.activity.id, "ali", ports)


async def test_one_coordinator_opens_hours_of_two_of_the_associations_own_teachers_at_one_time(world: World) -> None:
    await world.founded()
    ports = ports_of(world)
    for title, place in (("Une heure avec Anne", "Bureau 3"), ("Une heure avec Paul", "Bureau 4")):
        assert await lessons.open_hours(HoursPlan(title, WEEK, place=place), "c-1", ports) == 4
    for title, place in (("Une heure avec Anne", "Bureau 5"), ("Autre chose", "Bureau 4")):
        with pytest.raises(NoHour):
            await lessons.open_hours(HoursPlan(title, WEEK, place=place), "c-1", ports)


@pytest.mark.parametrize("begins", ["13:00", "13:30"])
async def test_two_forms_at_once_open_no_two_hours_of_one_teacher_at_one_time(world: World, begins: str) -> None:
    await world.founded()
    await takes_part(world, "zoe")
    ports, day = ports_of(world), date(2026, 11, 23)
    terms = [
        lessons.hours_between(day, day, [0], since, until)
        for since, until in (("13:00", "16:00"), (begins, f"16{begins[2:]}"))
    ]
    plans = [HoursPlan("Parler", term, place="Bureau 3", teacher="zoe") for term in terms]
    await asyncio.gather(
        *(lessons.open_hours(plan, by, ports) for plan, by in zip(plans, ("c-1", "c-2"), strict=True)),
        return_exceptions=True,
    )
    hours = sorted(each.begins for each in await lessons.hours(ports))
    assert hours
    assert all(later - earlier >= timedelta(hours=1) for earlier, later in pairwise(hours)), hours


async def test_an_hour_that_is_moved_to_two_others_at_once_is_one_in_the_end(world: World) -> None:
    first, *others = await opened(world, "ali")
    ports = ports_of(world)
    mine = await lessons.book(first.activity.id, "ali", ports)
    await asyncio.gather(
        *(lessons.move(mine.id, each.activity.id, "ali", ports) for each in others), return_exceptions=True
    )
    assert len(await lessons.own("ali", ports)) == 1
    (now,) = await lessons.own("ali", ports)
    assert now.booked
    twice = [lessons.move(now.booked.id, first.activity.id, "ali", ports) for _ in range(3)]
    await asyncio.gather(*twice, return_exceptions=True)
    assert [each.activity.id for each in await lessons.own("ali", ports)] == [first.activity.id], "one form sent thrice"


async def test_two_hours_at_one_time_given_to_one_teacher_at_once_are_not_both_theirs(world: World) -> None:
    first, *_ = await opened(world, "zoe", "tea", "lan", teacher="zoe")
    ports = ports_of(world)
    await lessons.open_hours(HoursPlan("Parler", WEEK, place="Bureau 4", teacher="tea"), "c-1", ports)
    pair = [each.activity.id for each in await lessons.free(ports) if each.begins == first.begins]
    assert len(pair) == 2
    await asyncio.gather(*(hosting.entrust(each, "lan", "c-1", ports) for each in pair), return_exceptions=True)
    assert [(await ports.activities.get(each)).host for each in pair].count("lan") < 2


async def test_no_booked_hour_is_moved_onto_another_lesson_of_whoever_booked_it(world: World) -> None:
    first, *_ = await opened(world, "ali", "zoe")
    ports = ports_of(world)
    day = date(2026, 11, 26)
    term = lessons.hours_between(day, day, [3], "13:00", "14:00")
    await lessons.open_hours(HoursPlan("Parler", term, place="Bureau 4", teacher="zoe"), "c-1", ports)
    later = next(each for each in await lessons.free(ports) if each.activity.host == "zoe")
    onto = Plan("Parler", meetings=(first.meeting.model_copy(update={"id": later.meeting.id}),), capacity=1, host="zoe")
    for each in (first, later):
        await lessons.book(each.activity.id, "ali", ports)
    with pytest.raises(LearnerBusy):
        await activities.change(later.activity.id, onto, "c-1", ports)
    await enrolments.give_up(
        (await enrolments.own_in(first.activity.id, "ali", ports)).id, CancelledBy.PARTICIPANT, ports
    )
    await activities.change(later.activity.id, onto, "c-1", ports)
