"""A commitment over the weeks: what counts, what is excused, what is told, and in whatever order matching is heard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolangue.contracts.facts.sessions import CommitmentMissed
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain import commitment as commitments
from duolangue.sessions.domain import weeks
from duolangue.sessions.domain.commitment import Commitment, CommitmentStatus, NotInDuo, Step
from duolangue.sessions.domain.overview import overview

ZONE = ZoneInfo("Europe/Brussels")
CONFIRMED = datetime(2026, 11, 18, 10, tzinfo=UTC)  # a Wednesday of 2026-W47
ACTIVE, PAUSED, ENDED = CommitmentStatus.ACTIVE, CommitmentStatus.PAUSED, CommitmentStatus.ENDED


def followed(*steps: Step, promised: int = 30) -> Commitment:
    first, *others = steps or (Step(version=1, status=ACTIVE, at=CONFIRMED),)
    duo = commitments.follow(
        "duo-1", newcomer="n", volunteer="v", since=CONFIRMED, promised=promised, step=first, zone=ZONE
    )
    for step in others:
        change = commitments.take(duo, step, ZONE)
        duo = change.state if change else duo
    return duo


def judged(
    duo: Commitment, now: datetime, minutes: dict[str, int] | None = None
) -> tuple[Commitment, list[CommitmentMissed]]:
    change = commitments.check(duo, minutes or {}, ZONE, now)
    if change is None:
        return duo, []
    return change.state, [fact for fact in change.facts if isinstance(fact, CommitmentMissed)]


def noon_after(week: str) -> datetime:
    return weeks.looked_at(week, ZONE)


def test_the_week_of_the_confirmation_does_not_count_the_next_one_does() -> None:
    duo = followed()
    assert duo.due_at == noon_after("2026-W48") == datetime(2026, 11, 30, 11, tzinfo=UTC)
    assert judged(duo, noon_after("2026-W48") - timedelta(seconds=1)) == (duo, [])
    _, missed = judged(duo, noon_after("2026-W48"))
    assert [fact.week for fact in missed] == ["2026-W48"]


def test_confirmed_on_sunday_night_here_but_already_monday_elsewhere_counts_by_the_associations_clock() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    duo = followed(Step(version=1, status=ACTIVE, at=late))
    assert duo.first_week(ZONE) == "2026-W49"
    assert duo.first_week(ZoneInfo("UTC")) == "2026-W48"


def test_a_clock_that_jumps_judges_every_week_once_and_in_order() -> None:
    duo, missed = judged(followed(), noon_after("2026-W51"), {"2026-W48": 30, "2026-W49": 29, "2026-W51": 10})
    assert [(fact.week, fact.minutes, fact.missed_weeks) for fact in missed] == [
        ("2026-W49", 29, 1),
        ("2026-W50", 0, 2),
        ("2026-W51", 10, 3),
    ]
    assert duo.due_at == noon_after("2026-W52")
    assert judged(duo, noon_after("2026-W51")) == (duo, [])


def test_the_years_end_is_crossed_week_by_week() -> None:
    _, missed = judged(
        followed(), noon_after("2027-W01"), {"2026-W48": 99, "2026-W49": 99, "2026-W50": 99, "2026-W51": 99}
    )
    assert [fact.week for fact in missed] == ["2026-W52", "2026-W53", "2027-W01"]


def test_a_week_made_good_later_is_no_longer_counted_as_missed() -> None:
    duo, _ = judged(followed(), noon_after("2026-W48"))
    _, missed = judged(duo, noon_after("2026-W49"), {"2026-W48": 45})
    assert [(fact.week, fact.missed_weeks) for fact in missed] == [("2026-W49", 1)]


@pytest.mark.parametrize(
    ("paused", "resumed", "owed"),
    [
        (datetime(2026, 12, 1, 9, tzinfo=UTC), datetime(2026, 12, 1, 10, tzinfo=UTC), ["2026-W48", "2026-W50"]),
        (datetime(2026, 11, 29, 22, 59, tzinfo=UTC), datetime(2026, 11, 30, 8, tzinfo=UTC), ["2026-W50"]),
        (datetime(2026, 11, 29, 23, 0, tzinfo=UTC), datetime(2026, 11, 30, 8, tzinfo=UTC), ["2026-W48", "2026-W50"]),
        (datetime(2026, 11, 20, 9, tzinfo=UTC), datetime(2026, 12, 7, 9, tzinfo=UTC), []),
        (datetime(2026, 11, 20, 9, tzinfo=UTC), datetime(2026, 12, 6, 22, tzinfo=UTC), ["2026-W50"]),
        (datetime(2026, 12, 1, 9, tzinfo=UTC), None, ["2026-W48"]),
    ],
)
def test_nothing_is_owed_for_a_week_with_a_pause_in_it(
    paused: datetime, resumed: datetime | None, owed: list[str]
) -> None:
    steps = [Step(version=1, status=ACTIVE, at=CONFIRMED), Step(version=2, status=PAUSED, at=paused)]
    if resumed:
        steps.append(Step(version=3, status=ACTIVE, at=resumed))
    _, missed = judged(followed(*steps), noon_after("2026-W50"))
    assert [fact.week for fact in missed] == owed


def test_an_ended_duo_is_looked_at_no_more() -> None:
    duo = followed(Step(version=1, status=ACTIVE, at=CONFIRMED), Step(version=2, status=ENDED, at=CONFIRMED))
    assert duo.due_at is None
    assert judged(duo, noon_after("2027-W10")) == (duo, [])


def test_in_whatever_order_matching_is_heard_the_same_story_results() -> None:
    steps = [
        Step(version=4, status=ACTIVE, at=CONFIRMED),
        Step(version=5, status=PAUSED, at=CONFIRMED + timedelta(days=10)),
        Step(version=6, status=ACTIVE, at=CONFIRMED + timedelta(days=20)),
        Step(version=7, status=ENDED, at=CONFIRMED + timedelta(days=40)),
    ]
    stories = {followed(*order, *order) for order in permutations(steps)}
    assert stories == {followed(*steps)}
    assert stories.pop().status is ENDED


def test_a_step_that_is_known_changes_nothing() -> None:
    assert commitments.take(followed(), Step(version=1, status=PAUSED, at=CONFIRMED), ZONE) is None


@given(
    st.dictionaries(st.sampled_from(list(weeks.weeks_from("2026-W46", "2027-W08"))), st.integers(1, 90)),
    st.lists(st.integers(1, 16 * 7 * 24), min_size=1, max_size=12).map(sorted),
)
def test_however_the_clock_runs_each_missed_week_is_told_once(minutes: dict[str, int], looks: list[int]) -> None:
    duo, told = followed(), []
    for hours in looks:
        duo, missed = judged(duo, CONFIRMED + timedelta(hours=hours), minutes)
        told += [fact.week for fact in missed]
    last = CONFIRMED + timedelta(hours=looks[-1])
    over = [week for week in weeks.weeks_from("2026-W48", "2027-W10") if noon_after(week) <= last]
    assert told == [week for week in over if minutes.get(week, 0) < 30]
    assert duo.due_at is not None
    assert duo.due_at > last


def test_who_is_on_neither_side_is_refused() -> None:
    assert followed().side_of("n") is Role.NEWCOMER
    assert followed().side_of("v") is Role.VOLUNTEER
    with pytest.raises(NotInDuo):
        followed().side_of("somebody")


def test_the_weeks_that_count_are_those_judged_without_a_pause() -> None:
    paused = Step(version=2, status=PAUSED, at=datetime(2026, 12, 1, 9, tzinfo=UTC))
    resumed = Step(version=3, status=ACTIVE, at=datetime(2026, 12, 15, 9, tzinfo=UTC))
    duo, _ = judged(
        followed(Step(version=1, status=ACTIVE, at=CONFIRMED), paused, resumed),
        noon_after("2026-W53"),
        {"2026-W52": 40},
    )
    assert duo.counted_weeks(ZONE) == 3  # of six: W49 to W51 had a pause in them
    assert duo.missed_in_a_row({"2026-W52": 40}, ZONE) == ["2026-W53"]


def test_a_duos_weeks_stand_beside_its_promise() -> None:
    now, minutes = noon_after("2026-W50") + timedelta(hours=1), {"2026-W48": 60, "2026-W49": 60, "2026-W50": 5}
    duo, _ = judged(followed(), now, minutes)
    tired = overview(duo, minutes, ZONE, now)
    assert tired.missed_in_a_row == 1
    assert tired.last_missed is not None
    assert tired.last_missed.minutes == 5
    assert [(week.week, week.met, week.excused) for week in tired.weeks] == [
        ("2026-W48", True, False), ("2026-W49", True, False), ("2026-W50", False, False), ("2026-W51", False, False),
    ]  # fmt: skip
