"""Messages about activities: a place, an offer, a reminder, a change; told once, as long as they make sense, in words asked at the moment of sending."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from duolangue.contracts.facts.activities import (
    ActivityApproaching,
    ActivityCancelled,
    ActivityKind,
    ActivityPublished,
    ActivityStatus,
    ActivityUpdated,
    CancelledBy,
    EnrolmentCancelled,
    EnrolmentConfirmed,
    EnrolmentMoved,
    EnrolmentOffered,
    EnrolmentReminded,
    EnrolmentStatus,
    EnrolmentTransferred,
    EnrolmentWaitlisted,
    MeetingTime,
)
from duolangue.contracts.facts.notifications import MessageKind
from duolangue.contracts.facts.registration import ParticipantLeft, ParticipantStatus
from duolangue.contracts.links import Purpose
from duolangue.contracts.requests import ActivityTold, MeetingTold
from duolangue.contracts.vocabulary import Role
from duolangue.notifications.domain.message import MessageStatus

BEGINS = datetime(2026, 12, 5, 13, tzinfo=UTC)


def activity(kind=ActivityPublished, status=ActivityStatus.PUBLISHED, **more):
    meetings = [MeetingTime(starts_at=BEGINS, minutes=120)]
    return kind(kind=ActivityKind.WORKSHOP, status=status, host="paul", meetings=meetings, capacity=8, **more)


def place(kind=EnrolmentConfirmed, status=EnrolmentStatus.CONFIRMED, **more):
    values = {"activity": "act1", "kind": ActivityKind.WORKSHOP, "participant": "amina", "side": Role.NEWCOMER}
    return kind(**values, status=status, **more)


@pytest.fixture
async def announced(world):
    await world.pair()
    world.programme.told["act1"] = ActivityTold(
        kind=ActivityKind.WORKSHOP,
        title="Mujaddara\r\nBcc: x@y.z",
        timezone="Europe/Brussels",
        meetings=[MeetingTold(starts_at=BEGINS, minutes=120, place="Rue Pierreuse 23")],
        offer_hours=24,
    )
    await world.hear(activity(), "act1", version=1)
    await world.deliver()
    world.post.mails.clear()
    return world


def text(mail):
    return mail.get_body(("plain",)).get_content()


async def test_whoever_has_a_place_is_told_when_and_where_with_the_link_to_their_own_page(announced):
    await announced.hear(place(), "enr1", version=1)
    [mail] = await announced.deliver()
    assert mail["To"].endswith("<amina@example.org>")
    assert "samedi 5 décembre" in text(mail)
    assert "14:00: Rue Pierreuse 23" in text(mail)
    assert "https://duo.example/sessions/mine/amina-amina" in text(mail)
    assert "\n" not in mail["Subject"]
    assert mail["Bcc"] is None
    problem = next(each for each in announced.directory.asked if each.purpose is Purpose.REPORT_PROBLEM)
    assert problem.entity in {"amina", "act1", "duo1"}


async def test_an_offer_leads_to_the_answer_and_is_dropped_once_it_is_taken_or_gone(announced):
    offered = place(EnrolmentOffered, EnrolmentStatus.OFFERED, kept_until=BEGINS)
    await announced.hear(place(EnrolmentWaitlisted, EnrolmentStatus.WAITING), "enr1", version=1)
    await announced.hear(offered, "enr1", version=2)
    [mail] = await announced.deliver()
    assert "/sessions/mine/amina-amina/activities/act1" in text(mail)
    assert announced.statuses(MessageKind.WAITING_LIST) == {"amina": MessageStatus.DROPPED}
    await announced.hear(place(EnrolmentOffered, EnrolmentStatus.OFFERED, kept_until=BEGINS), "enr2", version=1)
    await announced.hear(place(), "enr2", version=2)
    await announced.deliver()
    kinds = [each.kind for each in announced.messages(about="enr2", status=MessageStatus.SENT)]
    assert kinds == [MessageKind.PLACE]


@pytest.mark.parametrize(("before", "hours"), [(timedelta(days=3), 24), (timedelta(hours=5, minutes=30), 5)])
async def test_an_offer_says_for_how_many_hours_the_place_is_really_kept(announced, before, hours):
    announced.clock.time = BEGINS - before
    await announced.hear(place(EnrolmentOffered, EnrolmentStatus.OFFERED, kept_until=BEGINS), "enr1", version=1)
    [mail] = await announced.deliver()
    assert f"pendant {hours} heures" in " ".join(text(mail).split())


async def test_only_who_does_not_know_yet_is_told_of_a_cancellation(announced):
    for number, by in enumerate(CancelledBy):
        gone = place(EnrolmentCancelled, EnrolmentStatus.CANCELLED, cancelled_by=by)
        await announced.hear(place(), f"enr{number}", event_id=f"came-{number}", version=1)
        await announced.hear(gone, f"enr{number}", event_id=f"gone-{number}", version=2)
    await announced.deliver()
    told = {each.about for each in announced.messages(kind=MessageKind.PLACE_CANCELLED)}
    assert told == {"enr1", "enr2"}
    assert {each.status for each in announced.messages(kind=MessageKind.PLACE)} == {MessageStatus.DROPPED}


async def test_a_reminder_is_pointless_once_it_began_and_a_move_tells_the_new_hour(announced):
    await announced.hear(place(), "enr1", version=1)
    await announced.deliver()
    announced.post.mails.clear()
    announced.programme.away = True
    await announced.hear(place(EnrolmentReminded, meeting_at=BEGINS), "enr1", version=2)
    assert await announced.deliver() == []
    announced.clock.time = BEGINS + timedelta(minutes=1)
    announced.programme.away = False
    assert await announced.deliver() == []
    assert announced.statuses(MessageKind.PLACE_REMINDER) == {"amina": MessageStatus.DROPPED}
    announced.clock.time = BEGINS - timedelta(days=3)
    announced.programme.told["act1"] = announced.programme.told["act1"].model_copy(
        update={"meetings": [MeetingTold(starts_at=BEGINS + timedelta(hours=2), minutes=120, place="Outremeuse")]}
    )
    await announced.hear(place(EnrolmentMoved), "enr1", version=3)
    [mail] = await announced.deliver()
    assert "16:00: Outremeuse" in text(mail)


async def test_the_host_hears_of_the_announcement_and_the_day_before_with_the_list_of_who_comes(world):
    await world.pair()
    world.programme.told["act1"] = ActivityTold(
        kind=ActivityKind.WORKSHOP, title="Calligraphy", timezone="Europe/Brussels",
        meetings=[MeetingTold(starts_at=BEGINS, minutes=120, place="Here")], offer_hours=24,
    )  # fmt: skip
    await world.hear(activity(), "act1", version=1)
    await world.hear(activity(ActivityApproaching, meeting_at=BEGINS), "act1", version=2)
    mails = await world.deliver()
    assert [mail["To"].rpartition("<")[2] for mail in mails] == ["paul@example.org>"] * 2
    assert all("/sessions/host/paul-act1" in text(mail) for mail in mails)
    await world.hear(activity(ActivityApproaching, meeting_at=BEGINS), "act1", version=3)
    await world.hear(activity(ActivityCancelled, ActivityStatus.CANCELLED), "act1", version=4)
    *_, last = mails = await world.deliver()
    assert (len(mails), "/sessions/mine/paul-paul" in text(last)) == (3, True)
    assert world.statuses(MessageKind.HOSTING_CANCELLED) == {"paul": MessageStatus.SENT}


async def test_whoever_is_named_later_hears_that_they_give_it_and_nobody_hears_twice(announced):
    for number, version in ((1, 2), (2, 3)):
        named = activity(ActivityUpdated).model_copy(update={"host": "amina"})
        await announced.hear(named, "act1", event_id=f"named-{number}", version=version)
    await announced.hear(named, "act1", event_id="named-1", version=2)
    first, second = sorted(await announced.deliver(), key=lambda mail: mail["To"])
    assert first["To"].endswith("<amina@example.org>")
    assert "https://duo.example/sessions/host/amina-act1" in text(first)
    assert second["To"].endswith("<paul@example.org>")
    assert "/sessions/mine/paul-paul" in text(second)
    assert "/sessions/host/" not in text(second)


async def test_whoever_gives_it_again_before_mail_left_is_not_told_that_they_do_not(announced):
    named = activity(ActivityUpdated).model_copy(update={"host": "amina"})
    await announced.hear(named, "act1", event_id="named", version=2)
    await announced.hear(activity(ActivityUpdated), "act1", event_id="back", version=3)
    await announced.deliver()
    assert announced.statuses(MessageKind.HOSTING_OVER) == {"paul": MessageStatus.DROPPED, "amina": MessageStatus.SENT}
    assert [each.recipient for each in announced.messages(kind=MessageKind.HOSTING, status=MessageStatus.SENT)] == [
        "paul", "paul",
    ]  # fmt: skip


async def test_of_two_moves_while_mail_is_away_one_message_tells_the_last(announced):
    await announced.hear(place(), "enr1", version=1)
    await announced.deliver()
    announced.post.mails.clear()
    for number in (1, 2):
        announced.clock.time += timedelta(minutes=1)
        for each in range(number, 0, -1):
            await announced.hear(place(EnrolmentMoved), "enr1", event_id=f"moved-{each}", version=1 + each)
        moved = activity(ActivityUpdated).model_copy(update={"plan": 1 + number})
        await announced.hear(moved, "act1", event_id=f"act-{number}", version=1 + number)
    assert sorted(mail["To"].rpartition("<")[2] for mail in await announced.deliver()) == [
        "amina@example.org>", "paul@example.org>",
    ]  # fmt: skip
    for kind in (MessageKind.PLACE_MOVED, MessageKind.HOSTING_MOVED):
        assert sorted(each.status for each in announced.messages(kind=kind)) == ["dropped", "sent"]


async def test_an_offer_that_waits_for_mail_is_worth_as_long_as_it_is_kept_though_the_activity_moves_later(announced):
    until, later = announced.clock.time + timedelta(hours=2), announced.clock.time + timedelta(days=7)
    await announced.hear(place(EnrolmentOffered, EnrolmentStatus.OFFERED, kept_until=until), "enr1", version=1)
    moved = place(EnrolmentMoved, EnrolmentStatus.OFFERED, kept_until=later)
    await announced.hear(moved, "enr1", event_id="moved", version=2)
    announced.clock.time = until + timedelta(hours=1)
    await announced.deliver()
    assert announced.statuses(MessageKind.PLACE_OFFERED) == {"amina": MessageStatus.SENT}


@pytest.mark.parametrize("mail_left", [True, False])
async def test_of_two_records_made_one_the_one_that_stays_is_told_what_none_of_them_was(announced, mail_left):
    until = announced.clock.time + timedelta(days=1)
    offered = {"status": EnrolmentStatus.OFFERED, "kept_until": until}
    await announced.hear(place(EnrolmentOffered, **offered), "enr1", version=1)
    if mail_left:
        await announced.deliver()
        announced.post.mails.clear()
    stays = place(EnrolmentTransferred, **offered).model_copy(update={"participant": "paul"})
    for _ in range(2):
        await announced.hear(stays, "enr1", event_id="merged", version=2)
    mails = await announced.deliver()
    assert [mail["To"].rpartition("<")[2] for mail in mails] == ([] if mail_left else ["paul@example.org>"])
    told = {each.recipient for each in announced.messages(kind=MessageKind.PLACE_OFFERED, status=MessageStatus.SENT)}
    assert told == ({"amina"} if mail_left else {"paul"})


async def test_the_host_hears_of_other_hours_or_places_and_of_nothing_else_that_changed(announced):
    await announced.hear(activity(ActivityUpdated).model_copy(update={"capacity": 9}), "act1", version=2)
    assert await announced.deliver() == []
    moved = activity(ActivityUpdated).model_copy(update={"plan": 2})  # of a place the facts say no more than that
    for _ in range(2):
        await announced.hear(moved, "act1", event_id="moved", version=3)
    await announced.hear(moved, "act1", event_id="told-again", version=4)
    [mail] = await announced.deliver()
    assert mail["To"].endswith("<paul@example.org>")
    assert announced.statuses(MessageKind.HOSTING_MOVED) == {"paul": MessageStatus.SENT}
    announced.post.mails.clear()
    hour = moved.model_copy(update={"kind": ActivityKind.LESSON, "plan": 3})
    await announced.hear(hour, "act1", version=5)
    assert len(await announced.deliver()) == 1, "whoever teaches an hour, too"


async def test_who_teaches_an_hour_hears_that_it_is_theirs_or_somebody_elses(announced):
    hour = activity(ActivityUpdated).model_copy(update={"kind": ActivityKind.LESSON, "host": "amina"})
    await announced.hear(hour, "act1", version=2)
    await announced.deliver()
    assert announced.statuses(MessageKind.HOSTING_OVER) == {"paul": MessageStatus.SENT}
    assert announced.statuses(MessageKind.HOSTING)["amina"] == MessageStatus.SENT


async def test_an_hour_booked_after_its_reminder_of_two_days_before_is_told_at_once(announced):
    hour = activity(reminder_hours=48).model_copy(update={"kind": ActivityKind.LESSON})
    await announced.hear(hour, "act1", version=2)
    announced.clock.time = BEGINS - timedelta(hours=30)
    booked = place().model_copy(update={"kind": ActivityKind.LESSON})
    await announced.hear(booked, "enr1", version=1)
    await announced.deliver()
    assert announced.statuses(MessageKind.HOSTING_REMINDER) == {"paul": MessageStatus.SENT}


async def test_of_an_hour_booked_given_up_and_booked_while_mail_is_away_the_last_is_told(announced):
    hour = activity().model_copy(update={"kind": ActivityKind.LESSON})
    await announced.hear(hour, "act1", version=2)
    announced.clock.time = BEGINS - timedelta(hours=20)
    gone = place(EnrolmentCancelled, EnrolmentStatus.CANCELLED, cancelled_by=CancelledBy.PARTICIPANT)
    for number, (fact, enrolment) in enumerate(((place(), "enr1"), (gone, "enr1"), (place(), "enr2"))):
        announced.clock.time += timedelta(minutes=1)
        of_hour = fact.model_copy(update={"kind": ActivityKind.LESSON})
        await announced.hear(of_hour, enrolment, event_id=f"e{number}", version=1 + number)
    await announced.deliver()
    told = announced.messages(about="act1", recipient="paul", status=MessageStatus.SENT)
    assert [each.kind for each in told if each.kind is not MessageKind.HOSTING] == [MessageKind.HOSTING_REMINDER]


async def test_of_two_records_of_whoever_gives_it_the_one_that_stays_knows_already(announced):
    await announced.hear(
        ParticipantLeft(status=ParticipantStatus.LEFT, roles=[Role.VOLUNTEER], merged_into="amina"), "paul", version=9
    )
    named = activity(ActivityUpdated).model_copy(update={"host": "amina"})
    await announced.hear(named, "act1", version=2)
    assert await announced.deliver() == []


async def test_a_teacher_hears_at_once_of_an_hour_that_is_near_and_of_no_other(announced):
    hour = activity().model_copy(update={"kind": ActivityKind.LESSON})
    await announced.hear(hour, "act1", event_id="hour", version=2)

    async def place_is(event, version, kind=EnrolmentConfirmed, status=EnrolmentStatus.CONFIRMED, **more):
        fact = place(kind, status, **more).model_copy(update={"kind": ActivityKind.LESSON})
        await announced.hear(fact, "enr1", event_id=event, version=version)

    gone = {"kind": EnrolmentCancelled, "status": EnrolmentStatus.CANCELLED, "cancelled_by": CancelledBy.PARTICIPANT}
    announced.clock.time = BEGINS - timedelta(days=3)
    await place_is("booked", 1)
    await place_is("given-up", 2, **gone)
    await announced.deliver()
    assert {each.recipient for each in announced.messages(about="act1")} == {"paul"}
    before = len(announced.messages(about="act1"))
    announced.clock.time = BEGINS - timedelta(hours=20)
    for _ in range(2):
        await place_is("booked-again", 3)
        await place_is("does-not-come", 4, **gone)
    await announced.deliver()
    kinds = [each.kind for each in announced.messages(about="act1")][before:]
    assert sorted(kinds) == [MessageKind.HOSTING_REMINDER, MessageKind.HOUR_FREE]


async def test_facts_that_are_told_again_tell_nobody_again(announced):
    await announced.hear(place(), "enr1", version=1, replayed=True)
    await announced.hear(activity(), "act1", version=2, replayed=True)
    assert await announced.deliver() == []
    await announced.hear(place(), "enr1", event_id="e", version=2)
    await announced.hear(place(), "enr1", event_id="e", version=2)
    assert len(await announced.deliver()) == 1


async def test_whoever_opens_hours_for_lessons_gets_no_mail_about_each(announced):
    hour = activity().model_copy(update={"kind": ActivityKind.LESSON})
    await announced.hear(hour, "hour1", version=1)
    assert await announced.deliver() == []


@pytest.mark.parametrize(("before", "booked"), [(timedelta(hours=10), False), (timedelta(days=3), True)])
async def test_a_teacher_who_was_told_of_an_hour_hears_once_that_it_is_cancelled(announced, before, booked):
    mine = {"kind": ActivityKind.LESSON, "host": "amina"}
    await announced.hear(activity(ActivityUpdated).model_copy(update=mine), "act1", version=2)
    if booked:
        of_hour = {"kind": ActivityKind.LESSON, "participant": "zoe"}
        await announced.hear(place().model_copy(update=of_hour), "enr1", version=1)
    await announced.deliver()
    assert announced.statuses(MessageKind.HOSTING)["amina"] == MessageStatus.SENT
    announced.clock.time = BEGINS - before
    off = activity(ActivityCancelled, ActivityStatus.CANCELLED).model_copy(update=mine)
    await announced.hear(off, "act1", version=3)
    if booked:
        gone = place(EnrolmentCancelled, EnrolmentStatus.CANCELLED, cancelled_by=CancelledBy.ACTIVITY)
        await announced.hear(gone.model_copy(update=of_hour), "enr1", version=2)
    await announced.deliver()
    told = announced.messages(about="act1", recipient="amina", status=MessageStatus.SENT)
    assert [each.kind for each in told] == [MessageKind.HOSTING, MessageKind.HOSTING_CANCELLED]


async def test_a_teacher_who_was_told_of_no_hour_hears_of_no_end_of_it(announced):
    hour = {"kind": ActivityKind.LESSON}
    await announced.hear(activity().model_copy(update=hour), "hour1", version=1)
    await announced.hear(
        activity(ActivityCancelled, ActivityStatus.CANCELLED).model_copy(update=hour), "hour1", version=2
    )
    assert await announced.deliver() == []


async def test_a_long_hour_is_near_from_when_it_begins(announced):
    hour = activity().model_copy(update={"kind": ActivityKind.LESSON})
    await announced.hear(hour, "act1", version=2)
    announced.clock.time = BEGINS - timedelta(hours=23, minutes=30)
    await announced.hear(place().model_copy(update={"kind": ActivityKind.LESSON}), "enr1", version=1)
    await announced.deliver()
    assert announced.statuses(MessageKind.HOSTING_REMINDER)["paul"] == MessageStatus.SENT
