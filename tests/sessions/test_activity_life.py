"""What becomes of an activity: proposed, prepared, announced, moved, held, cancelled; what people are asked, reminded of, and noted for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from duolangue.chassis.store import Absent
from duolangue.contracts.facts.activities import ActivityKind, CancelledBy, EnrolmentStatus, Presence
from duolangue.contracts.facts.registration import ParticipantErased, ParticipantLeft, ParticipantStatus
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain import announcing
from duolangue.sessions.domain.activity import NotOpen, Status
from duolangue.sessions.domain.announcing import MeetingWrong, NotNow, Plan, WordsMissing
from duolangue.sessions.domain.attendance import TooEarly
from duolangue.sessions.domain.eligibility import Answer, FromInsideTheUnion, NotAnswered, Rule
from duolangue.sessions.domain.meeting import Meeting
from duolangue.sessions.store import ACTIVITIES, ENROLMENTS
from duolangue.sessions.usecases import activities, activities_shown, activity_data, attendance, enrolments

from .classroom import PLAN, group_of
from .conftest import World
from .gatherings import SATURDAY, announced, enrols, places, ports_of, takes_part, told

TODAY = date(2026, 11, 18)


def yes(*rules: Rule, by: str = "") -> list[Answer]:
    return [Answer(rule=rule, yes=True, on=TODAY, checked_by=by) for rule in rules]


def facts(events) -> list[str]:
    return [".".join(each.type.split(".")[-3:-1]) for each in events]


async def test_a_series_that_crosses_the_end_of_summer_time_keeps_its_hour(world: World) -> None:
    world.clock.moment = datetime(2026, 10, 1, 9, tzinfo=UTC)
    await world.founded()
    weekly = tuple(
        Meeting(id=f"m{n}", day=date(2026, 10, 20) + timedelta(weeks=n), begins="18:30", minutes=90, place="Here")
        for n in range(3)
    )
    activity = await announced(world, meetings=weekly)
    [published] = await told(world, "activity.published")
    assert [each["starts_at"] for each in published.data["meetings"]] == [
        "2026-10-20T16:30:00Z", "2026-10-27T17:30:00Z", "2026-11-03T17:30:00Z",
    ]  # fmt: skip
    assert {each.local(activity.zone).strftime("%H:%M") for each in activity.meetings} == {"18:30"}


async def test_a_workshop_is_proposed_by_its_host_prepared_announced_held_and_done(world: World) -> None:
    await world.founded()
    await takes_part(world, "amina", "ben")
    ports = ports_of(world)
    with pytest.raises(WordsMissing):
        await activities.propose("amina", "Calligraphy", " ", "", ports)
    proposed = await activities.propose(
        "amina", "Calligraphy", "Arabic letters, with ink.", "On Saturdays", ports, key="k"
    )
    assert await activities.propose("amina", "Again", "The same form.", "", ports, key="k") == proposed
    assert (proposed.status, proposed.host, await told(world)) == (Status.DRAFT, "amina", [])
    with pytest.raises(MeetingWrong):
        await activities.ready(proposed.id, "c-1", ports)
    plan = Plan("Calligraphy", "Arabic letters, with ink.", (SATURDAY,), capacity=8, balanced=True, host="amina")
    await activities.change(proposed.id, plan, "c-1", ports)
    prepared = await activities.ready(proposed.id, "c-1", ports)
    assert (prepared.status, prepared.coordinator) == (Status.READY, "c-1")
    await activities.publish(proposed.id, "c-1", ports)
    assert await activities.publish(proposed.id, "c-1", ports)
    with pytest.raises(enrolments.HostsIt):
        await enrols(world, prepared, "amina")
    await enrols(world, prepared, "ben")
    with pytest.raises(NotNow):
        await activities.back(proposed.id, ports)
    world.clock.moment = SATURDAY.ends_at(prepared.zone)
    await world.time_passes(hours=0)
    assert (await ports.activities.get(proposed.id)).status is Status.DONE
    assert facts(await told(world, "activity.published", "activity.approaching", "activity.done")) == [
        "activity.published", "activity.done",
    ]  # fmt: skip
    [published] = await told(world, "activity.published")
    assert "Calligraphy" not in published.model_dump_json()
    with pytest.raises(NotNow):
        await activities.cancel(proposed.id, ports)
    once_more = await activities.again(proposed.id, "c-2", ports)
    assert (once_more.status, once_more.title, once_more.meetings, once_more.host) == (
        Status.DRAFT,
        "Calligraphy",
        (),
        "amina",
    )


async def test_what_was_announced_by_mistake_is_taken_back_while_nobody_has_enrolled(world: World) -> None:
    await world.founded()
    ports = ports_of(world)
    activity = await announced(world)
    assert (await activities.back(activity.id, ports)).status is Status.DRAFT
    assert facts(await told(world)) == ["activity.published", "activity.cancelled"]
    draft = await activities.begin(ActivityKind.OUTING, Plan("Theatre"), "c-1", ports)
    assert await activities.drop(draft.id, ports)
    with pytest.raises(Absent):
        await ports.activities.get(draft.id)


async def test_whoever_has_a_place_is_reminded_once_the_day_before_and_told_when_it_moves(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali", "bea", "cal")
    activity = await announced(world, capacity=2, host="cal")
    for each in ("ali", "bea"):
        await enrols(world, activity, each)
    world.clock.moment = SATURDAY.starts_at(activity.zone) - timedelta(hours=24)
    await world.time_passes(hours=0)
    await world.time_passes(minutes=5)
    reminders = await told(world, "enrolment.reminded")
    assert sorted(each.data["participant"] for each in reminders) == ["ali", "bea"]
    assert {each.data["meeting_at"] for each in reminders} == {"2026-12-05T13:00:00Z"}
    assert len(await told(world, "activity.approaching")) == 1
    later = SATURDAY.model_copy(update={"day": date(2026, 12, 12)})
    ports = ports_of(world)
    plan = Plan("Syrian cooking", "We cook mujaddara.", (later,), capacity=2, host="cal")
    for _ in range(2):
        await activities.change(activity.id, plan, "c-1", ports)
    assert sorted(each.data["participant"] for each in await told(world, "enrolment.moved")) == ["ali", "bea"]
    world.clock.moment = later.starts_at(activity.zone) - timedelta(hours=23)
    await world.time_passes(hours=0)
    assert len(await told(world, "enrolment.reminded")) == 4


async def test_everybody_is_told_of_a_cancellation_also_after_a_crash_in_the_middle(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali", "bea")
    activity = await announced(world, capacity=1)
    for each in ("ali", "bea"):
        await enrols(world, activity, each)
    now = world.clock.now()
    await ports_of(world).activities.update(activity.id, lambda known: announcing.cancel(known, now))
    await world.service.sweeper.sweep()
    assert await places(world, activity) == {"ali": "cancelled", "bea": "cancelled"}
    assert {each.data["cancelled_by"] for each in await told(world, "enrolment.cancelled")} == {"activity"}


async def test_a_module_asks_at_enrolment_and_only_there_and_explains_a_no(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali")
    activity = await announced(world, ActivityKind.MODULE, rules=(Rule.INCOME, Rule.OUTSIDE_EU))
    with pytest.raises(NotAnswered) as missing:
        await enrols(world, activity, "ali", answers=yes(Rule.INCOME))
    assert missing.value.field == "outside_eu"
    no = [*yes(Rule.INCOME), Answer(rule=Rule.OUTSIDE_EU, yes=False, on=TODAY)]
    with pytest.raises(FromInsideTheUnion, match="French courses"):
        await enrols(world, activity, "ali", answers=no)
    assert await places(world, activity) == {}, "nothing is kept of a refusal"
    placed = await enrols(world, activity, "ali", answers=yes(Rule.INCOME, Rule.OUTSIDE_EU, Rule.ZONE))
    assert [(each.rule, each.checked_by, each.on) for each in placed.answers] == [
        (Rule.INCOME, "", TODAY), (Rule.OUTSIDE_EU, "", TODAY),
    ]  # fmt: skip
    checked = await enrolments.check_answer(placed.id, Rule.INCOME, yes=True, by="c-1", ports=ports_of(world))
    assert checked.answers[0].checked_by == "c-1"
    refused = await enrolments.check_answer(placed.id, Rule.OUTSIDE_EU, yes=False, by="c-1", ports=ports_of(world))
    assert (refused.status, refused.refused_for, refused.answers) == (EnrolmentStatus.CANCELLED, Rule.OUTSIDE_EU, ())
    events = " ".join(each.model_dump_json() for each in await told(world))
    assert "outside" not in events
    assert "income" not in events
    course = await announced(world, ActivityKind.COURSE)
    assert (await enrols(world, course, "ali")).status is EnrolmentStatus.CONFIRMED


async def test_the_host_notes_who_came_and_a_coordinator_corrects_it(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali", "bea", "cal")
    activity = await announced(world, capacity=2)
    ali, bea, cal = [await enrols(world, activity, each) for each in ("ali", "bea", "cal")]
    ports = ports_of(world)
    seen = {ali.id: Presence.PRESENT, bea.id: Presence.ABSENT, cal.id: Presence.PRESENT, "nobody": Presence.PRESENT}
    with pytest.raises(TooEarly):
        await attendance.note(activity.id, "m1", seen, "", ports)
    world.clock.moment = SATURDAY.starts_at(activity.zone) - timedelta(minutes=50)
    for _ in range(2):
        assert await attendance.note(activity.id, "m1", seen, "", ports) == 2
    assert await ports.attendances.no_shows(["ali", "bea"]) == {"bea": 1}
    await attendance.note(activity.id, "m1", {bea.id: Presence.EXCUSED}, "c-1", ports)
    assert await ports.attendances.no_shows(["ali", "bea"]) == {}
    told_of_bea = [each for each in await told(world, "attendance.recorded") if each.data["participant"] == "bea"]
    assert [(each.entityversion, each.data["presence"], each.data["minutes"]) for each in told_of_bea] == [
        (1, "absent", 120), (2, "excused", 120),
    ]  # fmt: skip
    with pytest.raises(Absent):
        await attendance.note(activity.id, "m2", seen, "", ports)


async def test_what_was_told_last_is_told_again_to_who_comes_late(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali", "bea", "cal")
    ports, activity = ports_of(world), await announced(world, capacity=1)
    for each in ("ali", "bea", "cal"):
        world.clock.moment += timedelta(minutes=1)
        await enrols(world, activity, each)
    await enrolments.give_up(
        (await enrolments.own_in(activity.id, "ali", ports_of(world))).id, CancelledBy.ASSOCIATION, ports
    )
    again = [
        ENROLMENTS.snapshot(each, "enrolment.reminded.v1") for each in await ports.enrolments.of_activity(activity.id)
    ]
    assert [(fact.participant, fact.status.value) for fact in again] == [
        ("ali", "cancelled"), ("bea", "offered"), ("cal", "waiting"),
    ]  # fmt: skip
    told_again = ACTIVITIES.snapshot(await ports.activities.get(activity.id), "activity.approaching.v1")
    assert (told_again.fact_name(), told_again.status.value) == ("activity.updated.v1", "published")
    draft = await activities.begin(ActivityKind.OUTING, Plan("Theatre"), "c-1", ports)
    assert ACTIVITIES.snapshot(draft, "") is None


async def test_what_took_place_stays_though_somebody_leaves_or_is_erased(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali", "bea", "cal")
    activity = await announced(world, capacity=2)
    placed = [await enrols(world, activity, each) for each in ("ali", "bea", "cal")]
    world.clock.moment = SATURDAY.ends_at(activity.zone)
    with pytest.raises(NotOpen):
        await enrolments.give_up(placed[0].id, CancelledBy.PARTICIPANT, ports_of(world))
    await world.time_passes(hours=0)
    assert await places(world, activity) == {"ali": "confirmed", "bea": "confirmed", "cal": "lapsed"}
    await world.hear(ParticipantLeft(status=ParticipantStatus.LEFT, roles=[Role.NEWCOMER]), "ali", 2)
    ports = ports_of(world)
    await activity_data.erase("bea", ports)
    assert len([each for each in await ports.enrolments.of_activity(activity.id) if each.held]) == 2


async def test_of_somebody_erased_no_answer_no_workshop_and_no_words_stay(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali", "bea")
    module = await announced(world, ActivityKind.MODULE, rules=(Rule.INCOME,))
    place = await enrols(world, module, "ali", answers=yes(Rule.INCOME))
    held = await announced(world, host="ali")
    await enrols(world, held, "bea")
    proposed = await activities.propose("ali", "Philosophy", "I taught it at home.", "", ports_of(world))
    ports = ports_of(world)
    rows = await activity_data.tables("ali", ports)
    assert rows["enrolments"][0]["answers_on_its_page"] == 1
    assert {each["title"] for each in rows["activities_given"]} == {"Syrian cooking", "Philosophy"}
    await world.hear(ParticipantErased(status=ParticipantStatus.ERASED, roles=[Role.NEWCOMER]), "ali", 2)
    left = await ports.enrolments.get(place.id)
    assert (left.status, left.answers, left.side) == (EnrolmentStatus.CANCELLED, (), Role.NEWCOMER)
    assert (await ports.activities.get(held.id)).host is None
    assert await ports.activities.find(proposed.id) is None
    assert (await places(world, held)) == {"bea": "confirmed"}


async def test_an_outing_says_where_to_meet_reminds_who_comes_and_notes_who_came(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali", "bea")
    ports = ports_of(world)
    theatre = SATURDAY.model_copy(update={"place": "Devant l'Opéra de Liège"})
    outing = await announced(world, ActivityKind.OUTING, meetings=(theatre,), capacity=1)
    mine, waiting = await enrols(world, outing, "ali"), await enrols(world, outing, "bea")
    assert (mine.status, waiting.status) == (EnrolmentStatus.CONFIRMED, EnrolmentStatus.WAITING)
    words = (await activities_shown.told([outing.id], ports)).activities[outing.id]
    assert [each.place for each in words.meetings] == ["Devant l'Opéra de Liège"]
    world.clock.moment = theatre.starts_at(outing.zone) - timedelta(hours=23)
    await world.time_passes(minutes=1)
    [reminded] = await told(world, "enrolment.reminded")
    assert (reminded.data["participant"], reminded.data["kind"]) == ("ali", "outing")
    world.clock.moment = theatre.starts_at(outing.zone) + timedelta(minutes=5)
    await attendance.note(outing.id, theatre.id, {mine.id: Presence.PRESENT}, "c-1", ports)
    [came] = await told(world, "attendance.recorded")
    assert (came.data["kind"], came.data["presence"]) == ("outing", "present")


async def test_an_online_class_has_its_link_for_whoever_is_in_it_and_for_nobody_on_the_bus(world: World) -> None:
    await world.founded()
    room = "https://meet.example.org/fle-1"
    group = await group_of(world, "ali", plan=replace(PLAN, place="", link=room))
    ports = ports_of(world)
    words = (await activities_shown.told([group], ports)).activities[group]
    assert {each.link for each in words.meetings} == {room}
    published = await told(world, "activity.published")
    assert all(meeting["online"] for meeting in published[0].data["meetings"])
    assert room not in str([each.data for each in await told(world)])
