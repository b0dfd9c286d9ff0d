"""A duo looked at: weeks that are over are judged, its health is found, what it reached is told.

Everything comes from what was told and from silence. What somebody wrote, or how it went, is for a coordinator's eyes and counts
nowhere here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from duolangue.chassis.decision import Change
from duolangue.contracts.envelope import Fact
from duolangue.contracts.facts.sessions import CommitmentAtRisk, CommitmentMilestone, Milestone
from duolangue.sessions.domain import commitment as commitments
from duolangue.sessions.domain import weeks
from duolangue.sessions.domain.commitment import Commitment, CommitmentStatus, Step
from duolangue.sessions.domain.follow_up import FollowUp
from duolangue.sessions.domain.lasting import lasted
from duolangue.sessions.domain.standing import RECENT, RISKS, URGENCY, Health, Standing, Term, WeekSum
from duolangue.sessions.domain.talked import Talked

FIFTH: Final = 5
TEN_HOURS: Final = 600
TWELVE: Final = 12


def look(
    commitment: Commitment, talked: Talked, rules: FollowUp, zone: ZoneInfo, now: datetime
) -> Change[Commitment] | None:
    """How the duo stands now, and what is to be told of it. None where nothing changed.

    One fact for each week that is over and was missed, for each milestone, and for a risk that begins. Of milestones noticed at once one
    alone brings a message.
    """
    facts: list[Fact] = []
    judged = commitments.check(commitment, talked.by_week, zone, now)
    state = (judged.state if judged else commitment).model_copy(
        update={
            "talked": talked.noted(),
            "months": talked.months_noted(),
            "lasted": lasted(weeks.day_at(commitment.since, zone), talked.by_week),
        }
    )
    facts += judged.facts if judged else ()
    today = weeks.day_at(now, zone)
    reached = tuple(each for each in _reached(state, talked, zone) if each not in state.milestones)
    over = _term_is_over(state, talked, rules, zone, today)
    # a term's end brings a message of its own
    thanked = reached[-1] if reached and rules.congratulate and not over else None
    facts += [_milestone(state, each, talked, today, congratulate=each is thanked) for each in reached]
    state = state.model_copy(update={"milestones": (*state.milestones, *reached)})
    if over:
        state = state.model_copy(update={"term": state.term.model_copy(update={"completed_on": today})})
        facts.append(_milestone(state, Milestone.TERM, talked, today, state.term.number))
    before = state.standing.health
    state = state.model_copy(update={"standing": _standing(state, talked, rules, zone, today)})
    standing = state.standing
    risk = RISKS.get(standing.health) if _worth_a_call(state, rules) else None
    if risk and (before is not standing.health or not _was_worth_a_call(commitment, rules)):
        facts.append(
            CommitmentAtRisk(
                duo=state.id,
                newcomer=state.newcomer,
                volunteer=state.volunteer,
                risk=risk,
                since=standing.since or today,
            )
        )
    state = state.model_copy(update={"due_at": _due(state, talked, rules, zone, today)})
    return Change(state, tuple(facts)) if facts or state != commitment else None


def begun(fresh: Commitment, rules: FollowUp, zone: ZoneInfo, now: datetime) -> Commitment:
    """A duo that was just heard of for the first time, with what is to be looked at next."""
    return _moved(fresh, rules, zone, now)


def heard(
    commitment: Commitment, step: Step, rules: FollowUp, zone: ZoneInfo, now: datetime
) -> Change[Commitment] | None:
    """Matching told a step: on the desk at once, and looked at anew in a moment. None for a step that is known.

    Steps may come in any order, so nothing is judged before the look.
    """
    taken = commitments.take(commitment, step, zone)
    return Change(_moved(taken.state, rules, zone, now)) if taken else None


def _moved(state: Commitment, rules: FollowUp, zone: ZoneInfo, now: datetime) -> Commitment:
    if state.status is CommitmentStatus.ACTIVE:
        first_quiet = weeks.morning(_quiet_from(state, Talked(), rules, zone), zone)
        due = min(filter(None, (state.due_at, first_quiet if len(state.steps) == 1 else now)))
        return state.model_copy(update={"due_at": due})
    paused = state.status is CommitmentStatus.PAUSED
    standing = state.standing.model_copy(
        update={
            "health": Health.PAUSED if paused else Health.ENDED,
            "since": weeks.day_at(state.steps[-1].at, zone),
            "to_call": False,
            "rank": 0,
        }
    )
    return state.model_copy(update={"standing": standing})


def _reached(state: Commitment, talked: Talked, zone: ZoneInfo) -> Iterator[Milestone]:
    """Of an imported duo nobody knows which conversation was its first."""
    if talked.talks >= 1 and not state.imported:
        yield Milestone.FIRST_TALK
    if talked.in_person and not state.imported:
        yield Milestone.FIRST_IN_PERSON
    if talked.talks >= FIFTH and not state.imported:
        yield Milestone.FIFTH_TALK
    if talked.minutes >= TEN_HOURS:
        yield Milestone.TEN_HOURS
    running = state.status is CommitmentStatus.ACTIVE
    if running and talked.talks and state.counted_weeks(zone) >= TWELVE:
        yield Milestone.TWELVE_WEEKS


def _milestone(
    state: Commitment,
    milestone: Milestone,
    talked: Talked,
    today: date,
    term: int | None = None,
    *,
    congratulate: bool = False,
) -> CommitmentMilestone:
    return CommitmentMilestone(
        duo=state.id,
        newcomer=state.newcomer,
        volunteer=state.volunteer,
        milestone=milestone,
        reached_on=today,
        conversations=talked.talks,
        minutes=talked.minutes,
        term=term,
        congratulate=congratulate,
    )


def _term_is_over(state: Commitment, talked: Talked, rules: FollowUp, zone: ZoneInfo, today: date) -> bool:
    """A duo that never talked has not completed anything: it is called for another reason. One that takes a break is asked after it."""
    if state.status is not CommitmentStatus.ACTIVE or state.term.completed_on or not talked.talks:
        return False
    if state.break_on(today) is not None:
        return False
    return state.counted_weeks(zone) - state.term.began_after >= rules.term_weeks


def _standing(state: Commitment, talked: Talked, rules: FollowUp, zone: ZoneInfo, today: date) -> Standing:
    row = state.missed_in_a_row(talked.by_week, zone)
    only_teller = None
    if rules.one_sided_weeks:
        since = weeks.week_of(today - timedelta(weeks=rules.one_sided_weeks))
        only_teller = talked.only_teller(since, least=rules.one_sided_weeks)
    health, began = _health(state, talked, rules, zone, today, row, one_sided=only_teller is not None)
    standing = Standing(
        health=health,
        since=began or (state.standing.since if state.standing.health is health else today),
        talks=talked.talks,
        minutes=talked.minutes,
        last_talk=talked.last,
        recent=tuple(WeekSum(week=each.week, minutes=each.minutes) for each in talked.weeks[-RECENT:]),
        missed_in_a_row=len(row),
        last_missed=WeekSum(week=row[0], minutes=talked.by_week.get(row[0], 0)) if row else None,
        only_teller=only_teller,
    )
    worth = _worth_a_call(state.model_copy(update={"standing": standing}), rules)
    to_call = worth and not _called_lately(state, health, rules, today)
    return standing.model_copy(update={"to_call": to_call, "rank": _rank(health, state.term) if to_call else 0})


def _health(
    state: Commitment, talked: Talked, rules: FollowUp, zone: ZoneInfo, today: date, row: list[str], *, one_sided: bool
) -> tuple[Health, date | None]:
    """The health, and the day on which it began where that follows from what is known."""
    if state.status is not CommitmentStatus.ACTIVE:
        since = weeks.day_at(state.steps[-1].at, zone)
        return (Health.PAUSED if state.status is CommitmentStatus.PAUSED else Health.ENDED), since
    if (resting := state.break_on(today)) is not None:
        return Health.PAUSED, resting.since
    if state.term.completed_on:
        return Health.COMPLETED, state.term.completed_on
    quiet = _quiet_from(state, talked, rules, zone)
    if today >= quiet:
        return (Health.SILENT if talked.talks else Health.NOT_STARTED), quiet
    if row and not _enough_since(state, talked):
        return Health.BELOW, weeks.monday_of(weeks.following(row[-1]))
    if one_sided:
        return Health.ONE_SIDED, None
    return (Health.MET if talked.talks and state.counted_weeks(zone) else Health.BEGINNING), None


def _enough_since(state: Commitment, talked: Talked) -> bool:
    """Whether the promise was kept in a week that is not judged yet: the present one, or one that was over a moment ago."""
    return any(minutes >= state.promised for week, minutes in talked.by_week.items() if week > (state.checked or ""))


def _quiet_from(state: Commitment, talked: Talked, rules: FollowUp, zone: ZoneInfo) -> date:
    """The day on which silence becomes a reason to call, should nothing be told until then."""
    running_since = weeks.day_at(state.running_since, zone)
    if talked.last is None:
        return running_since + timedelta(days=rules.not_started_days)
    return max(running_since, talked.last) + timedelta(days=rules.silent_days)


def _worth_a_call(state: Commitment, rules: FollowUp) -> bool:
    """Whether there is a reason to call, should nobody have called for it lately."""
    standing = state.standing
    if standing.health is Health.BELOW:
        return standing.missed_in_a_row >= rules.below_weeks
    return standing.health in URGENCY


def _was_worth_a_call(before: Commitment, rules: FollowUp) -> bool:
    return before.standing.health in RISKS and _worth_a_call(before, rules)


def _called_lately(state: Commitment, health: Health, rules: FollowUp, today: date) -> bool:
    """Somebody called for this very reason; one of the two who wants to end it is not made to wait for that."""
    if state.called is None or state.called.about is not health or (health is Health.COMPLETED and state.term.to_end):
        return False
    return (today - state.called.on).days < rules.call_again_days


def _rank(health: Health, term: Term) -> int:
    return len(URGENCY) if health is Health.COMPLETED and not term.to_end else URGENCY.index(health)


def _due(state: Commitment, talked: Talked, rules: FollowUp, zone: ZoneInfo, today: date) -> datetime | None:
    """When it must be looked at again, even if nobody tells anything."""
    week_over = commitments.next_look(state, zone)
    if week_over is None or state.status is not CommitmentStatus.ACTIVE:
        return week_over
    days = [_quiet_from(state, talked, rules, zone)]
    if (resting := state.break_on(today)) is not None:
        days.append(resting.until + timedelta(days=1))
    if state.called is not None:
        days.append(state.called.on + timedelta(days=rules.call_again_days))
    return min([week_over, *(weeks.morning(day, zone) for day in days if day > today)])
