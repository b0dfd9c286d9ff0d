"""A term: the same hours every week, no class in the holidays, the hour kept when summer time ends."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolangue.sessions.domain import timetable as terms
from duolangue.sessions.domain.timetable import Holiday, TimetableWrong, WeeklyClass

BRUSSELS = ZoneInfo("Europe/Brussels")
TUESDAY = WeeklyClass(weekday=1, begins="18:30", minutes=120)
THURSDAY = WeeklyClass(weekday=3, begins="09:00", minutes=180)
AUTUMN = Holiday(first=date(2026, 10, 19), last=date(2026, 10, 30))


def test_a_term_over_autumn_leaves_the_holidays_out_and_keeps_its_hour_when_summer_time_ends() -> None:
    term = terms.timetable(date(2026, 10, 5), date(2026, 11, 8), [THURSDAY, TUESDAY], [AUTUMN])
    held = terms.meetings(term, "Rue de la Station 1", "")
    assert [each.day.isoformat() for each in held] == [
        "2026-10-06", "2026-10-08", "2026-10-13", "2026-10-15", "2026-11-03", "2026-11-05",
    ]  # fmt: skip
    assert {each.local(BRUSSELS).strftime("%H:%M") for each in held if each.day.weekday() == 1} == {"18:30"}
    tuesdays = [each.starts_at(BRUSSELS).strftime("%H:%M") for each in held if each.day.weekday() == 1]
    assert tuesdays == ["16:30", "16:30", "17:30"], "in UTC it moves, on the clocks it does not"
    assert term.left_out() == 4


def test_a_term_made_anew_with_other_holidays_keeps_the_ids_of_the_classes_that_stay() -> None:
    first = terms.meetings(terms.timetable(date(2026, 10, 5), date(2026, 11, 8), [TUESDAY]), "here", "")
    second = terms.meetings(terms.timetable(date(2026, 10, 5), date(2026, 11, 8), [TUESDAY], [AUTUMN]), "there", "")
    assert {each.id for each in second} < {each.id for each in first}
    assert len({each.id for each in first}) == len(first)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"last": date(2026, 8, 1)}, "last"),
        ({"last": date(2027, 12, 1)}, "last"),
        ({"classes": []}, "classes"),
        ({"classes": [TUESDAY, WeeklyClass(weekday=1, begins="20:00", minutes=60)]}, "classes"),
        ({"classes": [WeeklyClass(weekday=1, begins="23:00", minutes=90)]}, "classes"),
        ({"holidays": [Holiday(first=date(2026, 11, 2), last=date(2026, 11, 1))]}, "holidays"),
        ({"holidays": [Holiday(first=date(2026, 9, 1), last=date(2026, 12, 31))]}, "last"),
    ],
)
def test_a_term_that_cannot_be_is_refused_at_its_field(values: dict[str, object], field: str) -> None:
    told = {"first": date(2026, 9, 1), "last": date(2026, 12, 18), "classes": [TUESDAY], "holidays": [], **values}
    with pytest.raises(TimetableWrong) as refused:
        terms.timetable(**told)  # type: ignore[arg-type]  # one field is wrong on purpose
    assert refused.value.field == field


@given(
    st.dates(date(2026, 1, 1), date(2026, 12, 1)),
    st.integers(7, 200),
    st.lists(st.tuples(st.dates(date(2026, 1, 1), date(2027, 6, 1)), st.integers(0, 20)), max_size=4),
)
def test_every_class_falls_in_the_term_on_its_weekday_and_outside_all_holidays(
    first: date, days: int, free: list[tuple[date, int]]
) -> None:
    last = date.fromordinal(first.toordinal() + days)
    holidays = [Holiday(first=each, last=date.fromordinal(each.toordinal() + length)) for each, length in free]
    try:
        term = terms.timetable(first, last, [TUESDAY, THURSDAY], holidays)
    except TimetableWrong:
        return
    held = list(term.days())
    assert held == sorted(held, key=lambda each: each[0])
    for day, weekly in held:
        assert first <= day <= last
        assert day.weekday() == weekly.weekday
        assert not any(each.first <= day <= each.last for each in holidays)
    assert len(held) + term.left_out() == sum(
        date.fromordinal(day).weekday() in {1, 3} for day in range(first.toordinal(), last.toordinal() + 1)
    )


def test_a_teachers_hours_follow_one_another_and_stop_before_the_end() -> None:
    open_hours = terms.hours(date(2026, 11, 2), date(2026, 11, 8), [0, 2], "13:30", "16:45")
    assert [(day.day, each.begins, each.minutes) for day, each in open_hours.days()] == [
        (2, "13:30", 60), (2, "14:30", 60), (2, "15:30", 60), (4, "13:30", 60), (4, "14:30", 60), (4, "15:30", 60),
    ]  # fmt: skip
    with pytest.raises(TimetableWrong):
        terms.hours(date(2026, 11, 2), date(2026, 11, 8), [0], "13:30", "14:00")
