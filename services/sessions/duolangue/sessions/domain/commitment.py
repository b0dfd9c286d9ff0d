"""A duo's commitment: what it promised for a week, which weeks count, which were missed.

Matching's facts about the duo are kept as steps, by version, so that in whatever order they arrive the same story results.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from duolangue.chassis.decision import Change, RuleBroken
from duolangue.contracts.facts.sessions import CommitmentMissed, Milestone
from duolangue.contracts.vocabulary import EntityId, Role, Week
from duolangue.sessions.domain import weeks
from duolangue.sessions.domain.standing import Break, Call, Standing, Term


class CommitmentStatus(StrEnum):
    """Whether something is promised at present."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class NotInDuo(RuleBroken):
    """A link whose person is neither side of its duo."""

    code = "not_in_duo"


class DuoOver(RuleBroken):
    """A duo that has ended logs nothing any more."""

    code = "duo_over"
    status = 409


class Step(BaseModel):
    """One fact of matching about the duo."""

    model_config = ConfigDict(frozen=True)

    version: int = Field(ge=1)
    status: CommitmentStatus
    at: AwareDatetime


class Commitment(BaseModel):
    """What a duo promised, and what became of it. Its id is the duo's."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    newcomer: EntityId
    volunteer: EntityId
    since: AwareDatetime
    """When the duo was confirmed."""
    promised: int = Field(ge=1, le=600)
    """Minutes a week, as the association's rule was when the duo was confirmed."""
    imported: bool = False
    """They were a duo before the association came here: what they talked then nobody knows."""
    status: CommitmentStatus
    steps: tuple[Step, ...] = Field(min_length=1)
    """In the order of their versions."""
    checked: Week | None = None
    """The last week that was judged."""
    missed: tuple[Week, ...] = ()
    """The weeks told as missed, each once. One may be made good by a conversation logged later."""
    due_at: AwareDatetime | None
    milestones: tuple[Milestone, ...] = ()
    """Those that were told, each once."""
    standing: Standing = Standing()
    talked: str | None = None
    """What it had talked at the last look (`Talked.noted`); none before the first. It counts for weeks that were judged; the weeks since are
    read from the conversations at each look.
    """
    months: str | None = None
    """The same by calendar month (`Talked.months_noted`): what reports sum."""
    lasted: tuple[int, ...] = ()
    """After which so many weeks it still met (`lasting`)."""
    term: Term = Term()
    called: Call | None = None
    """The last time a coordinator spoke with them."""
    breaks: tuple[Break, ...] = ()
    """Those that the two asked for, in the order in which they began; a pause that a coordinator told matching of is a step."""

    def side_of(self, person: str) -> Role:
        """On which side somebody is.

        Raises:
            NotInDuo: on neither.
        """
        if person == self.newcomer:
            return Role.NEWCOMER
        if person == self.volunteer:
            return Role.VOLUNTEER
        raise NotInDuo("This link is not for this duo.")

    @property
    def ended_at(self) -> datetime | None:
        """When the duo ended, if it did."""
        return self.steps[-1].at if self.status is CommitmentStatus.ENDED else None

    def first_week(self, zone: ZoneInfo) -> str:
        """The first week that counts: the one after the week in which the duo was first told of.

        That is the week of its confirmation; nobody owes anything for weeks before the platform knew the duo.
        """
        return weeks.following(weeks.week_of(weeks.day_at(min(step.at for step in self.steps), zone)))

    def earliest_week(self, zone: ZoneInfo) -> str:
        """The first week of which a conversation is believed: that of its confirmation, as two may meet while the last answer is on its way;
        none (empty) where they were a duo before the association came here.
        """
        return "" if self.imported else weeks.week_of(weeks.day_at(self.since, zone))

    def excused(self, week: str, zone: ZoneInfo) -> bool:
        """Whether nothing is owed for a week: the duo was paused at some moment of it."""
        pauses = list(self._pauses())
        if not pauses:
            return False
        begins, ends = weeks.begins(week, zone), weeks.begins(weeks.following(week), zone)
        return any(start < ends and (start >= begins or end is None or end > begins) for start, end in pauses)

    def counted_weeks(self, zone: ZoneInfo) -> int:
        """How many weeks were judged for which something was owed."""
        first = self.first_week(zone)
        if self.checked is None or self.checked < first:
            return 0
        touched = {
            week
            for start, end in self._pauses()
            for week in weeks.weeks_from(
                max(first, weeks.week_of(weeks.day_at(start, zone))),
                min(self.checked, weeks.week_of(weeks.day_at(end, zone)) if end else self.checked),
            )
        }
        excused = sum(1 for week in touched if self.excused(week, zone))
        return weeks.number_between(first, self.checked) - excused

    def missed_in_a_row(self, minutes: Mapping[str, int], zone: ZoneInfo) -> list[str]:
        """The last weeks that were judged, in a row, as far as they are below the promise; the latest first."""
        unmet, first, row = set(self.unmet(minutes, zone)), self.first_week(zone), []
        week = self.checked
        while week is not None and week >= first and (week in unmet or self.excused(week, zone)):
            if week in unmet:
                row.append(week)
            week = weeks.preceding(week)
        return row

    @property
    def running_since(self) -> datetime:
        """When it was first told of, or when its last pause ended or will end."""
        resumed = [
            step.at
            for step, before in zip(self.steps[1:], self.steps, strict=False)
            if before.status is CommitmentStatus.PAUSED
        ]
        return max([min(step.at for step in self.steps), *resumed, *(each.ends_at for each in self.breaks)])

    def break_on(self, day: date) -> Break | None:
        """The break in which a day is; none where it is in none."""
        return next((each for each in self.breaks if each.covers(day)), None)

    def unmet(self, minutes: Mapping[str, int], zone: ZoneInfo) -> list[str]:
        """The weeks told as missed that still are, given the minutes of each week as known now."""
        return [week for week in self.missed if minutes.get(week, 0) < self.promised and not self.excused(week, zone)]

    def _pauses(self) -> Iterator[tuple[datetime, datetime | None]]:
        for step, after in zip(self.steps, (*self.steps[1:], None), strict=True):
            if step.status is CommitmentStatus.PAUSED:
                yield step.at, after.at if after else None
        for each in self.breaks:
            yield each.begins_at, each.ends_at


def follow(
    duo: str,
    *,
    newcomer: str,
    volunteer: str,
    since: datetime,
    promised: int,
    step: Step,
    zone: ZoneInfo,
    imported: bool = False,
) -> Commitment:
    """Begin to follow a duo, from the first step that is heard of."""
    fresh = Commitment(
        id=duo,
        newcomer=newcomer,
        volunteer=volunteer,
        since=since,
        promised=promised,
        imported=imported,
        status=step.status,
        steps=(step,),
        due_at=None,
    )
    return fresh.model_copy(update={"due_at": next_look(fresh, zone)})


def take(commitment: Commitment, step: Step, zone: ZoneInfo) -> Change[Commitment] | None:
    """Take a step of matching into the story. None for one that is known."""
    if any(known.version == step.version for known in commitment.steps):
        return None
    steps = tuple(sorted((*commitment.steps, step), key=lambda each: each.version))
    changed = commitment.model_copy(update={"steps": steps, "status": steps[-1].status})
    return Change(changed.model_copy(update={"due_at": next_look(changed, zone)}))


def check(
    commitment: Commitment, minutes: Mapping[str, int], zone: ZoneInfo, now: datetime
) -> Change[Commitment] | None:
    """Judge every week that is over since the last look, in order; `minutes` has what was talked in each week.

    One fact for each week below the promise. None when nothing is due.
    """
    if commitment.due_at is None or commitment.due_at > now:
        return None
    facts: list[CommitmentMissed] = []
    unmet = len(commitment.unmet(minutes, zone))
    checked = commitment.checked
    for week in _over(commitment, zone, now):
        checked = week
        talked = minutes.get(week, 0)
        if talked < commitment.promised and not commitment.excused(week, zone):
            fact = CommitmentMissed(
                duo=commitment.id,
                newcomer=commitment.newcomer,
                volunteer=commitment.volunteer,
                week=week,
                minutes=talked,
                promised=commitment.promised,
                missed_weeks=unmet + len(facts) + 1,
            )
            facts.append(fact)
    missed = (*commitment.missed, *(fact.week for fact in facts))
    changed = commitment.model_copy(update={"checked": checked, "missed": missed})
    return Change(changed.model_copy(update={"due_at": next_look(changed, zone)}), tuple(facts))


def _over(commitment: Commitment, zone: ZoneInfo, now: datetime) -> Iterator[str]:
    week = _next_week(commitment, zone)
    while weeks.looked_at(week, zone) <= now:
        yield week
        week = weeks.following(week)


def _next_week(commitment: Commitment, zone: ZoneInfo) -> str:
    first = commitment.first_week(zone)
    return first if commitment.checked is None else max(first, weeks.following(commitment.checked))


def next_look(commitment: Commitment, zone: ZoneInfo) -> datetime | None:
    """When the next week is over and may be judged; never for an ended duo."""
    if commitment.status is CommitmentStatus.ENDED:
        return None
    return weeks.looked_at(_next_week(commitment, zone), zone)
