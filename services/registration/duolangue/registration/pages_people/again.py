"""Somebody who is known signed up once more: the page where a coordinator chooses what of it is taken over."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page
from duolangue.contracts.vocabulary import EntityId
from duolangue.registration.auditing import Audited
from duolangue.registration.domain.invalid import Invalid, NotNow
from duolangue.registration.domain.life import MAY_REOPEN
from duolangue.registration.domain.merging import LISTS, Choice
from duolangue.registration.guarding import guards
from duolangue.registration.pages_people.merging import chosen_in
from duolangue.registration.ports import Ports
from duolangue.registration.usecases import again

router = APIRouter(tags=["signed up again"], include_in_schema=False, route_class=Audited)
At = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]


@router.get("/people/{participant_id}/again", response_model=None)
async def compare(request: Request, participant_id: EntityId, at: At) -> HTMLResponse | RedirectResponse:
    """What is known, beside what they said when they signed up again; where that was looked at, the person's page."""
    try:
        return await _compared(request, participant_id, at)
    except NotNow:
        return RedirectResponse(f"/people/{participant_id}", 303)


@router.post("/people/{participant_id}/again", response_model=None)
async def take_over(request: Request, participant_id: EntityId, at: At) -> HTMLResponse | RedirectResponse:
    """Take over what was chosen."""
    choices = chosen_in(await request.form())
    charge = guards(at, await at.ports.own())
    try:
        await again.take_over(participant_id, choices, at.coordinator.id, at.ports, guards=charge)
    except NotNow:
        return RedirectResponse(f"/people/{participant_id}", 303)
    except Invalid as fault:
        return await _compared(request, participant_id, at, choices, fault)
    return RedirectResponse(f"/people/{participant_id}", 303)


async def _compared(
    request: Request,
    participant_id: str,
    at: Desk[Ports],
    choices: dict[str, Choice] | None = None,
    fault: Invalid | None = None,
) -> HTMLResponse:
    compared = await again.compare(participant_id, at.ports)
    return page(
        request,
        "registration/again.html",
        at.language,
        status=getattr(fault, "status", 422) if fault else 200,
        compared=compared,
        said=compared.stays.said_again,
        back=compared.stays.status in MAY_REOPEN,
        chosen=compared.chosen(choices or {}),
        lists=LISTS,
        fault=fault,
    )
