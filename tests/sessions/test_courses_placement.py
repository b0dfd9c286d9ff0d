"""Who is placed in which level, and who misses how much: the rules, one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolangue.contracts.facts.activities import Presence
from duolangue.contracts.facts.courses import AbsenceNoticed, Degree, LevelReached
from duolangue.contracts.vocabulary import Level
from duolangue.sessions import course_forms
from duolangue.sessions.domain import course, placement
from duolangue.sessions.domain.course import Attended, Attending, Thresholds
from duolangue.sessions.domain.placement import LADDER, CourseLevel, Learner, LevelTest, Reached

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
BRUSSELS = ZoneInfo("Europe/Brussels")
TODAY = date(2026, 11, 22)
LEVELS = st.sampled_from(list(Level))


@pytest.mark.parametrize(
    ("oral", "written", "level"),
    [
        (Level.A0_CANNOT_READ, None, "level-1"),
        (Level.A0, Level.A0, "level-1"),
        (Level.A1, Level.A0, "level-2"),
        (Level.A1, Level.A0_CANNOT_READ, "level-1"),  # speaks, cannot read: begins in the first group
        (Level.B1, Level.A0_CANNOT_READ, "level-1"),
        (Level.A2, Level.A0, "level-2"),
        (Level.A2, Level.A1, "level-3"),
        (Level.A2, None, "level-3"),  # a written level nobody told counts as the oral one
        (Level.C2, Level.C2, "level-3"),
        (Level.A0, Level.C1, "level-1"),  # reads well, does not speak yet
        (None, None, "level-1"),
    ],
)
def test_the_lower_of_oral_and_written_decides(oral: Level | None, written: Level | None, level: str) -> None:
    assert placement.proposed(LADDER, oral, written).id == level


@given(LEVELS, LEVELS, LEVELS, LEVELS)
def test_whoever_speaks_and_writes_better_is_never_placed_lower(
    one: Level, two: Level, three: Level, four: Level
) -> None:
    worse = (min(one, two, key=lambda each: each.rank), min(three, four, key=lambda each: each.rank))
    better = (max(one, two, key=lambda each: each.rank), max(three, four, key=lambda each: each.rank))
    ids = [each.id for each in LADDER]
    assert ids.index(placement.proposed(LADDER, *worse).id) <= ids.index(placement.proposed(LADDER, *better).id)


def test_a_teachers_test_overrides_the_rule_until_it_is_taken_back_or_a_level_is_reached_after_it() -> None:
    test = LevelTest(level="level-2", on=date(2026, 9, 1), by="c-1")
    change = placement.tested(Learner(id="ali"), LADDER, test, TODAY)
    assert change is not None
    learner = change.state
    assert placement.placed(LADDER, learner, Level.C1, Level.C1).level.id == "level-2"
    done = placement.reach(learner, LADDER, Reached(level="level-2", on=date(2026, 11, 20), activity="g-1", by="c-1"))
    assert done is not None
    assert done.facts == (
        LevelReached(participant="ali", activity="g-1", level="level-2", number=2, of=3, on=date(2026, 11, 20)),
    )
    assert placement.placed(LADDER, done.state, Level.A0, None).level.id == "level-3"
    assert placement.reach(done.state, LADDER, done.state.reached[0]) is None, "told once"
    later = placement.tested(done.state, LADDER, LevelTest(level="level-1", on=date(2026, 11, 21), by="c-2"), TODAY)
    assert later is not None
    assert placement.placed(LADDER, later.state, Level.C1, Level.C1).level.id == "level-1"
    back = placement.untested(learner)
    assert back is not None
    assert placement.placed(LADDER, back.state, Level.C1, Level.C1).level.id == "level-3"


@pytest.mark.parametrize(
    ("on", "level"), [(date(2026, 11, 23), "level-1"), (date(2025, 11, 1), "level-1"), (TODAY, "level-9")]
)
def test_a_test_to_come_long_ago_or_of_no_level_is_refused(on: date, level: str) -> None:
    with pytest.raises((placement.LevelTestWrong, placement.NoSuchLevel)):
        placement.tested(Learner(id="ali"), LADDER, LevelTest(level=level, on=on, by="c-1"), TODAY)


def test_a_ladder_is_open_below_and_never_asks_for_less_above() -> None:
    first, second, third = LADDER
    assert placement.ladder(LADDER) == LADDER
    for wrong in (
        [],
        [second, third],
        [first, third, second],
        [first, CourseLevel(id="x", name=" fle 1 ", oral=Level.A1, written=Level.A1)],
        [first, CourseLevel(id="x", name=" ", oral=Level.A1, written=Level.A1)],
    ):
        with pytest.raises(placement.LevelsWrong):
            placement.ladder(wrong)


def test_excused_classes_count_neither_as_attended_nor_as_missed() -> None:
    seen = course.attended([Presence.PRESENT, Presence.EXCUSED, Presence.ABSENT, Presence.EXCUSED, Presence.PRESENT])
    assert (seen.counted, seen.percent) == (3, 33)
    assert course.attended([Presence.EXCUSED] * 8).rate == 0


def test_absences_are_reminded_of_in_three_degrees_each_once_and_not_before_three_classes_count() -> None:
    limits, known, told = Thresholds(), Attending(id="e-1", activity="g-1", participant="ali"), []
    for absent in range(1, 8):
        seen = Attended(present=4, absent=absent) if absent > 2 else Attended(absent=absent)
        now = NOW + timedelta(days=absent)
        change = course.notice(known, seen, limits, now, last_missed=now.date(), zone=BRUSSELS)
        if change is not None:
            known = change.state
            assert course.notice(known, seen, limits, now, last_missed=now.date(), zone=BRUSSELS) is None
            told += [
                (fact.degree, fact.missed, fact.counted) for fact in change.facts if isinstance(fact, AbsenceNoticed)
            ]
    assert told == [(Degree.FRIENDLY, 3, 7), (Degree.SERIOUS, 4, 8), (Degree.LAST, 5, 9)]
    later = NOW + timedelta(days=30)
    seen = Attended(present=1, absent=9)
    assert course.notice(known, seen, limits, later, last_missed=later.date(), zone=BRUSSELS) is None
    assert course.degree(Attended(present=4, absent=1), limits) == 1
    assert course.degree(Attended(absent=2), limits) == 0


@pytest.mark.parametrize("rates", [[20, 20, 50], [0, 35, 50], [20, 35, 101], [20, 35]])
def test_degrees_follow_one_another(rates: list[int]) -> None:
    with pytest.raises(course.ThresholdsWrong):
        course.thresholds(rates, 3)


def test_of_a_test_and_the_end_of_a_level_on_one_day_the_higher_says_where_somebody_belongs() -> None:
    reached = (Reached(level="level-1", on=TODAY, activity="g-1", by="c-1"),)
    for tested, belongs in (("level-1", "level-2"), ("level-2", "level-2"), ("level-3", "level-3")):
        test = LevelTest(level=tested, on=TODAY, by="c-1")
        placed = placement.placed(LADDER, Learner(id="ali", test=test, reached=reached), Level.A0, None)
        assert placed.level.id == belongs


def rows(*levels: tuple[str, str]) -> dict[str, str]:
    """The form of levels: the hidden id and the name of each row."""
    return {
        key: value
        for row, (level_id, name) in enumerate(levels)
        for key, value in {
            f"id-{row}": level_id, f"name-{row}": name, f"oral-{row}": "A0", f"written-{row}": "A0"
        }.items()
    }  # fmt: skip


def test_a_level_is_known_by_its_name_in_whichever_row_it_is_written() -> None:
    first, second, third = ((each.id, each.name) for each in LADDER[:3])
    before = LADDER[:3]
    between = course_forms.levels(rows(first, second, (third[0], "FLE 2b"), ("", third[1])), before)
    assert [each.id for each in between][:2] == [first[0], second[0]]
    assert between[3].id == third[0], "who was tested for it still belongs in it"
    assert between[2].id not in {each.id for each in before}
    renamed = course_forms.levels(rows(first, (second[0], "Deuxième"), third), before)
    assert [each.id for each in renamed] == [first[0], second[0], third[0]]
    shorter = course_forms.levels(rows(first, (second[0], third[1])), before)
    assert [each.id for each in shorter] == [first[0], third[0]]
    again = course_forms.levels(rows(first, (third[0], third[1]), ("", "FLE 9")), shorter)
    assert again[2].id not in {each.id for each in before}, "the id of one that is gone is nobody else's"
