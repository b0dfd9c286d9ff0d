"""Whose hours a class or a workshop is: of whoever gave it when it was given, whatever becomes of the course, the teacher, or a second record."""

from __future__ import annotations

from datetime import date, timedelta

from duolangue.chassis.decision import Change
from duolangue.contracts.facts.activities import Presence
from duolangue.contracts.facts.registration import ParticipantErased, ParticipantStatus
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain.announcing import Plan
from duolangue.sessions.usecases import activities, attendance, attestations, courses, hosting

from .classroom import PLAN, came, group_of
from .conftest import World
from .gatherings import announced, enrols, ports_of, takes_part
from .test_sessions_erased_and_merged import gone

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
PRESENT, ABSENT = Presence.PRESENT, Presence.ABSENT


async def given(world: World, teacher: str) -> int:
    """Minutes they are attested to have given."""
    return await attestations._given(teacher, FIRST, LAST, ports_of(world))


async def test_classes_are_those_of_who_taught_them_after_the_teacher_changed_and_the_course_was_cancelled(
    world: World,
) -> None:
    await world.founded()
    ports = ports_of(world)
    await takes_part(world, "tea", "teb", role=Role.VOLUNTEER)
    group = await group_of(world, "ali", "lan")
    await hosting.entrust(group, "tea", "c-1", ports)
    for number in range(3):
        await came(world, group, number, ali=PRESENT, lan=ABSENT)
    await hosting.entrust(group, "teb", "c-1", ports)
    await came(world, group, 3, ali=PRESENT, lan=PRESENT)
    world.clock.moment += timedelta(hours=3)
    assert (await given(world, "tea"), await given(world, "teb")) == (360, 120), (
        "a class counts once, however many came"
    )
    await activities.cancel(group, ports)
    assert (await given(world, "tea"), await given(world, "teb")) == (360, 120)
    await gone(world, "tea", "teacher")
    assert (await given(world, "tea"), await given(world, "teacher")) == (0, 360)
    await world.hear(ParticipantErased(status=ParticipantStatus.ERASED, roles=[]), "teb", 9)
    assert await given(world, "teb") == 0
    assert await ports.attendances.given_by("teb") == []


async def test_of_two_records_at_one_meeting_the_better_word_counts_once(world: World) -> None:
    await world.founded()
    ports = ports_of(world)
    await takes_part(world, "ali", "alia", "eva", "evas")
    activity = await announced(world)
    places = {each: (await enrols(world, activity, each)).id for each in ("ali", "alia", "eva", "evas")}
    world.clock.moment = activity.meetings[0].starts_at(activity.zone) + timedelta(hours=2)
    seen = {"ali": PRESENT, "alia": ABSENT, "eva": PRESENT, "evas": PRESENT}
    await attendance.note(activity.id, "m1", {places[who]: how for who, how in seen.items()}, "c-1", ports)
    for goes, stays in (("ali", "alia"), ("eva", "evas")):
        await gone(world, goes, stays)
        assert [each.presence for each in await ports.attendances.of_participant(stays)] == [PRESENT]
    noted = await ports.attendances.of_activity(activity.id)
    assert sorted(each.presence.value for each in noted) == ["absent", "absent", "present", "present"]


async def test_who_came_is_noted_again_after_the_meeting_was_moved_and_counts_on_its_day(world: World) -> None:
    await world.founded()
    ports = ports_of(world)
    await takes_part(world, "ali")
    activity = await announced(world)
    place = (await enrols(world, activity, "ali")).id
    meeting = activity.meetings[0]
    world.clock.moment = meeting.starts_at(activity.zone) - timedelta(minutes=30)
    await attendance.note(activity.id, "m1", {place: PRESENT}, "", ports)
    moved = meeting.model_copy(update={"day": date(2027, 1, 9), "minutes": 180})
    await activities.change(activity.id, Plan(activity.title, activity.text, (moved,)), "c-1", ports)
    world.clock.moment = moved.starts_at(activity.zone) + timedelta(hours=1)
    await attendance.note(activity.id, "m1", {place: PRESENT}, "", ports)
    (noted,) = await ports.attendances.of_participant("ali")
    assert (noted.held_on, noted.minutes) == (date(2027, 1, 9), 180)


async def test_a_course_in_preparation_outlives_its_teacher(world: World) -> None:
    await world.founded()
    ports = ports_of(world)
    await takes_part(world, "tea", role=Role.VOLUNTEER)
    group = (await courses.open_group(PLAN, "c-1", ports)).activity.id
    await hosting.entrust(group, "tea", "c-1", ports)
    await world.hear(ParticipantErased(status=ParticipantStatus.ERASED, roles=[]), "tea", 9)
    assert (await ports.activities.get(group)).host is None
    assert (await courses.group(group, ports)).activity.id == group


async def test_a_class_is_attested_once_it_is_over_though_people_are_noted_as_they_arrive(world: World) -> None:
    await world.founded()
    ports = ports_of(world)
    await takes_part(world, "tea", role=Role.VOLUNTEER)
    group = await group_of(world, "ali")
    activity = await hosting.entrust(group, "tea", "c-1", ports)
    (place,) = await ports.enrolments.of_activity(group)
    meeting = activity.meetings[0]
    world.clock.moment = meeting.starts_at(activity.zone) - timedelta(minutes=50)
    await attendance.note(group, meeting.id, {place.id: PRESENT}, "", ports)
    assert await given(world, "tea") == 0
    world.clock.moment = meeting.ends_at(activity.zone)
    assert await given(world, "tea") == 120


async def test_what_was_noted_before_it_was_kept_who_gave_it_counts_once_and_in_a_cancelled_course(
    world: World,
) -> None:
    await world.founded()
    ports = ports_of(world)
    await takes_part(world, "tea", role=Role.VOLUNTEER)
    group = await group_of(world, "ali", "lan")
    await hosting.entrust(group, "tea", "c-1", ports)
    await came(world, group, 0, ali=PRESENT, lan=PRESENT)
    world.clock.moment += timedelta(hours=3)
    for earlier in await ports.attendances.of_activity(group):
        await ports.attendances.update(earlier.id, lambda each: Change(each.model_copy(update={"given_by": None})))
        assert await given(world, "tea") == 120, "some of it with, some without, then all without"
    await activities.cancel(group, ports)
    assert await given(world, "tea") == 120
