"""Courses and lessons through the API: groups with their people, placement, hours."""

from __future__ import annotations

from typing import Any

from duolangue.contracts.facts.activities import Presence
from duolangue.contracts.vocabulary import Level
from duolangue.sessions.domain.course import Need
from duolangue.sessions.usecases import attending, courses

from .classroom import came, group_of, speaks
from .conftest import World
from .gatherings import ports_of
from .test_lessons import opened


async def call(world: World, method: str, path: str, **more: Any) -> Any:
    answer = await world.client.request(method, f"/sessions/api/{path}", headers=world.desk(), **more)
    assert answer.status_code < 300, (path, answer.status_code, answer.text)
    return answer.json()


async def test_a_group_with_needs_and_absences(world: World) -> None:
    await world.founded()
    group = await group_of(world, "ali")
    (mine,) = (await courses.group(group, ports_of(world))).people
    await attending.say_needs(mine.enrolment.id, [Need.TRANSPORT], ports_of(world))
    await came(world, group, 0, ali=Presence.ABSENT)
    (listed,) = (await call(world, "GET", "groups"))["groups"]
    assert (listed["places_taken"], listed["needs"]["transport"], listed["level_name"]) == (1, 1, "FLE 1")
    shown = (await call(world, "GET", f"groups/{group}"))["people"]
    assert [(each["participant"], each["absent"], each["missing_percent"], each["has_place"]) for each in shown] == [
        ("ali", 1, 100, True)
    ]


async def test_a_level_and_a_test_that_overrides_it(world: World) -> None:
    await world.founded()
    await speaks(world, "ali", Level.A1, Level.A0)
    assert (await call(world, "GET", "learners/ali"))["level"]["name"] == "FLE 2"
    noted = await call(world, "PUT", "learners/ali/test", json={"level": "level-1", "on": "2026-11-10"})
    assert (noted["level"]["name"], noted["test"]["by"]) == ("FLE 1", "c-1")
    wrong = await world.client.put(
        "/sessions/api/learners/ali/test", json={"level": "x", "on": "2026-11-10"}, headers=world.desk()
    )
    assert (wrong.status_code, wrong.json()["type"]) == (422, "urn:duolangue:problem:no_such_level")


async def test_an_hour_is_booked_once_and_moved(world: World) -> None:
    first, second, *_ = await opened(world, "ali", "lan")
    booked = await call(world, "POST", f"lessons/{first.activity.id}/booking", json={"participant": "ali"})
    late = await world.client.post(
        f"/sessions/api/lessons/{first.activity.id}/booking", json={"participant": "lan"}, headers=world.desk()
    )
    assert (late.status_code, late.json()["type"]) == (409, "urn:duolangue:problem:hour_taken")
    move = {"participant": "ali", "instead": booked["enrolment"]}
    await call(world, "POST", f"lessons/{second.activity.id}/booking", json=move)
    hours = (await call(world, "GET", "lessons"))["hours"]
    assert [each["booked_by"] for each in hours] == [None, "ali", None, None]
    assert hours[0]["begins"] == "2026-11-23T13:00:00+01:00"
