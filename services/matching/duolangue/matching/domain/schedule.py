"""When runs happen by themselves: on days of the week, at an hour on the association's own clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from duolangue.matching.domain.state import State

WEEK: Final = 7
A_MONDAY: Final = date(2024, 1, 1)
"""From which weeks are counted where only every second, third or fourth has a run."""


class Schedule(State):
    """A weekly rhythm."""

    days: tuple[int, ...] = (1,)
    """ISO: 1 is Monday, 7 is Sunday."""
    hour: int = Field(default=6, ge=0, le=23)
    minute: int = Field(default=0, ge=0, le=59)
    every_weeks: int = Field(default=1, ge=1, le=4)

    @field_validator("days")
    @classmethod
    def _real_days(cls, days: tuple[int, ...]) -> tuple[int, ...]:
        if not days or any(not 1 <= day <= WEEK for day in days):
            raise PydanticCustomError("schedule_days", "Choose at least one day of the week.")
        return tuple(sorted(set(days)))


def next_run(schedule: Schedule | None, after: datetime, timezone: str) -> datetime | None:
    """The first moment of the rhythm after `after`, in UTC. Moments that went by unnoticed are not made up for.

    On the day when clocks go forward, an hour that does not exist is taken an hour later; one that comes twice counts once.
    """
    if schedule is None:
        return None
    zone = ZoneInfo(timezone)
    today = after.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    for week in range(schedule.every_weeks + 1):
        start = monday + timedelta(weeks=week)
        if (start - A_MONDAY).days // WEEK % schedule.every_weeks:
            continue
        for day in schedule.days:
            local = datetime.combine(start + timedelta(days=day - 1), time(schedule.hour, schedule.minute), zone)
            moment = local.astimezone(UTC)
            if moment > after:
                return moment
    raise AssertionError("a rhythm has a moment in each of its weeks")
