"""The association, its coordinators, and the problems that were reported."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from duolangue.chassis.text import Paragraph
from duolangue.contracts.facts.registration import Zone
from duolangue.contracts.vocabulary import EntityId, Language
from duolangue.registration import usecases
from duolangue.registration.api.told import MOST_SHOWN, Administrator, Created, Reader, Told, changed, refuse, routes
from duolangue.registration.auditing import shows_reports
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.coordinator import AccessLevel, Coordinator
from duolangue.registration.domain.report import Outcome, Report, Standing
from duolangue.registration.guarding import Guardian

router = routes()


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


@router.get("/association", summary="The association")
async def association(at: Reader) -> Association:
    """The coordinator's own association and its settings."""
    return await at.ports.own()


@router.patch("/association", summary="Change the association's settings")
async def update_association(changes: AssociationChanges, at: Administrator) -> Association:
    """Only what is sent changes."""
    try:
        return await usecases.update_association(changed(changes), at.ports)
    except ValidationError as error:
        refuse(error)


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


def _coordinator(coordinator: Coordinator) -> CoordinatorSeen:
    return CoordinatorSeen(**coordinator.model_dump(include=set(CoordinatorSeen.model_fields)))


def _seen(report: Report) -> ReportSeen:
    return ReportSeen(**report.model_dump(include=set(ReportSeen.model_fields)), standing=report.standing)
