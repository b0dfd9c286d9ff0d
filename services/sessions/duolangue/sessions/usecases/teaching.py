"""A teacher's hours for individual lessons: never two at one time, whoever opens, moves or gives them to somebody else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from duolangue.chassis.decision import RuleBroken
from duolangue.contracts.facts.activities import ActivityKind
from duolangue.sessions.domain.activity import Activity, Status
from duolangue.sessions.ports import Ports


class LearnerBusy(RuleBroken):
    """Whoever booked an hour has another lesson at the same time."""

    code = "learner_busy"
    status = 409


class TeacherBusy(RuleBroken):
    """A teacher has another lesson at the same time."""

    code = "teacher_busy"
    status = 409


async def to_come(ports: Ports) -> list[Activity]:
    """All hours that are announced and have not begun."""
    now = ports.clock.now()
    return [each for each in await unfinished(ports) if not each.begun(now)]


async def unfinished(ports: Ports) -> list[Activity]:
    """The same, and those that are on."""
    now = ports.clock.now()
    published = await ports.activities.of_kind(ActivityKind.LESSON, {Status.PUBLISHED})
    return [each for each in published if (ends := each.ends_at) is not None and ends > now]


@dataclass(frozen=True, slots=True)
class Teacher:
    """Who gives an hour: a participant; else one of the association's own people, of whom nothing is known but who opened the hour, what it
    is called and where it is.
    """

    host: str | None
    coordinator: str
    title: str
    where: str

    def is_(self, other: Teacher) -> bool:
        """Whether they are the same person. One coordinator opens the hours of several: those that are called otherwise, and elsewhere."""
        if self.host or other.host:
            return self.host == other.host
        alike = self.title.casefold() == other.title.casefold() or self.where == other.where
        return self.coordinator == other.coordinator and alike

    @property
    def key(self) -> str:
        """For what is made of them once."""
        return self.host or f"{self.coordinator}/{self.title.casefold()}/{self.where}"


def teacher_of(hour: Activity) -> Teacher:
    """Who gives it."""
    where = hour.meetings[0].place or hour.meetings[0].link if hour.meetings else ""
    return Teacher(hour.host, hour.coordinator, hour.title, where)


def meets(activity: Activity, starts: datetime | None, ends: datetime | None) -> bool:
    """Whether an activity's hour and another one are at the same time, or overlap."""
    begins, over = activity.starts_at, activity.ends_at
    if starts is None or ends is None or begins is None or over is None:
        return False
    return begins < ends and starts < over


async def doubled(opened: Collection[str], ports: Ports) -> list[str]:
    """Those of these hours, which are announced, at which the same teacher has another one that is none of these: of two forms that look
    after they wrote one sees it at least, whose clock ever was ahead.
    """
    every = await unfinished(ports)
    others = [each for each in every if each.id not in opened]
    return [
        own.id
        for own in every
        if own.id in opened
        and any(teacher_of(other).is_(teacher_of(own)) and meets(other, own.starts_at, own.ends_at) for other in others)
    ]


async def has_time(hour: Activity, ports: Ports) -> None:
    """Whether whoever teaches an hour, as it is to stand, and whoever booked it have no other one then. Anything but an hour for lessons
    passes.

    Raises:
        TeacherBusy, LearnerBusy: they have.
    """
    if hour.kind is not ActivityKind.LESSON or hour.status is not Status.PUBLISHED:
        return
    beside = [
        other for other in await unfinished(ports) if other.id != hour.id and meets(other, hour.starts_at, hour.ends_at)
    ]
    if any(teacher_of(other).is_(teacher_of(hour)) for other in beside):
        raise TeacherBusy("This teacher has another lesson at this hour.", field="meetings")
    booked = [
        {each.participant for each in await ports.enrolments.of_activity(one.id) if each.held}
        for one in (hour, *beside)
    ]
    if any(booked[0] & others for others in booked[1:]):
        raise LearnerBusy("Whoever booked this hour has another lesson then.", field="meetings")
