"""ISO weeks in a time zone: year boundaries, clocks that change, the noon after a week."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolangue.sessions.domain import weeks

BRUSSELS = ZoneInfo("Europe/Brussels")
ZONES = st.sampled_from(["Europe/Brussels", "America/Santiago", "Pacific/Kiritimati", "Asia/Kathmandu", "UTC"]).map(
    ZoneInfo
)
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2026, 11, 22), "2026-W47"),
        (date(2026, 12, 31), "2026-W53"),
        (date(2027, 1, 3), "2026-W53"),
        (date(2027, 1, 4), "2027-W01"),
        (date(2024, 12, 30), "2025-W01"),
    ],
)
def test_a_day_is_in_its_iso_week_also_around_new_year(day: date, week: str) -> None:
    assert weeks.week_of(day) == week


def test_weeks_go_on_over_a_year_with_53_of_them_and_one_with_52() -> None:
    assert list(weeks.weeks_from("2026-W52", "2027-W02")) == ["2026-W52", "2026-W53", "2027-W01", "2027-W02"]
    assert list(weeks.weeks_from("2025-W51", "2026-W01")) == ["2025-W51", "2025-W52", "2026-W01"]


@given(DAYS)
def test_every_day_is_among_the_seven_of_its_week(day: date) -> None:
    week = weeks.week_of(day)
    assert day in weeks.days_of(week)
    assert weeks.week_of(day + timedelta(days=7)) == weeks.following(week)
    assert weeks.following(week) > week


@given(DAYS, ZONES)
def test_a_week_ends_where_the_next_begins_and_is_looked_at_twelve_hours_later_there(day: date, zone: ZoneInfo) -> None:
    week = weeks.week_of(day)
    begins, ends = weeks.begins(week, zone), weeks.begins(weeks.following(week), zone)
    assert weeks.week_of(weeks.day_at(begins, zone)) == week
    assert weeks.week_of(weeks.day_at(ends - timedelta(seconds=1), zone)) == week
    looked_at = weeks.looked_at(week, zone).astimezone(zone)
    assert (looked_at.weekday(), looked_at.hour, looked_at.minute) == (0, 12, 0)
    assert weeks.looked_at(week, zone) > ends


def test_clocks_that_change_make_a_week_longer_or_shorter() -> None:
    def hours(week: str) -> float:
        return (weeks.begins(weeks.following(week), BRUSSELS) - weeks.begins(week, BRUSSELS)).total_seconds() / 3600

    assert hours("2026-W13") == 167
    assert hours("2026-W43") == 169
    assert weeks.looked_at("2026-W12", BRUSSELS) == datetime(2026, 3, 23, 11, tzinfo=UTC)
    assert weeks.looked_at("2026-W13", BRUSSELS) == datetime(2026, 3, 30, 10, tzinfo=UTC)


def test_midnight_is_the_associations_own() -> None:
    late_sunday = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert weeks.week_of(weeks.day_at(late_sunday, BRUSSELS)) == "2026-W48"
    assert weeks.week_of(weeks.day_at(late_sunday, ZoneInfo("UTC"))) == "2026-W47"


@pytest.mark.parametrize(
    "text", ["2025-W53", "2026-W00", "2026-W54", "next week", "", "2026-W", "2026-48", "99999-W01"]
)
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(weeks.NoSuchWeek):
        weeks.days_of(text)
