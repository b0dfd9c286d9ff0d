"""The API of French courses and lessons: groups with their people, placement, hours. Names are asked of registration; files are on the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk
from duolangue.contracts.vocabulary import EntityId, Level
from duolangue.sessions.domain.activity import Status
from duolangue.sessions.domain.course import Need
from duolangue.sessions.domain.eligibility import Answer, Rule
from duolangue.sessions.domain.placement import CourseLevel, LevelTest, Reached
from duolangue.sessions.domain.timetable import Timetable
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import associations, courses, learners, lessons
from duolangue.sessions.usecases.courses import GroupSeen, InGroup
from duolangue.sessions.usecases.learners import LearnerSeen

router = APIRouter(prefix="/sessions/api", tags=["courses"])
Reads = Annotated[Desk[Ports], Depends(desk(Access.READ))]
Coordinates = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
GroupId = Annotated[EntityId, Path(description="The group's id, which is its activity's.")]
PersonId = Annotated[EntityId, Path(description="The participant's id.")]


class Group(BaseModel):
    """A group of a French course."""

    id: EntityId
    title: str
    status: Status
    level: EntityId
    level_name: str
    timetable: Timetable
    teacher: EntityId | None
    """The participant who teaches it; none where the association's own people do."""
    capacity: int
    places_taken: int
    waiting: int
    needs: dict[Need, int]
    """How many of those who have a place need what."""

    @classmethod
    def of(cls, seen: GroupSeen) -> Group:
        """What the API shows of a group."""
        return cls(
            id=seen.activity.id,
            title=seen.activity.title,
            status=seen.activity.status,
            level=seen.group.level,
            level_name=seen.group.level_name,
            timetable=seen.group.timetable,
            teacher=seen.activity.host,
            capacity=seen.activity.capacity,
            places_taken=len(seen.people),
            waiting=len(seen.waiting),
            needs=seen.needs,
        )


class Groups(BaseModel):
    """All groups but cancelled ones."""

    groups: list[Group]


class Attendee(BaseModel):
    """Somebody in a group."""

    participant: EntityId
    enrolment: EntityId
    has_place: bool
    """Whether they have a place; else they wait for one."""
    needs: list[Need]
    present: int
    excused: int
    absent: int
    missing_percent: int
    """Absences without an excuse, of those and of the classes attended."""
    reminded_of_absences: int
    """The highest degree of which they were reminded, 0 to 3."""
    level_reached: bool

    @classmethod
    def of(cls, each: InGroup, *, has_place: bool, private: bool) -> Attendee:
        """What the API shows of somebody in a group; what they need for who coordinates alone, as it was promised to them."""
        return cls(
            participant=each.enrolment.participant,
            enrolment=each.enrolment.id,
            has_place=has_place,
            needs=list(each.needs) if private else [],
            present=each.seen.present,
            excused=each.seen.excused,
            absent=each.seen.absent,
            missing_percent=each.seen.percent,
            reminded_of_absences=each.degree,
            level_reached=each.reached,
        )


class GroupWithPeople(Group):
    """A group with its people."""

    people: list[Attendee]


class Learner(BaseModel):
    """Where somebody belongs, and why."""

    participant: EntityId
    oral: Level | None
    written: Level | None
    level: CourseLevel
    test: LevelTest | None
    """The teacher's test that says so; none where the rule or their progress does."""
    reached: list[Reached]

    @classmethod
    def of(cls, seen: LearnerSeen) -> Learner:
        """What the API shows of a learner."""
        return cls(
            participant=seen.participant,
            oral=seen.oral,
            written=seen.written,
            level=seen.placed.level,
            test=seen.placed.test,
            reached=list(seen.learner.reached),
        )


class TestNoted(BaseModel):
    """What a teacher found."""

    level: EntityId
    on: date


class Hour(BaseModel):
    """An hour of a teacher for one participant."""

    id: EntityId
    title: str
    begins: datetime
    """On the association's clocks."""
    teacher: EntityId | None
    booked_by: EntityId | None
    """None: it is free."""

    @classmethod
    def of(cls, hour: lessons.Hour) -> Hour:
        """What the API shows of an hour."""
        return cls(
            id=hour.activity.id,
            title=hour.activity.title,
            begins=hour.begins,
            teacher=hour.activity.host,
            booked_by=hour.booked.participant if hour.booked else None,
        )


class Hours(BaseModel):
    """All hours to come."""

    hours: list[Hour]


class Booking(BaseModel):
    """For whom an hour is booked."""

    participant: EntityId
    instead: EntityId | None = None
    """The enrolment in the hour that they give up for it."""
    answers: dict[Rule, bool] = {}
    """To the questions that the hour asks; checked by the coordinator."""


class Booked(BaseModel):
    """An hour that somebody has."""

    enrolment: EntityId


@router.get("/groups", summary="Groups of French courses")
async def groups(desk: Reads) -> Groups:
    """By level, then by when they begin."""
    return Groups(groups=[Group.of(each) for each in await courses.groups(desk.ports)])


@router.get("/groups/{group}", summary="A group with its people")
async def group(group: GroupId, desk: Reads) -> GroupWithPeople:
    """Who has a place and who waits, with needs and absences."""
    seen = await courses.group(group, desk.ports)
    private = desk.coordinator.access.covers(Access.COORDINATE)
    people = [Attendee.of(each, has_place=True, private=private) for each in seen.people]
    waiting = [Attendee.of(each, has_place=False, private=private) for each in seen.waiting]
    return GroupWithPeople(**Group.of(seen).model_dump(), people=people + waiting)


@router.get("/learners/{participant}", summary="Where somebody belongs")
async def learner(participant: PersonId, desk: Reads) -> Learner:
    """The level, and whether the rule, a teacher's test or their progress says so."""
    return Learner.of(await learners.seen(participant, desk.ports))


@router.put("/learners/{participant}/test", summary="Note a teacher's test")
async def note_test(participant: PersonId, noted: TestNoted, desk: Coordinates) -> Learner:
    """It overrides what the rule proposes."""
    await learners.note_test(participant, noted.level, noted.on, desk.coordinator.id, desk.ports)
    return Learner.of(await learners.seen(participant, desk.ports))


@router.get("/lessons", summary="Hours of individual lessons")
async def hours(desk: Reads) -> Hours:
    """All to come, free and booked; the next first."""
    return Hours(hours=[Hour.of(each) for each in await lessons.hours(desk.ports)])


@router.post("/lessons/{hour}/booking", status_code=201, summary="Book an hour for somebody, or move theirs to it")
async def book(hour: EntityId, booking: Booking, desk: Coordinates) -> Booked:
    """An hour is one participant's alone: 409 where somebody else has it. Booking it twice changes nothing."""
    ports, today, by = desk.ports, await associations.today(desk.ports), desk.coordinator.id
    answers = [Answer(rule=rule, yes=yes, on=today, checked_by=by) for rule, yes in booking.answers.items()]
    if booking.instead is not None:
        placed = await lessons.move(booking.instead, hour, booking.participant, ports, answers=answers, by=by)
    else:
        placed = await lessons.book(hour, booking.participant, ports, answers=answers, by=by)
    return Booked(enrolment=placed.id)
