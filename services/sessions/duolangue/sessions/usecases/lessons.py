"""Individual lessons: a teacher's open hours, booked by a participant, moved, cancelled; never two people in one hour.

An hour is an activity of its own kind with one place, so that it is booked, reminded of, noted and shown on somebody's page like any other.
The place is given once by the store's unique index. Nobody waits for an hour: whoever comes too late chooses another.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.store import Absent
from duolangue.contracts.facts.activities import ActivityKind, CancelledBy, EnrolmentStatus
from duolangue.sessions.domain import timetable
from duolangue.sessions.domain.activity import COMING, Activity
from duolangue.sessions.domain.announcing import Plan
from duolangue.sessions.domain.eligibility import Answer
from duolangue.sessions.domain.enrolment import Enrolment
from duolangue.sessions.domain.meeting import Meeting
from duolangue.sessions.domain.timetable import Holiday, Timetable
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import activities, associations, enrolments
from duolangue.sessions.usecases.enrolments import HourTaken
from duolangue.sessions.usecases.teaching import Teacher, doubled, meets, teacher_of, to_come, unfinished

MOST_AHEAD: Final = 3
"""Hours to come that one participant may hold, so that there are some for everybody."""
MOST_HOURS: Final = 120
"""That are opened at once."""
TRIES: Final = 4
"""How often hours are opened that two forms opened at the very same moment."""


class TooManyHours(RuleBroken):
    """More hours at once than anybody opens or books."""

    code = "too_many_hours"
    status = 409


class NoHour(RuleBroken):
    """Hours that are all over, or open already."""

    code = "no_hour"


class HourGone(RuleBroken):
    """An hour that was given up already is moved."""

    code = "hour_gone"
    status = 409


@dataclass(frozen=True, slots=True)
class HoursPlan:
    """Hours a teacher opens."""

    title: str
    term: Timetable
    place: str = ""
    link: str = ""
    teacher: str | None = None
    """A participant who teaches; none where the association's own people do."""


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour, and who booked it."""

    activity: Activity
    booked: Enrolment | None = None

    @property
    def meeting(self) -> Meeting:
        """When and where."""
        return self.activity.meetings[0]

    @property
    def begins(self) -> datetime:
        """On the association's clocks."""
        return self.meeting.local(self.activity.zone)

    def asks(self, told: Iterable[Answer] = ()) -> bool:
        """Whether it needs an answer that is not among these."""
        return not set(self.activity.rules) <= {answer.rule for answer in told}


def hours_between(
    first: date, last: date, weekdays: Iterable[int], begins: str, ends: str, holidays: Iterable[Holiday] = ()
) -> Timetable:
    """A teacher's hours, one after the other.

    Raises:
        TimetableWrong: the field's sentence.
        TooManyHours: more than are opened at once.
    """
    term = timetable.hours(first, last, weekdays, begins, ends, holidays)
    if sum(1 for _ in term.days()) > MOST_HOURS:
        raise TooManyHours("These are more than 120 hours: open fewer weeks at once.", field="last")
    return term


async def open_hours(plan: HoursPlan, by: str, ports: Ports) -> int:
    """Open a teacher's hours for whoever wants to book them. Hours that are over are passed over, and those at which this teacher has a
    lesson already. Returns how many were opened; doing it again opens none.

    Raises:
        WordsMissing, MeetingWrong: a field is not right.
        NoHour: none was left to open.
    """
    opened = 0
    for again in range(TRIES):
        made = await _open(plan, by, ports)
        late = await doubled(made, ports)
        for each in late:
            await activities.cancel(each, ports)
        opened += len(made) - len(late)
        if not late:
            break
        # The other form may have taken all of its own back, too: both try once more, at different moments.
        await asyncio.sleep(secrets.randbelow(250) / 1000 * 2**again)
    if not opened:
        raise NoHour("All these hours are over, or open already.", field="first")
    return opened


async def _open(plan: HoursPlan, by: str, ports: Ports) -> list[str]:
    association, now = await associations.known(ports), ports.clock.now()
    teacher = Teacher(plan.teacher, by, " ".join(plan.title.split()), plan.place or plan.link)
    policy = await activities.policy(ports)
    taken = [each for each in await unfinished(ports) if teacher_of(each).is_(teacher)]
    opened: list[str] = []
    for meeting in timetable.meetings(plan.term, plan.place, plan.link):
        starts, ends = meeting.starts_at(association.zone), meeting.ends_at(association.zone)
        if starts <= now or any(meets(each, starts, ends) for each in taken):
            continue
        hour = Plan(title=plan.title, meetings=(meeting,), capacity=1, host=plan.teacher)
        values = policy.begun(ActivityKind.LESSON, hour)
        key = f"{teacher.key}/{starts.isoformat()}/{now.date().isoformat()}"
        begun = await activities.begin(ActivityKind.LESSON, values, by, ports, key=key, of="")
        if not _is(begun, teacher, starts):  # opened by this form some time ago, and become something else
            begun = await activities.begin(ActivityKind.LESSON, values, by, ports)
        await activities.announce(begun.id, by, ports)
        opened.append(begun.id)
    return opened


async def hours(ports: Ports) -> list[Hour]:
    """All hours to come, free and booked, the next first."""
    found = []
    for each in await to_come(ports):
        held = [one for one in await ports.enrolments.of_activity(each.id) if one.status is EnrolmentStatus.CONFIRMED]
        found.append(Hour(each, held[0] if held else None))
    return sorted(found, key=lambda hour: (hour.begins, hour.activity.id))


async def free(ports: Ports, *, but: str = "") -> list[Hour]:
    """The hours somebody may book now, the next first; not those they would teach themselves."""
    coming = [each for each in await to_come(ports) if each.host != but]
    figures = await ports.enrolments.figures([each.id for each in coming])
    return sorted(
        (Hour(each) for each in coming if each.id not in figures or not figures[each.id].held),
        key=lambda hour: (hour.begins, hour.activity.id),
    )


async def own(participant: str, ports: Ports, *, on: bool = False) -> list[Hour]:
    """The hours to come that somebody booked; with the one that is `on`, where that is asked for."""
    coming = {each.id: each for each in await (unfinished if on else to_come)(ports)}
    return sorted(
        (
            Hour(coming[each.activity], each)
            for each in await ports.enrolments.of_participant(participant)
            if each.activity in coming and each.status is EnrolmentStatus.CONFIRMED
        ),
        key=lambda hour: hour.begins,
    )


async def book(
    activity_id: str,
    participant: str,
    ports: Ports,
    *,
    answers: Iterable[Answer] = (),
    by: str = "",
    instead: Enrolment | None = None,
) -> Enrolment:
    """An hour for somebody; booking it twice changes nothing. `instead` is what they give up for it.

    Raises:
        Absent: there is no such hour.
        HourTaken: somebody was faster.
        TooManyHours: they hold as many as anybody may.
        NotOpen, NotTakingPart, HostsIt: it is nothing for them.
        NotAnswered, NotEligible: a question is not answered, or not with yes.
    """
    activity = await ports.activities.get(activity_id)
    if activity.kind is not ActivityKind.LESSON:
        raise Absent(f"hours {activity_id}")
    most = max(MOST_AHEAD, await _ahead(participant, ports)) if instead else MOST_AHEAD  # a move makes none more
    most = MOST_HOURS if by else most
    but = {activity.id, instead.activity} if instead else {activity.id}
    await _room_for(activity, participant, ports, most=most, but=but)
    booked = await enrolments.enrol(
        activity_id, participant, ports, answers=answers, by=by, instead=instead.id if instead else ""
    )
    try:
        await _room_for(activity, participant, ports, most=most, but=but)
    except RuleBroken:  # they booked another one at this very moment
        await enrolments.give_up(booked.id, CancelledBy.PARTICIPANT, ports)
        raise
    return booked


async def move(
    enrolment_id: str,
    activity_id: str,
    participant: str,
    ports: Ports,
    *,
    answers: Iterable[Answer] = (),
    by: str = "",
) -> Enrolment:
    """Another hour instead of the one somebody has. The new one is theirs before the old one is given up, so that whatever happens between
    they have one; the same form again finishes what was begun. What they answered for the old one need not be asked again.

    Raises:
        Absent: the old hour is not theirs, or there is no such new one.
        HourTaken: somebody was faster; the old one stays theirs.
        HourGone: the old one is theirs no longer, as a page of some time ago does not know.
        NotOpen, NotTakingPart, HostsIt: the new one is nothing for them.
        NotAnswered, NotEligible: a question of the new one is not answered, or not with yes.
    """
    old = await enrolments.own(enrolment_id, participant, ports)
    if old.activity == activity_id:
        return old
    if not old.open:
        fresh = await ports.enrolments.of(activity_id, participant)
        if fresh is None or not fresh.open:
            raise HourGone(
                "You have this hour no longer. Choose another one on the page of your lessons.", field="hour"
            )
        return fresh
    if (await ports.activities.get(old.activity)).begun(ports.clock.now()):
        raise HourGone("You have this hour no longer. Choose another one on the page of your lessons.", field="hour")
    told = [*old.answers, *answers]
    fresh = await book(activity_id, participant, ports, answers=told, by=by, instead=old)
    who = CancelledBy.ASSOCIATION if by else CancelledBy.PARTICIPANT
    _, mine = await enrolments.give_up_once(old.id, who, ports)
    if not mine and await _moved_elsewhere(old, fresh, ports):
        await enrolments.give_up(fresh.id, who, ports)
        raise HourGone("You have this hour no longer. Choose another one on the page of your lessons.", field="hour")
    return fresh


async def _moved_elsewhere(old: Enrolment, fresh: Enrolment, ports: Ports) -> bool:
    """Whether the same hour was moved to another one at this very moment, which they have."""
    theirs = await ports.enrolments.of_participant(old.participant)
    return any(each.open and each.instead == old.id and each.id != fresh.id for each in theirs)


async def close(activity_id: str, ports: Ports) -> Activity:
    """An hour does not take place; whoever booked it is told.

    Raises:
        Absent: there is no such hour.
        NotNow: it is over.
    """
    activity = await ports.activities.get(activity_id)
    if activity.kind is not ActivityKind.LESSON:
        raise Absent(f"hours {activity_id}")
    return await activities.cancel(activity_id, ports)


async def close_many(activity_ids: Iterable[str], ports: Ports) -> int:
    """Several hours do not take place. Returns how many there were."""
    closed = 0
    for each in activity_ids:
        with contextlib.suppress(Absent, RuleBroken):
            await close(each, ports)
            closed += 1
    return closed


async def _ahead(participant: str, ports: Ports) -> int:
    """How many hours to come somebody holds."""
    return len(await own(participant, ports))


async def _room_for(activity: Activity, participant: str, ports: Ports, *, most: int, but: Collection[str]) -> None:
    now = ports.clock.now()
    others = [each for each in await own(participant, ports, on=True) if each.activity.id not in but]
    if sum(not each.activity.begun(now) for each in others) >= most:
        raise TooManyHours("You have booked three hours already. Come to one of them first, or move one.", field="hour")
    if any(meets(each.activity, activity.starts_at, activity.ends_at) for each in others):
        raise HourTaken("You have another lesson at this hour.", field="hour")


def _is(hour: Activity, teacher: Teacher, starts: datetime) -> bool:
    return hour.status in COMING and hour.starts_at == starts and teacher_of(hour).is_(teacher)
