"""Weekly nudges: every Thursday at five on the association's own clocks, and never for a week that went by."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolangue.contracts.facts.matching import DuoEnded, DuoOrigin, DuoPaused, DuoResumed, DuoStatus
from duolangue.contracts.facts.notifications import MessageKind
from duolangue.contracts.facts.sessions import SessionLogged
from duolangue.contracts.links import Purpose
from duolangue.contracts.vocabulary import Medium
from duolangue.notifications.domain import weeks
from duolangue.notifications.domain.message import MessageStatus
from duolangue.notifications.domain.weeks import NudgeMoment

BRUSSELS = "Europe/Brussels"
THURSDAY = NudgeMoment()


def local(*parts, zone=BRUSSELS):
    return datetime(*parts, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (local(2026, 11, 23, 10), local(2026, 11, 26, 17)),
        (local(2026, 11, 26, 16, 59), local(2026, 11, 26, 17)),
        (local(2026, 11, 26, 17), local(2026, 12, 3, 17)),
        (local(2026, 11, 29, 23, 59), local(2026, 12, 3, 17)),
        (local(2026, 3, 26, 18), local(2026, 4, 2, 17)),  # summer time began on 29 March
        (local(2026, 10, 22, 18), local(2026, 10, 29, 17)),  # and ended on 25 October
        (local(2026, 12, 31, 18), local(2027, 1, 7, 17)),  # after week 53
    ],
)
def test_the_next_nudge_is_on_thursday_at_five_in_the_association_s_time(after, expected):
    assert weeks.next_nudge(after.astimezone(UTC), THURSDAY, BRUSSELS) == expected


def test_the_hour_in_utc_moves_with_summer_time():
    winter = weeks.next_nudge(local(2026, 3, 25, 9), THURSDAY, BRUSSELS)
    assert winter.astimezone(UTC).hour == 16
    assert weeks.next_nudge(winter, THURSDAY, BRUSSELS).astimezone(UTC).hour == 15


def test_the_day_and_the_hour_are_settings_and_the_zone_is_the_association_s():
    sunday = NudgeMoment(7, time(9, 30))
    found = weeks.next_nudge(local(2026, 11, 23, 10), sunday, "America/Montreal")
    assert found == local(2026, 11, 29, 9, 30, zone="America/Montreal")


@given(
    st.integers(0, 20 * 365 * 24 * 60).map(
        lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.integers(1, 7),
    st.times().map(lambda each: each.replace(second=0, microsecond=0, fold=0)),
    st.sampled_from([BRUSSELS, "Asia/Kathmandu", "America/Montreal", "UTC"]),
)
def test_the_next_nudge_always_lies_within_eight_days(now, weekday, at, zone):
    found = weeks.next_nudge(now, NudgeMoment(weekday, at), zone)
    assert timedelta(0) < found - now <= timedelta(days=7, hours=2)


@pytest.mark.parametrize(
    ("moment", "zone", "week"),
    [
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), BRUSSELS, "2026-W48"),  # Monday there already
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "UTC", "2026-W47"),
        (datetime(2027, 1, 1, 12, tzinfo=UTC), BRUSSELS, "2026-W53"),
    ],
)
def test_a_week_is_the_iso_week_in_the_association_s_zone(moment, zone, week):
    assert weeks.week_of(moment, zone) == week


def test_after_week_53_comes_week_1():
    assert weeks.week_after("2026-W53") == "2027-W01"
    assert weeks.week_after("2026-W52") == "2026-W53"


def test_a_log_link_is_good_until_the_tuesday_after_at_noon():
    assert weeks.log_closes("2026-W48", BRUSSELS) == local(2026, 12, 1, 12)
    assert weeks.log_closes("2026-W12", BRUSSELS) == local(2026, 3, 24, 12)


async def followed(world, **changes):
    await world.pair()
    await world.confirmed(**changes)
    await world.deliver()
    world.post.mails.clear()


async def test_both_are_reminded_on_thursday_with_the_week_s_link_and_not_before(world):
    await followed(world)
    world.clock.time = local(2026, 11, 26, 16, 59)
    assert await world.nudge() == []
    world.clock.time = local(2026, 11, 26, 17)
    assert len(await world.nudge()) == 2
    logs = [link for link in world.directory.asked if link.purpose is Purpose.LOG_CONVERSATION][-2:]
    assert {(link.person, link.entity, link.scope) for link in logs} == {
        ("amina", "duo1", "2026-W48"),
        ("paul", "duo1", "2026-W48"),
    }
    assert {link.expires for link in logs} == {local(2026, 12, 1, 12)}
    assert len(await world.nudge()) == 2  # nothing more


async def test_an_imported_duo_is_reminded_too(world):
    await followed(world, origin=DuoOrigin.IMPORT)
    world.clock.time = local(2026, 11, 26, 17)
    assert len(await world.nudge()) == 2


async def test_a_duo_that_talked_enough_is_left_in_peace(world):
    await followed(world)
    for number, minutes in enumerate((20, 10)):
        await world.hear(said(minutes), f"session-{number}")
    world.clock.time = local(2026, 11, 26, 17)
    assert await world.nudge() == []
    assert world.ports.followed.rows["duo1"].nudge_at == local(2026, 12, 3, 17)


async def test_the_same_conversation_told_twice_counts_once(world):
    await followed(world)
    for _ in range(2):
        await world.hear(said(20), "session-1", event_id="told", version=50)
    world.clock.time = local(2026, 11, 26, 17)
    assert len(await world.nudge()) == 2


async def test_last_week_s_conversation_does_not_count_for_this_week(world):
    await followed(world)
    await world.hear(said(60, week="2026-W47"), "session-1")
    world.clock.time = local(2026, 11, 26, 17)
    assert len(await world.nudge()) == 2


async def test_a_duo_on_a_break_is_not_reminded_until_it_goes_on(world):
    await followed(world)
    await world.hear(world.duo(DuoPaused, DuoStatus.PAUSED), "duo1")
    world.clock.time = local(2026, 11, 26, 17)
    assert await world.nudge() == []
    await world.hear(world.duo(DuoResumed, DuoStatus.CONFIRMED), "duo1")
    assert await world.nudge() == []
    world.clock.time = local(2026, 12, 3, 17)
    assert len(await world.nudge()) == 2


async def test_a_clock_that_jumps_weeks_sends_the_present_week_s_nudge_alone(world):
    await followed(world)
    world.clock.time = local(2026, 12, 18, 8)  # a Friday, three weeks later
    assert len(await world.nudge()) == 2
    assert {m.week for m in world.messages(kind=MessageKind.NUDGE)} == {"2026-W51"}


async def test_a_clock_that_jumps_to_a_monday_waits_for_thursday(world):
    await followed(world)
    world.clock.time = local(2026, 12, 14, 8)
    assert await world.nudge() == []
    assert world.ports.followed.rows["duo1"].nudge_at == local(2026, 12, 17, 17)


async def test_a_duo_that_is_over_is_not_followed_any_more(world):
    await followed(world)
    await world.hear(world.duo(DuoEnded, DuoStatus.ENDED), "duo1")
    world.clock.time = local(2026, 11, 26, 17)
    await world.nudge()
    assert world.messages(kind=MessageKind.NUDGE) == []
    assert world.ports.followed.rows["duo1"].nudge_at is None


async def test_a_nudge_on_the_desk_lapses_with_its_week(world):
    await world.pair(email=None)
    await world.confirmed()
    world.clock.time = local(2026, 11, 26, 17)
    await world.nudge()
    assert world.statuses(MessageKind.NUDGE)["paul"] is MessageStatus.WAITING
    world.clock.time = local(2026, 12, 1, 12)
    await world.deliver()
    assert world.statuses(MessageKind.NUDGE)["paul"] is MessageStatus.DROPPED


async def test_a_nudge_on_the_desk_goes_when_the_duo_talks(world):
    await world.pair(email=None)
    await world.confirmed()
    world.clock.time = local(2026, 11, 26, 17)
    await world.nudge()
    await world.hear(said(30), "session-1")
    assert world.statuses(MessageKind.NUDGE) == {"amina": MessageStatus.SENT, "paul": MessageStatus.DROPPED}


async def test_a_nudge_on_the_desk_goes_when_the_duo_takes_a_break(world):
    await world.pair(email=None)
    await world.confirmed()
    world.clock.time = local(2026, 11, 26, 17)
    await world.nudge()
    await world.hear(world.duo(DuoPaused, DuoStatus.PAUSED), "duo1")
    assert world.statuses(MessageKind.NUDGE)["paul"] is MessageStatus.DROPPED


def said(minutes, week="2026-W48"):
    return SessionLogged(duo="duo1", held_on="2026-11-25", week=week, minutes=minutes, medium=Medium.VIDEO)
