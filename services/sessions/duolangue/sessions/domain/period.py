"""Calendar months and the periods made of them: whole months only, as figures for funders are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from duolangue.chassis.decision import RuleBroken

MOST_MONTHS: Final = 60
MONTHS_REMEMBERED: Final = 1024
"""A report asks for the days of the same few months a hundred thousand times."""
EARLIEST: Final = "2000-01"
_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class NoSuchPeriod(RuleBroken):
    """Text that is no month, months in the wrong order, too many, or still to come."""

    code = "no_such_period"


def month_of(day: date) -> str:
    """The month of a day, as in 2026-11: months sort by time."""
    return f"{day.year:04}-{day.month:02}"


def following(month: str) -> str:
    """The month after."""
    return month_of(first_day(month) + timedelta(days=31))


def before(month: str) -> str:
    """The month before."""
    return month_of(first_day(month) - timedelta(days=1))


@lru_cache(maxsize=MONTHS_REMEMBERED)
def first_day(month: str) -> date:
    """Its first day."""
    return date(int(month[:4]), int(month[5:]), 1)


@lru_cache(maxsize=MONTHS_REMEMBERED)
def last_day(month: str) -> date:
    """Its last day."""
    return first_day(following(month)) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole calendar months, the first and the last included."""

    first: str
    last: str

    @property
    def since(self) -> date:
        """The first day."""
        return first_day(self.first)

    @property
    def until(self) -> date:
        """The last day."""
        return last_day(self.last)

    def __contains__(self, day: date) -> bool:
        """Whether a day is in it."""
        return self.since <= day <= self.until

    def told_apart(self, today: date) -> bool:
        """Whether it is a calendar year, from January to December, that is over."""
        return self.first[5:] == "01" and self.last == f"{self.first[:4]}-12" and self.until < today

    def months(self) -> Iterator[str]:
        """Each of its months, in order."""
        month = self.first
        while month <= self.last:
            yield month
            month = following(month)

    def each(self) -> Iterator[Period]:
        """Each of its months as a period of its own."""
        return (Period(month, month) for month in self.months())


def period(first: str, last: str, today: date) -> Period:
    """The period between two months as somebody typed them.

    Raises:
        NoSuchPeriod: one of them is no month, or is still to come; they are in the wrong order; or more than 60 months.
    """
    for text, field in ((first, "first"), (last, "last")):
        if not _MONTH.fullmatch(text) or text < EARLIEST:
            raise NoSuchPeriod("Write a month as year and month, as in 2026-11.", field=field)
        if text > month_of(today):
            raise NoSuchPeriod("This month is still to come.", field=field)
    if first > last:
        raise NoSuchPeriod("The last month comes before the first.", field="last")
    made = Period(first, last)
    if len(list(made.months())) > MOST_MONTHS:
        raise NoSuchPeriod("A period has at most 60 months.", field="last")
    return made


def usual(today: date) -> Period:
    """The period shown at first: this year's months that are over; in January, last year."""
    last = before(month_of(today))
    return Period(f"{last[:4]}-01", last)
