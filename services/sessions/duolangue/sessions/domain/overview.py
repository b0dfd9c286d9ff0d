"""How things stand: a duo's weeks beside its promise, an association's totals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict

from duolangue.chassis.decision import RuleBroken
from duolangue.contracts.facts.sessions import Milestone
from duolangue.contracts.vocabulary import EntityId, Medium, Week
from duolangue.sessions.domain import weeks
from duolangue.sessions.domain.commitment import Commitment, CommitmentStatus
from duolangue.sessions.domain.standing import Health

A_YEAR: Final = timedelta(days=366)


class WeekTalked(BaseModel):
    """One week of a duo."""

    model_config = ConfigDict(frozen=True)

    week: Week
    minutes: int
    met: bool
    """Whether the promise was reached; in the present week: is reached so far."""
    excused: bool
    """Nothing was owed: the week of the confirmation or one before it, or a week with a pause in it."""


class DuoOverview(BaseModel):
    """How a duo is doing."""

    model_config = ConfigDict(frozen=True)

    duo: EntityId
    newcomer: EntityId
    volunteer: EntityId
    status: CommitmentStatus
    since: AwareDatetime
    promised: int
    """Minutes a week."""
    weeks: list[WeekTalked]
    """From the first that counts, or in which something was logged, to the present one (or to its end); oldest first."""
    minutes: int
    """Of all its conversations."""
    missed_weeks: int
    """Weeks that were judged below the promise, and still are."""
    missed_in_a_row: int
    """How many of these the last ones are."""
    health: Health
    """As of the last look: when something was told of the duo, or a week was over."""
    to_call: bool
    """There is a reason to call it, and nobody did so lately."""
    milestones: list[Milestone]
    """What it reached."""
    term: int
    """Which term it is in; the next one begins when both go on."""
    break_until: date | None
    """The last day of the break that it takes at present; none where it takes none."""

    last_missed: WeekTalked | None
    """The last week that was judged, when it was below the promise."""


class MediumTotals(BaseModel):
    """What took place by one medium."""

    model_config = ConfigDict(frozen=True)

    conversations: int = 0
    minutes: int = 0


class Totals(BaseModel):
    """An association's figures over a period."""

    model_config = ConfigDict(frozen=True)

    conversations: int
    minutes: int
    duos: int
    """Duos that had at least one conversation."""
    below_commitment: int
    """Duos with at least one missed week (counted by the weeks that overlap the period)."""
    by_medium: dict[Medium, MediumTotals]


class PeriodTooLong(RuleBroken):
    """More days than are summed at once, or days in the wrong order."""

    code = "period_too_long"


def a_year_before(day: date) -> date:
    """The first of the days that are summed where none is named: a year of them, the last one included."""
    return day - A_YEAR if day - date.min > A_YEAR else date.min


def within_a_year(since: date, until: date) -> None:
    """Whether the days between two, both included, are summed at once.

    Raises:
        PeriodTooLong: more than 367 of them, or in the wrong order.
    """
    if until < since:
        raise PeriodTooLong("The last day comes before the first.", field="until")
    if until - since > A_YEAR:
        raise PeriodTooLong("A year at most at once: ask for one after the other.", field="since")


def overview(commitment: Commitment, minutes: Mapping[str, int], zone: ZoneInfo, now: datetime) -> DuoOverview:
    """A duo's weeks, given what was talked in each."""
    first = commitment.first_week(zone)
    last = weeks.week_of(weeks.day_at(min(now, commitment.ended_at or now), zone))
    shown = [
        WeekTalked(
            week=week,
            minutes=minutes.get(week, 0),
            met=minutes.get(week, 0) >= commitment.promised,
            excused=week < first or commitment.excused(week, zone),
        )
        for week in weeks.weeks_from(min([first, *minutes]), max([last, *minutes]))
    ]
    resting = commitment.break_on(weeks.day_at(now, zone))
    unmet = set(commitment.unmet(minutes, zone))
    judged = [week for week in shown if not week.excused and week.week <= (commitment.checked or "")]
    row = list(takewhile(lambda week: week.week in unmet, reversed(judged)))
    return DuoOverview(
        duo=commitment.id,
        newcomer=commitment.newcomer,
        volunteer=commitment.volunteer,
        status=commitment.status,
        since=commitment.since,
        promised=commitment.promised,
        weeks=shown,
        minutes=sum(minutes.values()),
        missed_weeks=len(unmet),
        missed_in_a_row=len(row),
        last_missed=row[0] if row else None,
        health=commitment.standing.health,
        to_call=commitment.standing.to_call,
        milestones=list(commitment.milestones),
        term=commitment.term.number,
        break_until=resting.until if resting else None,
    )


def with_missed_week(
    commitments: list[Commitment], minutes: Mapping[str, Mapping[str, int]], zone: ZoneInfo, first: str, last: str
) -> int:
    """How many duos have a missed week between two weeks, both included."""
    return sum(
        any(first <= week <= last for week in commitment.unmet(minutes.get(commitment.id, {}), zone))
        for commitment in commitments
    )
