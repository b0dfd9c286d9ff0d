"""French courses: what an association sets for them, a group on its level, what its people need, and who misses how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from duolangue.chassis.decision import Change, RuleBroken
from duolangue.contracts.facts.activities import Presence
from duolangue.contracts.facts.courses import AbsenceNoticed, Degree
from duolangue.contracts.vocabulary import EntityId
from duolangue.sessions.domain.placement import LADDER, CourseLevel
from duolangue.sessions.domain.timetable import Timetable

OWN: Final = "courses"
"""The id of an association's settings: it has them once."""
MOST_COUNTED: Final = 50


class ThresholdsWrong(RuleBroken):
    """Degrees that do not follow one another."""

    code = "thresholds_wrong"


class Thresholds(BaseModel):
    """From which missing rate on somebody is reminded, in three degrees. Excused absences never count."""

    model_config = ConfigDict(frozen=True)

    rates: tuple[int, int, int] = (20, 35, 50)
    """Per cent of the classes that count."""
    after: int = Field(default=3, ge=1, le=MOST_COUNTED)
    """Nobody is reminded before that many classes count."""


class CourseSettings(BaseModel):
    """What an association sets for its French courses."""

    model_config = ConfigDict(frozen=True)

    id: EntityId = OWN
    levels: tuple[CourseLevel, ...] = LADDER
    thresholds: Thresholds = Thresholds()

    def level(self, level_id: str) -> CourseLevel | None:
        """One of its levels."""
        return next((each for each in self.levels if each.id == level_id), None)


class Group(BaseModel):
    """What makes an activity a course: its level and its timetable. Its id is the activity's."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    level: EntityId
    level_name: str
    """As it was called when the group was made: a level may be taken away."""
    timetable: Timetable
    place: str = ""
    link: str = ""
    """Of the video room of an online class."""


class Need(StrEnum):
    """What somebody needs so that they can come; asked at enrolment, shown in the planning, told to nobody else."""

    CHILDCARE = "childcare"
    TRANSPORT = "transport"
    EVENINGS = "evenings"
    """Only evenings are possible."""


class Attending(BaseModel):
    """Somebody in a group: what they need, and how far absences have gone. Its id is the enrolment's."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    activity: EntityId
    participant: EntityId
    needs: tuple[Need, ...] = ()
    degree: int = Field(default=0, ge=0, le=3)
    """The highest of which they were reminded; 0 for none."""
    reminded_at: AwareDatetime | None = None


@dataclass(frozen=True, slots=True)
class Attended:
    """What was noted of somebody in a group."""

    present: int = 0
    excused: int = 0
    absent: int = 0

    @property
    def counted(self) -> int:
        """Classes that count: excused ones do not."""
        return self.present + self.absent

    @property
    def rate(self) -> float:
        """The missing rate: classes missed without an excuse, of those that count; from 0 to 1."""
        return self.absent / self.counted if self.counted else 0.0

    @property
    def percent(self) -> int:
        """The missing rate, rounded down to whole per cents."""
        return 100 * self.absent // self.counted if self.counted else 0


def attended(presences: Iterable[Presence]) -> Attended:
    """Counted by kind."""
    noted = list(presences)
    return Attended(*(noted.count(each) for each in (Presence.PRESENT, Presence.EXCUSED, Presence.ABSENT)))


def thresholds(rates: Sequence[int], after: int) -> Thresholds:
    """Degrees as an association may set them.

    Raises:
        ThresholdsWrong: the field's sentence.
    """
    if (
        len(rates) != len(Degree)
        or not all(1 <= rate <= 100 for rate in rates)
        or any(a >= b for a, b in pairwise(rates))
    ):
        raise ThresholdsWrong("Three rates between 1 and 100 per cent, each higher than the one before.", field="rates")
    if not 1 <= after <= MOST_COUNTED:
        raise ThresholdsWrong("Between 1 and 50 classes.", field="after")
    return Thresholds(rates=(rates[0], rates[1], rates[2]), after=after)


def degree(seen: Attended, limits: Thresholds) -> int:
    """The highest degree whose rate is reached; 0 for none, and before enough classes count."""
    if seen.counted < limits.after:
        return 0
    return sum(100 * seen.absent >= rate * seen.counted for rate in limits.rates)


def notice(
    attending: Attending, seen: Attended, limits: Thresholds, now: AwareDatetime, *, last_missed: date, zone: ZoneInfo
) -> Change[Attending] | None:
    """Remind somebody whose absences have reached a degree of which they were not reminded yet: one degree after the other, the next one
    once they missed a class (`last_missed`) after the day of the reminder, so that nobody's first reminder is the last, however many lists
    are typed in at once.

    A list that is corrected takes no reminder back; the same degree is never told twice in one group.
    """
    told_on = attending.reminded_at.astimezone(zone).date() if attending.reminded_at else date.min
    if degree(seen, limits) <= attending.degree or last_missed <= told_on:
        return None
    reached = attending.degree + 1
    state = attending.model_copy(update={"degree": reached, "reminded_at": now})
    fact = AbsenceNoticed(
        activity=attending.activity,
        participant=attending.participant,
        degree=Degree(reached),
        missed=seen.absent,
        counted=seen.counted,
    )
    return Change(state, (fact,))


def needing(attending: Attending, needs: Iterable[Need]) -> Change[Attending] | None:
    """What somebody needs, as they say it now."""
    wanted = set(needs)
    ordered = tuple(need for need in Need if need in wanted)
    return None if ordered == attending.needs else Change(attending.model_copy(update={"needs": ordered}))


def summed(attendings: Iterable[Attending]) -> Mapping[Need, int]:
    """How many need what."""
    every = [need for each in attendings for need in each.needs]
    return {need: every.count(need) for need in Need}
