"""One meeting of an activity: a day and an hour on the association's clocks, so that it keeps its hour when summer time ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from duolangue.contracts.facts.activities import MeetingTime
from duolangue.contracts.requests import MeetingTold
from duolangue.contracts.vocabulary import EntityId

SHORTEST: Final = 15
"""Minutes."""
LONGEST: Final = 720
"""Minutes."""
FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2099, 12, 31)
"""Beyond these nobody means what they typed."""


def _web_address(link: str) -> str:
    if link and not (
        link.startswith("https://") and link.isprintable() and " " not in link and len(link) > len("https://")
    ):
        raise ValueError("The address of a video room begins with https://.")
    return link


Hour = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""Hours and minutes on a clock, as in 18:30."""


class Meeting(BaseModel):
    """When and where people come together."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    """Stays when its time or place changes; told apart within its activity alone."""
    day: date = Field(ge=FIRST_DAY, le=LAST_DAY)
    begins: Hour
    minutes: int = Field(ge=SHORTEST, le=LONGEST)
    place: str = Field(default="", max_length=200)
    link: Annotated[str, AfterValidator(_web_address)] = Field(default="", max_length=500)
    """Of a video room."""

    @property
    def online(self) -> bool:
        """Whether it is held by video."""
        return bool(self.link)

    def local(self, zone: ZoneInfo) -> datetime:
        """When it begins, on the clocks there. An hour that is skipped in spring is the one after it."""
        return datetime.combine(self.day, time.fromisoformat(self.begins), zone)

    def starts_at(self, zone: ZoneInfo) -> datetime:
        """When it begins, in UTC."""
        return self.local(zone).astimezone(UTC)

    def ends_at(self, zone: ZoneInfo) -> datetime:
        """When it is over, in UTC."""
        return self.starts_at(zone) + timedelta(minutes=self.minutes)

    def same_appointment(self, other: Meeting) -> bool:
        """Whether whoever knows one knows the other: nothing moved."""
        return self.model_dump() == other.model_dump()

    def time_told(self, zone: ZoneInfo) -> MeetingTime:
        """As facts tell it."""
        return MeetingTime(starts_at=self.starts_at(zone), minutes=self.minutes, online=self.online)

    def told(self, zone: ZoneInfo) -> MeetingTold:
        """As it is told to whoever writes to its people."""
        return MeetingTold(starts_at=self.starts_at(zone), minutes=self.minutes, place=self.place, link=self.link)
