"""ISO 8601 weeks, as strings like 2026-W48 that sort by time, in an association's time zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from duolangue.chassis.decision import RuleBroken

MORNING: Final = time(6)
"""When what a day brings is looked at: before anybody sits down at the desk."""
GRACE: Final = time(12)
"""A week is looked at on the Monday after it, at noon: one morning is left to log."""

REMEMBERED: Final = 2048
"""Days and weeks of which it is remembered what is asked of them: the same few hundred, again and again."""


class NoSuchWeek(RuleBroken):
    """Text that is not an ISO week, or a week 53 in a year without one."""

    code = "no_such_week"


@lru_cache(maxsize=REMEMBERED)
def week_of(day: date) -> str:
    """The ISO week a day is in; its year may differ from the day's own around New Year."""
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


@lru_cache(maxsize=REMEMBERED)
def monday_of(week: str) -> date:
    """The day a week begins.

    Raises:
        NoSuchWeek: the text names no week.
    """
    year, _, number = week.partition("-W")
    try:
        return date.fromisocalendar(int(year), int(number), 1)
    except ValueError as error:
        raise NoSuchWeek("This week does not exist.", field="week") from error


def days_of(week: str) -> list[date]:
    """Monday to Sunday."""
    monday = monday_of(week)
    return [monday + timedelta(days=number) for number in range(7)]


@lru_cache(maxsize=REMEMBERED)
def following(week: str) -> str:
    """The week after."""
    return week_of(monday_of(week) + timedelta(days=7))


@lru_cache(maxsize=REMEMBERED)
def preceding(week: str) -> str:
    """The week before."""
    return week_of(monday_of(week) - timedelta(days=7))


def number_between(first: str, last: str) -> int:
    """How many weeks there are from `first` to `last`, both included."""
    return (monday_of(last) - monday_of(first)).days // 7 + 1


def weeks_from(first: str, last: str) -> Iterator[str]:
    """Every week from `first` to `last`, both included; none when `last` comes before `first`."""
    week = first
    while week <= last:
        yield week
        week = following(week)


def day_at(moment: datetime, zone: ZoneInfo) -> date:
    """Which day it is there at a moment."""
    return moment.astimezone(zone).date()


def begins(week: str, zone: ZoneInfo) -> datetime:
    """The moment a week begins there, in UTC. A week lasts 167 or 169 hours where clocks change in it."""
    return datetime.combine(monday_of(week), time(), zone).astimezone(UTC)


def looked_at(week: str, zone: ZoneInfo) -> datetime:
    """When a week is over and may be judged, in UTC: noon there on the Monday after it."""
    return datetime.combine(monday_of(following(week)), GRACE, zone).astimezone(UTC)


def log_closes(week: str, zone: ZoneInfo) -> datetime:
    """Until when a week's log link is good, in UTC: a day after the week is looked at."""
    return datetime.combine(monday_of(following(week)) + timedelta(days=1), GRACE, zone).astimezone(UTC)


def morning(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins at the desk, in UTC."""
    return datetime.combine(day, MORNING, zone).astimezone(UTC)
