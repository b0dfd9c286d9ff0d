"""A duo's health: computed from logs and silence, its milestones, its term; each told once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duolangue.contracts.facts.sessions import CommitmentAtRisk, CommitmentMilestone, Milestone, Risk
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain import commitment as commitments
from duolangue.sessions.domain import health, next_step, weeks
from duolangue.sessions.domain.commitment import Commitment, CommitmentStatus, DuoOver, Step
from duolangue.sessions.domain.follow_up import FollowUp
from duolangue.sessions.domain.next_step import NotAsked, NothingToCallFor
from duolangue.sessions.domain.standing import Health, NextStep
from duolangue.sessions.domain.talked import Talked, WeekTalk

ZONE = ZoneInfo("Europe/Brussels")
CONFIRMED = datetime(2026, 9, 2, 10, tzinfo=UTC)  # a Wednesday of 2026-W36
RULES = FollowUp()


def a_duo(rules: FollowUp = RULES) -> Commitment:
    fresh = commitments.follow(
        "duo-1",
        newcomer="n",
        volunteer="v",
        since=CONFIRMED,
        promised=30,
        step=Step(version=1, status=CommitmentStatus.ACTIVE, at=CONFIRMED),
        zone=ZONE,
    )
    return health.begun(fresh, rules, ZONE, CONFIRMED)


def talked(*days: str, minutes: int = 30, sides: int = 2, in_person: int = 0) -> Talked:
    """One conversation on each of these days, told of by both sides or by the newcomer alone."""
    found: dict[str, list[date]] = {}
    for day in sorted(days):
        found.setdefault(weeks.week_of(date.fromisoformat(day)), []).append(date.fromisoformat(day))
    return Talked(
        tuple(
            WeekTalk(week, minutes * len(held), len(held), held[-1], in_person, len(held), len(held) * (sides - 1))
            for week, held in found.items()
        )
    )


def weekly(number: int, **more: int) -> Talked:
    """A conversation each Tuesday from the first week that counts."""
    return talked(*(str(date(2026, 9, 8) + timedelta(weeks=each)) for each in range(number)), **more)


def looked(
    duo: Commitment, moment: datetime | str, told: Talked | None = None, rules: FollowUp = RULES
) -> tuple[Commitment, list[CommitmentAtRisk | CommitmentMilestone]]:
    now = datetime.fromisoformat(f"{moment}T12:30").replace(tzinfo=ZONE) if isinstance(moment, str) else moment
    change = health.look(duo, told or Talked(), rules, ZONE, now)
    if change is None:
        return duo, []
    return change.state, [each for each in change.facts if isinstance(each, CommitmentAtRisk | CommitmentMilestone)]


@pytest.mark.parametrize(
    ("day", "told", "expected", "since"),
    [
        ("2026-09-11", Talked(), Health.BEGINNING, None),
        ("2026-09-12", Talked(), Health.NOT_STARTED, "2026-09-12"),
        ("2026-09-12", talked("2026-09-11"), Health.BEGINNING, None),
        ("2026-09-14", weekly(1), Health.MET, None),
        ("2026-09-14", weekly(1, minutes=29), Health.BELOW, "2026-09-14"),
        ("2026-09-21", talked("2026-09-08"), Health.BELOW, "2026-09-21"),
        ("2026-09-22", talked("2026-09-08"), Health.SILENT, "2026-09-22"),
        ("2026-09-22", talked("2026-09-08", "2026-09-22"), Health.MET, None),
        ("2026-10-05", weekly(4, sides=1), Health.ONE_SIDED, None),
        ("2026-10-05", weekly(4), Health.MET, None),
        ("2026-09-28", weekly(3, sides=1), Health.MET, None),
        ("2026-11-30", weekly(12), Health.COMPLETED, "2026-11-30"),
    ],
)
def test_health_follows_from_what_was_told_and_from_silence(
    day: str, told: Talked, expected: Health, since: str | None
) -> None:
    duo, _ = looked(a_duo(), day, told)
    assert duo.standing.health is expected
    if since:
        assert str(duo.standing.since) == since
    calling = expected in {Health.NOT_STARTED, Health.BELOW, Health.SILENT, Health.ONE_SIDED, Health.COMPLETED}
    assert duo.standing.to_call is calling


def test_silence_is_noticed_on_its_day_even_if_nobody_tells_anything() -> None:
    duo = a_duo()
    assert duo.due_at == weeks.morning(date(2026, 9, 12), ZONE)
    duo, facts = looked(duo, duo.due_at)
    assert [(fact.risk, fact.since) for fact in facts if isinstance(fact, CommitmentAtRisk)] == [
        (Risk.NOT_STARTED, date(2026, 9, 12))
    ]
    duo, _ = looked(duo, "2026-09-14", talked("2026-09-13"))
    assert duo.standing.health is Health.MET


def test_a_risk_is_told_once_and_again_only_after_it_had_gone() -> None:
    duo, first = looked(a_duo(), "2026-09-14", weekly(1, minutes=10))
    duo, again = looked(duo, "2026-09-15", weekly(1, minutes=10))
    duo, gone = looked(duo, "2026-09-21", weekly(2))
    duo, back = looked(duo, "2026-09-28", weekly(2))
    risks = [
        [each.risk for each in facts if isinstance(each, CommitmentAtRisk)] for facts in (first, again, gone, back)
    ]
    assert risks == [[Risk.BELOW], [], [], [Risk.BELOW]]


def test_a_week_that_was_kept_makes_good_before_it_is_judged_too() -> None:
    duo, _ = looked(a_duo(), "2026-09-14", weekly(1, minutes=10))
    kept = Talked((*weekly(1, minutes=10).weeks, *talked("2026-09-20", minutes=40).weeks))
    duo, _ = looked(duo, datetime(2026, 9, 20, 20, tzinfo=ZONE), kept)
    assert duo.standing.health is Health.MET
    duo, facts = looked(duo, datetime(2026, 9, 21, 8, tzinfo=ZONE), kept)  # before noon last week is not judged
    assert (duo.standing.health, duo.standing.to_call, facts) == (Health.MET, False, [])


def test_who_bears_two_weeks_below_is_told_after_two() -> None:
    rules = FollowUp(below_weeks=2)
    duo, first = looked(a_duo(rules), "2026-09-14", weekly(1, minutes=10), rules)
    assert (duo.standing.health, duo.standing.to_call) == (Health.BELOW, False)
    duo, second = looked(duo, "2026-09-21", weekly(2, minutes=10), rules)
    assert duo.standing.to_call
    assert [[each for each in facts if isinstance(each, CommitmentAtRisk)] != [] for facts in (first, second)] == [
        False, True,
    ]  # fmt: skip


def test_a_break_owes_nothing_and_silence_counts_from_its_end() -> None:
    duo, _ = looked(a_duo(), "2026-09-14", weekly(1))
    for version, status, day in ((2, CommitmentStatus.PAUSED, 15), (3, CommitmentStatus.ACTIVE, 30)):
        at = datetime(2026, 9, day, 10, tzinfo=UTC)
        change = health.heard(duo, Step(version=version, status=status, at=at), RULES, ZONE, at)
        assert change is not None
        duo = change.state
        if status is CommitmentStatus.PAUSED:
            duo, facts = looked(duo, "2026-09-29", weekly(1))
            assert (duo.standing.health, duo.standing.to_call, facts) == (Health.PAUSED, False, [])
    duo, _ = looked(duo, "2026-10-13", weekly(1))
    assert duo.standing.health is Health.BELOW  # the week after the break was owed; silence lasts 13 days
    duo, _ = looked(duo, "2026-10-14", weekly(1))
    assert duo.standing.health is Health.SILENT


def test_what_a_duo_reaches_is_told_once() -> None:
    duo, told = a_duo(), []
    for number in range(1, 14):
        duo, facts = looked(
            duo, weeks.looked_at(f"2026-W{36 + number}", ZONE), weekly(number, minutes=60, in_person=number == 3)
        )
        told += [(number, each.milestone) for each in facts if isinstance(each, CommitmentMilestone)]
    assert told == [
        (1, Milestone.FIRST_TALK), (3, Milestone.FIRST_IN_PERSON), (5, Milestone.FIFTH_TALK), (10, Milestone.TEN_HOURS),
        (12, Milestone.TWELVE_WEEKS), (12, Milestone.TERM),
    ]  # fmt: skip


def test_of_a_duo_that_was_imported_nobody_knows_which_conversation_was_its_first() -> None:
    duo = a_duo().model_copy(update={"imported": True})
    duo, facts = looked(duo, "2026-10-12", weekly(5, minutes=120, in_person=1))
    assert [each.milestone for each in facts if isinstance(each, CommitmentMilestone)] == [Milestone.TEN_HOURS]


def completed() -> Commitment:
    duo, facts = looked(a_duo(), "2026-11-30", weekly(12))
    assert [each.term for each in facts if isinstance(each, CommitmentMilestone)][-1] == 1
    return duo


def answered(duo: Commitment, wish: NextStep, *sides: Role) -> Commitment:
    change = next_step.answer(duo, sides, wish, ZONE, datetime(2026, 12, 1, 10, tzinfo=UTC))
    return looked(change.state if change else duo, "2026-12-01", weekly(13))[0]


def test_when_both_go_on_another_term_begins() -> None:
    one = answered(completed(), NextStep.GO_ON, Role.NEWCOMER)
    assert (one.standing.health, one.term.goes_on) == (Health.COMPLETED, False)
    both = answered(one, NextStep.GO_ON, Role.VOLUNTEER)
    assert (both.term.number, both.term.began_after, both.standing.health) == (2, 12, Health.MET)
    later, facts = looked(both, "2027-02-22", weekly(24))
    assert later.standing.health is Health.COMPLETED
    assert [each.term for each in facts if isinstance(each, CommitmentMilestone) and each.term] == [2]
    with pytest.raises(NotAsked):
        answered(both, NextStep.END, Role.NEWCOMER)


def test_who_wants_to_end_it_comes_first_on_the_desk_and_may_think_again() -> None:
    duo = completed()
    calmly = duo.standing.rank
    duo = answered(duo, NextStep.END, Role.NEWCOMER)
    assert duo.term.to_end
    assert duo.standing.rank < calmly
    duo = answered(answered(duo, NextStep.GO_ON, Role.NEWCOMER), NextStep.GO_ON, Role.VOLUNTEER)
    assert duo.term.number == 2


def test_a_duo_that_ended_is_asked_nothing() -> None:
    step = Step(version=9, status=CommitmentStatus.ENDED, at=datetime(2026, 12, 1, 9, tzinfo=UTC))
    change = health.heard(completed(), step, RULES, ZONE, step.at)
    assert change is not None
    assert (change.state.standing.health, change.state.standing.to_call, change.state.due_at) == (
        Health.ENDED,
        False,
        None,
    )
    with pytest.raises(DuoOver):
        answered(change.state, NextStep.GO_ON, Role.NEWCOMER)


def test_whom_a_coordinator_called_is_left_in_peace_for_two_weeks_unless_something_else_happens() -> None:
    duo, _ = looked(a_duo(), "2026-09-14", weekly(1, minutes=10))
    noted = next_step.called(duo, datetime(2026, 9, 14, 11, tzinfo=UTC), ZONE)
    assert noted is not None
    quiet, facts = looked(noted.state, "2026-09-15", weekly(1, minutes=10))
    assert (quiet.standing.to_call, facts) == (False, [])
    assert next_step.called(quiet, datetime(2026, 9, 14, 12, tzinfo=UTC), ZONE) is None
    with pytest.raises(NothingToCallFor):
        next_step.called(quiet, datetime(2026, 9, 16, 12, tzinfo=UTC), ZONE)
    again, _ = looked(quiet, "2026-09-28", weekly(3, minutes=10))
    assert again.standing.to_call
    silent, facts = looked(quiet, "2026-09-22", weekly(1, minutes=10))
    assert (silent.standing.health, silent.standing.to_call) == (Health.SILENT, True)
    undone = next_step.not_called(quiet, datetime(2026, 9, 14, 12, tzinfo=UTC))
    assert undone is not None
    assert looked(undone.state, "2026-09-15", weekly(1, minutes=10))[0].standing.to_call


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(0, 140), max_size=40),
    st.lists(st.integers(1, 160 * 24), min_size=1, max_size=30).map(sorted),
)
def test_however_the_clock_runs_a_look_repeated_changes_nothing_and_nothing_is_told_twice(
    days: list[int], looks: list[int]
) -> None:
    duo, reached = a_duo(), []
    for hours in looks:
        now = CONFIRMED + timedelta(hours=hours)
        past = [each for each in days if CONFIRMED + timedelta(days=each) <= now]
        told = talked(*{str((CONFIRMED + timedelta(days=each)).date()) for each in past})
        duo, facts = looked(duo, now, told)
        reached += [(each.milestone, each.term) for each in facts if isinstance(each, CommitmentMilestone)]
        assert looked(duo, now, told) == (duo, [])
        assert duo.due_at is not None
        assert duo.due_at > now
    assert len(reached) == len(set(reached))
