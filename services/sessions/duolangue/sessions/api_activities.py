"""The API of activities: what is announced, who has a place, who came."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import AwareDatetime, BaseModel, Field

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk
from duolangue.contracts.facts.activities import ActivityKind, CancelledBy, EnrolmentStatus, Presence
from duolangue.contracts.vocabulary import EntityId, Role
from duolangue.sessions.domain.activity import Activity, Status
from duolangue.sessions.domain.eligibility import Answer, Rule
from duolangue.sessions.domain.enrolment import Enrolment
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import activities_shown, associations, attendance, enrolments, taking_part

router = APIRouter(prefix="/sessions/api", tags=["activities"])
Reads = Annotated[Desk[Ports], Depends(desk(Access.READ))]
Coordinates = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
ActivityId = Annotated[EntityId, Path(description="The activity's id.")]


class MeetingShown(BaseModel):
    """One meeting."""

    id: EntityId
    starts_at: AwareDatetime
    minutes: int
    place: str
    link: str


class ActivityShown(BaseModel):
    """An activity with its figures."""

    id: EntityId
    kind: ActivityKind
    status: Status
    title: str
    text: str
    host: EntityId | None
    meetings: list[MeetingShown]
    capacity: int
    balanced: bool
    held: int
    """Places taken, those offered included."""
    newcomers: int
    """Of these, places of newcomers."""
    waiting: int

    @classmethod
    def of(cls, listed: activities_shown.Listed) -> ActivityShown:
        """What the API shows of an activity."""
        activity, figures = listed.activity, listed.figures
        meetings = [
            MeetingShown(
                id=each.id,
                starts_at=each.starts_at(activity.zone),
                minutes=each.minutes,
                place=each.place,
                link=each.link,
            )
            for each in activity.meetings
        ]
        plain = activity.model_dump(include={"id", "kind", "status", "title", "text", "host", "capacity", "balanced"})
        return cls(**plain, meetings=meetings, held=figures.held, newcomers=figures.newcomers, waiting=figures.waiting)


class Activities(BaseModel):
    """What is prepared, announced, or was over lately."""

    activities: list[ActivityShown]
    page: int
    """Which page this is, from 1."""
    pages: int


class EnrolmentShown(BaseModel):
    """Somebody's place, or wait for one. Answers to questions of eligibility are not among it."""

    id: EntityId
    participant: EntityId
    side: Role
    status: EnrolmentStatus
    asked_at: AwareDatetime
    cancelled_by: CancelledBy | None

    @classmethod
    def of(cls, enrolment: Enrolment) -> EnrolmentShown:
        """What the API shows of an enrolment."""
        return cls.model_validate(enrolment.model_dump(include=set(cls.model_fields)))


class Enrolments(BaseModel):
    """All there are or were, whoever asked first first."""

    enrolments: list[EnrolmentShown]


class ToEnrol(BaseModel):
    """Somebody a coordinator enrols."""

    participant: EntityId
    answers: dict[Rule, bool] = {}
    """To the questions that the activity asks; checked by the coordinator."""


class Noted(BaseModel):
    """Whether somebody came."""

    meeting: EntityId
    enrolment: EntityId
    participant: EntityId
    held_on: date
    presence: Presence


class AttendanceShown(BaseModel):
    """All that was noted."""

    attendance: list[Noted]


class ToNote(BaseModel):
    """Who came to a meeting, by enrolment."""

    meeting: EntityId
    presences: dict[EntityId, Presence] = Field(max_length=500)


@router.get("/activities", summary="Activities with their figures")
async def every(desk: Reads, page: Annotated[int, Query(ge=1, le=100_000)] = 1) -> Activities:
    """What is announced by when it meets next, a page of it; on the first page also what is prepared, and what was over last."""
    shown = await activities_shown.desk_page(page, desk.ports)
    return Activities(activities=[ActivityShown.of(each) for each in shown.every], page=shown.number, pages=shown.last)


@router.get("/activities/{activity}", summary="One activity")
async def one(activity: ActivityId, desk: Reads) -> ActivityShown:
    """An activity with its figures."""
    return ActivityShown.of(await activities_shown.listed(activity, desk.ports))


@router.get("/activities/{activity}/enrolments", summary="Who has a place in an activity, or waits for one")
async def enrolled(activity: ActivityId, desk: Reads) -> Enrolments:
    """Whoever asked first comes first."""
    known: Activity = await desk.ports.activities.get(activity)
    return Enrolments(
        enrolments=[EnrolmentShown.of(each) for each in await desk.ports.enrolments.of_activity(known.id)]
    )


@router.post("/activities/{activity}/enrolments", status_code=201, summary="Enrol somebody")
async def enrol(activity: ActivityId, wanted: ToEnrol, desk: Coordinates) -> EnrolmentShown:
    """A place, or one on the waiting list. Asking twice changes nothing."""
    today, by = await associations.today(desk.ports), desk.coordinator.id
    answers = [Answer(rule=rule, yes=yes, on=today, checked_by=by) for rule, yes in wanted.answers.items()]
    placed = await taking_part.take_part(activity, wanted.participant, desk.ports, answers=answers, by=by)
    return EnrolmentShown.of(placed)


@router.delete("/activities/{activity}/enrolments/{enrolment}", summary="Give a place up")
async def give_up(activity: ActivityId, enrolment: EntityId, desk: Coordinates) -> EnrolmentShown:
    """The place goes to whoever waits, and its participant is told."""
    await enrolments.within(enrolment, activity, desk.ports)
    return EnrolmentShown.of(await enrolments.give_up(enrolment, CancelledBy.ASSOCIATION, desk.ports))


@router.get("/activities/{activity}/attendance", summary="Who came to an activity")
async def attended(activity: ActivityId, desk: Reads) -> AttendanceShown:
    """All that was noted, of all its meetings."""
    await desk.ports.activities.get(activity)
    noted = await desk.ports.attendances.of_activity(activity)
    return AttendanceShown(
        attendance=[Noted.model_validate(each.model_dump(include=set(Noted.model_fields))) for each in noted]
    )


@router.put("/activities/{activity}/attendance", summary="Note who came to a meeting")
async def note(activity: ActivityId, wanted: ToNote, desk: Coordinates) -> AttendanceShown:
    """Who has no place in it is passed over. Noting it again corrects it."""
    await attendance.note(activity, wanted.meeting, wanted.presences, desk.coordinator.id, desk.ports)
    return await attended(activity, desk)
