"""What the use cases of French courses ask of the store."""

from __future__ import annotations

from dataclasses import dataclass

from duolangue.chassis.store import Aggregates, Files
from duolangue.sessions.domain.course import Attending, CourseSettings, Group
from duolangue.sessions.domain.homework import Homework
from duolangue.sessions.domain.placement import Learner
from duolangue.sessions.domain.watching import Lesson


@dataclass(frozen=True)
class CoursePorts:
    """What is kept of an association's courses beside the activities that its groups are."""

    settings: Aggregates[CourseSettings]
    groups: Aggregates[Group]
    learners: Aggregates[Learner]
    attendings: Aggregates[Attending]
    lessons: Aggregates[Lesson]
    homework: Aggregates[Homework]
    files: Files
