"""What somebody answers about whom an activity is for: who reads it, for how long, what a no means; hours nobody booked; the list to sign."""

from __future__ import annotations

import re
from datetime import date

import pytest

from duolangue.chassis.identity import Access
from duolangue.contracts.vocabulary import Level
from duolangue.sessions.domain.announcing import Plan
from duolangue.sessions.domain.eligibility import Answer, OutsideTheZone, Rule
from duolangue.sessions.domain.meeting import Meeting
from duolangue.sessions.usecases import (
    activities,
    activity_data,
    attending,
    courses,
    enrolments,
    lessons,
    personal_data,
)

from .classroom import PLAN, group_of, speaks
from .conftest import World
from .gatherings import announced, enrols, ports_of, takes_part, told
from .test_activity_pages import link
from .test_courses_pages import get, mine
from .test_lessons import opened

YES = [Answer(rule=Rule.ZONE, yes=True, on=date(2026, 11, 18))]


async def refused(world: World) -> tuple[str, str]:
    """Ali said that he lives in the zone, and a coordinator found that he does not; Lan has a place. The activity, and his enrolment."""
    await world.founded()
    await takes_part(world, "ali", "lan")
    activity = await announced(world, rules=(Rule.ZONE,))
    place = await enrols(world, activity, "ali", answers=YES)
    await enrols(world, activity, "lan", answers=YES)
    await enrolments.check_answer(place.id, Rule.ZONE, yes=False, by="c-1", ports=ports_of(world))
    return activity.id, place.id


async def test_who_only_reads_sees_no_answers_and_no_needs(world: World) -> None:
    activity, _ = await refused(world)
    reading = await world.client.get(f"/sessions/activities/{activity}", headers=world.desk(access=Access.READ))
    whole = await get(world, f"/sessions/activities/{activity}")
    for words in ("not checked", "does not hold"):
        assert words in whole
        assert words not in reading.text
    group, ports = await group_of(world, "mina"), ports_of(world)
    (mina,) = (await courses.group(group, ports)).people
    await attending.say_needs(mina.enrolment.id, ["childcare"], ports)
    for access, needs in ((Access.COORDINATE, ["childcare"]), (Access.READ, [])):
        seen = await world.client.get(f"/sessions/api/groups/{group}", headers=world.desk(access=access))
        assert [each["needs"] for each in seen.json()["people"]] == [needs]


async def test_whoever_answered_reads_on_their_own_page_what_they_answered_and_the_bus_carries_nothing_of_it(
    world: World,
) -> None:
    await world.founded()
    await takes_part(world, "ali")
    module, ports = await announced(world, rules=(Rule.INCOME,)), ports_of(world)
    told = [Answer(rule=Rule.INCOME, yes=True, on=date(2026, 11, 18))]
    place = await enrolments.enrol(module.id, "ali", ports, answers=told)
    own = f"{link(world, 'ali')}/activities/{module.id}"
    page = (await world.client.get(own)).text
    assert "What you answered" in page
    assert re.search(r"income from the CPAS\?\s*<strong>Yes</strong>.*not checked", page)
    await enrolments.check_answer(place.id, Rule.INCOME, yes=True, by="c-1", ports=ports)
    assert "checked on" in (await world.client.get(own)).text
    assert "cpas" not in (await personal_data.tell("ali", ports)).model_dump_json()


async def test_after_a_no_somebody_gets_in_by_a_coordinator_alone_and_reads_why(world: World) -> None:
    activity, place = await refused(world)
    ports = ports_of(world)
    with pytest.raises(OutsideTheZone):
        await enrolments.enrol(activity, "ali", ports, answers=YES)
    rows = (await activity_data.tables("ali", ports))["enrolments"]
    assert [each["answers_on_its_page"] for each in rows] == [1]
    assert "zone" not in str(rows), "the reply goes by the bus"
    again = await enrolments.enrol(activity, "ali", ports, answers=YES, by="c-1")
    assert (again.id, again.held, again.refused_for) == (place, True, None)


async def test_answers_are_forgotten_some_time_after_it_is_over(world: World) -> None:
    activity, place = await refused(world)
    ports = ports_of(world)
    await world.time_passes(days=60)
    assert (await ports.enrolments.get(place)).refused_for is Rule.ZONE
    await world.time_passes(days=95)
    assert [(each.answers, each.refused_for) for each in await ports.enrolments.of_activity(activity)] == [
        ((), None)
    ] * 2
    assert (await ports.activities.get(activity)).due_at is None
    once_more = await activities.again(activity, "c-1", ports)
    assert once_more.answers_forgotten is False, "what is answered the next time is forgotten after it, too"


async def test_an_hour_nobody_booked_reminds_nobody(world: World) -> None:
    hours = await opened(world, "ali", "paul", teacher="paul")
    await lessons.book(hours[0].activity.id, "ali", ports_of(world))
    for _ in range(16):
        await world.time_passes(hours=12)
    near = {each.subject for each in await told(world, "activity") if "approaching" in each.type}
    assert near == {hours[0].activity.id}


async def test_the_list_to_sign_goes_on_with_the_classes_that_follow_whatever_they_are_called(world: World) -> None:
    await world.founded()
    await speaks(world, "ali", Level.A1)
    ports = ports_of(world)
    group = (await courses.open_group(PLAN, "c-1", ports)).activity
    early = Meeting(id="f00d", day=date(2026, 11, 20), begins="10:00", minutes=60, place="Rue de la Station 1")
    plan = Plan(group.title, group.text, (early, *group.meetings), capacity=10)
    await activities.change(group.id, plan, "c-1", ports)
    page = await get(world, f"/sessions/courses/{group.id}/list?begin=f00d")
    assert page.split("<thead>")[1].split("</thead>")[0].count("<th") == 1 + 8, "names, and all eight classes"


async def test_who_enrols_in_a_course_by_themselves_reads_its_level_and_says_what_they_need(world: World) -> None:
    await world.founded()
    group, ports = await group_of(world), ports_of(world)
    await speaks(world, "ali", Level.A1)
    page = (await world.client.get(mine(world, "ali", f"/activities/{group}"))).text
    level = (await ports.courses.groups.get(group)).level_name
    assert level in page
    assert 'name="need-childcare"' in page
    sent = await world.client.post(mine(world, "ali", f"/activities/{group}/enrol"), data={"need-childcare": "yes"})
    assert sent.status_code == 303
    (ali,) = (await courses.group(group, ports)).people
    assert [each.value for each in ali.needs] == ["childcare"]
