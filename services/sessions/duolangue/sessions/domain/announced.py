"""When announced activities meet: all that putting hundreds of them in order needs to know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

NEVER: Final = datetime.max.replace(tzinfo=UTC)


class Hours(NamedTuple):
    """A meeting, on the clocks of its activity."""

    begins: datetime
    minutes: int


class Announced(NamedTuple):
    """An announced activity."""

    id: str
    zone: ZoneInfo
    meetings: tuple[Hours, ...]

    def next_at(self, now: datetime) -> datetime:
        """When its first meeting begins that is not over; the end of all days where all are."""
        beginnings = ((each.begins.replace(tzinfo=self.zone).astimezone(UTC), each.minutes) for each in self.meetings)
        return min(
            (begins for begins, minutes in beginnings if begins + timedelta(minutes=minutes) > now), default=NEVER
        )
