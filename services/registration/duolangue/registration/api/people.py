"""Participants, one by one and from a file."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from fastapi import Query, Request
from pydantic import BaseModel, ValidationError

from duolangue.chassis.identity import Access
from duolangue.chassis.text import Line
from duolangue.chassis.web import Desk
from duolangue.contracts.vocabulary import EntityId, Gender, Language, Role, Slot
from duolangue.registration import uploads, usecases
from duolangue.registration.api.told import MOST_SHOWN, At, Created, Reader, Told, changed, refuse, routes
from duolangue.registration.auditing import shows
from duolangue.registration.domain.application import Application, NewcomerTold, VolunteerTold
from duolangue.registration.domain.imports import Remark
from duolangue.registration.domain.interests import Interests
from duolangue.registration.domain.participant import Participant, Status, discreetly
from duolangue.registration.guarding import guards
from duolangue.registration.ports import Ports

router = routes()


class Changes(Told):
    """What has changed of what a participant told; a field that is absent stays, one that is null is taken away."""

    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    birth_year: int | None = None
    gender: Gender | None = None
    postcode: str | None = None
    languages: list[Language] | None = None
    interests: Interests | None = None
    availability: list[Slot] | None = None
    radius_km: int | None = None
    arrived_on: date | None = None
    ui_language: Language | None = None
    newcomer: NewcomerTold | None = None
    volunteer: VolunteerTold | None = None
    host: bool = False
    """Gives workshops."""


class Interview(Told):
    """How a first interview went."""

    passed: bool
    reason: Line | None = None
    """Why not; coordinators alone read it."""


class Break(Told):
    """Until when a break lasts; none means until somebody ends it."""

    until: date | None = None


class Noticed(BaseModel):
    """Something to look at, about one field."""

    field: str
    code: str
    reason: str


class Registered(Created):
    """The new participant's id, and what a coordinator may want to look at."""

    warnings: list[Noticed] = []


class ImportedRow(BaseModel):
    """A row that was imported."""

    row: int
    id: EntityId
    role: Role | None


class RemarkedRow(Noticed):
    """A row with something to say about it: `row` 1 is the first person, 0 the header."""

    row: int


class ImportReport(BaseModel):
    """What came of an import."""

    imported: list[ImportedRow]
    rejected: list[RemarkedRow]
    warnings: list[RemarkedRow]
    running: int
    """Duos that ran already."""


class ParticipantPage(BaseModel):
    """Some participants, and where to go on."""

    participants: list[Participant]
    next: EntityId | None
    """To be given as `after`; none on the last page."""


HIDDEN: Final = {"identities", "resumes_at", "search", "sort_name", "alike", "named_at", "history", "said_again"}


@router.post("/imports", summary="Import participants from a CSV file", openapi_extra={
    "requestBody": {"content": {"text/csv": {"schema": {"type": "string"}}, "multipart/form-data": {"schema": {
        "type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}}}}
})  # fmt: skip
async def import_participants(request: Request, at: At) -> ImportReport:
    """Each row is imported or reported with each of its faults; at most 5 MB and 5,000 rows."""
    done = await usecases.import_participants(await uploads.body_of(request), at.ports)
    return ImportReport(
        imported=[ImportedRow(row=row, id=participant, role=role) for row, participant, role in done.imported],
        rejected=[_remarked(remark) for remark in done.rejected],
        warnings=[_remarked(remark) for remark in done.warnings],
        running=done.running,
    )


def _remarked(remark: Remark) -> RemarkedRow:
    return RemarkedRow(row=remark.row, field=remark.field, code=remark.code, reason=remark.reason)


@router.post("/participants", status_code=201, summary="Register a participant")
async def register_participant(told: Application, at: At) -> Registered:
    """Somebody applied; they wait for a first interview."""
    registered, remarks = await usecases.register_participant(told, at.ports)
    warnings = [Noticed(field=each.field, code=each.code, reason=str(each)) for each in remarks]
    return Registered(id=registered.id, warnings=warnings)


@router.get("/participants", summary="Participants", response_model_exclude={"participants": {"__all__": HIDDEN}})
async def participants(
    request: Request,
    at: Reader,
    status: Status | None = None,
    after: Annotated[str, Query(max_length=64, pattern="^[A-Za-z0-9_-]*$")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_SHOWN)] = 100,
) -> ParticipantPage:
    """In the order of their ids, a page at a time. Nobody who is erased is in it; read-only accounts see who is kept out as having left."""
    found = await at.ports.participants.page(status, after, limit, discreet=_discreet(at))
    shows(request, (each.id for each in found))
    seen = [_for(at, each) for each in found]
    return ParticipantPage(participants=seen, next=found[-1].id if len(found) == limit else None)


@router.get("/participants/{participant_id}", summary="One participant", response_model_exclude=HIDDEN)
async def participant(participant_id: str, at: Reader) -> Participant:
    """Everything registration knows of somebody; why not accepted, for who coordinates alone."""
    return _for(at, await at.ports.participants.get(participant_id))


@router.patch("/participants/{participant_id}", summary="Change a participant", response_model_exclude=HIDDEN)
async def update_participant(participant_id: str, changes: Changes, at: At) -> Participant:
    """Change what somebody told; `newcomer` and `volunteer` are replaced as a whole, and null takes the role away."""
    try:
        return await usecases.update_participant(participant_id, changed(changes), at.ports, at.coordinator.id)
    except ValidationError as error:
        refuse(error)


@router.post(
    "/participants/{participant_id}/interview", summary="Record the first interview", response_model_exclude=HIDDEN
)
async def interview(participant_id: str, told: Interview, at: At) -> Participant:
    """Who passed is active from now on. Of who came by a held address, those in charge of safety decide."""
    charge = guards(at, await at.ports.own())
    return await usecases.interview(
        participant_id, told.passed, told.reason or "", at.ports, by=at.coordinator.id, guards=charge
    )


@router.post("/participants/{participant_id}/pause", summary="Begin a break", response_model_exclude=HIDDEN)
async def pause(participant_id: str, at: At, told: Break | None = None) -> Participant:
    """No new partner meanwhile."""
    return await usecases.pause(participant_id, told.until if told else None, at.ports, at.coordinator.id)


@router.post("/participants/{participant_id}/resume", summary="End a break", response_model_exclude=HIDDEN)
async def resume(participant_id: str, at: At) -> Participant:
    """Somebody is back."""
    return await usecases.resume(participant_id, at.ports, at.coordinator.id)


@router.post("/participants/{participant_id}/leave", summary="Leave the association", response_model_exclude=HIDDEN)
async def leave(participant_id: str, at: At) -> Participant:
    """Somebody leaves."""
    return await usecases.leave(participant_id, at.ports, at.coordinator.id)


def _discreet(at: Desk[Ports]) -> bool:
    return not at.coordinator.access.covers(Access.COORDINATE)


def _for(at: Desk[Ports], participant: Participant) -> Participant:
    return discreetly(participant) if _discreet(at) else participant
