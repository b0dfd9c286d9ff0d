"""A teacher's hours for individual lessons: never two at one time, whoever opens, moves or gives them to somebody else."""

from __future__ import annotations

from datetime import datetime

from duolangue.chassis.decision import RuleBroken
from duolangue.contracts.facts.activities import ActivityKind
from duolangue.sessions.domain.activity import Activity, Status
from duolangue.sessions.ports import Ports


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


def teacher_of(hour: Activity) -> str:
    """Who gives it: a participant, or the coordinator who opened it."""
    return hour.host or hour.coordinator


def meets(activity: Activity, starts: datetime | None, ends: datetime | None) -> bool:
    """Whether an activity's hour and another one are at the same time, or overlap."""
    begins, over = activity.starts_at, activity.ends_at
    if starts is None or ends is None or begins is None or over is None:
        return False
    return begins < ends and starts < over


async def has_time(hour: Activity, ports: Ports) -> None:
    """Whether whoever teaches an hour, as it is to stand, has no other one then. Anything but an hour for lessons passes.

    Raises:
        TeacherBusy: they have.
    """
    if hour.kind is not ActivityKind.LESSON or hour.status is not Status.PUBLISHED:
        return
    for other in await unfinished(ports):
        same = other.id != hour.id and teacher_of(other) == teacher_of(hour)
        if same and meets(other, hour.starts_at, hour.ends_at):
            raise TeacherBusy("This teacher has another lesson at this hour.", field="meetings")
