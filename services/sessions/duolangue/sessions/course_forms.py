"""What people type in the forms of courses and lessons: read into a plan, or into faults beside the fields; what was typed stays."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeVar

from pydantic import ValidationError

from duolangue.chassis.decision import RuleBroken
from duolangue.contracts.vocabulary import Level
from duolangue.sessions.domain import timetable
from duolangue.sessions.domain.course import CourseSettings
from duolangue.sessions.domain.meeting import LONGEST, SHORTEST, Meeting
from duolangue.sessions.domain.placement import CourseLevel
from duolangue.sessions.domain.timetable import Holiday, Timetable, WeeklyClass
from duolangue.sessions.usecases import lessons
from duolangue.sessions.usecases.courses import GroupPlan
from duolangue.sessions.usecases.lessons import HoursPlan

CLASSES: Final = 5
"""Rows for the classes of a week."""
HOLIDAYS: Final = 6
"""Rows for holidays."""
LEVELS: Final = 9
Texts = Mapping[str, str]
PlanT = TypeVar("PlanT")


def N_(text: str) -> str:
    """Mark a message for the catalogues."""
    return text


WRONG: Final = {
    "day": N_("Please choose a day."),
    "hour": N_("Please type an hour, as in 18:30."),
    "minutes": N_("Between 15 and 720 minutes."),
    "link": N_("The address of a video room begins with https://."),
    "place": N_("Say where it is: a place, or the link of a video room."),
    "number": N_("Please type a whole number within these bounds."),
    "weekday": N_("Choose at least one day of the week."),
}
"""What is wrong with a field, in words for whoever filled it in."""


@dataclass(slots=True)
class Typed:
    """A form as it was typed, and what is wrong with it."""

    texts: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    """Sentences, by field."""

    def checked(self, make: Callable[[], PlanT]) -> PlanT | None:
        """What a rule makes of it; none with a fault where the rule says no."""
        try:
            return make()
        except RuleBroken as broken:
            self.faults[broken.field or "form"] = str(broken)
            return None


def group(texts: Texts, teacher: str | None = None) -> tuple[Typed, GroupPlan | None]:
    """A group's form."""
    typed = Typed(dict(texts))
    first, last = _day(typed, "first"), _day(typed, "last")
    classes = [each for row in range(CLASSES) if (each := _class(typed, row)) is not None]
    holidays = _holidays(typed)
    capacity = _number(typed, "capacity", 1, 100)
    place, link = texts.get("place", "").strip()[:200], texts.get("link", "").strip()[:500]
    _where(typed, place, link)
    if typed.faults or first is None or last is None:
        return typed, None
    term = typed.checked(lambda: timetable.timetable(first, last, classes, holidays))
    if term is None:
        return typed, None
    return typed, GroupPlan(
        title=texts.get("title", ""),
        level=texts.get("level", "")[:64],
        term=term,
        place=place,
        link=link,
        text=texts.get("text", "")[:4000],
        capacity=capacity,
        teacher=teacher,
    )


def of_group(term: Timetable, **more: str) -> Typed:
    """The form of a group as it stands."""
    texts = {"first": term.first.isoformat(), "last": term.last.isoformat(), **more}
    for row, each in enumerate(term.classes):
        texts |= {
            f"weekday-{row}": str(each.weekday),
            f"begins-{row}": each.begins,
            f"minutes-{row}": str(each.minutes),
        }
    for row, free in enumerate(term.holidays):
        texts |= {f"free-from-{row}": free.first.isoformat(), f"free-to-{row}": free.last.isoformat()}
    return Typed(texts)


def hours(texts: Texts, weekdays: list[str], teacher: str | None = None) -> tuple[Typed, HoursPlan | None]:
    """The form with which a teacher's hours are opened; the days of the week are boxes that are ticked."""
    typed = Typed(dict(texts))
    first, last = _day(typed, "first"), _day(typed, "last")
    days = sorted({int(each) for each in weekdays if each in {"0", "1", "2", "3", "4", "5", "6"}})
    if not days:
        typed.faults["weekdays"] = WRONG["weekday"]
    begins, ends = _hour(typed, "begins"), _hour(typed, "ends")
    holidays = _holidays(typed)
    place, link = texts.get("place", "").strip()[:200], texts.get("link", "").strip()[:500]
    _where(typed, place, link)
    if typed.faults or first is None or last is None:
        return typed, None
    term = typed.checked(lambda: lessons.hours_between(first, last, days, begins, ends, holidays))
    if term is None:
        return typed, None
    return typed, HoursPlan(title=texts.get("title", ""), term=term, place=place, link=link, teacher=teacher)


def levels(texts: Texts, before: Sequence[CourseLevel]) -> list[CourseLevel]:
    """The rows of levels that have a name, from the lowest to the highest. A level is known by its name, in whichever row it stands now: to
    put one between two others their names are written a row further down. A row with another name in place of one that is gone is the same
    level renamed; any other is new.
    """
    grades = {each.value: each for each in Level}
    named, ids = {each.name.casefold(): each.id for each in before}, {each.id for each in before}
    rows = [(row, " ".join(texts.get(f"name-{row}", "").split())[:60]) for row in range(LEVELS)]
    taken = {named[name.casefold()] for _, name in rows if name.casefold() in named}
    found: list[CourseLevel] = []
    for row, name in rows:
        oral, written = grades.get(texts.get(f"oral-{row}", "")), grades.get(texts.get(f"written-{row}", ""))
        if name and oral and written:
            own = texts.get(f"id-{row}", "")
            renamed = own if own in ids and own not in taken else ""
            level_id = named.get(name.casefold()) or renamed or f"level-{uuid.uuid4()}"
            taken.add(level_id)
            found.append(CourseLevel(id=level_id, name=name, oral=oral, written=written))
    return found


def of_levels(settings: CourseSettings) -> dict[str, str]:
    """The rows as they stand."""
    texts: dict[str, str] = {}
    for row, each in enumerate(settings.levels):
        texts |= {
            f"id-{row}": each.id,
            f"name-{row}": each.name,
            f"oral-{row}": each.oral.value,
            f"written-{row}": each.written.value,
        }
    for number, rate in enumerate(settings.thresholds.rates):
        texts[f"rate-{number}"] = str(rate)
    texts["after"] = str(settings.thresholds.after)
    return texts


def whole(text: str) -> int:
    """A whole number as it was typed; what is none is as wrong as one out of bounds."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 4 else -1


def day(text: str) -> date | None:
    """A day as a browser sends it; none where it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _day(typed: Typed, name: str) -> date | None:
    found = day(typed.texts.get(name, ""))
    if found is None:
        typed.faults[name] = WRONG["day"]
    return found


def _hour(typed: Typed, name: str) -> str:
    begins = typed.texts.get(name, "").strip()[:5]
    try:
        return WeeklyClass(weekday=0, begins=begins, minutes=60).begins
    except ValidationError:
        typed.faults[name] = WRONG["hour"]
        return "00:00"


def _class(typed: Typed, row: int) -> WeeklyClass | None:
    """One row of the week; none where no hour is typed in it."""
    begins = typed.texts.get(f"begins-{row}", "").strip()[:5]
    if not begins:
        return None
    weekday = typed.texts.get(f"weekday-{row}", "")
    minutes = _number(typed, f"minutes-{row}", SHORTEST, LONGEST, "minutes")
    if f"minutes-{row}" in typed.faults:
        return None
    try:
        return WeeklyClass(weekday=whole(weekday), begins=begins, minutes=minutes)
    except ValidationError as error:
        where = str(error.errors()[0]["loc"][0])
        typed.faults[f"{where}-{row}"] = WRONG["hour" if where == "begins" else "weekday"]
        return None


def _holidays(typed: Typed) -> list[Holiday]:
    found = []
    for row in range(HOLIDAYS):
        first, last = typed.texts.get(f"free-from-{row}", "").strip(), typed.texts.get(f"free-to-{row}", "").strip()
        if not first and not last:
            continue
        begins, ends = day(first), day(last or first)
        if begins is None or ends is None:
            typed.faults[f"free-from-{row}"] = WRONG["day"]
            continue
        found.append(Holiday(first=begins, last=ends))
    return found


def _where(typed: Typed, place: str, link: str) -> None:
    if not place and not link:
        typed.faults["place"] = WRONG["place"]
        return
    try:
        Meeting(id="x", day=date(2026, 1, 1), begins="10:00", minutes=60, place=place, link=link)
    except ValidationError:
        typed.faults["link"] = WRONG["link"]


def _number(typed: Typed, name: str, least: int, most: int, wrong: str = "number") -> int:
    number = whole(typed.texts.get(name, ""))
    if least <= number <= most:
        return number
    typed.faults[name] = WRONG[wrong]
    return least
