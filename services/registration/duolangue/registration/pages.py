"""Pages of the desk: the people of an association, one person, reported problems."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page
from duolangue.registration import pages_problem, pages_sign_in, uploads, usecases
from duolangue.registration.domain.headers import NAMES, NEEDED
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.participant import Status
from duolangue.registration.ports import Ports

router = APIRouter(tags=["pages"], include_in_schema=False)
ROUTERS = (pages_sign_in.router, pages_problem.router)
Reader = Annotated[Desk[Ports], Depends(desk(Access.READ))]
At = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
SHOWN: Final = 50
MOST_PAGES: Final = 1000
RECENT: Final = timedelta(days=14)
"""How long a reported problem stands on top of the desk."""


@router.get("/people")
async def people(
    request: Request,
    at: Reader,
    status: Status | None = None,
    number: Annotated[int, Query(alias="page", ge=1, le=MOST_PAGES)] = 1,
) -> HTMLResponse:
    """The association's participants."""
    found = await at.ports.participants.desk(status, (number - 1) * SHOWN, SHOWN + 1)
    return page(
        request,
        "registration/people.html",
        at.language,
        association=await at.ports.own(),
        people=found[:SHOWN],
        numbers=await at.ports.participants.numbers(),
        statuses=list(Status),
        standing=status,
        number=number,
        more=len(found) > SHOWN,
        problems=await at.ports.reports.count({"reported_at": {"$gte": at.ports.clock.now() - RECENT}}),
        coordinates=at.coordinator.access.covers(Access.COORDINATE),
    )


@router.get("/people/reports")
async def reports(request: Request, at: At) -> HTMLResponse:
    """Problems that were reported, the latest first."""
    found = await at.ports.reports.select(sort=[("reported_at", -1)], limit=SHOWN)
    persons = await at.ports.participants.with_ids({report.person for report in found})
    return page(
        request, "registration/reports.html", at.language, reports=found, names={each.id: each.name for each in persons}
    )


@router.get("/people/import")
async def import_form(request: Request, at: At) -> HTMLResponse:
    """Choose a file to import."""
    return page(request, "registration/import.html", at.language, done=None, fault=None, columns=NAMES, needed=NEEDED)


@router.post("/people/import")
async def import_file(request: Request, at: At) -> HTMLResponse:
    """What came of the import, row by row."""
    try:
        done = await usecases.import_participants(await uploads.body_of(request), at.ports)
    except Invalid as fault:
        return page(
            request,
            "registration/import.html",
            at.language,
            status=422,
            done=None,
            fault=fault,
            columns=NAMES,
            needed=NEEDED,
        )
    return page(request, "registration/import.html", at.language, done=done, fault=None)


@router.get("/people/{participant_id}")
async def person(request: Request, participant_id: str, at: Reader) -> HTMLResponse:
    """One person, and what can be done."""
    return page(
        request,
        "registration/person.html",
        at.language,
        one=await at.ports.participants.get(participant_id),
        coordinates=at.coordinator.access.covers(Access.COORDINATE),
    )


@router.post("/people/{participant_id}/interview")
async def interview(
    participant_id: str, at: At, passed: Annotated[bool, Form()], reason: Annotated[str, Form(max_length=200)] = ""
) -> RedirectResponse:
    """The first interview took place."""
    await usecases.interview(participant_id, passed, reason.strip(), at.ports)
    return _back(participant_id)


@router.post("/people/{participant_id}/pause")
async def pause(participant_id: str, at: At, until: Annotated[str, Form(max_length=10)] = "") -> RedirectResponse:
    """Somebody takes a break."""
    try:
        day = date.fromisoformat(until) if until else None
    except ValueError as error:
        raise Invalid("date_invalid", "There is no such date.", field="until") from error
    await usecases.pause(participant_id, day, at.ports)
    return _back(participant_id)


@router.post("/people/{participant_id}/resume")
async def resume(participant_id: str, at: At) -> RedirectResponse:
    """Somebody is back."""
    await usecases.resume(participant_id, at.ports)
    return _back(participant_id)


@router.post("/people/{participant_id}/leave")
async def leave(participant_id: str, at: At) -> RedirectResponse:
    """Somebody leaves."""
    await usecases.leave(participant_id, at.ports)
    return _back(participant_id)


def _back(participant_id: str) -> RedirectResponse:
    return RedirectResponse(f"/people/{participant_id}", 303)
