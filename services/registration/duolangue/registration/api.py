"""The JSON interface of registration, under /people/api. The association is the coordinator's own, always."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final, NoReturn

from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from duolangue.chassis.identity import Access
from duolangue.chassis.text import Line, Paragraph
from duolangue.chassis.web import Desk, desk
from duolangue.contracts.facts.registration import Zone
from duolangue.contracts.vocabulary import EntityId, Gender, Language, Role, Slot
from duolangue.registration import uploads, usecases
from duolangue.registration.auditing import Audited, shows, shows_reports
from duolangue.registration.domain.application import Application, NewcomerTold, VolunteerTold
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.coordinator import AccessLevel, Coordinator
from duolangue.registration.domain.imports import Remark
from duolangue.registration.domain.interests import Interests
from duolangue.registration.domain.participant import Participant, Status, discreetly
from duolangue.registration.domain.report import Outcome, Report, Standing
from duolangue.registration.guarding import Guardian, guards
from duolangue.registration.ports import Ports

router = APIRouter(prefix="/people/api", tags=["people"], route_class=Audited)
Reader = Annotated[Desk[Ports], Depends(desk(Access.READ))]
At = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
Administrator = Annotated[Desk[Ports], Depends(desk(Access.ADMINISTER))]
MOST_SHOWN: Final = 200


class Told(BaseModel):
    """What is sent here: an unknown field is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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


class AssociationChanges(Told):
    """Settings to change; a field that is absent stays."""

    name: str | None = None
    language: Language | None = None
    timezone: str | None = None
    commitment_minutes: int | None = None
    newcomer_years: int | None = None
    radius_km: int | None = None
    zones: list[Zone] | None = None
    languages: list[Language] | None = None
    phone: str | None = None
    safeguarding: list[EntityId] | None = None
    minors_to: list[EntityId] | None = None
    calls_to: list[EntityId] | None = None
    exclusion_months: int | None = None
    retention_months: int | None = None
    application_months: int | None = None
    feeds: list[str] | None = None


class Interview(Told):
    """How a first interview went."""

    passed: bool
    reason: Line | None = None
    """Why not; coordinators alone read it."""


class Break(Told):
    """Until when a break lasts; none means until somebody ends it."""

    until: date | None = None


class Invitation(Told):
    """A coordinator to invite."""

    email: Annotated[str, Field(max_length=254)] = ""
    """Empty for who has none; then a telephone number is needed."""
    phone: Annotated[str, Field(max_length=40)] = ""
    name: Annotated[str, Field(max_length=100)] = ""
    access: AccessLevel = AccessLevel.COORDINATE
    language: Language | None = None


class AccessChange(Told):
    """What a coordinator may do from now on."""

    access: AccessLevel


class Created(BaseModel):
    """The new entity's id."""

    id: EntityId


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


class CoordinatorSeen(BaseModel):
    """A coordinator as the desk shows them."""

    id: EntityId
    email: str
    phone: str
    name: str
    access: AccessLevel
    language: Language
    invited_at: AwareDatetime
    signed_in_at: AwareDatetime | None
    revoked_at: AwareDatetime | None


class ReportSeen(BaseModel):
    """A problem report as the desk shows it."""

    id: EntityId
    person: EntityId
    about: EntityId
    kind: str
    words: Paragraph
    reported_at: AwareDatetime
    standing: Standing
    outcome: Outcome | None


HIDDEN: Final = {"identities", "resumes_at", "search", "sort_name", "alike", "named_at", "history"}


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
        return await usecases.update_participant(participant_id, _changed(changes), at.ports, at.coordinator.id)
    except ValidationError as error:
        _refuse(error)


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


@router.get("/association", summary="The association")
async def association(at: Reader) -> Association:
    """The coordinator's own association and its settings."""
    return await at.ports.own()


@router.patch("/association", summary="Change the association's settings")
async def update_association(changes: AssociationChanges, at: Administrator) -> Association:
    """Only what is sent changes."""
    try:
        return await usecases.update_association(_changed(changes), at.ports)
    except ValidationError as error:
        _refuse(error)


@router.get("/reports", summary="Reported problems")
async def reports(
    request: Request, at: Guardian, limit: Annotated[int, Query(ge=1, le=MOST_SHOWN)] = 100
) -> list[ReportSeen]:
    """The latest first; for those alone who look after reports."""
    found = await at.ports.reports.select(sort=[("reported_at", -1)], limit=limit)
    await shows_reports(request, (each.person for each in found), at.ports)
    return [_seen(report) for report in found]


@router.get("/coordinators", summary="Coordinators")
async def coordinators(at: Administrator) -> list[CoordinatorSeen]:
    """Everybody who may use the desk, and who might once."""
    return [_coordinator(each) for each in await at.ports.coordinators.select(sort=[("email", 1)], limit=MOST_SHOWN)]


@router.post("/coordinators", status_code=201, summary="Invite a coordinator")
async def invite_coordinator(told: Invitation, at: Administrator) -> Created:
    """Somebody may use the desk from now on; they are told by mail, and sign in by mail."""
    invited = await usecases.invite_coordinator(
        told.email, told.name, told.access, told.language, at.ports, phone=told.phone, tell=True
    )
    return Created(id=invited.id)


@router.patch("/coordinators/{coordinator_id}", summary="Change what a coordinator may do")
async def change_access(coordinator_id: str, told: AccessChange, at: Administrator) -> CoordinatorSeen:
    """At once and everywhere: tokens that say otherwise are refused."""
    return _coordinator(await usecases.change_access(coordinator_id, told.access, at.ports))


@router.delete("/coordinators/{coordinator_id}", status_code=204, summary="Revoke a coordinator")
async def revoke_coordinator(coordinator_id: str, at: Administrator) -> None:
    """Their tokens are refused everywhere at once."""
    await usecases.revoke_coordinator(coordinator_id, at.ports)


def _seen(report: Report) -> ReportSeen:
    return ReportSeen(**report.model_dump(include=set(ReportSeen.model_fields)), standing=report.standing)


def _coordinator(coordinator: Coordinator) -> CoordinatorSeen:
    return CoordinatorSeen(**coordinator.model_dump(include=set(CoordinatorSeen.model_fields)))


def _discreet(at: Desk[Ports]) -> bool:
    return not at.coordinator.access.covers(Access.COORDINATE)


def _for(at: Desk[Ports], participant: Participant) -> Participant:
    return discreetly(participant) if _discreet(at) else participant


def _changed(changes: BaseModel) -> dict[str, Any]:
    return {name: getattr(changes, name) for name in changes.model_fields_set}


def _refuse(error: ValidationError) -> NoReturn:
    faults = error.errors(include_url=False, include_context=False)
    raise RequestValidationError([{**fault, "loc": ("body", *fault["loc"])} for fault in faults]) from error
