"""An offered place: the page its message leads to has a yes and a no, and nobody loses their wait by an offer that never reached them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from duolangue.contracts.facts.activities import CancelledBy
from duolangue.contracts.links import Purpose
from duolangue.sessions.domain.activity import Activity, NotOpen
from duolangue.sessions.domain.announcing import Plan
from duolangue.sessions.domain.eligibility import Rule
from duolangue.sessions.usecases import activities, enrolments

from .classroom import PLAN, group_of, speaks
from .conftest import World
from .gatherings import announced, enrols, offer_left, places, ports_of, takes_part, told


def base(world: World, person: str) -> str:
    expires = world.clock.now() + timedelta(days=30)
    token = world.signer.action_token(world.association, Purpose.OWN_ACTIVITIES, person, person, expires, "en")
    return f"{Purpose.OWN_ACTIVITIES.path}/{token}"


async def course_with_an_offer(world: World, *rules: Rule) -> Activity:
    """A course with one place; the second class is over when it becomes free, and is offered to Lan."""
    await world.founded()
    group, ports = await group_of(world, "ali", plan=replace(PLAN, capacity=1)), ports_of(world)
    activity = await ports.activities.get(group)
    await speaks(world, "lan")
    await enrols(world, activity, "lan")
    if rules:
        plan = Plan(activity.title, "", activity.meetings, capacity=1, rules=rules)
        activity = await activities.change(group, plan, "c-1", ports)
    world.clock.moment = activity.meetings[1].starts_at(activity.zone) + timedelta(hours=3)
    await enrolments.give_up((await enrolments.own_in(group, "ali", ports)).id, CancelledBy.PARTICIPANT, ports)
    assert (await places(world, activity))["lan"] == "offered"
    return activity


async def test_the_page_of_an_offer_says_until_when_it_is_kept_and_has_a_yes_and_a_no(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali", "lan")
    activity, ports = await announced(world, capacity=1), ports_of(world)
    first = await enrols(world, activity, "ali")
    mine = await enrols(world, activity, "lan")
    await enrolments.give_up(first.id, CancelledBy.PARTICIPANT, ports)
    await offer_left(world, mine)
    page = f"{base(world, 'lan')}/activities/{activity.id}"
    shown = await world.client.get(page)
    assert "A place is free for you!" in shown.text
    assert "It is kept for you until Thursday 19 November, 11:00." in shown.text
    assert "All places are taken." not in shown.text
    assert "Yes, I come" in shown.text
    assert "No, thank you" in shown.text
    await world.client.post(f"{page}/cancel")
    assert (await places(world, activity))["lan"] == "cancelled"


async def test_an_offer_in_a_course_that_has_begun_is_answered_on_its_page(world: World) -> None:
    activity = await course_with_an_offer(world)
    page = f"{base(world, 'lan')}/activities/{activity.id}"
    shown = await world.client.get(page)
    assert ("Yes, I come" in shown.text, "No, thank you" in shown.text) == (True, True)
    assert (await world.client.post(f"{page}/enrol")).status_code == 303
    assert (await places(world, activity))["lan"] == "confirmed"


async def test_what_was_not_asked_yet_is_asked_with_the_offer_also_once_it_has_begun(world: World) -> None:
    activity = await course_with_an_offer(world, Rule.ZONE)
    asked = await world.client.post(f"{base(world, 'lan')}/activities/{activity.id}/enrol", data={})
    assert (asked.status_code, 'name="rule-zone"' in asked.text) == (422, True)


async def test_whom_an_offer_never_reached_waits_on_behind_those_who_wait_by_then(world: World) -> None:
    activity, ports = await course_with_an_offer(world), ports_of(world)
    await speaks(world, "zoe")
    await enrolments.enrol(activity.id, "zoe", ports, by="c-1")
    lan = await enrolments.own_in(activity.id, "lan", ports)
    world.clock.moment = activity.meetings[2].starts_at(activity.zone) + timedelta(minutes=1)
    await enrolments.settle(lan.id, ports)
    assert await places(world, activity) == {"ali": "cancelled", "lan": "waiting", "zoe": "offered"}
    assert not await told(world, "enrolment.lapsed")
    await enrolments.give_up((await enrolments.own_in(activity.id, "zoe", ports)).id, CancelledBy.PARTICIPANT, ports)
    assert (await places(world, activity))["lan"] == "offered", "and is next when nobody else waits"


async def test_who_let_an_offer_go_by_in_a_course_that_has_begun_can_wait_again(world: World) -> None:
    activity, ports = await course_with_an_offer(world), ports_of(world)
    lan = await enrolments.own_in(activity.id, "lan", ports)
    await offer_left(world, lan)
    world.clock.moment = activity.meetings[2].starts_at(activity.zone) + timedelta(minutes=1)
    await speaks(world, "zoe")
    await enrolments.enrol(activity.id, "zoe", ports, by="c-1")
    await enrolments.settle(lan.id, ports)
    assert (await places(world, activity))["lan"] == "lapsed"
    page = f"{base(world, 'lan')}/activities/{activity.id}"
    assert "Wait for a place" in (await world.client.get(page)).text
    assert (await world.client.post(f"{page}/enrol")).status_code == 303
    assert (await places(world, activity))["lan"] == "waiting"
    with pytest.raises(NotOpen):
        await enrolments.enrol(activity.id, "ali", ports)  # who gave their place up asks a coordinator
    world.clock.moment = activity.meetings[-1].starts_at(activity.zone)
    await enrolments.give_up(lan.id, CancelledBy.PARTICIPANT, ports)
    with pytest.raises(NotOpen):
        await enrolments.enrol(activity.id, "lan", ports)
