"""Records that may be one person: the list of them, and the page that makes one of two."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page
from duolangue.contracts.vocabulary import EntityId
from duolangue.registration.auditing import Audited, shows
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.merging import FIELDS, LISTS, Choice
from duolangue.registration.ports import Ports
from duolangue.registration.usecases import merging, twins

router = APIRouter(tags=["duplicates"], include_in_schema=False, route_class=Audited)
At = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
SHOWN: Final = 50


@router.get("/people/duplicates")
async def duplicates(request: Request, at: At) -> HTMLResponse:
    """Pairs of records that look like one person."""
    return await _listed(request, at)


async def _listed(request: Request, at: Desk[Ports], fault: Invalid | None = None) -> HTMLResponse:
    found = await twins.possible_duplicates(at.ports, SHOWN + 1)
    shows(request, (each.id for _, *both in found for each in both))
    return page(
        request,
        "registration/duplicates.html",
        at.language,
        status=getattr(fault, "status", 422) if fault else 200,
        found=found[:SHOWN],
        more=len(found) > SHOWN,
        fault=fault,
    )


@router.post("/people/duplicates/{pair_id}/not-the-same")
async def not_the_same(pair_id: EntityId, at: At, back: Annotated[EntityId | None, Form()] = None) -> RedirectResponse:
    """They are two people: the pair is not shown again."""
    await twins.not_the_same(pair_id, at.coordinator.id, at.ports)
    return RedirectResponse(f"/people/{back}" if back else "/people/duplicates", 303)


@router.get("/people/{one_id}/merge/{other_id}")
async def compare(request: Request, one_id: EntityId, other_id: EntityId, at: At) -> HTMLResponse:
    """Two records side by side; two that cannot be made one are said to be such, above the list."""
    shows(request, (one_id, other_id))
    try:
        return await _compared(request, one_id, other_id, at)
    except Invalid as fault:
        return await _listed(request, at, fault)


@router.post("/people/{one_id}/merge/{other_id}", response_model=None)
async def merge(request: Request, one_id: EntityId, other_id: EntityId, at: At) -> HTMLResponse | RedirectResponse:
    """Make one of two."""
    shows(request, (one_id, other_id))
    choices = chosen_in(await request.form())
    try:
        kept = await merging.merge(one_id, other_id, choices, at.coordinator.id, at.ports)
    except Invalid as fault:
        try:
            return await _compared(request, one_id, other_id, at, choices, fault)
        except Invalid:  # what was compared cannot be made one any more
            return await _listed(request, at, fault)
    return RedirectResponse(f"/people/{kept.id}", 303)


def chosen_in(form: FormData) -> dict[str, Choice]:
    """What was chosen, field by field."""
    chosen = {field: form.get(field) for field in FIELDS}
    return {field: Choice(value) for field, value in chosen.items() if value in set(Choice)}


async def _compared(
    request: Request,
    one_id: str,
    other_id: str,
    at: Desk[Ports],
    choices: dict[str, Choice] | None = None,
    fault: Invalid | None = None,
) -> HTMLResponse:
    compared = await merging.compare(one_id, other_id, at.ports)
    return page(
        request,
        "registration/merge.html",
        at.language,
        status=getattr(fault, "status", 422) if fault else 200,
        compared=compared,
        chosen=compared.chosen(choices or {}),
        lists=LISTS,
        fault=fault,
        address=f"/people/{one_id}/merge/{other_id}",
    )
