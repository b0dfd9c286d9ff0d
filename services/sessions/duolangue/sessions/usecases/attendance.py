"""Who came to a meeting: noted by its host on a phone or by a coordinator, corrected as often as needed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from duolangue.chassis.store import Absent, Taken
from duolangue.contracts.facts.activities import Presence
from duolangue.sessions.domain import announcing
from duolangue.sessions.domain import attendance as attendances
from duolangue.sessions.domain.activity import Activity
from duolangue.sessions.domain.attendance import Attendance
from duolangue.sessions.domain.enrolment import Enrolment
from duolangue.sessions.domain.meeting import Meeting
from duolangue.sessions.ports import Ports

NAMESPACE: Final = uuid.UUID("5d1c7f0e-0b42-4d0e-8a53-0a1b7cf2d410")
"""Attendances' ids are made in it."""


@dataclass(frozen=True, slots=True)
class AttendanceList:
    """One meeting with everybody who has a place, and what was noted of them."""

    activity: Activity
    meeting: Meeting
    people: list[Enrolment]
    noted: dict[str, Presence]
    """By enrolment."""
    open: bool
    """Whether it can be noted now who came."""


async def attendance_list(activity_id: str, meeting_id: str, ports: Ports) -> AttendanceList:
    """Who has a place in a meeting; without a meeting's id, in the one that is on or was last, else in the first.

    Raises:
        Absent: there is no such activity or meeting, or it has none.
    """
    now = ports.clock.now()
    activity = await ports.activities.get(activity_id)
    meeting = activity.meeting(meeting_id) if meeting_id else _present(activity, now)
    if meeting is None:
        raise Absent(f"meetings {activity_id} {meeting_id}")
    every = await ports.enrolments.of_activity(activity_id)
    seen = {each.participant: each.presence for each in await _of_meeting(activity_id, meeting.id, ports)}
    noted = {each.id: seen[each.participant] for each in every if each.participant in seen}
    begins = meeting.starts_at(activity.zone)
    wanted = sorted({each.participant for each in every})
    somebody = {each.id for each in await ports.participants.select({"id": {"$in": wanted}})} if wanted else set()
    people = [  # of two records that were one person, the place that gave way is nobody's
        each for each in every if each.id in noted or (each.had_place(begins) and each.participant in somebody)
    ]
    try:
        attendances.open_list(activity, meeting, now)
    except attendances.TooEarly:
        return AttendanceList(activity, meeting, people, noted, open=False)
    return AttendanceList(activity, meeting, people, noted, open=True)


async def hosts_list(activity_id: str, host: str, meeting_id: str, ports: Ports) -> AttendanceList:
    """The same, for the participant who gives the activity.

    Raises:
        Absent: it is not theirs (any more).
    """
    person = await ports.participants.find(host)
    if person is None or not person.takes_part or (await ports.activities.get(activity_id)).host != host:
        raise Absent(f"activities {activity_id}")
    return await attendance_list(activity_id, meeting_id, ports)


async def note(activity_id: str, meeting_id: str, seen: Mapping[str, Presence], by: str, ports: Ports) -> int:
    """Note who came, by enrolment. Returns how many of them were noted; who has no place in it is passed over.

    Raises:
        Absent: there is no such activity or meeting.
        TooEarly: it is still to come.
    """
    now = ports.clock.now()
    activity = await ports.activities.get(activity_id)
    meeting = activity.meeting(meeting_id)
    if meeting is None:
        raise Absent(f"meetings {activity_id} {meeting_id}")
    attendances.open_list(activity, meeting, now)
    listed = (await attendance_list(activity_id, meeting_id, ports)).people
    before = await _of_meeting(activity_id, meeting_id, ports)
    known = {each.participant: each.id for each in before}
    givers = (each.given_by for each in before if each.given_by is not None)
    giver = next(givers, activity.host or "")  # whoever gave it when the first was noted
    wanted = [(each, seen[each.id]) for each in listed if each.id in seen]
    for enrolment, presence in wanted:
        fresh_id = str(uuid.uuid5(NAMESPACE, f"{ports.association}/{enrolment.id}/{meeting.id}"))
        attendance_id = known.get(
            enrolment.participant, fresh_id
        )  # of two records that were one, the other's may be noted
        await _note(attendance_id, enrolment, meeting, presence, by, now, ports, giver)
    return len(wanted)


async def lasted(activity_id: str, meeting_id: str, minutes: int, by: str, ports: Ports) -> Activity:
    """A meeting was longer or shorter than planned: that many minutes count for whoever came. Doing it again finishes what was begun.

    Raises:
        Absent: there is no such activity or meeting.
        TooEarly: it is still to come.
        MeetingWrong: shorter or longer than any meeting is.
    """
    now = ports.clock.now()
    activity = await ports.activities.get(activity_id)
    if (meeting := activity.meeting(meeting_id)) is None:
        raise Absent(f"meetings {activity_id} {meeting_id}")
    attendances.open_list(activity, meeting, now)
    if now < meeting.starts_at(activity.zone):
        raise attendances.TooEarly("You can say how long it lasted once it has begun.", field="minutes")
    decide = partial(announcing.lasted, meeting_id=meeting_id, minutes=minutes)
    activity = await ports.activities.update(activity_id, decide)
    for each in await _of_meeting(activity_id, meeting_id, ports):
        corrected = partial(
            attendances.corrected, presence=each.presence, by=by, now=now, meeting=activity.meeting(meeting_id)
        )
        await ports.attendances.update(each.id, corrected)
    return activity


async def _of_meeting(activity_id: str, meeting_id: str, ports: Ports) -> list[Attendance]:
    return [each for each in await ports.attendances.of_activity(activity_id) if each.meeting == meeting_id]


async def _note(
    attendance_id: str,
    enrolment: Enrolment,
    meeting: Meeting,
    presence: Presence,
    by: str,
    now: datetime,
    ports: Ports,
    host: str,
) -> None:
    if await ports.attendances.find(attendance_id) is None:
        fresh = attendances.note(attendance_id, enrolment, meeting, presence, by, now, host)
        try:
            await ports.attendances.add(fresh.state, *fresh.facts)
        except Taken:
            pass
        else:
            return
    await ports.attendances.update(
        attendance_id, lambda known: attendances.corrected(known, presence, by, now, meeting)
    )


def _present(activity: Activity, now: datetime) -> Meeting | None:
    begun = [each for each in activity.meetings if each.starts_at(activity.zone) - attendances.EARLY <= now]
    return begun[-1] if begun else next(iter(activity.meetings), None)
