"""Levels of the French courses, and who is placed in which.

The rule: a level asks for an oral and a written level of French, and the placement is the highest level of which both are met. So the lower
of the two decides: a class reads and writes as well as it speaks, and whoever speaks well and cannot read yet begins in the first group. A
written level that nobody told counts as the oral one. A teacher's test overrides what the rule says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from duolangue.chassis.decision import Change, RuleBroken
from duolangue.contracts.facts.courses import LevelReached
from duolangue.contracts.vocabulary import EntityId, Level

FEWEST_LEVELS: Final = 1
MOST_LEVELS: Final = 9
LONGEST_NAME: Final = 60
OLDEST_TEST_DAYS: Final = 366


class LevelsWrong(RuleBroken):
    """Levels that do not make a ladder."""

    code = "levels_wrong"


class NoSuchLevel(RuleBroken):
    """A level the association does not have (any more)."""

    code = "no_such_level"


class LevelTestWrong(RuleBroken):
    """A test on a day that cannot be."""

    code = "test_wrong"


class CourseLevel(BaseModel):
    """One step of an association's ladder."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    """Stays when its name changes."""
    name: str = Field(max_length=LONGEST_NAME)
    oral: Level
    """The least that is asked for."""
    written: Level

    def met(self, oral: Level, written: Level) -> bool:
        """Whether somebody has what it asks for."""
        return oral.rank >= self.oral.rank and written.rank >= self.written.rank


LADDER: Final = (
    CourseLevel(id="level-1", name="FLE 1", oral=Level.A0_CANNOT_READ, written=Level.A0_CANNOT_READ),
    CourseLevel(id="level-2", name="FLE 2", oral=Level.A1, written=Level.A0),
    CourseLevel(id="level-3", name="FLE 3", oral=Level.A2, written=Level.A1),
)
"""Three levels, until an association sets its own. Most people speak better than they write, so less is asked for in writing."""


class LevelTest(BaseModel):
    """What a teacher found."""

    model_config = ConfigDict(frozen=True)

    level: EntityId
    on: date
    by: str
    """The coordinator who noted it."""


class Reached(BaseModel):
    """A level somebody has come to the end of."""

    model_config = ConfigDict(frozen=True)

    level: EntityId
    on: date
    activity: EntityId
    """The group in which."""
    by: str
    number: int = Field(default=1, ge=1)
    """Its place on the ladder as it was then, from 1."""
    of: int = Field(default=1, ge=1)
    """How many levels there were."""

    def fact(self, participant: str) -> LevelReached:
        """As it is told."""
        return LevelReached(
            participant=participant,
            activity=self.activity,
            level=self.level,
            number=self.number,
            of=self.of,
            on=self.on,
        )


class Learner(BaseModel):
    """Somebody in French courses: tests and progress. Its id is the participant's."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    test: LevelTest | None = None
    reached: tuple[Reached, ...] = ()
    """In order of time."""


class Placed(BaseModel):
    """Where somebody belongs, and why."""

    model_config = ConfigDict(frozen=True)

    level: CourseLevel
    test: LevelTest | None
    """The teacher's test that says so."""
    after: CourseLevel | None
    """The level they came to the end of, which says so."""


def ladder(levels: Iterable[CourseLevel]) -> tuple[CourseLevel, ...]:
    """Levels from the lowest to the highest, as an association may set them.

    Raises:
        LevelsWrong: no name, a name twice, one that asks for less than the one before, a first one that somebody cannot enter.
    """
    steps = tuple(levels)
    if not FEWEST_LEVELS <= len(steps) <= MOST_LEVELS:
        raise LevelsWrong("There are between 1 and 9 levels.", field="levels")
    if any(not step.name.strip() for step in steps):
        raise LevelsWrong("Each level has a name.", field="levels")
    if len({step.name.strip().casefold() for step in steps}) < len(steps):
        raise LevelsWrong("Two levels have the same name.", field="levels")
    if steps[0].oral.rank or steps[0].written.rank:
        raise LevelsWrong("The first level is open to everybody: it asks for nothing.", field="levels")
    if any(
        after.oral.rank < before.oral.rank or after.written.rank < before.written.rank
        for before, after in pairwise(steps)
    ):
        raise LevelsWrong("A level never asks for less than the one before it.", field="levels")
    return steps


def proposed(levels: Sequence[CourseLevel], oral: Level | None, written: Level | None) -> CourseLevel:
    """The highest level whose oral and written level are both met; the first where nothing is known."""
    spoken = oral or Level.A0_CANNOT_READ
    return [step for step in levels if step.met(spoken, written or spoken)][-1]


def placed(levels: Sequence[CourseLevel], learner: Learner | None, oral: Level | None, written: Level | None) -> Placed:
    """Where somebody belongs: as the latest of a test and a level they came to the end of says, of one day the higher; else as the rule
    proposes.
    """
    places = {step.id: number for number, step in enumerate(levels)}
    test = learner.test if learner and learner.test and learner.test.level in places else None
    done = [each for each in learner.reached if each.level in places] if learner else []
    if done:
        number = places[done[-1].level]
        above = min(number + 1, len(levels) - 1)
        if test is None or (done[-1].on, above) > (test.on, places[test.level]):
            return Placed(level=levels[above], test=None, after=levels[number])
    if test is not None:
        return Placed(level=levels[places[test.level]], test=test, after=None)
    return Placed(level=proposed(levels, oral, written), test=None, after=None)


def tested(learner: Learner, levels: Sequence[CourseLevel], test: LevelTest, today: date) -> Change[Learner] | None:
    """A teacher's test, in place of the one before.

    Raises:
        NoSuchLevel: it names no level of the association.
        LevelTestWrong: on a day to come, or more than a year ago.
    """
    _level(levels, test.level)
    if test.on > today:
        raise LevelTestWrong("This day is still to come.", field="on")
    if (today - test.on).days > OLDEST_TEST_DAYS:
        raise LevelTestWrong("This day is more than a year ago.", field="on")
    return None if learner.test == test else Change(learner.model_copy(update={"test": test}))


def untested(learner: Learner) -> Change[Learner] | None:
    """The test was a mistake: the rule proposes again."""
    return None if learner.test is None else Change(learner.model_copy(update={"test": None}))


def reach(learner: Learner, levels: Sequence[CourseLevel], reached: Reached) -> Change[Learner] | None:
    """Somebody came to the end of a level; told once for each level and group.

    Raises:
        NoSuchLevel: it is no level of the association.
    """
    number = _level(levels, reached.level)
    if any(each.level == reached.level and each.activity == reached.activity for each in learner.reached):
        return None
    step = reached.model_copy(update={"number": number + 1, "of": len(levels)})
    return Change(learner.model_copy(update={"reached": (*learner.reached, step)}), (step.fact(learner.id),))


def unreach(learner: Learner, activity: str) -> Change[Learner] | None:
    """It was a mistake: the level is not reached in that group."""
    kept = tuple(each for each in learner.reached if each.activity != activity)
    return None if kept == learner.reached else Change(learner.model_copy(update={"reached": kept}))


def joined(learner: Learner, other: Learner) -> Change[Learner] | None:
    """Two records were one person: all levels that either reached, and the later test."""
    known = {(each.level, each.activity) for each in learner.reached}
    more = [each for each in other.reached if (each.level, each.activity) not in known]
    tests = sorted((each for each in (learner.test, other.test) if each), key=lambda each: each.on)
    state = learner.model_copy(
        update={
            "reached": tuple(sorted((*learner.reached, *more), key=lambda each: each.on)),
            "test": tests[-1] if tests else None,
        }
    )
    return None if state == learner else Change(state)


def emptied(learner: Learner) -> Change[Learner] | None:
    """Nothing of it stands under this id any more."""
    return None if learner == Learner(id=learner.id) else Change(Learner(id=learner.id))


def _level(levels: Sequence[CourseLevel], level_id: str) -> int:
    for number, step in enumerate(levels):
        if step.id == level_id:
            return number
    raise NoSuchLevel("This level does not exist any more.", field="level")
