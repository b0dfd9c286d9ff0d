"""Two records of registration were one person: what is kept here of the one that goes belongs to the one that stays.

Decided by how things stand, not by the event: broken off anywhere it is finished when the fact comes again.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Final

from duolangue.chassis.causality import correlation_id, within
from duolangue.chassis.decision import Change
from duolangue.chassis.store import Taken
from duolangue.contracts.facts.activities import CancelledBy, EnrolmentStatus, Presence
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain import asking, attendance, attestation, counted, giving, placement, story
from duolangue.sessions.domain import enrolment as places
from duolangue.sessions.domain import homework as works
from duolangue.sessions.domain.attendance import Attendance
from duolangue.sessions.domain.counted import ModelT, under_key
from duolangue.sessions.domain.enrolment import Enrolment
from duolangue.sessions.domain.participant import Participant
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases.enrolments import settle

BETTER: Final = (EnrolmentStatus.CONFIRMED, EnrolmentStatus.OFFERED, EnrolmentStatus.WAITING)
"""Of two enrolments of one person in one activity, which stays: a place rather than an offer rather than a wait."""


async def merge(goes: Participant, stays: str, version: int, ports: Ports) -> None:
    """Give all of one record to another. Where that one is erased meanwhile, nothing goes there: the erasure of this one follows."""
    await ports.participants.apply(goes, version)
    kept = await ports.counting.counted.find(stays)
    if kept is not None and kept.erased:
        return
    with within(correlation=correlation_id()):
        await _duos(goes.id, stays, ports)
        await _activities(goes.id, stays, ports)
        await _courses(goes.id, stays, ports)
        await _told(goes.id, stays, ports)
        await _counted(goes.id, stays, ports)


async def _duos(goes: str, stays: str, ports: Ports) -> None:
    for side in Role:
        for duo in await ports.counting.formed.select({side.value: {"$eq": goes}}):
            await ports.counting.formed.update(duo.id, lambda each: under_key(each, goes, stays, *Role))
        for promise in await ports.commitments.select({side.value: {"$eq": goes}}):
            await ports.commitments.update(promise.id, lambda each: under_key(each, goes, stays, *Role))


async def _activities(goes: str, stays: str, ports: Ports) -> None:
    for place in await ports.enrolments.of_participant(goes):
        await _place(place, stays, ports)
    noted = {(each.activity, each.meeting): each for each in await ports.attendances.of_participant(stays)}
    for visit in await ports.attendances.of_participant(goes):
        await _visit(visit, noted.get((visit.activity, visit.meeting)), stays, ports)
    for visit in await ports.attendances.given_by(goes):
        await ports.attendances.update(visit.id, partial(attendance.given, host=stays))
    for activity in await ports.activities.hosted_by(goes):
        person = await ports.participants.find(stays)
        left = person is None or not person.takes_part
        await ports.activities.update(activity.id, partial(giving.given_by, host=stays, left=left))
        if (own := await ports.enrolments.of(activity.id, stays)) is not None:
            await _given_up(own, ports)  # whoever gives it needs no place in it


async def _visit(visit: Attendance, own: Attendance | None, stays: str, ports: Ports) -> None:
    """One person was in one place once: where both records were noted at a meeting, the better word counts, and the other is nobody's."""
    if own is None:
        await ports.attendances.update(visit.id, partial(_of, person=visit.participant, key=stays))
        return
    now = ports.clock.now()
    if attendance.better(own, visit):
        noted = partial(attendance.corrected, presence=visit.presence, by=visit.noted_by, now=now)
        await ports.attendances.update(own.id, noted)
    await ports.attendances.update(visit.id, partial(attendance.corrected, presence=Presence.EXCUSED, by="", now=now))
    await ports.attendances.update(visit.id, partial(_of, person=visit.participant, key=_nobody()))


async def _place(place: Enrolment, stays: str, ports: Ports) -> None:
    """One of the two gives way where both records were in the same activity; who has the better place keeps it."""
    own = await ports.enrolments.of(place.activity, stays)
    if own is not None:
        worse = place if _rank(own) <= _rank(place) else own
        await _given_up(worse, ports)
        await ports.enrolments.update(worse.id, partial(_of, person=worse.participant, key=_nobody()))
        if worse is place:
            return
    elif (await ports.activities.get(place.activity)).host == stays:
        await _given_up(place, ports)  # whoever gives it needs no place in it
        await ports.enrolments.update(place.id, partial(_of, person=place.participant, key=_nobody()))
        return
    await ports.enrolments.update(place.id, partial(places.transferred, participant=stays))


async def _given_up(place: Enrolment, ports: Ports) -> None:
    if place.open:
        now = ports.clock.now()
        await ports.enrolments.update(place.id, lambda each: places.cancel(each, CancelledBy.DEPARTURE, now))
        await settle(place.id, ports)


def _of(entity: ModelT, person: str, key: str) -> Change[ModelT] | None:
    return under_key(entity, person, key, "participant")


def _nobody() -> str:
    """An id that is nobody's: what stays beside what the person really did."""
    return str(uuid.uuid4())


def _rank(place: Enrolment) -> tuple[int, datetime]:
    """The better place first; of two alike whoever asked first."""
    return BETTER.index(place.status) if place.status in BETTER else len(BETTER), place.asked_at


async def _courses(goes: str, stays: str, ports: Ports) -> None:
    courses = ports.courses
    for needs in await courses.attendings.select({"participant": {"$eq": goes}}):
        await courses.attendings.update(needs.id, partial(_of, person=goes, key=stays))
    for work in await courses.homework.select({"participant": {"$eq": goes}}):
        try:
            await courses.homework.update(work.id, partial(_of, person=goes, key=stays))
        except Taken:
            same = {"lesson": {"$eq": work.lesson}, "participant": {"$eq": stays}}
            for own in await courses.homework.select(same):
                await courses.homework.update(own.id, partial(works.joined, other=work))
            await courses.homework.update(work.id, works.given_over)
            await courses.homework.update(work.id, partial(_of, person=goes, key=_nobody()))
    learner = await courses.learners.find(goes)
    if learner is not None:
        try:
            await courses.learners.add(learner.model_copy(update={"id": stays}))
        except Taken:
            await courses.learners.update(stays, partial(placement.joined, other=learner))
        await courses.learners.update(goes, placement.emptied)


async def _told(goes: str, stays: str, ports: Ports) -> None:
    counting = ports.counting
    for paper in await counting.attestations.select({"participant": {"$eq": goes}}):
        await counting.attestations.update(paper.id, partial(attestation.of_another, participant=stays))
    if (told := await counting.stories.find(goes)) is not None:
        try:
            await counting.stories.add(told.model_copy(update={"id": stays}))
        except Taken:
            await counting.stories.update(stays, partial(story.joined, other=told))
        await counting.stories.forget(goes)
    if (asked := await counting.askings.find(goes)) is not None and not asked.erased:
        with suppress(Taken):
            await counting.askings.add(asking.Asking(id=stays))
        await counting.askings.update(stays, partial(asking.joined, other=asked))
        await counting.askings.update(goes, asking.erased)


async def _counted(goes: str, stays: str, ports: Ports) -> None:
    known = await ports.counting.counted.find(goes)
    if known is None or known.erased:
        return
    fresh = known.model_copy(update={"id": stays, "key": str(uuid.uuid4()), "heard": 0})
    try:
        await ports.counting.counted.add(fresh)
    except Taken:
        await ports.counting.counted.update(stays, partial(counted.with_earlier, other=known))
    await ports.counting.counted.update(goes, counted.tombstone)
