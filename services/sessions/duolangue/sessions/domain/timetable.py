"""A course over a term: classes on the same days of every week, without those that fall in holidays.

Days and hours are on the association's clocks, so a class keeps its hour when summer time ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from duolangue.chassis.decision import RuleBroken
from duolangue.sessions.domain.meeting import FIRST_DAY, LAST_DAY, LONGEST, SHORTEST, Hour, Meeting

LONGEST_TERM: Final = 366
"""Days."""
MOST_CLASSES: Final = 250
MOST_HOLIDAYS: Final = 40
DAY_MINUTES: Final = 24 * 60
DAYS_A_WEEK: Final = 7


class TimetableWrong(RuleBroken):
    """A term, a class or a holiday that cannot be."""

    code = "timetable_wrong"


class WeeklyClass(BaseModel):
    """A class that takes place every week."""

    model_config = ConfigDict(frozen=True)

    weekday: int = Field(ge=0, le=6)
    """0 for Monday."""
    begins: Hour
    minutes: int = Field(ge=SHORTEST, le=LONGEST)

    @property
    def starts(self) -> int:
        """Minutes since midnight."""
        hours, minutes = self.begins.split(":")
        return int(hours) * 60 + int(minutes)

    @property
    def ends(self) -> int:
        """Minutes since midnight."""
        return self.starts + self.minutes

    @property
    def evening(self) -> bool:
        """Whether it begins at 17:00 or later."""
        return self.starts >= 17 * 60


class Holiday(BaseModel):
    """Days without classes, both included."""

    model_config = ConfigDict(frozen=True)

    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Whether it is one of them."""
        return self.first <= day <= self.last


class Timetable(BaseModel):
    """When a group comes together over a term."""

    model_config = ConfigDict(frozen=True)

    first: date
    last: date
    """Both included."""
    classes: tuple[WeeklyClass, ...]
    """In the order of the week."""
    holidays: tuple[Holiday, ...] = ()
    """In order of time."""

    @property
    def in_the_evening(self) -> bool:
        """Whether all its classes begin at 17:00 or later."""
        return bool(self.classes) and all(each.evening for each in self.classes)

    def days(self) -> Iterator[tuple[date, WeeklyClass]]:
        """Each class of the term, in order of time; none in the holidays."""
        for number in range((self.last - self.first).days + 1):
            day = self.first + timedelta(days=number)
            if not any(holiday.covers(day) for holiday in self.holidays):
                yield from ((day, each) for each in self.classes if each.weekday == day.weekday())

    def left_out(self) -> int:
        """How many classes the holidays take away."""
        whole = self.model_copy(update={"holidays": ()})
        return sum(1 for _ in whole.days()) - sum(1 for _ in self.days())


def timetable(first: date, last: date, classes: Iterable[WeeklyClass], holidays: Iterable[Holiday] = ()) -> Timetable:
    """A term that can be held.

    Raises:
        TimetableWrong: the field's sentence.
    """
    week = tuple(sorted(classes, key=lambda each: (each.weekday, each.starts)))
    free = tuple(sorted(holidays, key=lambda each: (each.first, each.last)))
    _in_order(first, last)
    if not week:
        raise TimetableWrong("Say on which day of the week there is a class.", field="classes")
    if any(each.ends > DAY_MINUTES for each in week):
        raise TimetableWrong("A class ends before midnight.", field="classes")
    if any(one.weekday == other.weekday and one.ends > other.starts for one, other in pairwise(week)):
        raise TimetableWrong("Two classes are at the same time.", field="classes")
    if any(each.last < each.first for each in free):
        raise TimetableWrong("Holidays end after they begin.", field="holidays")
    if len(free) > MOST_HOLIDAYS:
        raise TimetableWrong("These are too many holidays.", field="holidays")
    made = Timetable(first=first, last=last, classes=week, holidays=free)
    held = sum(1 for _ in made.days())
    if not held:
        raise TimetableWrong("No class falls between these days.", field="last")
    if held > MOST_CLASSES:
        raise TimetableWrong("These are more classes than fit in a term: 250 at most.", field="classes")
    return made


def _in_order(first: date, last: date) -> None:
    """A term's days that somebody can mean."""
    for field, day in (("first", first), ("last", last)):
        if not FIRST_DAY <= day <= LAST_DAY:
            raise TimetableWrong("Write a day as year, month and day, as in 2026-11-22.", field=field)
    if last < first:
        raise TimetableWrong("The last day comes after the first one.", field="last")
    if (last - first).days >= LONGEST_TERM:
        raise TimetableWrong("A term lasts a year at most.", field="last")


def meetings(made: Timetable, place: str, link: str) -> tuple[Meeting, ...]:
    """The classes of a term, in order of time; the same class has the same id however often the term is made anew."""
    return tuple(
        Meeting(
            id=f"{day:%Y%m%d}-{each.begins.replace(':', '')}",
            day=day, begins=each.begins, minutes=each.minutes, place=place, link=link,
        )
        for day, each in made.days()
    )  # fmt: skip


def anew(fresh: Sequence[Meeting], former: Sequence[Meeting], present: Sequence[Meeting]) -> tuple[Meeting, ...]:
    """The classes of a term that is decided anew (`fresh`), with what was decided of single ones since the term was made (`former`) as
    they stand now (`present`): what was moved stays moved, what was left out stays out, what was added stays. The first class of a day is
    the first one that this day had, whatever its hour is now.
    """
    had, now = _by_day(former), {each.id: each for each in present}
    kept: list[Meeting] = []
    for place, each in _by_day(fresh).items():
        was = had.get(place)
        if was is None:
            kept.append(each)
        elif was.id in now:
            kept.append(_as_moved(each, was, now[was.id]))
    known = {each.id for each in (*kept, *former)}
    return (*kept, *(each for each in present if each.id not in known))


def _by_day(meetings: Iterable[Meeting]) -> dict[tuple[date, int], Meeting]:
    """Classes as a term makes them, by their day and their number on it."""
    found: dict[tuple[date, int], Meeting] = {}
    for each in sorted(meetings, key=lambda one: (one.day, one.begins)):
        number = 0
        while (each.day, number) in found:
            number += 1
        found[each.day, number] = each
    return found


def _as_moved(fresh: Meeting, was: Meeting, now: Meeting) -> Meeting:
    """What was changed of a single class, over what the term says now."""
    moved = {name: value for name in Meeting.model_fields if (value := getattr(now, name)) != getattr(was, name)}
    return fresh.model_copy(update=moved)


def hours(
    first: date, last: date, weekdays: Iterable[int], begins: str, ends: str, holidays: Iterable[Holiday] = ()
) -> Timetable:
    """A teacher's hours between two moments of the same days of every week, one after the other.

    Raises:
        TimetableWrong: the field's sentence.
    """
    probe = WeeklyClass(weekday=0, begins=begins, minutes=60)
    until = WeeklyClass(weekday=0, begins=ends, minutes=60).starts
    if until - probe.starts < probe.minutes:
        raise TimetableWrong("Between these hours no lesson of an hour fits.", field="ends")
    classes = [
        WeeklyClass(weekday=weekday, begins=f"{start // 60:02}:{start % 60:02}", minutes=60)
        for weekday in sorted(set(weekdays))
        for start in range(probe.starts, until - 59, 60)
    ]
    return timetable(first, last, classes, holidays)
