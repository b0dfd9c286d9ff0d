"""For whom courses and lessons are: as the association set it, asked where somebody enrols, and held to by every way in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from duolangue.chassis.identity import Access
from duolangue.contracts.facts.activities import ActivityKind, CancelledBy, EnrolmentStatus
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain.activity import Activity, NotOpen
from duolangue.sessions.domain.activity_policy import ActivityPolicy
from duolangue.sessions.domain.announcing import PlacesWrong, Plan
from duolangue.sessions.domain.eligibility import Rule
from duolangue.sessions.domain.enrolment import Enrolment, Wish
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import activities, courses, enrolments, hosting, lessons, seating, taking_part
from duolangue.sessions.usecases.enrolments import HostsIt
from duolangue.sessions.usecases.lessons import HoursPlan, TooManyHours

from .classroom import PLAN, speaks
from .conftest import World
from .gatherings import SATURDAY, announced, enrols, places, ports_of, takes_part
from .test_activity_life import yes
from .test_courses_pages import get, mine, post
from .test_lessons import WEEK

KINDS = (ActivityKind.COURSE, ActivityKind.LESSON)


async def decided(world: World) -> Ports:
    """Courses and lessons are for who lives in the zone."""
    await world.founded()
    ports = ports_of(world)
    policy = ActivityPolicy(
        rules=dict.fromkeys(KINDS, (Rule.ZONE,)), balanced=KINDS, relax_hours=12, offer_hours=6, reminder_hours=3
    )
    await activities.decide(policy, "a-1", ports)
    return ports


async def hours_of(ports: Ports) -> list[Activity]:
    await lessons.open_hours(HoursPlan("Parler, une heure", WEEK, place="Bureau 3"), "c-1", ports)
    return [each.activity for each in await lessons.free(ports)]


async def group_in(ports: Ports) -> Activity:
    return await activities.publish((await courses.open_group(PLAN, "c-1", ports)).activity.id, "c-1", ports)


async def test_a_group_and_an_hour_begin_with_what_the_association_set(world: World) -> None:
    ports = await decided(world)
    group, hour = await group_in(ports), (await hours_of(ports))[0]
    for each in (group, hour):
        assert (each.rules, each.relax_hours, each.offer_hours, each.reminder_hours) == ((Rule.ZONE,), 12, 6, 3)
    assert group.balanced
    assert not hour.balanced, "an hour is one person's"


async def test_the_settings_offer_no_two_sides_for_an_hour(world: World) -> None:
    await world.founded()
    assert 'value="balanced-course"' in (page := await get(world, "/sessions/activities/settings"))
    assert "balanced-lesson" not in page
    hours = {"relax_hours": "48", "offer_hours": "24", "reminder_hours": "24"}
    chosen = ["balanced-lesson", "balanced-outing", "rule-lesson-zone"]
    kept = await world.client.post(
        "/sessions/activities/settings", data={**hours, "chosen": chosen}, headers=world.desk(Access.ADMINISTER)
    )
    assert kept.status_code == 303
    policy = await activities.policy(ports_of(world))
    assert policy.balanced == (ActivityKind.OUTING,)
    assert policy.rules == {ActivityKind.LESSON: (Rule.ZONE,)}


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_a_participant_is_asked_where_an_hour_asks_and_never_twice(world: World, language: str) -> None:
    ports = await decided(world)
    await speaks(world, "ali")
    first, second, *_ = await hours_of(ports)
    page = mine(world, "ali", "", language)
    shown = (await world.client.get(f"{page}/lessons")).text
    assert f'href="{page}/activities/{first.id}"' in shown
    assert 'name="hour"' not in shown, "a press alone would be refused"
    asked = (await world.client.get(f"{page}/activities/{first.id}")).text
    assert 'name="rule-zone"' in asked
    silent = await world.client.post(f"{page}/activities/{first.id}/enrol", data={})
    assert (silent.status_code, 'name="rule-zone"' in silent.text) == (422, True)
    told = await world.client.post(f"{page}/activities/{first.id}/enrol", data={"rule-zone": "yes"})
    assert told.headers["location"] == f"{page}/lessons?done=booked"
    (own,) = await lessons.own("ali", ports)
    assert own.booked
    moving = (await world.client.get(f"{page}/lessons/{own.booked.id}/move")).text
    assert moving.count('name="instead"') == 3, "what they answered for the one hour counts for the other"
    moved = await world.client.post(f"{page}/lessons", data={"hour": second.id, "instead": own.booked.id})
    assert moved.headers["location"] == f"{page}/lessons?done=moved"
    (own,) = await lessons.own("ali", ports)
    assert own.activity.id == second.id
    assert own.booked
    assert [each.rule for each in own.booked.answers] == [Rule.ZONE]


async def test_an_hour_that_asks_more_than_the_one_they_have_asks_when_they_move_to_it(world: World) -> None:
    await world.founded()
    ports = ports_of(world)
    await speaks(world, "ali")
    easy, other, *_ = await hours_of(ports)
    plan = Plan(other.title, "", other.meetings, capacity=1, rules=[Rule.ZONE])
    await activities.change(other.id, plan, "c-1", ports)
    held = await lessons.book(easy.id, "ali", ports)
    page = mine(world, "ali")
    moving = (await world.client.get(f"{page}/lessons/{held.id}/move")).text
    assert f'href="{page}/activities/{other.id}?instead={held.id}"' in moving
    asked = (await world.client.get(f"{page}/activities/{other.id}", params={"instead": held.id})).text
    assert f'name="instead" value="{held.id}"' in asked
    no = await world.client.post(f"{page}/activities/{other.id}/enrol", data={"instead": held.id, "rule-zone": "no"})
    assert (no.status_code, "for people who live in our zone" in no.text) == (422, True)
    assert [each.activity.id for each in await lessons.own("ali", ports)] == [easy.id], "the one they have stays"
    await world.client.post(f"{page}/activities/{other.id}/enrol", data={"instead": held.id, "rule-zone": "yes"})
    assert [each.activity.id for each in await lessons.own("ali", ports)] == [other.id]


async def test_every_way_to_an_hour_holds_to_the_rules_for_hours(world: World) -> None:
    await world.founded()
    ports = ports_of(world)
    await speaks(world, "ali")
    *three, fourth = await hours_of(ports)
    for each in three:
        await lessons.book(each.id, "ali", ports)
    with pytest.raises(TooManyHours):
        await taking_part.take_part(fourth.id, "ali", ports)
    late = await world.client.post(mine(world, "ali", f"/activities/{fourth.id}/enrol"), data={})
    assert (late.status_code, "You have booked three hours already" in late.text) == (409, True)
    assert (await taking_part.take_part(fourth.id, "ali", ports, by="c-1")).held, "a coordinator may"


async def test_a_coordinator_is_asked_for_whom_they_enrol_and_nothing_typed_is_lost(world: World) -> None:
    ports = await decided(world)
    await speaks(world, "ali")
    group, hour = await group_in(ports), (await hours_of(ports))[0]
    assert "rule-zone" not in await get(world, "/sessions/learners/ali"), "nothing is chosen yet"
    form = {"group": group.id, "chosen": ["childcare"]}
    asked = await post(world, "/sessions/learners/ali/enrol", data=form)
    assert (asked.status_code, asked.text.count('name="rule-zone"')) == (422, 2), "a yes and a no"
    assert 'value="childcare" checked' in asked.text
    assert f'value="{group.id}" selected' in asked.text
    assert (await post(world, "/sessions/learners/ali/enrol", data={**form, "rule-zone": "yes"})).status_code == 303
    placed = await enrolments.own_in(group.id, "ali", ports)
    assert [each.checked_by for each in placed.answers] == ["c-1"]
    asked = await post(world, "/sessions/learners/ali/hours", data={"hour": hour.id})
    assert (asked.status_code, 'name="rule-zone"' in asked.text) == (422, True)
    booked = await post(world, "/sessions/learners/ali/hours", data={"hour": hour.id, "rule-zone": "yes"})
    assert booked.status_code == 303
    assert [each.activity.id for each in await lessons.own("ali", ports)] == [hour.id]


async def test_the_api_asks_for_whom_an_hour_is_as_well(world: World) -> None:
    ports = await decided(world)
    await speaks(world, "ali")
    hour = (await hours_of(ports))[0]
    address = f"/sessions/api/lessons/{hour.id}/booking"
    refused = await world.client.post(address, json={"participant": "ali"}, headers=world.desk())
    assert (refused.status_code, "Please answer this question" in refused.text) == (422, True)
    answered = {"participant": "ali", "answers": {"zone": True}}
    assert (await world.client.post(address, json=answered, headers=world.desk())).status_code == 201


Decision = Callable[[Ports, str], Awaitable[object]]


def in_between(monkeypatch: pytest.MonkeyPatch, decision: Decision) -> None:
    """Something is decided of the activity after who enrols looked at it, and before their place is there."""
    seated = seating.seated

    async def late(activity: Activity, wish: Wish, ports: Ports) -> Enrolment | None:
        await decision(ports, activity.id)
        return await seated(activity, wish, ports)

    monkeypatch.setattr(seating, "seated", late)


async def test_nobody_keeps_a_place_in_what_was_cancelled_while_they_enrolled(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.founded()
    await takes_part(world, "ali")
    workshop = await announced(world)

    async def cancelled(ports: Ports, activity: str) -> object:
        return await activities.cancel(activity, ports)

    in_between(monkeypatch, cancelled)
    with pytest.raises(NotOpen, match="does not take place any more"):
        await enrols(world, workshop, "ali")
    assert await places(world, workshop) == {"ali": "cancelled"}


async def test_a_place_beyond_a_room_made_smaller_meanwhile_gets_a_number_within_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.founded()
    await takes_part(world, "ali")
    workshop = await announced(world, capacity=500)

    async def smaller(ports: Ports, activity: str) -> object:
        plan = Plan(workshop.title, workshop.text, (SATURDAY,), capacity=1)
        return await activities.change(activity, plan, "c-1", ports)

    in_between(monkeypatch, smaller)
    assert (await enrols(world, workshop, "ali")).status is EnrolmentStatus.CONFIRMED
    held = await ports_of(world).enrolments.held(workshop.id)
    assert [each.place.seat for each in held] == [1]


@pytest.mark.parametrize("late", [True, False])
async def test_places_that_become_fewer_while_people_enrol_are_given_to_no_more_people(
    world: World, monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    await world.founded()
    await takes_part(world, "ali", "bea")
    ports = ports_of(world)
    workshop = await announced(world, capacity=2)
    await enrols(world, workshop, "ali")
    fewer = Plan(workshop.title, workshop.text, (SATURDAY,), capacity=1)

    async def smaller(ports: Ports, activity: str) -> object:
        return await activities.change(activity, fewer, "c-1", ports)

    if late:
        in_between(monkeypatch, smaller)
        assert (await enrols(world, workshop, "bea")).status is EnrolmentStatus.WAITING
        assert await places(world, workshop) == {"ali": "confirmed", "bea": "waiting"}
        return
    tend = activities.tend

    async def enrols_meanwhile(activity: str, ports: Ports) -> Activity:
        monkeypatch.setattr(activities, "tend", tend)
        stale = workshop.model_copy(update={"capacity": 2})
        monkeypatch.setattr(enrolments, "_still_open", lambda placed, _: asyncio.sleep(0, placed))
        assert await seating.seated(stale, wish("bea", workshop), ports)
        return await tend(activity, ports)

    monkeypatch.setattr(activities, "tend", enrols_meanwhile)
    with pytest.raises(PlacesWrong):
        await activities.change(workshop.id, fewer, "c-1", ports)
    assert (await ports.activities.get(workshop.id)).capacity == 2
    assert await places(world, workshop) == {"ali": "confirmed", "bea": "confirmed"}


def wish(person: str, of: Activity) -> Wish:
    now = of.made_at
    return Wish(f"enr-{person}", of.id, of.kind, person, Role.NEWCOMER, now)


async def test_nobody_keeps_a_place_in_what_they_are_named_to_give_while_they_enrolled(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.founded()
    await takes_part(world, "ali")
    workshop = await announced(world)

    async def named(ports: Ports, activity: str) -> object:
        return await hosting.entrust(activity, "ali", "c-1", ports)

    in_between(monkeypatch, named)
    with pytest.raises(HostsIt):
        await enrols(world, workshop, "ali")
    assert await places(world, workshop) == {"ali": "cancelled"}
    assert (await ports_of(world).activities.get(workshop.id)).host == "ali"


def changed(activity: Activity, *rules: Rule) -> Plan:
    return Plan(activity.title, activity.text, activity.meetings, capacity=activity.capacity, rules=rules)


async def test_what_is_not_asked_any_more_is_not_kept_any_longer(world: World) -> None:
    await world.founded()
    await speaks(world, "ali")
    ports = ports_of(world)
    module = await announced(world, ActivityKind.MODULE, rules=(Rule.INCOME, Rule.ZONE))
    place = await enrols(world, module, "ali", answers=yes(Rule.INCOME, Rule.ZONE))
    await activities.change(module.id, changed(module, Rule.ZONE), "c-1", ports)
    assert [each.rule for each in (await ports.enrolments.get(place.id)).answers] == [Rule.ZONE]


async def test_what_is_asked_since_somebody_waits_is_asked_before_their_place_is_theirs(world: World) -> None:
    await world.founded()
    for each in ("ali", "lan", "bea"):
        await speaks(world, each)
    ports = ports_of(world)
    module = await announced(world, ActivityKind.MODULE, capacity=1)
    placed = []
    for each in ("ali", "lan", "bea"):
        world.clock.moment += timedelta(minutes=1)
        placed.append(await enrols(world, module, each))
    first, waiting, _ = placed
    await activities.change(module.id, changed(module, Rule.INCOME), "c-1", ports)
    await enrolments.give_up(first.id, CancelledBy.PARTICIPANT, ports)
    assert (await ports.enrolments.get(waiting.id)).status is EnrolmentStatus.OFFERED
    page = mine(world, "lan", f"/activities/{module.id}")
    assert 'name="rule-cpas_income"' in (await world.client.get(page)).text
    unasked = await world.client.post(f"{page}/enrol")
    assert unasked.status_code == 422
    assert (await ports.enrolments.get(waiting.id)).status is EnrolmentStatus.OFFERED
    taken = await world.client.post(f"{page}/enrol", data={"rule-cpas_income": "yes"})
    assert taken.status_code == 303
    known = await ports.enrolments.get(waiting.id)
    assert (known.status, [each.rule for each in known.answers]) == (EnrolmentStatus.CONFIRMED, [Rule.INCOME])
    checked = await enrolments.check_answer(first.id, Rule.INCOME, yes=True, by="c-1", ports=ports)
    assert checked.answers == (), "a place given up takes no answer"


async def test_a_coordinator_checks_what_was_not_asked_when_somebody_enrolled(world: World) -> None:
    await world.founded()
    await speaks(world, "ali")
    ports = ports_of(world)
    module = await announced(world, ActivityKind.MODULE)
    place = await enrols(world, module, "ali")
    await activities.change(module.id, changed(module, Rule.INCOME), "c-1", ports)
    checked = await enrolments.check_answer(place.id, Rule.INCOME, yes=True, by="c-1", ports=ports)
    assert [(each.rule, each.checked_by) for each in checked.answers] == [(Rule.INCOME, "c-1")]


async def test_a_refusal_is_forgotten_with_the_rule_it_was_for(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali")
    activity, ports = await announced(world, ActivityKind.MODULE, rules=(Rule.INCOME,)), ports_of(world)
    mine_in = await enrols(world, activity, "ali", answers=yes(Rule.INCOME))
    await enrolments.check_answer(mine_in.id, Rule.INCOME, yes=False, by="c-1", ports=ports)
    assert "Not for you" in await get(world, mine(world, "ali"))
    await activities.change(activity.id, Plan(activity.title, "", activity.meetings), "c-1", ports)
    assert (await ports.enrolments.get(mine_in.id)).refused_for is None
    assert "Not for you" not in await get(world, mine(world, "ali"))
