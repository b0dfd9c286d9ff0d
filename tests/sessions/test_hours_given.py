"""Whose hours a class or a workshop is: of whoever gave it when it was given, whatever becomes of the course, the teacher, or a second record."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from duolangue.chassis.decision import Change
from duolangue.contracts.facts.activities import ActivityKind, CancelledBy, Presence
from duolangue.contracts.facts.registration import ParticipantErased, ParticipantLeft, ParticipantStatus
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain.announcing import Plan
from duolangue.sessions.domain.attendance import TooEarly
from duolangue.sessions.usecases import (
    activities,
    attendance,
    attestations,
    courses,
    enrolments,
    hosting,
    learners,
    line_of_time,
)

from .classroom import PLAN, came, group_of
from .conftest import World
from .gatherings import SATURDAY, announced, desk, enrols, ports_of, takes_part, told
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
    assert sorted(each.presence.value for each in noted) == ["excused", "excused", "present", "present"]


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


async def test_noted_again_after_two_records_became_one_a_meeting_counts_once(world: World) -> None:
    await world.founded()
    ports = ports_of(world)
    await takes_part(world, "ali", "alia")
    activity = await announced(world)
    places = {each: (await enrols(world, activity, each)).id for each in ("ali", "alia")}
    world.clock.moment = activity.meetings[0].starts_at(activity.zone) + timedelta(hours=2)
    await attendance.note(activity.id, "m1", {places["ali"]: PRESENT}, "c-1", ports)
    await gone(world, "ali", "alia")
    shown = await attendance.attendance_list(activity.id, "m1", ports)
    (place,) = [each.id for each in shown.people if each.participant == "alia"]
    assert shown.noted[place] is PRESENT
    await attendance.note(activity.id, "m1", {place: ABSENT}, "c-1", ports)
    assert [each.presence for each in await ports.attendances.of_participant("alia")] == [ABSENT]


async def test_a_meeting_that_was_longer_counts_as_long_as_it_was_and_nobody_is_told(world: World) -> None:
    await world.founded()
    ports = ports_of(world)
    await takes_part(world, "ali")
    await takes_part(world, "tea", role=Role.VOLUNTEER)
    activity = await announced(world, host="tea")
    place = (await enrols(world, activity, "ali")).id
    path = f"/sessions/activities/{activity.id}"
    early = await desk(world, f"{path}/lasted", {"meeting": "m1", "minutes": "180"})
    assert (early.status_code, "It was longer or shorter" in early.text) == (409, False)
    world.clock.moment = activity.meetings[0].ends_at(activity.zone) + timedelta(hours=1)
    await world.time_passes(minutes=1)
    await attendance.note(activity.id, "m1", {place: PRESENT}, "c-1", ports)
    for typed in ("5", "", "721", "two"):
        wrong = await desk(world, f"{path}/lasted", {"meeting": "m1", "minutes": typed})
        assert (wrong.status_code, "Between 15 and 720" in wrong.text) == (422, True), typed
    before = len(await told(world, "enrolment"))
    for _ in range(2):
        kept = await desk(world, f"{path}/lasted", {"meeting": "m1", "minutes": "180"})
        assert (kept.status_code, "180 minutes" in kept.text) == (200, True)
    assert [each.minutes for each in await ports.attendances.of_participant("ali")] == [180]
    assert await given(world, "tea") == 180
    assert len(await told(world, "enrolment")) == before
    assert (await desk(world, f"{path}/lasted", {"meeting": "other", "minutes": "60"})).status_code == 404


async def test_of_a_group_that_was_cancelled_what_people_attended_and_reached_stays(world: World) -> None:
    await world.founded()
    ports = ports_of(world)
    group = await group_of(world, "ali", "lan")
    await came(world, group, 0, ali=PRESENT)
    world.clock.moment += timedelta(hours=3)
    await activities.cancel(group, ports)
    (shown,) = await courses.groups(ports)
    assert [(each.enrolment.participant, each.seen.present) for each in shown.people] == [("ali", 1)]
    line = await line_of_time.line("ali", ports)
    assert [each.presence for each in line.past] == [PRESENT]
    assert (await line_of_time.line("lan", ports)).past == []
    page = await desk(world, f"/sessions/courses/{group}")
    assert "/people/ali/reached" in page.text
    await desk(world, f"/sessions/courses/{group}/people/ali/reached", {})
    assert [each.activity for each in (await learners.seen("ali", ports)).learner.reached] == [group]
    refused = await desk(world, f"/sessions/courses/{group}/people/lan/reached", {})
    assert refused.status_code == 409


async def test_what_a_coordinator_began_outlives_its_host_and_a_proposal_of_their_own_goes(world: World) -> None:
    await world.founded()
    ports = ports_of(world)
    await takes_part(world, "tea", role=Role.VOLUNTEER)
    begun = await activities.begin(ActivityKind.WORKSHOP, Plan("Chess", host="tea"), "c-1", ports)
    proposed = await activities.propose("tea", "Songs", "We sing.", "", ports)
    await activities.change(proposed.id, Plan("Songs", "We sing.", host="tea"), "c-1", ports)
    copied = await activities.again(proposed.id, "c-1", ports)
    await world.hear(ParticipantErased(status=ParticipantStatus.ERASED, roles=[]), "tea", 9)
    assert await ports.activities.find(proposed.id) is None
    for each in (begun, copied):
        known = await ports.activities.get(each.id)
        assert (known.host, known.host_left) == (None, True)


async def test_a_class_that_was_held_is_noted_though_somebody_left_or_the_course_was_cancelled_since(
    world: World,
) -> None:
    await world.founded()
    ports = ports_of(world)
    group = await group_of(world, "ali", "lan")
    activity = await ports.activities.get(group)
    held, coming, *_ = activity.meetings
    world.clock.moment = held.ends_at(activity.zone)
    places = {each.participant: each.id for each in await ports.enrolments.of_activity(group)}
    await enrolments.give_up(places["ali"], CancelledBy.PARTICIPANT, ports)
    world.clock.moment += timedelta(hours=1)
    await activities.cancel(group, ports)
    noted = await attendance.note(group, held.id, dict.fromkeys(places.values(), PRESENT), "c-1", ports)
    assert noted == 2
    await attendance.lasted(group, held.id, 90, "c-1", ports)
    assert [each.minutes for each in await ports.attendances.of_participant("ali")] == [90]
    with pytest.raises(TooEarly):
        await attendance.note(group, coming.id, {places["lan"]: PRESENT}, "c-1", ports)
    assert "Who came" in (await desk(world, f"/sessions/activities/{group}")).text


async def test_whoever_gave_a_meeting_is_settled_before_another_gives_the_next(world: World) -> None:
    await world.founded()
    ports = ports_of(world)
    await takes_part(world, "tea", "teb", role=Role.VOLUNTEER)
    group = await group_of(world, "ali")
    activity = await hosting.entrust(group, "tea", "c-1", ports)
    world.clock.moment = activity.meetings[0].ends_at(activity.zone)
    refused = await desk(world, f"/sessions/activities/{group}/host", {"participant": "teb"})
    assert (refused.status_code, "First note who came" in refused.text) == (409, True)
    (place,) = await ports.enrolments.of_activity(group)
    await attendance.note(group, activity.meetings[0].id, {place.id: ABSENT}, "c-1", ports)
    await hosting.entrust(group, "teb", "c-1", ports)
    assert (await ports.activities.get(group)).host == "teb"
    world.clock.moment += timedelta(hours=1)
    past = {each: (await line_of_time.line(each, ports)).past for each in ("tea", "teb")}
    assert {each: [entry.part for entry in entries] for each, entries in past.items()} == {
        "tea": [line_of_time.Part.HOSTED], "teb": [],
    }  # fmt: skip


async def test_what_was_held_cannot_be_taken_away_and_its_length_is_known_once_it_began(world: World) -> None:
    await world.founded()
    ports = ports_of(world)
    await takes_part(world, "ali")
    later = SATURDAY.model_copy(update={"id": "m2", "day": date(2026, 12, 12)})
    activity = await announced(world, meetings=(SATURDAY, later))
    await enrols(world, activity, "ali")
    world.clock.moment = SATURDAY.starts_at(activity.zone) - timedelta(minutes=50)
    with pytest.raises(TooEarly):
        await attendance.lasted(activity.id, "m1", 90, "c-1", ports)
    world.clock.moment = SATURDAY.ends_at(activity.zone)
    changed = await activities.change(activity.id, Plan(activity.title, activity.text, (later,)), "c-1", ports)
    assert [each.id for each in changed.meetings] == ["m1", "m2"]
    assert "enrolment.moved" not in {".".join(each.type.split(".")[2:4]) for each in await told(world, "enrolment")}


async def test_made_again_after_its_host_left_it_is_nobodys(world: World) -> None:
    await world.founded()
    ports = ports_of(world)
    await takes_part(world, "tea", role=Role.VOLUNTEER)
    activity = await announced(world, host="tea")
    world.clock.moment = activity.meetings[0].ends_at(activity.zone)
    await world.time_passes(minutes=1)
    await world.hear(ParticipantLeft(status=ParticipantStatus.LEFT, roles=[Role.VOLUNTEER]), "tea", 9)
    assert (await activities.again(activity.id, "c-1", ports)).host is None


async def test_who_turns_out_to_give_what_their_other_record_had_a_place_in_has_none(world: World) -> None:
    await world.founded()
    ports = ports_of(world)
    await takes_part(world, "tea", "teb", "lan", "first", "second")
    given_by_tea = await announced(world, host="tea")
    await enrols(world, given_by_tea, "teb")
    full = await announced(world, capacity=1)
    await enrols(world, full, "lan")
    for person in ("first", "lan", "second"):
        world.clock.moment += timedelta(minutes=1)
        await enrols(world, full, person)
    asked = (await ports.enrolments.of(full.id, "first")).asked_at
    await gone(world, "tea", "teb")
    await gone(world, "first", "second")
    assert (await enrolments.own_in(given_by_tea.id, "teb", ports)).open is False
    assert (await enrolments.own_in(full.id, "second", ports)).asked_at == asked, "the longer wait counts"


async def test_who_was_noted_as_people_arrive_came_to_nothing_where_it_is_cancelled_then(world: World) -> None:
    await world.founded()
    ports = ports_of(world)
    await takes_part(world, "ali")
    activity = await announced(world)
    place = (await enrols(world, activity, "ali")).id
    world.clock.moment = SATURDAY.starts_at(activity.zone) - timedelta(minutes=30)
    await attendance.note(activity.id, "m1", {place: PRESENT}, "c-1", ports)
    later = SATURDAY.model_copy(update={"day": date(2026, 12, 6)})
    await activities.change(activity.id, Plan(activity.title, activity.text, (later,)), "c-1", ports)
    (noted,) = await ports.attendances.of_participant("ali")
    assert (noted.held_on, noted.presence) == (date(2026, 12, 6), PRESENT)
    await activities.cancel(activity.id, ports)
    (noted,) = await ports.attendances.of_participant("ali")
    assert noted.presence is Presence.EXCUSED
    assert await ports.attendances.no_shows([noted.participant]) == {}
