"""A course that has begun goes on being a course: freed places reach who waits, what was held stays, and no step is lost between two writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from duolangue.contracts.facts.activities import CancelledBy, EnrolmentStatus, Presence
from duolangue.contracts.facts.registration import NewcomerProfile, ParticipantRegistered, ParticipantStatus
from duolangue.contracts.vocabulary import Level, Role
from duolangue.sessions.domain import story as stories
from duolangue.sessions.domain import suppression, timetable
from duolangue.sessions.domain.announcing import Plan
from duolangue.sessions.domain.eligibility import Rule
from duolangue.sessions.domain.figures import Figure
from duolangue.sessions.domain.period import Period
from duolangue.sessions.domain.story import Moment, Question, Story
from duolangue.sessions.domain.timetable import TimetableWrong, WeeklyClass
from duolangue.sessions.usecases import activities, attestations, courses, enrolments, hosting, impact, personal_data

from .classroom import PLAN, came, group_of, speaks
from .conftest import World
from .gatherings import SATURDAY, announced, desk, enrols, offer_left, places, ports_of, takes_part, told


async def test_a_place_that_becomes_free_in_the_second_week_is_offered_until_the_next_class(world: World) -> None:
    await world.founded()
    group, ports = await group_of(world, "ali", plan=replace(PLAN, capacity=1)), ports_of(world)
    activity = await ports.activities.get(group)
    for each in ("lan", "eva"):
        await world.time_passes(hours=1)
        await speaks(world, each)
        await enrols(world, activity, each)
    assert await places(world, activity) == {"ali": "confirmed", "lan": "waiting", "eva": "waiting"}
    world.clock.moment = activity.meetings[1].starts_at(activity.zone) + timedelta(hours=3)
    await enrolments.give_up((await enrolments.own_in(group, "ali", ports)).id, CancelledBy.PARTICIPANT, ports)
    offered = await enrolments.own_in(group, "lan", ports)
    assert offered.status is EnrolmentStatus.OFFERED
    assert offered.kept_until == activity.meetings[2].starts_at(activity.zone)
    await offer_left(world, offered)
    assert (await enrolments.own_in(group, "lan", ports)).kept_until == world.clock.now() + timedelta(hours=24)
    assert (await enrols(world, activity, "lan")).status is EnrolmentStatus.CONFIRMED, (
        "a yes to an offer needs no open door"
    )
    await activities.change(group, replace(Plan(activity.title, "", activity.meetings), capacity=2), "c-1", ports)
    assert (await places(world, activity))["eva"] == "offered"


async def test_a_coordinator_lets_who_waits_in_at_once_and_sees_what_runs_on_their_page(world: World) -> None:
    await world.founded()
    running = await announced(
        world, meetings=(SATURDAY, SATURDAY.model_copy(update={"id": "m2", "day": date(2027, 3, 5)}))
    )
    group, ports = await group_of(world, "ali", "lan", plan=replace(PLAN, capacity=1)), ports_of(world)
    activity = await ports.activities.get(group)
    world.clock.moment = activity.meetings[-1].starts_at(activity.zone) + timedelta(minutes=5)
    assert (await enrols(world, activity, "lan", by="c-1")).status is EnrolmentStatus.WAITING, "nothing is free"
    await enrolments.give_up((await enrolments.own_in(group, "ali", ports)).id, CancelledBy.PARTICIPANT, ports)
    assert (await places(world, activity))["lan"] == "waiting", "no class is to come: nobody is asked"
    assert (await enrols(world, activity, "lan", by="c-1")).status is EnrolmentStatus.CONFIRMED

    world.clock.moment = SATURDAY.starts_at(running.zone) + timedelta(days=20)
    await speaks(world, "eva")
    form = f'name="activity" value="{running.id}"'
    assert form in (await desk(world, "/sessions/people/eva")).text


async def test_classes_that_were_held_stay_when_place_hour_and_first_day_are_decided_anew(world: World) -> None:
    await world.founded()
    group, ports = await group_of(world, "ali"), ports_of(world)
    await came(world, group, 0, ali=Presence.PRESENT)
    before = await ports.activities.get(group)
    world.clock.moment = before.meetings[2].starts_at(before.zone) + timedelta(hours=3)
    held = before.meetings[:3]
    earlier = [replace_hour(each, "08:30") for each in PLAN.term.classes]
    term = timetable.timetable(
        date(2026, 12, 7), PLAN.term.last, [*earlier, WeeklyClass(weekday=4, begins="09:00", minutes=60)]
    )
    await courses.change_group(group, replace(PLAN, term=term, place="Rue Neuve 1"), "c-1", ports)
    after = await ports.activities.get(group)
    assert after.meetings[:3] == held, "held: neither moved nor gone"
    to_come = after.meetings[3:]
    assert {(each.begins, each.place) for each in to_come} == {("08:30", "Rue Neuve 1"), ("09:00", "Rue Neuve 1")}
    assert all(each.starts_at(after.zone) > world.clock.now() for each in to_come)
    assert after.starts_at == before.starts_at, "it is not open again to whoever comes by"
    assert (await courses.group(group, ports)).people[0].seen.present == 1


def replace_hour(each: WeeklyClass, begins: str) -> WeeklyClass:
    return each.model_copy(update={"begins": begins})


async def test_what_the_activitys_own_page_decided_stays_when_the_groups_form_is_sent(world: World) -> None:
    await world.founded()
    group, ports = await group_of(world), ports_of(world)
    known = await ports.activities.get(group)
    own = Plan(known.title, "", known.meetings, 10, rules=(Rule.ZONE,), shows_names=True, offer_hours=12)
    await activities.change(group, own, "c-1", ports)
    await courses.change_group(group, replace(PLAN, capacity=9), "c-1", ports)
    await speaks(world, "eva")
    await hosting.entrust(group, "eva", "c-1", ports)
    kept = await ports.activities.get(group)
    assert (kept.rules, kept.shows_names, kept.offer_hours, kept.capacity) == ((Rule.ZONE,), True, 12, 9)


async def test_hours_given_are_those_to_which_somebody_came(world: World) -> None:
    await world.founded()
    empty = SATURDAY.model_copy(update={"id": "m2", "begins": "17:00"})
    await takes_part(world, "nour", role=Role.VOLUNTEER)
    await takes_part(world, "ali")
    activity = await announced(world, host="nour", meetings=(SATURDAY, empty))
    await enrols(world, activity, "ali")
    await world.time_passes(days=30)
    whole = (date(2026, 12, 1), date(2026, 12, 31))
    assert (await attestations.hours("nour", *whole, ports_of(world))).total == 0
    await came(world, activity.id, 0, ali=Presence.PRESENT)
    assert (await attestations.hours("nour", *whole, ports_of(world))).total == SATURDAY.minutes


@pytest.mark.parametrize("breaks_at", ["relaxed", "finished"])
async def test_what_follows_a_decision_is_done_though_the_process_dies_in_between(
    world: World, monkeypatch: pytest.MonkeyPatch, breaks_at: str
) -> None:
    await world.founded()
    await takes_part(world, "one", "two", "six")
    activity = await announced(world, capacity=2, balanced=True, relax_hours=24)
    for each in ("one", "two", "six"):
        await enrols(world, activity, each)
    assert sorted((await places(world, activity)).values()) == ["confirmed", "waiting", "waiting"]
    start = SATURDAY.starts_at(activity.zone)
    world.clock.moment = start - timedelta(hours=23) if breaks_at == "relaxed" else start + timedelta(hours=3)

    async def dies(*_: object) -> None:
        raise ConnectionError("the process died here")

    with monkeypatch.context() as patch:
        patch.setattr(activities, "_settle_enrolments", dies)
        with pytest.raises(ConnectionError):
            await activities.tend(activity.id, ports_of(world))
    again = await ports_of(world).activities.get(activity.id)
    assert again.due_at is not None
    assert again.due_at <= world.clock.now(), "whoever comes next finds it due"
    await activities.tend(activity.id, ports_of(world))
    expected = {"relaxed": ["confirmed", "offered", "waiting"], "finished": ["confirmed", "lapsed", "lapsed"]}
    assert sorted((await places(world, activity)).values()) == expected[breaks_at]


def test_a_year_typed_with_two_digits_is_told_where_it_is() -> None:
    week = [WeeklyClass(weekday=0, begins="09:00", minutes=60)]
    for first, last, field in (
        (date(26, 9, 1), date(26, 12, 18), "first"),
        (date(2026, 9, 1), date(2126, 12, 18), "last"),
    ):
        with pytest.raises(TimetableWrong) as wrong:
            timetable.timetable(first, last, week)
        assert wrong.value.field == field


async def test_days_of_waiting_are_those_of_the_associations_own_clocks(world: World) -> None:
    """Midnight in Brussels is still the day before in UTC."""
    await world.founded()
    midnight = datetime(2026, 7, 31, 22, tzinfo=UTC)
    profile = NewcomerProfile(french_oral=Level.A1, waiting_since=midnight)
    told = ParticipantRegistered(status=ParticipantStatus.ACTIVE, roles=[Role.NEWCOMER], newcomer=profile)
    await world.hear(told, "ali", 1)
    assert (await ports_of(world).counting.counted.get("ali")).waiting_since == date(2026, 8, 1)
    await world.hear(told, "ali", 2)
    assert (await ports_of(world).counting.counted.get("ali")).waiting_since == date(2026, 8, 1)


def test_who_answers_otherwise_later_changes_no_month_that_is_over() -> None:
    given = {Question.CONFIDENCE: 2, Question.FRIENDS: None, Question.PROJECTS: None}
    start = stories.answered(Story(id="ali"), Moment.START, given, None, date(2026, 9, 3)).state
    told = stories.answered(start, Moment.END, {**given, Question.CONFIDENCE: 4}, None, date(2026, 11, 9)).state
    late = stories.answered(told, Moment.END, {**given, Question.CONFIDENCE: 5}, None, date(2027, 2, 1)).state
    assert late.first_answered(Moment.END) == "2026-11"
    then, now = late.answers_by(Moment.END, "2026-12"), late.answers_by(Moment.END, "2027-12")
    assert (then and then.confidence, now and now.confidence) == (4, 5)
    assert late.answers_by(Moment.END, "2026-10") is None
    corrected = stories.answered(told, Moment.END, {**given, Question.CONFIDENCE: 3}, None, date(2026, 11, 30)).state
    assert (corrected.former, corrected.end and corrected.end.confidence) == ((), 3)


async def test_workshops_of_an_erased_newcomer_stay_given_by_a_newcomer(world: World) -> None:
    await world.founded()
    await speaks(world, "nour")
    await takes_part(world, "ali")
    activity = await announced(world, host="nour")
    await enrols(world, activity, "ali")
    await came(world, activity.id, 0, ali=Presence.PRESENT)
    await world.time_passes(days=1)
    year = Period("2026-01", "2026-12")
    before = (await impact.report(year, "", ports_of(world))).figures[Figure.WORKSHOPS_BY_NEWCOMERS]
    await personal_data.erase("nour", ports_of(world))
    after = (await impact.report(year, "", ports_of(world))).figures[Figure.WORKSHOPS_BY_NEWCOMERS]
    kept = await ports_of(world).activities.get(activity.id)
    assert (before, after, kept.host) == (1, 1, None)
    assert not any("host_counted" in event.model_dump_json() for event in await told(world))


def test_who_told_no_postcode_is_hidden_among_others() -> None:
    shown = suppression.named({"4000": 14, "4020": 6, "": 2}, unnamed={""})
    assert shown == {"4000": 14}, "two alone would be told by what is left"
