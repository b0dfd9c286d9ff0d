"""Lessons to watch and their homework: set for a group, handed in by link or put in by the desk, corrected, given back, erased."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import AsyncIterable, AsyncIterator, Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from duolangue.chassis.store import Absent, FileTooLarge, Taken
from duolangue.contracts.facts.activities import EnrolmentStatus
from duolangue.sessions.domain import handing_in, watching
from duolangue.sessions.domain import homework as works
from duolangue.sessions.domain.activity import Activity
from duolangue.sessions.domain.homework import (
    MOST_BYTES,
    Channel,
    FileRefused,
    Form,
    Homework,
    HomeworkWrong,
    Part,
    Stage,
)
from duolangue.sessions.domain.watching import Lesson
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import courses, enrolments

NAMESPACE: Final = uuid.UUID("8c2f6a51-7d6e-4a0b-9a55-52b1f8b6c0de")
"""The ids of lessons and of what is handed in are made in it."""
MOST_SHOWN: Final = 200
"""Homework on one page; the rest come as these are corrected."""


@dataclass(frozen=True, slots=True)
class FileSent:
    """A file as somebody sends it, its type known from its first bytes."""

    form: Form
    media_type: str
    content: AsyncIterable[bytes]


@dataclass(frozen=True, slots=True)
class LessonSeen:
    """A lesson with everybody's homework for it."""

    lesson: Lesson
    homework: list[Homework]

    @property
    def to_correct(self) -> int:
        """How many a teacher has to correct."""
        return sum(each.stage is Stage.HANDED_IN for each in self.homework)


async def set_lesson(
    activity_id: str, title: str, task: str, link: str, wanted_on: date | None, ports: Ports, *, key: str = ""
) -> Lesson:
    """Give a group something to watch and to do; everybody in it is told. The same form again (its `key`) gives the one it made.

    Raises:
        Absent: there is no such group.
        LessonWrong: a field is not right.
    """
    await ports.courses.groups.get(activity_id)
    lesson_id = str(uuid.uuid5(NAMESPACE, f"{ports.association}/{activity_id}/{key or uuid.uuid4()}"))
    fresh = watching.lesson(lesson_id, activity_id, title, task, link, wanted_on, ports.clock.now())
    with contextlib.suppress(Taken):
        await ports.courses.lessons.add(fresh)
    return await spread(lesson_id, ports)


async def spread(lesson_id: str, ports: Ports) -> Lesson:
    """Tell everybody in its group of a lesson; who was told already is not told again."""
    lesson = await ports.courses.lessons.get(lesson_id)
    if lesson.due_at is None:
        return lesson
    for each in await ports.enrolments.of_activity(lesson.activity):
        if each.status is EnrolmentStatus.CONFIRMED:
            await _begun(lesson, each.participant, each.id, ports)
    return await ports.courses.lessons.update(lesson_id, watching.spread)


async def withdraw_lesson(lesson_id: str, ports: Ports) -> Lesson:
    """A lesson was a mistake: whoever handed nothing in sees it no more.

    Raises:
        Absent: there is no such lesson.
    """
    return await ports.courses.lessons.update(lesson_id, watching.withdrawn)


async def of_group(activity_id: str, ports: Ports) -> list[LessonSeen]:
    """A group's lessons, the latest first, with all homework."""
    lessons = await ports.courses.lessons.select({"activity": {"$eq": activity_id}}, sort=[("made_at", -1)])
    every = await ports.courses.homework.select({"activity": {"$eq": activity_id}})
    found = [LessonSeen(each, [work for work in every if work.lesson == each.id]) for each in lessons]
    return [each for each in found if not each.lesson.withdrawn or any(work.parts for work in each.homework)]


async def own(activity_id: str, participant: str, ports: Ports) -> list[tuple[Lesson, Homework]]:
    """Somebody's lessons in a group they are in, the latest first, with what they handed in.

    Raises:
        Absent: they are not in it.
    """
    lessons = await ports.courses.lessons.select({"activity": {"$eq": activity_id}}, sort=[("made_at", -1)])
    known = {
        each.lesson: each
        for each in await ports.courses.homework.select({"participant": {"$eq": participant}})
        if each.activity == activity_id
    }
    enrolment = await enrolments.own_in(activity_id, participant, ports)
    pairs = [
        (each, known.get(each.id) or works.wanted(str(uuid.uuid4()), each, participant, enrolment.id).state)
        for each in lessons
    ]
    wanted = enrolment.open  # who gave their place up sees what they handed in
    return [(each, work) for each, work in pairs if work.parts or (wanted and not each.withdrawn)]


async def one(homework_id: str, ports: Ports) -> tuple[Lesson, Homework]:
    """A homework with its lesson.

    Raises:
        Absent: there is none.
    """
    known = await ports.courses.homework.get(homework_id)
    return await ports.courses.lessons.get(known.lesson), known


async def kept(lesson_id: str, participant: str, ports: Ports) -> Homework:
    """What somebody has of a lesson of a group they are, or were, in.

    Raises:
        Absent: there is none.
    """
    same = {"lesson": {"$eq": lesson_id}, "participant": {"$eq": participant}}
    for each in await ports.courses.homework.select(same):
        return each
    raise Absent(f"lessons {lesson_id}")


async def for_learner(lesson_id: str, participant: str, ports: Ports) -> Homework:
    """Somebody's homework for a lesson of a group they are in; begun where there is none yet.

    Raises:
        Absent: there is no such lesson, or they are not in its group.
    """
    lesson = await ports.courses.lessons.get(lesson_id)
    _, _, enrolment = await courses.own_group(lesson.activity, participant, ports)
    return await _begun(lesson, participant, enrolment.id, ports)


async def hand_in_text(
    homework_id: str, text: str, ports: Ports, *, key: str, channel: Channel = Channel.LINK, by: str = ""
) -> Homework:
    """A text is handed in; the same form again (its `key`) adds nothing.

    Raises:
        Absent: there is no such homework.
        HomeworkWrong: the field's sentence.
    """
    now, part_id = ports.clock.now(), _part_id(homework_id, key)
    return await ports.courses.homework.update(
        homework_id, lambda known: handing_in.typed(known, part_id, text, channel, by, now)
    )


async def hand_in_file(
    homework_id: str, sent: FileSent, ports: Ports, *, key: str, channel: Channel = Channel.LINK, by: str = ""
) -> Homework:
    """A file is handed in: named first, then stored, then shown. The same form again (its `key`) adds nothing.

    Raises:
        Absent: there is no such homework.
        HomeworkWrong: there are enough, or it took too long.
        FileRefused: it is larger than 20 MB; nothing of it stays.
    """
    now, part_id, file_id = ports.clock.now(), _part_id(homework_id, key), str(uuid.uuid4())
    known = await ports.courses.homework.update(
        homework_id, lambda state: handing_in.expecting(state, part_id, file_id, now)
    )
    if known.part(part_id):
        return known
    try:
        size = await ports.courses.files.keep(file_id, sent.content, MOST_BYTES)
    except FileTooLarge as error:
        await _clear(homework_id, [file_id], ports)
        raise FileRefused(
            "This file is too large: 20 MB at most. A shorter recording or a smaller photo is fine.", field="file"
        ) from error
    values = {"media_type": sent.media_type, "file": file_id, "bytes": size, "channel": channel, "by": by, "at": now}
    part = Part(id=part_id, form=sent.form, **values)
    try:
        known = await ports.courses.homework.update(homework_id, lambda state: handing_in.arrived(state, part))
    except HomeworkWrong:
        await ports.courses.files.remove(file_id)
        raise
    if part in known.parts:
        return known
    return await _clear(homework_id, [file_id], ports)


async def take_back(homework_id: str, part_id: str, ports: Ports) -> Homework:
    """Something was handed in by mistake; its file is removed.

    Raises:
        Absent: there is no such homework.
        HomeworkWrong: it was corrected already.
    """
    await ports.courses.homework.update(homework_id, lambda known: handing_in.without(known, part_id))
    return await clear_away(homework_id, ports)


async def give_back(homework_id: str, word: str, seen: Collection[str], by: str, ports: Ports) -> Homework:
    """A teacher corrected what they had seen of it.

    Raises:
        Absent: there is no such homework.
        HomeworkWrong: the field's sentence.
    """
    now = ports.clock.now()
    return await ports.courses.homework.update(homework_id, lambda known: works.give_back(known, word, seen, by, now))


async def read_file(homework_id: str, part_id: str, ports: Ports) -> tuple[Part, AsyncIterator[bytes]]:
    """A file that was handed in.

    Raises:
        Absent: there is none.
    """
    part = (await ports.courses.homework.get(homework_id)).part(part_id)
    if part is None or not part.media_type:
        raise Absent(f"homework {homework_id} {part_id}")
    return part, await ports.courses.files.read(part.stored_as)


async def clear_away(homework_id: str, ports: Ports) -> Homework:
    """Remove files whose upload broke off, or that were taken back."""
    known, now = await ports.courses.homework.get(homework_id), ports.clock.now()
    late = [each.id for each in known.arriving if each.since + works.ARRIVING <= now]
    return await _clear(homework_id, late, ports)


async def to_correct(ports: Ports) -> int:
    """How many homework wait for a teacher."""
    return await ports.courses.homework.count({"stage": Stage.HANDED_IN.value}, index="stage")


async def waiting(ports: Ports, most: int = MOST_SHOWN) -> list[Homework]:
    """What waits for a teacher."""
    return await ports.courses.homework.select({"stage": Stage.HANDED_IN.value}, limit=most, index="stage")


async def of_teacher(activity_id: str, host: str, ports: Ports) -> tuple[Activity, list[Homework]]:
    """An activity, and what its people handed in that waits to be corrected, for the participant who gives it.

    Raises:
        Absent: it is not theirs (any more).
    """
    person, activity = await ports.participants.find(host), await ports.activities.get(activity_id)
    if person is None or not person.takes_part or activity.host != host:
        raise Absent(f"activities {activity_id}")
    theirs = {"stage": Stage.HANDED_IN.value, "activity": {"$eq": activity_id}}
    return activity, await ports.courses.homework.select(theirs, limit=MOST_SHOWN, index="stage")


async def in_group_of(activity_id: str, host: str, homework_id: str, ports: Ports) -> Homework:
    """One homework of the people of an activity, for the participant who gives it. Raises `Absent` as `of_teacher`, and for any other."""
    await of_teacher(activity_id, host, ports)
    known = await ports.courses.homework.get(homework_id)
    if known.activity != activity_id:
        raise Absent(f"homework {homework_id}")
    return known


async def erase(participant: str, ports: Ports) -> None:
    """Nothing of what somebody handed in stays, on its way or stored. What a crash leaves of it is due to be cleared away."""
    now = ports.clock.now()
    for each in await ports.courses.homework.select({"participant": {"$eq": participant}}):
        known = await ports.courses.homework.update(each.id, lambda state: works.erased(state, now))
        for file_id in {*each.files, *known.files}:
            await ports.courses.files.remove(file_id)


async def _begun(lesson: Lesson, participant: str, enrolment: str, ports: Ports) -> Homework:
    where = {"lesson": {"$eq": lesson.id}, "participant": {"$eq": participant}}
    for known in await ports.courses.homework.select(where, limit=1):
        return known
    fresh = works.wanted(str(uuid.uuid4()), lesson, participant, enrolment)
    try:
        return await ports.courses.homework.add(fresh.state, *fresh.facts)
    except Taken:
        return (await ports.courses.homework.select(where, limit=1))[0]


async def _clear(homework_id: str, file_ids: list[str], ports: Ports) -> Homework:
    for file_id in file_ids:
        await ports.courses.files.remove(file_id)
    return await ports.courses.homework.update(homework_id, lambda known: handing_in.gone(known, file_ids))


def _part_id(homework_id: str, key: str) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{homework_id}/{key}"))
