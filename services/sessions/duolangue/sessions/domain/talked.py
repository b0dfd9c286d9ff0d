"""What a duo talked: by week, which its health and its milestones are computed from, and by month, for reports. Never what was said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from duolangue.contracts.vocabulary import Medium, Role


class WeekTalk(NamedTuple):
    """One week with at least one conversation that counts."""

    week: str
    minutes: int
    talks: int
    last: date
    """The day of the last of them."""
    in_person: int = 0
    """How many of them were in person."""
    newcomer: int = 0
    """How many the newcomer told of."""
    volunteer: int = 0
    """How many the volunteer told of."""


class MonthTalk(NamedTuple):
    """What was talked in one calendar month by one medium."""

    month: str
    medium: Medium
    talks: int
    minutes: int


@dataclass(frozen=True)
class Talked:
    """All conversations of one duo that count."""

    weeks: tuple[WeekTalk, ...] = ()
    """The oldest first; weeks without a conversation are absent."""
    months: tuple[MonthTalk, ...] = ()
    """The same conversations, the oldest month first."""

    @cached_property
    def by_week(self) -> Mapping[str, int]:
        """Minutes of each week."""
        return {each.week: each.minutes for each in self.weeks}

    @cached_property
    def minutes(self) -> int:
        """In all."""
        return sum(each.minutes for each in self.weeks)

    @cached_property
    def talks(self) -> int:
        """How many conversations."""
        return sum(each.talks for each in self.weeks)

    @cached_property
    def in_person(self) -> int:
        """How many of them were in person."""
        return sum(each.in_person for each in self.weeks)

    @cached_property
    def last(self) -> date | None:
        """The day of the last one."""
        return max((each.last for each in self.weeks), default=None)

    def only_teller(self, since: str, least: int) -> Role | None:
        """The side that alone told of everything since a week, where it told of at least so many conversations."""
        recent = [each for each in self.weeks if each.week >= since]
        newcomer, volunteer = sum(each.newcomer for each in recent), sum(each.volunteer for each in recent)
        if newcomer >= least and not volunteer:
            return Role.NEWCOMER
        return Role.VOLUNTEER if volunteer >= least and not newcomer else None

    def read_anew(self, fresh: Talked, week: str, month: str) -> Talked:
        """All of it, with what was read anew from a week and from a month on in its place."""
        return Talked(
            (*(each for each in self.weeks if each.week < week), *fresh.weeks),
            (
                *(each for each in self.months if each.month < month),
                *(each for each in fresh.months if each.month >= month),
            ),
        )

    def noted(self) -> str:
        """All of it in a few lines of text, a week each: only looks read it, while every page reads the duo that it is kept with."""
        return "\n".join(
            f"{each.week} {each.minutes} {each.talks} {each.last} {each.in_person} {each.newcomer} {each.volunteer}"
            for each in self.weeks
        )

    def months_noted(self) -> str:
        """The months in a few lines of text, one for each medium."""
        return "\n".join(f"{each.month} {each.medium.value} {each.talks} {each.minutes}" for each in self.months)

    @classmethod
    def read(cls, weeks: str, months: str) -> Talked:
        """What was noted."""
        return cls(
            tuple(_week(*line.split(" ")) for line in weeks.splitlines()),
            tuple(_month(*line.split(" ")) for line in months.splitlines()),
        )


def months_between(first: str, last: str, noted: str) -> Iterator[tuple[str, str, int, int]]:
    """What was noted of months from the first to the last, both included: month, medium, conversations, minutes. A report asks for it of
    every duo, so that nothing more is made of it here.
    """
    end = f"{last}~"
    for line in noted.splitlines():
        if first <= line <= end:
            month, medium, talks, minutes = line.split(" ")
            yield month, medium, int(talks), int(minutes)


def _week(week: str, minutes: str, talks: str, last: str, *others: str) -> WeekTalk:
    return WeekTalk(week, int(minutes), int(talks), date.fromisoformat(last), *map(int, others))


def _month(month: str, medium: str, talks: str, minutes: str) -> MonthTalk:
    return MonthTalk(month, Medium(medium), int(talks), int(minutes))
