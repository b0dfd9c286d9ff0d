"""Reported problems, for those who look after them: the list, one report, what is done about it, and who is kept out."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duolangue.chassis.text import Paragraph
from duolangue.chassis.web import Desk, page
from duolangue.registration import usecases
from duolangue.registration.auditing import Audited, shows, shows_reports
from duolangue.registration.domain import audit
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.participant import Status
from duolangue.registration.domain.report import Outcome
from duolangue.registration.guarding import Guardian
from duolangue.registration.ports import Ports

router = APIRouter(prefix="/people", tags=["reports"], include_in_schema=False, route_class=Audited)
SHOWN: Final = 100
Reason = Annotated[Paragraph, Form()]


@router.get("/reports")
async def reports(request: Request, at: Guardian, closed: bool = False) -> HTMLResponse:
    """Those that wait, the oldest first; or those that are closed."""
    found = await usecases.reports.reports_of(closed=closed, ports=at.ports, limit=SHOWN)
    persons = await at.ports.participants.with_ids({report.person for report in found})
    await shows_reports(request, (each.id for each in persons), at.ports)
    return page(
        request,
        "registration/reports.html",
        at.language,
        reports=found,
        names={each.id: each.name for each in persons},
        closed=closed,
        **_branded(await at.ports.own()),
    )


@router.get("/reports/{report_id}")
async def report(request: Request, report_id: str, at: Guardian) -> HTMLResponse:
    """One report: who, what, and what can be done."""
    return await _report(request, report_id, at)


@router.post("/reports/{report_id}/look")
async def look(report_id: str, at: Guardian) -> RedirectResponse:
    """Somebody takes it on, or opens it again."""
    await usecases.reports.look_at_report(report_id, at.coordinator.id, at.ports)
    return _to(f"reports/{report_id}")


@router.post("/reports/{report_id}/note")
async def note(request: Request, report_id: str, at: Guardian, words: Annotated[Paragraph, Form()] = "") -> Response:
    """Something is written down about it."""
    try:
        await usecases.reports.note_on_report(report_id, words, at.coordinator.id, at.ports)
    except Invalid as fault:
        return await _report(request, report_id, at, fault=fault, words=words)
    return _to(f"reports/{report_id}")


@router.post("/reports/{report_id}/close")
async def close(report_id: str, at: Guardian, outcome: Annotated[Outcome, Form()]) -> RedirectResponse:
    """It is dealt with."""
    await usecases.reports.close_report(report_id, outcome, at.coordinator.id, at.ports)
    return _to("reports")


@router.post("/reports/{report_id}/exclude")
async def exclude_reported(report_id: str, at: Guardian, reason: Reason = "") -> RedirectResponse:
    """The person it is about is kept out from now on, and the report is closed."""
    present = await at.ports.reports.get(report_id)
    _, reported = await usecases.reports.concerned(present, at.ports)
    if reported is None:
        raise Invalid("nobody_reported", "It is not known whom this report is about: open the person's own page.")
    await usecases.exclusions.exclude(reported.id, reason, at.coordinator.id, at.ports)
    who = audit.coordinator(at.coordinator.id)
    await at.ports.audit.record(who, audit.Act.CHANGED, [reported.id], "POST /people/{participant_id}/exclude")
    await usecases.reports.close_report(report_id, Outcome.EXCLUDED, at.coordinator.id, at.ports)
    return _to(f"reports/{report_id}")


@router.get("/exclusions")
async def exclusions(request: Request, at: Guardian) -> HTMLResponse:
    """Who is kept out, until when."""
    found = await at.ports.exclusions.select({"over_at": None}, sort=[("excluded_at", -1)], limit=SHOWN)
    persons = await at.ports.participants.with_ids([each.id for each in found])
    shows(request, (each.id for each in persons))
    return page(
        request,
        "registration/exclusions.html",
        at.language,
        exclusions=found,
        **_branded(await at.ports.own()),
        people={each.id: each for each in persons if each.status is not Status.ERASED},
        coordinators=await _coordinators(at),
    )


@router.get("/{participant_id}/exclude")
async def exclusion_form(request: Request, participant_id: str, at: Guardian) -> HTMLResponse:
    """Keep somebody out, or end that."""
    one = await at.ports.participants.get(participant_id)
    found = await usecases.exclusions.excluded([participant_id], at.ports)
    return page(
        request,
        "registration/exclude.html",
        at.language,
        one=one,
        exclusion=found.get(participant_id),
        **_branded(await at.ports.own()),
    )


@router.post("/{participant_id}/exclude")
async def exclude(participant_id: str, at: Guardian, reason: Reason = "") -> RedirectResponse:
    """Somebody is kept out from now on."""
    await usecases.exclusions.exclude(participant_id, reason, at.coordinator.id, at.ports)
    return _to(f"{participant_id}/exclude")


@router.post("/{participant_id}/lift")
async def lift(participant_id: str, at: Guardian, reason: Reason = "") -> RedirectResponse:
    """An exclusion ends before its time."""
    await usecases.exclusions.lift(participant_id, reason, at.coordinator.id, at.ports)
    known = await at.ports.participants.find(participant_id)
    return _to(f"{participant_id}/exclude" if known is not None else "exclusions")


async def _report(
    request: Request, report_id: str, at: Desk[Ports], *, fault: Invalid | None = None, words: str = ""
) -> HTMLResponse:
    present = await at.ports.reports.get(report_id)
    reporter, reported = await usecases.reports.concerned(present, at.ports)
    await shows_reports(request, (each.id for each in (reporter, reported) if each is not None), at.ports)
    duo = await at.ports.duos.find(present.about)
    return page(
        request,
        "registration/report.html",
        at.language,
        status=422 if fault else 200,
        report=present,
        reporter=reporter,
        reported=reported,
        duo=duo,
        outcomes=list(Outcome),
        coordinators=await _coordinators(at),
        **_branded(await at.ports.own()),
        fault=fault,
        typed=words,
    )


def _branded(own: Association) -> dict[str, Any]:
    return {"association": own, "brand": own.name, "brand_logo": own.logo_path}


async def _coordinators(at: Desk[Ports]) -> dict[str, str]:
    return {each.id: each.name or each.email for each in await at.ports.coordinators.select(limit=500)}


def _to(path: str) -> RedirectResponse:
    return RedirectResponse(f"/people/{path}", 303)
