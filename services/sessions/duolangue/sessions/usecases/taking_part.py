"""Taking part in an activity of any kind: an hour of a teacher by the rules for hours, everything else by those for places."""

from __future__ import annotations

from collections.abc import Iterable

from duolangue.contracts.facts.activities import ActivityKind
from duolangue.sessions.domain.eligibility import Answer
from duolangue.sessions.domain.enrolment import Enrolment
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import enrolments, lessons


async def take_part(
    activity_id: str, participant: str, ports: Ports, *, answers: Iterable[Answer] = (), by: str = "", instead: str = ""
) -> Enrolment:
    """A place, or one on the waiting list; an hour of a teacher, `instead` of the one that an enrolment of theirs holds.

    `by` is the coordinator who does it for them.

    Raises:
        Absent: there is no such activity, or the enrolment is not theirs.
        RuleBroken: as `enrolments.enrol`, `lessons.book` and `lessons.move` say.
    """
    activity = await ports.activities.get(activity_id)
    if activity.kind is not ActivityKind.LESSON:
        return await enrolments.enrol(activity_id, participant, ports, answers=answers, by=by)
    if instead:
        return await lessons.move(instead, activity_id, participant, ports, answers=answers, by=by)
    return await lessons.book(activity_id, participant, ports, answers=answers, by=by)
