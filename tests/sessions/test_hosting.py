"""Who gives an activity: named by a coordinator, and missed when they leave before it took place."""

from __future__ import annotations

from datetime import timedelta

import pytest

from duolangue.contracts.facts.activities import ActivityKind
from duolangue.contracts.facts.registration import ParticipantErased, ParticipantLeft, ParticipantStatus
from duolangue.contracts.requests import Concern
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain.activity import Activity, Status
from duolangue.sessions.domain.announcing import NotNow, Plan
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import activities, hosting, lessons
from duolangue.sessions.usecases import desk as concerns
from duolangue.sessions.usecases.enrolments import NotTakingPart
from duolangue.sessions.usecases.hosting import HasPlace

from .conftest import World
from .gatherings import SATURDAY, announced, desk, enrols, places, ports_of, takes_part, told
from .test_lessons import WEEK


async def leaves(world: World, person: str, *, erased: bool = False) -> None:
    if erased:
        await world.hear(ParticipantErased(status=ParticipantStatus.ERASED, roles=[]), person, 9)
        return
    await world.hear(ParticipantLeft(status=ParticipantStatus.LEFT, roles=[Role.VOLUNTEER]), person, 9)


async def waiting(world: World) -> int:
    figures = await concerns.concerns(ports_of(world))
    return next(each.count for each in figures if each.concern is Concern.HOST_LEFT)


async def test_a_coordinator_looks_for_whoever_gives_it_and_names_them(world: World) -> None:
    await world.founded()
    await takes_part(world, "bea", role=Role.VOLUNTEER)
    activity = await announced(world)
    path = f"/sessions/activities/{activity.id}/host"
    assert f'href="{path}"' in (await desk(world, f"/sessions/activities/{activity.id}")).text
    found = await desk(world, f"{path}?who=bea")
    assert 'name="participant" value="bea"' in found.text
    named = await desk(world, path, {"participant": "bea"})
    assert (named.status_code, "/people/bea" in named.text) == (200, True)
    assert (await told(world, "activity.updated"))[-1].data["host"] == "bea"
    again = await desk(world, path, {})
    assert "given by" not in again.text
    assert (await ports_of(world).activities.get(activity.id)).host is None


async def test_nobody_who_left_or_has_a_place_is_named_nor_for_what_is_over(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali", "bea")
    activity, ports = await announced(world), ports_of(world)
    await enrols(world, activity, "ali")
    with pytest.raises(HasPlace):
        await hosting.entrust(activity.id, "ali", "c-1", ports)
    refused = await desk(world, f"/sessions/activities/{activity.id}/host", {"participant": "nobody"})
    assert (refused.status_code, "do not take part" in refused.text) == (409, True)
    await leaves(world, "bea")
    with pytest.raises(NotTakingPart):
        await hosting.entrust(activity.id, "bea", "c-1", ports)
    await activities.cancel(activity.id, ports)
    with pytest.raises(NotNow):
        await hosting.entrust(activity.id, None, "c-1", ports)


@pytest.mark.parametrize("erased", [False, True])
async def test_what_somebody_was_to_give_waits_on_the_desk_until_another_gives_it(world: World, erased: bool) -> None:
    await world.founded()
    await takes_part(world, "paul", "eva", role=Role.VOLUNTEER)
    activity, ports = await announced(world, host="paul"), ports_of(world)
    assert await waiting(world) == 0
    await leaves(world, "paul", erased=erased)
    assert await waiting(world) == 1
    assert 'id="host-left"' in (await desk(world, "/sessions/activities")).text
    assert "left the association. Name" in (await desk(world, f"/sessions/activities/{activity.id}")).text
    copy = await activities.again(activity.id, "c-1", ports)
    assert (copy.host, copy.host_left) == (None, False)
    await hosting.entrust(activity.id, "eva", "c-1", ports)
    assert await waiting(world) == 0
    assert 'id="host-left"' not in (await desk(world, "/sessions/activities")).text


async def test_what_took_place_is_nobodys_concern_when_its_host_leaves(world: World) -> None:
    await world.founded()
    await takes_part(world, "paul", role=Role.VOLUNTEER)
    activity = await announced(world, host="paul")
    world.clock.moment = (activity.ends_at or world.clock.moment) + timedelta(hours=1)
    await leaves(world, "paul")
    assert await waiting(world) == 0


@pytest.mark.parametrize("erased", [False, True])
async def test_hours_for_lessons_with_somebody_who_left_are_cancelled_and_who_booked_is_told(
    world: World, erased: bool
) -> None:
    await world.founded()
    await takes_part(world, "ali")
    await takes_part(world, "tea", role=Role.VOLUNTEER)
    ports = ports_of(world)
    await lessons.open_hours(lessons.HoursPlan("Conversation", WEEK, "Bureau 3", teacher="tea"), "c-1", ports)
    booked, *_ = await lessons.free(ports)
    await lessons.book(booked.activity.id, "ali", ports)
    await leaves(world, "tea", erased=erased)
    assert await lessons.free(ports) == []
    assert await places(world, booked.activity) == {"ali": "cancelled"}
    assert (await told(world, "enrolment.cancelled"))[-1].data["cancelled_by"] == "activity"


async def test_the_association_cancels_a_place_and_its_participant_is_told(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali")
    activity = await announced(world, ActivityKind.OUTING, meetings=(SATURDAY,))
    place = await enrols(world, activity, "ali")
    page = await desk(world, f"/sessions/activities/{activity.id}")
    assert "Cancel and tell them" in page.text
    await desk(world, f"/sessions/activities/{activity.id}/enrolments/{place.id}/cancel", {})
    assert (await told(world, "enrolment.cancelled"))[-1].data["cancelled_by"] == "association"


async def test_a_draft_keeps_its_host_until_somebody_else_is_named(world: World) -> None:
    await world.founded()
    await takes_part(world, "paul", role=Role.VOLUNTEER)
    ports = ports_of(world)
    begun = await activities.begin(ActivityKind.WORKSHOP, Plan("Chess"), "c-1", ports)
    await hosting.entrust(begun.id, "paul", "c-1", ports)
    known = await ports.activities.get(begun.id)
    assert (known.host, known.status, await told(world, "activity.updated")) == ("paul", Status.DRAFT, [])


async def test_who_enrols_or_leaves_while_they_are_named_gives_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.founded()
    await takes_part(world, "ali", "bea")
    workshop, ports = await announced(world), ports_of(world)
    noted = hosting._noted_so_far

    async def enrols_meanwhile(activity: Activity, ports: Ports) -> None:
        await enrols(world, workshop, "ali")
        await noted(activity, ports)

    monkeypatch.setattr(hosting, "_noted_so_far", enrols_meanwhile)
    with pytest.raises(HasPlace):
        await hosting.entrust(workshop.id, "ali", "c-1", ports)
    assert (await ports.activities.get(workshop.id)).host is None

    async def leaves_meanwhile(activity: Activity, ports: Ports) -> None:
        await leaves(world, "bea")
        await noted(activity, ports)

    monkeypatch.setattr(hosting, "_noted_so_far", leaves_meanwhile)
    with pytest.raises(NotTakingPart):
        await hosting.entrust(workshop.id, "bea", "c-1", ports)
    assert await waiting(world) == 1, "the desk is told that nobody gives it"
