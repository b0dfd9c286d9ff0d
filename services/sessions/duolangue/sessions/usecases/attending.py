"""Somebody in a group: what they need so that they can come, and being reminded of absences."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from functools import partial

from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.store import Taken
from duolangue.contracts.facts.activities import ActivityKind, EnrolmentStatus, Presence
from duolangue.sessions.domain import course
from duolangue.sessions.domain.course import Attending, Need
from duolangue.sessions.domain.enrolment import Enrolment
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases.courses import settings


class NotInGroup(RuleBroken):
    """Somebody who has no place in the group."""

    code = "not_in_group"
    status = 409


async def say_needs(enrolment_id: str, needs: Iterable[Need], ports: Ports) -> Attending:
    """What somebody needs so that they can come.

    Raises:
        Absent: there is no such enrolment.
        NotInGroup: they neither have a place nor wait for one, or it is no course.
    """
    enrolment = await ports.enrolments.get(enrolment_id)
    if not enrolment.open or enrolment.kind is not ActivityKind.COURSE:
        raise NotInGroup("This is for people who enrolled in the course.")
    wanted = list(needs)
    if await ports.courses.attendings.find(enrolment_id) is None:
        with contextlib.suppress(Taken):
            await ports.courses.attendings.add(_attending(enrolment))
    return await ports.courses.attendings.update(enrolment_id, lambda known: course.needing(known, wanted))


async def look_at_absences(enrolment_id: str, ports: Ports) -> None:
    """Who came was noted: remind somebody where their absences reached a degree of which they were not reminded."""
    enrolment = await ports.enrolments.find(enrolment_id)
    if (
        enrolment is None
        or enrolment.kind is not ActivityKind.COURSE
        or enrolment.status is not EnrolmentStatus.CONFIRMED
    ):
        return
    activity, now = await ports.activities.get(enrolment.activity), ports.clock.now()
    every = await ports.attendances.of_participant(enrolment.participant)
    noted = [each for each in every if each.activity == activity.id]
    missed = [each.held_on for each in noted if each.presence is Presence.ABSENT]
    if not missed or activity.next_start(now) is None:  # after the last class there is none left to come to
        return
    notice = partial(
        course.notice,
        seen=course.attended(each.presence for each in noted),
        limits=(await settings(ports)).thresholds,
        now=now,
        last_missed=max(missed),
        zone=activity.zone,
    )
    if await ports.courses.attendings.find(enrolment_id) is None:
        fresh = notice(_attending(enrolment))
        if fresh is None:
            return
        with contextlib.suppress(Taken):
            await ports.courses.attendings.add(fresh.state, *fresh.facts)
            return
    await ports.courses.attendings.update(enrolment_id, notice)


def _attending(enrolment: Enrolment) -> Attending:
    return Attending(id=enrolment.id, activity=enrolment.activity, participant=enrolment.participant)
