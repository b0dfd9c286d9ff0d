"""French courses: what an association sets for them, groups over a term, who is in them, what they need, who misses how much.

A group is an activity of its own kind: announcing it, places and the waiting list, reminders, who came and cancelling are those of every
activity. Here is what only a course has.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from duolangue.chassis.decision import Change
from duolangue.chassis.store import Absent, Taken
from duolangue.contracts.facts.activities import ActivityKind, EnrolmentStatus, Presence
from duolangue.sessions.domain import course, placement, timetable
from duolangue.sessions.domain.activity import Activity, Status
from duolangue.sessions.domain.announcing import Plan
from duolangue.sessions.domain.course import OWN, Attended, CourseSettings, Group, Need, Thresholds
from duolangue.sessions.domain.enrolment import Enrolment
from duolangue.sessions.domain.placement import CourseLevel
from duolangue.sessions.domain.timetable import Timetable
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import activities


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """All that is decided about a group."""

    title: str
    level: str
    term: Timetable
    place: str = ""
    link: str = ""
    """Of the video room of an online class."""
    text: str = ""
    capacity: int = 12
    teacher: str | None = None
    """A participant who teaches it; none where the association's own people do."""


@dataclass(frozen=True, slots=True)
class InGroup:
    """Somebody with a place in a group, or waiting for one."""

    enrolment: Enrolment
    needs: tuple[Need, ...]
    seen: Attended
    degree: int
    """The highest degree of absences of which they were reminded."""
    reached: bool
    """Whether they came to the end of the group's level in it."""

    @property
    def had_place(self) -> bool:
        """Whether they have a place, or had one in a group that was cancelled."""
        return self.enrolment.status is EnrolmentStatus.CONFIRMED or not self.enrolment.open


@dataclass(frozen=True, slots=True)
class GroupSeen:
    """A group, with all that the desk shows of it."""

    activity: Activity
    group: Group
    people: list[InGroup] = field(default_factory=list)
    waiting: list[InGroup] = field(default_factory=list)

    @property
    def needs(self) -> dict[Need, int]:
        """How many of those who have a place need what."""
        every = [need for each in self.people for need in each.needs]
        return {need: every.count(need) for need in Need}

    @property
    def unmet_evenings(self) -> int:
        """How many can come in the evening alone, where not all classes are in the evening."""
        return 0 if self.group.timetable.in_the_evening else self.needs[Need.EVENINGS]


async def settings(ports: Ports) -> CourseSettings:
    """Levels and degrees, as set or as they begin."""
    return await ports.courses.settings.find(OWN) or CourseSettings()


async def set_levels(levels: Iterable[CourseLevel], ports: Ports) -> CourseSettings:
    """Set the levels. Groups that run keep the name of theirs.

    Raises:
        LevelsWrong: they make no ladder.
    """
    steps = placement.ladder(levels)
    return await _set(ports, {"levels": steps})


async def set_thresholds(rates: Sequence[int], after: int, ports: Ports) -> CourseSettings:
    """Set from which missing rates on somebody is reminded.

    Raises:
        ThresholdsWrong: the degrees do not follow one another.
    """
    limits: Thresholds = course.thresholds(rates, after)
    return await _set(ports, {"thresholds": limits})


async def open_group(plan: GroupPlan, by: str, ports: Ports, *, key: str = "") -> GroupSeen:
    """Begin a group, as a draft that nobody but the desk sees. The same form again (its `key`) gives the one it made.

    Raises:
        NoSuchLevel: the level was taken away.
        WordsMissing, PlacesWrong: a field is not right.
    """
    level = await _level(plan.level, ports)
    wanted = (await activities.policy(ports)).begun(ActivityKind.COURSE, _plan(plan))
    activity = await activities.begin(ActivityKind.COURSE, wanted, by, ports, key=key)
    fresh = _group(activity.id, plan, level)
    with contextlib.suppress(Taken):
        await ports.courses.groups.add(fresh)
    return GroupSeen(activity, fresh)


async def change_group(activity_id: str, plan: GroupPlan, by: str, ports: Ports) -> Activity:
    """Decide anew; whoever has a place is told where classes moved. Classes that were held stay as they were noted, and what was decided of
    single ones stays decided.

    Raises:
        Absent: there is no such group.
        NoSuchLevel, WordsMissing, MeetingWrong, PlacesWrong, NotNow: a field is not right, or it is over.
    """
    level = await _level(plan.level, ports, but=activity_id)
    known, activity = await ports.courses.groups.find(activity_id), await ports.activities.get(activity_id)
    wanted = _besides(_plan(plan), activity)
    if known is not None:
        former = timetable.meetings(known.timetable, known.place, known.link)
        wanted = replace(wanted, meetings=timetable.anew(wanted.meetings, former, activity.meetings))
    if activity.status is Status.PUBLISHED:
        now, zone = ports.clock.now(), activity.zone
        held = {each.id: each for each in activity.meetings if each.starts_at(zone) <= now}
        to_come = [each for each in wanted.meetings if each.id not in held and each.starts_at(zone) > now]
        wanted = replace(wanted, meetings=[*held.values(), *to_come])
    changed = await activities.change(activity_id, wanted, by, ports)
    fresh = _group(activity_id, plan, level)
    try:
        await ports.courses.groups.add(fresh)
    except Taken:
        await ports.courses.groups.update(activity_id, lambda known: None if known == fresh else Change(fresh))
    return changed


async def group(activity_id: str, ports: Ports) -> GroupSeen:
    """One group with its people.

    Raises:
        Absent: there is no such group.
    """
    activity, known = await ports.activities.get(activity_id), await ports.courses.groups.get(activity_id)
    return (await _seen([(activity, known)], ports))[0]


async def groups(ports: Ports) -> list[GroupSeen]:
    """All groups but those that were cancelled before they were announced, by level, then by when they begin."""
    known = {each.id: each for each in await ports.courses.groups.select()}
    named = await ports.activities.named(set(known))
    shown = [each for each in named if each.status is not Status.CANCELLED or each.published_at is not None]
    ladder = [level.id for level in (await settings(ports)).levels]
    seen = await _seen([(each, known[each.id]) for each in shown], ports)
    places = {level: number for number, level in enumerate(ladder)}
    return sorted(
        seen,
        key=lambda each: (
            places.get(each.group.level, len(ladder)),
            each.group.timetable.first,
            each.activity.title,
            each.activity.id,
        ),
    )


async def _seen(pairs: list[tuple[Activity, Group]], ports: Ports) -> list[GroupSeen]:
    ids = sorted(activity.id for activity, _ in pairs)
    told = {each.id: each for each in await ports.courses.attendings.select({"activity": {"$in": ids}})} if ids else {}
    found = []
    for activity, known in pairs:
        noted: dict[str, list[Presence]] = {}
        for each in await ports.attendances.of_activity(activity.id):
            noted.setdefault(each.participant, []).append(each.presence)
        over = activity.status is Status.CANCELLED  # whoever came to its classes stays to be seen
        enrolments = [
            each
            for each in await ports.enrolments.of_activity(activity.id)
            if each.open or (over and each.participant in noted)
        ]
        learners = await ports.courses.learners.select({"id": {"$in": sorted(each.participant for each in enrolments)}})
        done = {learner.id for learner in learners if any(each.activity == activity.id for each in learner.reached)}
        people = [
            InGroup(
                enrolment=each,
                needs=told[each.id].needs if each.id in told else (),
                seen=course.attended(noted.get(each.participant, ())),
                degree=told[each.id].degree if each.id in told else 0,
                reached=each.participant in done,
            )
            for each in enrolments
        ]
        found.append(
            GroupSeen(
                activity,
                known,
                [each for each in people if each.had_place],
                [each for each in people if not each.had_place],
            )
        )
    return found


async def _level(level_id: str, ports: Ports, *, but: str = "") -> CourseLevel:
    """A level of the association; one that was taken away stays with a group that has it."""
    found = (await settings(ports)).level(level_id)
    if found is not None:
        return found
    known = await ports.courses.groups.find(but) if but else None
    if known is not None and known.level == level_id:
        return CourseLevel(
            id=level_id, name=known.level_name, oral=placement.LADDER[0].oral, written=placement.LADDER[0].written
        )
    raise placement.NoSuchLevel("This level does not exist any more.", field="level")


def _plan(plan: GroupPlan) -> Plan:
    return Plan(
        title=plan.title,
        text=plan.text,
        meetings=timetable.meetings(plan.term, plan.place, plan.link),
        capacity=plan.capacity,
        host=plan.teacher,
    )


def _besides(plan: Plan, activity: Activity) -> Plan:
    """What a group's form does not ask for stays as it was decided on the activity's own page."""
    return replace(
        plan,
        rules=activity.rules,
        balanced=activity.balanced,
        shows_names=activity.shows_names,
        relax_hours=activity.relax_hours,
        offer_hours=activity.offer_hours,
        reminder_hours=activity.reminder_hours,
    )


def _group(activity_id: str, plan: GroupPlan, level: CourseLevel) -> Group:
    return Group(
        id=activity_id, level=level.id, level_name=level.name, timetable=plan.term, place=plan.place, link=plan.link
    )


async def _set(ports: Ports, update: dict[str, object]) -> CourseSettings:
    if await ports.courses.settings.find(OWN) is None:
        with contextlib.suppress(Taken):
            await ports.courses.settings.add(CourseSettings())
    return await ports.courses.settings.update(
        OWN, lambda known: None if (state := known.model_copy(update=update)) == known else Change(state)
    )


async def own_group(
    activity_id: str, participant: str, ports: Ports, *, left: bool = False
) -> tuple[Activity, Group, Enrolment]:
    """A group as somebody who is in it sees it; also as somebody who gave their place up and handed in homework, where they may have `left`.

    Raises:
        Absent: there is none, or they are not in it.
    """
    for each in await ports.enrolments.of_participant(participant):
        if each.activity == activity_id and (each.open or (left and await _handed_in(activity_id, participant, ports))):
            return await ports.activities.get(activity_id), await ports.courses.groups.get(activity_id), each
    raise Absent(f"groups {activity_id}")


async def _handed_in(activity_id: str, participant: str, ports: Ports) -> bool:
    theirs = await ports.courses.homework.select({"participant": {"$eq": participant}})
    return any(each.activity == activity_id and each.parts for each in theirs)
