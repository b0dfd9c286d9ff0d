"""Groups over a term: their classes, who is in them, what they need, who is reminded of absences, who moves up."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from duolangue.contracts.facts.activities import ActivityKind, CancelledBy, Presence
from duolangue.contracts.facts.registration import ParticipantErased, ParticipantStatus
from duolangue.contracts.vocabulary import Level, Role
from duolangue.sessions.domain import placement, timetable
from duolangue.sessions.domain.activity import NotOpen, Status
from duolangue.sessions.domain.announcing import Plan
from duolangue.sessions.domain.course import Need
from duolangue.sessions.domain.participant import Participant
from duolangue.sessions.domain.timetable import WeeklyClass
from duolangue.sessions.usecases import activities, attending, courses, enrolments, learners, personal_data
from duolangue.sessions.usecases.attending import NotInGroup

from .classroom import PLAN, came, group_of, speaks, told_of
from .conftest import World
from .gatherings import desk, ports_of

PRESENT, EXCUSED, ABSENT = Presence.PRESENT, Presence.EXCUSED, Presence.ABSENT


async def test_a_group_is_an_activity_whose_meetings_are_its_timetable(world: World) -> None:
    await world.founded()
    group = await group_of(world, "ali")
    seen = await courses.group(group, ports_of(world))
    assert seen.activity.kind is ActivityKind.COURSE
    assert [each.day.isoformat() for each in seen.activity.meetings] == [
        "2026-11-23", "2026-11-25", "2026-11-30", "2026-12-02", "2026-12-07", "2026-12-14", "2026-12-16",
    ]  # fmt: skip
    assert {each.local(ZoneInfo("Europe/Brussels")).hour for each in seen.activity.meetings} == {9, 18}
    assert (seen.group.level_name, [each.enrolment.participant for each in seen.people]) == ("FLE 1", ["ali"])


async def test_the_same_form_twice_makes_one_group(world: World) -> None:
    await world.founded()
    ports = ports_of(world)
    made = await asyncio.gather(*(courses.open_group(PLAN, "c-1", ports, key="form-1") for _ in range(5)))
    assert len({each.activity.id for each in made}) == 1
    assert len(await courses.groups(ports)) == 1


async def test_a_timetable_decided_anew_moves_the_classes_to_come_and_whoever_is_in_it_is_told(world: World) -> None:
    await world.founded()
    group, ports = await group_of(world, "ali"), ports_of(world)
    await came(world, group, 0, ali=PRESENT)
    evening = timetable.timetable(
        PLAN.term.first, PLAN.term.last, [PLAN.term.classes[0], WeeklyClass(weekday=3, begins="19:00", minutes=90)]
    )
    await courses.change_group(group, replace(PLAN, term=evening), "c-1", ports)
    seen = await courses.group(group, ports)
    assert {each.begins for each in seen.activity.meetings} == {"09:00", "19:00"}
    assert seen.people[0].seen.present == 1, "what was noted stays"
    mine = await ports.enrolments.of_participant("ali")
    assert mine[0].plan == seen.activity.plan


async def test_a_class_that_was_moved_left_out_or_added_singly_stays_so_when_the_term_is_decided_anew(
    world: World,
) -> None:
    await world.founded()
    group, ports = await group_of(world, "ali"), ports_of(world)
    activity = (await courses.group(group, ports)).activity
    first, second, third, *rest = activity.meetings
    moved = second.model_copy(update={"day": date(2026, 11, 27), "begins": "14:00"})
    elsewhere = rest[0].model_copy(update={"place": "Bibliothèque"})
    extra = first.model_copy(update={"id": "extra", "day": date(2026, 12, 5)})
    singly = (first, moved, elsewhere, *rest[1:], extra)
    await activities.change(group, Plan(activity.title, "", singly, capacity=10), "c-1", ports)
    later = timetable.timetable(
        PLAN.term.first, PLAN.term.last,
        [WeeklyClass(weekday=0, begins="10:00", minutes=120), WeeklyClass(weekday=2, begins="18:30", minutes=90)], PLAN.term.holidays,
    )  # fmt: skip
    await courses.change_group(group, replace(PLAN, term=later, place="Rue Neuve 1"), "c-1", ports)
    after = {each.id: each for each in (await courses.group(group, ports)).activity.meetings}
    told = {(each.day.isoformat(), each.begins, each.place) for each in after.values()}
    assert ("2026-11-27", "14:00", "Rue Neuve 1") in told, "moved, at the new place"
    assert not {day for day, _, _ in told} & {"2026-11-25", third.day.isoformat()}, "neither comes back"
    assert (rest[0].day.isoformat(), "18:30", "Bibliothèque") in told
    assert ("2026-12-05", "09:00", "Rue de la Station 1") in told
    assert ("2026-11-23", "10:00", "Rue Neuve 1") in told
    await courses.change_group(group, replace(PLAN, term=later, place="Rue Neuve 1"), "c-1", ports)
    assert {each.id: each for each in (await courses.group(group, ports)).activity.meetings} == after


async def test_needs_show_in_the_planning_and_stay_off_the_bus(world: World) -> None:
    await world.founded()
    group, ports = await group_of(world, "ali", "lan"), ports_of(world)
    first, second = (await courses.group(group, ports)).people
    await attending.say_needs(first.enrolment.id, [Need.EVENINGS, Need.CHILDCARE], ports)
    await attending.say_needs(second.enrolment.id, [Need.CHILDCARE], ports)
    seen = (await courses.groups(ports))[0]
    assert seen.needs == {Need.CHILDCARE: 2, Need.TRANSPORT: 0, Need.EVENINGS: 1}
    assert seen.unmet_evenings == 1, "one of its classes is in the morning"
    assert await told_of(world) == []
    await enrolments.give_up(first.enrolment.id, CancelledBy.PARTICIPANT, ports)
    with pytest.raises(NotInGroup):
        await attending.say_needs(first.enrolment.id, [Need.TRANSPORT], ports)
    assert (await courses.groups(ports))[0].needs[Need.EVENINGS] == 0


async def test_absences_are_told_once_in_each_degree_and_excused_ones_never(world: World) -> None:
    await world.founded()
    group = await group_of(world, "ali", "lan")
    for number, (ali, lan) in enumerate(
        [
            (PRESENT, EXCUSED),
            (PRESENT, EXCUSED),
            (ABSENT, EXCUSED),
            (ABSENT, PRESENT),
            (ABSENT, EXCUSED),
            (PRESENT, EXCUSED),
        ]
    ):
        await came(world, group, number, ali=ali, lan=lan)
    told = await told_of(world, "absence.noticed")
    assert [(each.data["participant"], each.data["degree"], each.data["missed"], each.data["counted"]) for each in told] == [
        ("ali", 1, 1, 3), ("ali", 2, 2, 4), ("ali", 3, 3, 5),
    ]  # fmt: skip
    seen = {each.enrolment.participant: each for each in (await courses.group(group, ports_of(world))).people}
    assert (seen["ali"].seen.percent, seen["ali"].degree, seen["lan"].degree) == (50, 3, 0)


async def test_lists_of_several_weeks_typed_in_at_once_tell_one_degree_and_the_next_one_after_another_class(
    world: World,
) -> None:
    await world.founded()
    group, ports = await group_of(world, "ali"), ports_of(world)
    activity = await ports.activities.get(group)
    world.clock.moment = activity.meetings[3].ends_at(activity.zone) + timedelta(hours=1)
    for number in range(4):
        await came(world, group, number, ali=ABSENT)
    assert [each.data["degree"] for each in await told_of(world, "absence.noticed")] == [1]
    world.clock.moment = activity.meetings[5].ends_at(activity.zone)
    for number in (4, 5):
        await came(world, group, number, ali=ABSENT)
    assert [each.data["degree"] for each in await told_of(world, "absence.noticed")] == [1, 2]


async def test_nobody_is_reminded_of_absences_once_the_last_class_has_begun(world: World) -> None:
    await world.founded()
    group, ports = await group_of(world, "ali"), ports_of(world)
    activity = await ports.activities.get(group)
    world.clock.moment = activity.meetings[-1].starts_at(activity.zone)
    for number in range(6):
        await came(world, group, number, ali=ABSENT)
    assert await told_of(world, "absence.noticed") == []


async def test_who_is_without_a_group_is_found_behind_however_many_who_left(world: World) -> None:
    await world.founded()
    ports = ports_of(world)
    gone = {"status": ParticipantStatus.LEFT, "roles": (Role.NEWCOMER,)}
    for number in range(learners.MOST_LISTED + 5):
        await ports.participants.apply(Participant(id=f"a{number:04}", **gone), 1)
    await speaks(world, "zoe")
    assert [each.participant for each in await learners.without_group(ports)] == ["zoe"]


async def test_an_association_sets_its_own_degrees(world: World) -> None:
    await world.founded()
    ports = ports_of(world)
    await courses.set_thresholds([60, 80, 100], 2, ports)
    group = await group_of(world, "ali")
    await came(world, group, 0, ali=ABSENT)
    assert await told_of(world, "absence.noticed") == []
    await came(world, group, 1, ali=ABSENT)
    assert [each.data["degree"] for each in await told_of(world, "absence.noticed")] == [1], (
        "nobody's first is the last"
    )
    await came(world, group, 1, ali=ABSENT)
    assert len(await told_of(world, "absence.noticed")) == 1, "the same list once more is no other absence"


async def test_a_newcomer_is_placed_by_the_rule_a_test_overrides_it_and_the_end_of_a_level_opens_the_next(
    world: World,
) -> None:
    await world.founded()
    ports = ports_of(world)
    group = await group_of(world, "ali")
    await speaks(world, "lan", Level.A2, Level.A0)
    assert [(each.participant, each.placed.level.name) for each in await learners.without_group(ports)] == [
        ("lan", "FLE 2")
    ]
    await learners.note_test("lan", "level-3", date(2026, 11, 18), "c-1", ports)
    assert (await learners.seen("lan", ports)).placed.level.name == "FLE 3"
    await learners.note_reached(group, "ali", "c-1", ports)
    await learners.note_reached(group, "ali", "c-1", ports)
    assert (await learners.seen("ali", ports)).placed.level.name == "FLE 2"
    told = await told_of(world, "learner.level_reached")
    assert [(each.subject, each.data["number"], each.data["of"]) for each in told] == [("ali", 1, 3)]
    with pytest.raises(NotInGroup):
        await learners.note_reached(group, "lan", "c-1", ports)


async def test_the_page_of_a_group_says_who_belongs_in_another_level(world: World) -> None:
    await world.founded()
    ports = ports_of(world)
    group = await group_of(world, "ali", "lan", "bea")
    for each, level in (("ali", "level-1"), ("lan", "level-3")):
        await learners.note_test(each, level, date(2026, 11, 18), "c-1", ports)
    await learners.note_reached(group, "bea", "c-1", ports)
    assert await learners.of_another_level(await courses.group(group, ports), ports) == {"lan": "FLE 3"}
    page = await desk(world, f"/sessions/courses/{group}")
    assert page.text.count("belongs in FLE 3") == 1


async def test_a_level_that_is_taken_away_stays_with_its_group_and_opens_no_other(world: World) -> None:
    await world.founded()
    group, ports = await group_of(world, "ali"), ports_of(world)
    first, *_ = (await courses.settings(ports)).levels
    await courses.set_levels([first.model_copy(update={"id": "alpha", "name": "Alpha"})], ports)
    assert (await courses.group(group, ports)).group.level_name == "FLE 1"
    await courses.change_group(group, replace(PLAN, capacity=12), "c-1", ports)
    with pytest.raises(placement.NoSuchLevel):
        await courses.open_group(PLAN, "c-1", ports)


async def test_a_cancelled_group_takes_nobody(world: World) -> None:
    await world.founded()
    group, ports = await group_of(world, "ali"), ports_of(world)
    await activities.cancel(group, ports)
    await speaks(world, "lan")
    with pytest.raises(NotOpen):
        await enrolments.enrol(group, "lan", ports, by="c-1")
    (shown,) = await courses.groups(ports)
    assert (shown.activity.status, shown.people, shown.waiting) == (Status.CANCELLED, [], []), "it was announced"
    never = (await courses.open_group(PLAN, "c-1", ports)).activity.id
    await activities.cancel(never, ports)
    assert [each.activity.id for each in await courses.groups(ports)] == [group]


async def test_who_is_erased_leaves_a_level_reached_and_neither_needs_nor_tests(world: World) -> None:
    await world.founded()
    group, ports = await group_of(world, "ali"), ports_of(world)
    (mine,) = (await courses.group(group, ports)).people
    await attending.say_needs(mine.enrolment.id, [Need.CHILDCARE], ports)
    await learners.note_test("ali", "level-1", date(2026, 11, 18), "c-1", ports)
    await learners.note_reached(group, "ali", "c-1", ports)
    told = (await personal_data.tell("ali", ports)).tables
    assert told["courses"][0]["needs"] == "childcare"
    assert told["level_tests"] == [{"level": "level-1", "on": "2026-11-18"}]
    await world.hear(ParticipantErased(status=ParticipantStatus.ERASED, roles=[]), "ali", 9)
    kept = await ports.courses.attendings.get(mine.enrolment.id)
    assert kept.participant != "ali"
    learner = await ports.courses.learners.get(kept.participant)
    assert (kept.needs, learner.test, [each.level for each in learner.reached]) == ((), None, ["level-1"])
