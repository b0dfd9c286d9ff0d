"""Who belongs in which level: placed by the rule, by a teacher's test, by what they came to the end of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from duolangue.chassis.store import Absent, Taken
from duolangue.contracts.facts.activities import EnrolmentStatus, Presence
from duolangue.contracts.vocabulary import Level, Role
from duolangue.sessions.domain import placement
from duolangue.sessions.domain.course import CourseSettings
from duolangue.sessions.domain.enrolment import Enrolment
from duolangue.sessions.domain.participant import TAKING_PART, Participant
from duolangue.sessions.domain.placement import Learner, LevelTest, Placed, Reached
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import associations, courses
from duolangue.sessions.usecases.attending import NotInGroup
from duolangue.sessions.usecases.courses import GroupSeen

MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class LearnerSeen:
    """Somebody, and where they belong."""

    participant: str
    oral: Level | None
    written: Level | None
    placed: Placed
    learner: Learner


async def seen(participant: str, ports: Ports) -> LearnerSeen:
    """Where somebody belongs, and why.

    Raises:
        Absent: nobody who takes part is known by this id.
    """
    person = await ports.participants.find(participant)
    if person is None or not person.takes_part:
        raise Absent(f"participants {participant}")
    learner = await ports.courses.learners.find(participant) or Learner(id=participant)
    return _seen(person, learner, await courses.settings(ports))


async def of_another_level(group: GroupSeen, ports: Ports) -> dict[str, str]:
    """Of the people of a group, or waiting for a place in it, those who belong in another level, and its name; not those who came to the end
    of this one in it.
    """
    people = sorted(each.enrolment.participant for each in (*group.people, *group.waiting) if not each.reached)
    known = await ports.participants.select({"id": {"$in": people}}) if people else []
    learners = {each.id: each for each in await ports.courses.learners.select({"id": {"$in": people}})} if known else {}
    settings = await courses.settings(ports)
    placed = (_seen(each, learners.get(each.id) or Learner(id=each.id), settings).placed.level for each in known)
    return {each.id: level.name for each, level in zip(known, placed, strict=True) if level.id != group.group.level}


async def without_group(ports: Ports) -> list[LearnerSeen]:
    """Newcomers who have no place in a French course and wait for none, at most `MOST_LISTED`; the lowest level first."""
    busy = sorted({each.participant for each in await in_courses(ports)})
    newcomers = await ports.participants.select(
        {
            "roles": Role.NEWCOMER.value,
            "status": {"$in": sorted(each.value for each in TAKING_PART)},
            "id": {"$nin": busy},
        },
        limit=MOST_LISTED,
    )
    learners = {
        each.id: each
        for each in await ports.courses.learners.select({"id": {"$in": sorted(each.id for each in newcomers)}})
    }
    settings = await courses.settings(ports)
    found = [_seen(each, learners.get(each.id) or Learner(id=each.id), settings) for each in newcomers]
    ladder = [level.id for level in settings.levels]
    return sorted(found, key=lambda each: (ladder.index(each.placed.level.id), each.participant))


async def in_courses(ports: Ports) -> list[Enrolment]:
    """Everybody with a place in a running group, or waiting for one."""
    running = [each for each in await courses.groups(ports) if each.activity.closed_at is None]
    return [each.enrolment for group in running for each in (*group.people, *group.waiting)]


async def note_test(participant: str, level: str, on: date, by: str, ports: Ports) -> Learner:
    """A teacher tested somebody.

    Raises:
        Absent: nobody who takes part is known by this id.
        NoSuchLevel, LevelTestWrong: a field is not right.
    """
    await seen(participant, ports)
    levels, today = (await courses.settings(ports)).levels, await associations.today(ports)
    test = LevelTest(level=level, on=on, by=by)
    placement.tested(Learner(id=participant), levels, test, today)
    await _known(participant, ports)
    return await ports.courses.learners.update(participant, lambda known: placement.tested(known, levels, test, today))


async def forget_test(participant: str, ports: Ports) -> None:
    """The test was a mistake.

    Raises:
        Absent: there is none.
    """
    await ports.courses.learners.update(participant, placement.untested)


async def note_reached(activity_id: str, participant: str, by: str, ports: Ports) -> Learner:
    """Somebody came to the end of their group's level: the next one is theirs.

    Raises:
        Absent: there is no such group.
        NotInGroup: they have no place in it, and never came.
        NoSuchLevel: its level was taken away.
    """
    group = await ports.courses.groups.get(activity_id)
    enrolment = await ports.enrolments.of(activity_id, participant)
    has_place = enrolment is not None and enrolment.status is EnrolmentStatus.CONFIRMED
    if not has_place and not await _came(activity_id, participant, ports):
        raise NotInGroup("This is for people who have a place in the course.")
    levels, today = (await courses.settings(ports)).levels, await associations.today(ports)
    step = Reached(level=group.level, on=today, activity=activity_id, by=by)
    placement.reach(Learner(id=participant), levels, step)
    await _known(participant, ports)
    return await ports.courses.learners.update(participant, lambda known: placement.reach(known, levels, step))


async def forget_reached(activity_id: str, participant: str, ports: Ports) -> None:
    """It was a mistake.

    Raises:
        Absent: they reached no level.
    """
    await ports.courses.learners.update(participant, lambda known: placement.unreach(known, activity_id))


async def _came(activity_id: str, participant: str, ports: Ports) -> bool:
    noted = await ports.attendances.of_participant(participant)
    return any(each.activity == activity_id and each.presence is Presence.PRESENT for each in noted)


async def _known(participant: str, ports: Ports) -> None:
    if await ports.courses.learners.find(participant) is None:
        try:
            await ports.courses.learners.add(Learner(id=participant))
        except Taken:
            return


def _seen(person: Participant, learner: Learner, settings: CourseSettings) -> LearnerSeen:
    placed = placement.placed(settings.levels, learner, person.oral, person.written)
    return LearnerSeen(person.id, person.oral, person.written, placed, learner)
