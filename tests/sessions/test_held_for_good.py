"""What was held stays as it was, what somebody gives is theirs alone, and links open for the record that stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from duolangue.contracts.facts.activities import CancelledBy, Presence
from duolangue.contracts.facts.registration import ParticipantErased, ParticipantStatus
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain.announcing import MeetingWrong, NotNow, Plan
from duolangue.sessions.usecases import activities, attendance, attestations, enrolments, hosting, lessons
from duolangue.sessions.usecases.lessons import HourGone

from .conftest import World
from .gatherings import SATURDAY, announced, enrols, places, ports_of, takes_part
from .test_lessons import opened
from .test_sessions_erased_and_merged import gone

LATER = SATURDAY.model_copy(update={"id": "m2", "day": date(2026, 12, 12)})


async def test_the_link_of_a_week_opens_for_the_record_that_stays(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali", "alia")
    await world.confirmed("duo-1")
    await world.time_passes(days=7)
    link = world.log_link("duo-1", "ali", "2026-W48")
    await gone(world, "ali", "alia")
    told = {"held_on": "2026-11-24", "medium": "video", "minutes": "30", "other": "", "key": "k"}
    assert (await world.client.get(link)).status_code == 200
    assert (await world.client.post(link, data=told)).status_code == 303
    assert (await world.client.get(world.next_link("duo-1", "ali"))).status_code == 200


async def test_an_hour_is_one_persons_whatever_a_form_says(world: World) -> None:
    first, second, *_ = await opened(world, "ali", "lan")
    ports, hour = ports_of(world), first.activity
    changed = await activities.change(hour.id, Plan(hour.title, meetings=hour.meetings, capacity=2), "c-1", ports)
    assert changed.capacity == 1
    with pytest.raises(MeetingWrong):
        await activities.change(hour.id, Plan(hour.title, meetings=(*hour.meetings, LATER)), "c-1", ports)
    mine = await lessons.book(hour.id, "ali", ports)
    world.clock.moment = hour.meetings[0].starts_at(hour.zone)
    with pytest.raises(HourGone):
        await lessons.move(mine.id, second.activity.id, "ali", ports)
    assert await places(world, second.activity) == {}


async def test_what_was_held_is_not_moved_and_what_never_was_counts_for_nobody(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali")
    ports = ports_of(world)
    activity = await announced(world, meetings=(SATURDAY, LATER))
    place = (await enrols(world, activity, "ali")).id
    world.clock.moment = SATURDAY.ends_at(activity.zone)
    await attendance.note(activity.id, "m1", {place: Presence.PRESENT}, "c-1", ports)
    elsewhen = SATURDAY.model_copy(update={"day": date(2026, 12, 19)})
    changed = await activities.change(activity.id, Plan(activity.title, meetings=(elsewhen, LATER)), "c-1", ports)
    assert [each.day for each in changed.meetings] == [SATURDAY.day, LATER.day]
    world.clock.moment = LATER.starts_at(activity.zone) - timedelta(minutes=30)
    await attendance.note(activity.id, "m2", {place: Presence.PRESENT}, "c-1", ports)
    more = LATER.model_copy(update={"id": "m3", "day": date(2026, 12, 19)})
    await activities.change(activity.id, Plan(activity.title, meetings=(SATURDAY, more)), "c-1", ports)
    noted = {each.meeting: each.presence for each in await ports.attendances.of_participant("ali")}
    assert noted == {"m1": Presence.PRESENT, "m2": Presence.EXCUSED}


async def test_a_meeting_counts_for_one_host_and_a_host_has_no_place(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali", "bob", "alia")
    await takes_part(world, "paul", "eva", role=Role.VOLUNTEER)
    ports = ports_of(world)
    activity = await announced(world, host="paul")
    ids = {each: (await enrols(world, activity, each)).id for each in ("ali", "bob")}
    world.clock.moment = SATURDAY.starts_at(activity.zone) + timedelta(minutes=5)
    await attendance.note(activity.id, "m1", {ids["ali"]: Presence.PRESENT}, "", ports)
    await hosting.entrust(activity.id, "eva", "c-1", ports)
    await attendance.note(activity.id, "m1", {ids["bob"]: Presence.PRESENT}, "", ports)
    assert {each.given_by for each in await ports.attendances.of_activity(activity.id)} == {"paul"}
    other = await announced(world, meetings=(LATER,), host="alia")
    await enrols(world, other, "ali")
    await gone(world, "ali", "alia")
    assert await ports.enrolments.of(other.id, "alia") is None
    assert await ports.enrolments.held(other.id) == []


async def test_the_words_of_who_was_erased_go_when_nobody_needs_them_any_more(world: World) -> None:
    await world.founded()
    await takes_part(world, "paul", role=Role.VOLUNTEER)
    ports = ports_of(world)
    proposed = await activities.propose("paul", "Songs", "Born in Aleppo, I sing.", "", ports)
    plan = Plan("Songs", "Born in Aleppo, I sing.", (SATURDAY,), host="paul")
    await activities.change(proposed.id, plan, "c-1", ports)
    await activities.publish(proposed.id, "c-1", ports)
    await world.hear(ParticipantErased(status=ParticipantStatus.ERASED, roles=[]), "paul", 9)
    assert (await ports.activities.get(proposed.id)).text == "Born in Aleppo, I sing."
    await activities.cancel(proposed.id, ports)
    assert (await ports.activities.get(proposed.id)).text == ""


async def test_what_has_begun_does_not_go_back_to_the_preparation_where_its_days_could_move(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali")
    later = SATURDAY.model_copy(update={"id": "m2", "day": date(2026, 12, 12)})
    activity, ports = await announced(world, meetings=(SATURDAY, later)), ports_of(world)
    mine = await enrols(world, activity, "ali")
    world.clock.moment = SATURDAY.ends_at(activity.zone)
    await attendance.note(activity.id, "m1", {mine.id: Presence.PRESENT}, "", ports)
    await enrolments.give_up(mine.id, CancelledBy.PARTICIPANT, ports)
    with pytest.raises(NotNow):
        await activities.back(activity.id, ports)
    assert (await attestations.hours("ali", SATURDAY.day, SATURDAY.day, ports)).total == 120


async def test_a_class_is_attested_once_it_is_over_though_its_list_was_filled_in_before(world: World) -> None:
    await world.founded()
    await takes_part(world, "ali")
    activity, ports = await announced(world), ports_of(world)
    mine = await enrols(world, activity, "ali")
    world.clock.moment = SATURDAY.starts_at(activity.zone) - timedelta(minutes=50)
    await attendance.note(activity.id, "m1", {mine.id: Presence.PRESENT}, "", ports)
    assert (await attestations.hours("ali", SATURDAY.day, SATURDAY.day, ports)).total == 0
    world.clock.moment = SATURDAY.ends_at(activity.zone)
    assert (await attestations.hours("ali", SATURDAY.day, SATURDAY.day, ports)).total == 120
