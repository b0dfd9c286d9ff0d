"""French courses: groups, learners, absences, homework and its files."""

from __future__ import annotations

from typing import Any, Final

from duolangue.chassis.store import AggregateKind, FileKind, Index, Kind, Tenant
from duolangue.contracts.facts.courses import LevelReached
from duolangue.sessions.domain import homework as works
from duolangue.sessions.domain.course import Attending, CourseSettings, Group
from duolangue.sessions.domain.homework import Homework
from duolangue.sessions.domain.placement import Learner
from duolangue.sessions.domain.watching import Lesson
from duolangue.sessions.ports.courses import CoursePorts


def _reached(learner: Learner, _: str) -> LevelReached | None:
    return learner.reached[-1].fact(learner.id) if learner.reached else None


COURSE_SETTINGS: Final = AggregateKind("course_settings", CourseSettings)
GROUPS: Final = AggregateKind("groups", Group)
LEARNERS: Final = AggregateKind("learners", Learner, indexes=(Index("by_id", ("id",)),), snapshot=_reached)
ATTENDINGS: Final = AggregateKind(
    "attendings", Attending, indexes=(Index("activity", ("activity",)), Index("participant", ("participant",)))
)
LESSONS: Final = AggregateKind(
    "lessons",
    Lesson,
    indexes=(Index("activity", ("activity", "made_at")), Index("by_id", ("id",))),
    due=lambda lesson: lesson.due_at,
)
HOMEWORK: Final = AggregateKind(
    "homework",
    Homework,
    indexes=(
        Index("one_each", ("lesson", "participant"), unique=True),
        Index("activity", ("activity", "stage")),
        Index("participant", ("participant",)),
        Index("stage", ("stage",)),
    ),
    due=lambda homework: homework.due_at,
    snapshot=works.stored_again,
)
HOMEWORK_FILES: Final = FileKind("homework_files")
COURSE_KINDS: Final[tuple[Kind[Any], ...]] = (
    COURSE_SETTINGS, GROUPS, LEARNERS, ATTENDINGS, LESSONS, HOMEWORK, HOMEWORK_FILES,
)  # fmt: skip


def course_ports(tenant: Tenant) -> CoursePorts:
    """Of one association."""
    return CoursePorts(
        settings=tenant.aggregates(COURSE_SETTINGS),
        groups=tenant.aggregates(GROUPS),
        learners=tenant.aggregates(LEARNERS),
        attendings=tenant.aggregates(ATTENDINGS),
        lessons=tenant.aggregates(LESSONS),
        homework=tenant.aggregates(HOMEWORK),
        files=tenant.files(HOMEWORK_FILES),
    )
