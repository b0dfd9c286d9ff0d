"""ISO weeks in an association's time zone: when a nudge is due, until when its link is good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import EntityId

NOON: Final = time(12)


@dataclass(frozen=True, slots=True)
class NudgeMoment:
    """When in the week duos are reminded, on the association's own clocks."""

    weekday: int = 4
    """ISO: 1 is Monday, 7 is Sunday."""
    at: time = time(17)


class FollowedDuo(BaseModel):
    """A running duo with the moment of its next weekly nudge."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    """The duo's."""
    nudge_at: AwareDatetime | None
    """None once the duo is over."""
    promised: int | None = None
    """Minutes a week that the two promised, as the association asked when they were confirmed; none for who began before that was kept."""


def week_of(moment: datetime, timezone: str) -> str:
    """The ISO 8601 week a moment falls in, as in 2026-W48."""
    year, week, _ = moment.astimezone(ZoneInfo(timezone)).isocalendar()
    return f"{year}-W{week:02d}"


def _local(week: str, weekday: int, at: time, timezone: str) -> datetime:
    year, _, number = week.partition("-W")
    day = datetime.fromisocalendar(int(year), int(number), weekday).date()
    return datetime.combine(day, at, ZoneInfo(timezone)).astimezone(UTC)


def nudge_moment(week: str, rhythm: NudgeMoment, timezone: str) -> datetime:
    """When a week's nudge is due, in UTC."""
    return _local(week, rhythm.weekday, rhythm.at, timezone)


def next_nudge(after: datetime, rhythm: NudgeMoment, timezone: str) -> datetime:
    """The first weekly moment after `after`, in UTC."""
    week = week_of(after, timezone)
    moment = nudge_moment(week, rhythm, timezone)
    return moment if moment > after else nudge_moment(week_after(week), rhythm, timezone)


def week_after(week: str) -> str:
    """The next ISO week, also over New Year."""
    year, _, number = week.partition("-W")
    following = datetime.fromisocalendar(int(year), int(number), 1) + timedelta(days=7)
    return f"{following.isocalendar().year}-W{following.isocalendar().week:02d}"


def log_closes(week: str, timezone: str) -> datetime:
    """Until when a week's log link is good: noon of the Monday after, and one day of grace; in UTC."""
    return _local(week_after(week), 2, NOON, timezone)


def week_to_nudge(now: datetime, rhythm: NudgeMoment, timezone: str) -> str | None:
    """The present week if its moment has come, else none: weeks that went by unnoticed are not made up for."""
    week = week_of(now, timezone)
    return week if nudge_moment(week, rhythm, timezone) <= now else None


def rescheduled(duo: FollowedDuo, at: datetime | None) -> Change[FollowedDuo] | None:
    """The next nudge is then; none when the duo is over."""
    return None if duo.nudge_at == at else Change(duo.model_copy(update={"nudge_at": at}))
