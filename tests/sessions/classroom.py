"""What the tests of French courses share: a group that is announced, people in it, who came, what was told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

from duolangue.chassis.causality import Cause, within
from duolangue.chassis.store import across
from duolangue.contracts.envelope import Event
from duolangue.contracts.facts.activities import AttendanceRecorded, Presence
from duolangue.contracts.facts.registration import NewcomerProfile, ParticipantRegistered, ParticipantStatus
from duolangue.contracts.vocabulary import Level, Role
from duolangue.sessions.domain import timetable
from duolangue.sessions.domain.homework import Form
from duolangue.sessions.domain.timetable import Holiday, WeeklyClass
from duolangue.sessions.service import DECLARATION
from duolangue.sessions.store import ATTENDANCES
from duolangue.sessions.store.courses import ATTENDINGS, HOMEWORK, LEARNERS
from duolangue.sessions.usecases import activities, attendance, courses, enrolments
from duolangue.sessions.usecases.courses import GroupPlan
from duolangue.sessions.usecases.homework import FileSent

from .conftest import World
from .gatherings import ports_of

TERM = timetable.timetable(
    date(2026, 11, 23),
    date(2026, 12, 20),
    [WeeklyClass(weekday=0, begins="09:00", minutes=120), WeeklyClass(weekday=2, begins="18:00", minutes=120)],
    [Holiday(first=date(2026, 12, 9), last=date(2026, 12, 9))],
)
"""Seven classes in four weeks; the tests begin five days before the first."""
PLAN = GroupPlan("FLE 1, lundi et mercredi", "level-1", TERM, place="Rue de la Station 1", capacity=10)


async def speaks(world: World, person: str, oral: Level = Level.A1, written: Level | None = None) -> None:
    """Registration tells of somebody who wants to speak French."""
    profile = NewcomerProfile(french_oral=oral, french_written=written, waiting_since=world.clock.now())
    fact = ParticipantRegistered(status=ParticipantStatus.ACTIVE, roles=[Role.NEWCOMER], newcomer=profile)
    await world.hear(fact, person, 1)


async def group_of(world: World, *people: str, plan: GroupPlan = PLAN) -> str:
    """A group that is announced, with these people in it; its id."""
    ports = ports_of(world)
    made = await courses.open_group(plan, "c-1", ports)
    await activities.publish(made.activity.id, "c-1", ports)
    for each in people:
        await speaks(world, each)
        await enrolments.enrol(made.activity.id, each, ports, by="c-1")
    return made.activity.id


async def came(world: World, group: str, number: int, **seen: Presence) -> None:
    """Who came to the `number`-th class (from 0), noted an hour after it began; the service hears its own facts."""
    ports = ports_of(world)
    activity = await ports.activities.get(group)
    meeting = activity.meetings[number]
    world.clock.moment = max(world.clock.moment, meeting.starts_at(activity.zone))
    by_person = {each.participant: each.id for each in await ports.enrolments.of_activity(group)}
    await attendance.note(group, meeting.id, {by_person[who]: how for who, how in seen.items()}, "", ports)
    for key, facts in await across.outboxes(world.service.foundation.database, ATTENDANCES, 10_000):
        if key.startswith(f"{world.association}/"):
            for event in (Event.model_validate_json(fact.body) for fact in facts):
                if event.data["held_on"] != meeting.day.isoformat():
                    continue
                with within(cause=Cause(event.id)):
                    await DECLARATION.reactions.handlers[AttendanceRecorded](
                        event.fact(AttendanceRecorded), event, ports
                    )


async def told_of(world: World, *facts: str) -> list[Event]:
    """What was told of courses, by names like homework.set."""
    found = []
    for kind in (ATTENDINGS, HOMEWORK, LEARNERS):
        for key, waiting in await across.outboxes(world.service.foundation.database, kind, 10_000):
            if key.startswith(f"{world.association}/"):
                found += [Event.model_validate_json(fact.body) for fact in waiting]
    return [each for each in found if not facts or any(f".{fact}." in each.type for fact in facts)]


def sent(content: bytes, form: Form = Form.PHOTO, media_type: str = "image/jpeg", piece: int = 64 * 1024) -> FileSent:
    """A file on its way."""

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(content), piece):
            yield content[start : start + piece]

    return FileSent(form, media_type, pieces())


async def file_pieces(world: World, file_id: str = "") -> int:
    """How many documents of a file the database has; without one, of all files of the association."""
    files: Any = world.service.foundation.database.bucket("homework_files")
    name = {"$regex": f"^{world.association}/{file_id}"}
    chunks = world.service.foundation.database.collection("homework_files.chunks")
    found = await chunks.count_documents({"files_id": name})
    async for _ in files.find({"_id": name}):
        found += 1
    return int(found)
