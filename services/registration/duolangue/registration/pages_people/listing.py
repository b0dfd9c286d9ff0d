"""The list of people: searched, filtered, sorted, a page at a time; and one thing done to many of them."""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import Field

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page
from duolangue.contracts.vocabulary import LANGUAGES, EntityId, Level
from duolangue.registration.auditing import Audited, shows
from duolangue.registration.domain.bulk import MOST, BulkAct
from duolangue.registration.domain.filters import Filters, Mark, Part, Sort
from duolangue.registration.domain.interests import ASKED
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.participant import Status, meant_by
from duolangue.registration.ports import MOST_COUNTED, Ports
from duolangue.registration.usecases import bulk, people_desk

router = APIRouter(tags=["people"], include_in_schema=False, route_class=Audited)
Reader = Annotated[Desk[Ports], Depends(desk(Access.READ))]
At = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
Chosen = Annotated[list[EntityId], Form()]
COMMON: Final = ("fr", "nl", "en", "ar", "uk", "es", "tr", "fa", "ps", "ti", "so", "de")
"""Languages that stand first in the list of all."""


class Asked(Filters):
    """What the address of a list says: what is asked for, and where the page begins or ends."""

    after: str = Field(default="", max_length=64)
    before: str = Field(default="", max_length=64)

    @property
    def filters(self) -> Filters:
        """What is asked for."""
        return Filters(**self.model_dump(exclude={"after", "before"}))


@router.get("/people")
async def people(request: Request, at: Reader, asked: Annotated[Asked, Query()]) -> HTMLResponse:
    """The association's people."""
    return await _listed(request, at, asked)


async def _listed(request: Request, at: Desk[Ports], asked: Asked, fault: Invalid | None = None) -> HTMLResponse:
    coordinates = at.coordinator.access.covers(Access.COORDINATE)
    filters = asked.filters
    if not coordinates and filters.mark is Mark.TO_LOOK_AT:
        filters = filters.model_copy(update={"mark": None})
    listing = await people_desk.people_listed(
        filters, at.ports, after=asked.after, before=asked.before, discreet=not coordinates
    )
    shows(request, (each.id for each in listing.people))
    own = await at.ports.own()
    return page(
        request,
        "registration/people.html",
        at.language,
        status=422 if fault else 200,
        fault=fault,
        association=own,
        listing=listing,
        filters=filters,
        told=filters.told,
        numbers=await people_desk.people_numbers(at.ports, discreet=not coordinates) if not filters.searched else {},
        most=MOST_COUNTED,
        duplicates=await people_desk.open_pairs(at.ports) if coordinates else 0,
        address=_address,
        statuses=[status for status in Status if meant_by(status, discreet=not coordinates)],
        parts=list(Part),
        levels=list(Level),
        interests=ASKED,
        languages=[*COMMON, *sorted(LANGUAGES - set(COMMON))],
        marks=[mark for mark in Mark if coordinates or mark is not Mark.TO_LOOK_AT],
        sorts=list(Sort),
        coordinates=coordinates,
        now=at.ports.clock.now(),
    )


@router.post("/people/bulk")
async def do_to_many(
    request: Request,
    at: At,
    asked: Annotated[Asked, Query()],
    act: Annotated[BulkAct, Form()],
    chosen: Annotated[list[EntityId] | None, Form(alias="people", max_length=MOST * 2)] = None,
    sure: Annotated[str, Form(max_length=3)] = "",
) -> Any:
    """Do one thing to many people. What cannot be taken back is asked once more; the address says which list they were chosen in."""
    if act is BulkAct.LEAVE and chosen and not sure:
        found = await at.ports.participants.with_ids(chosen)
        shows(request, (each.id for each in found))
        return page(request, "registration/bulk_sure.html", at.language, act=act, people=found)
    try:
        outcome = await bulk.do_to_many(act, chosen or [], at.coordinator.id, at.ports)
    except Invalid as fault:
        return await _listed(request, at, asked, fault)
    shows(request, outcome.done)
    return RedirectResponse(f"/people/bulk/{outcome.id}", 303)


@router.get("/people/bulk/{bulk_id}")
async def outcome(request: Request, bulk_id: EntityId, at: At) -> HTMLResponse:
    """What was done, what was not, and why."""
    past = await at.ports.bulks.get(bulk_id)
    wanted = {*past.done, *past.same, *past.refused}
    found = await at.ports.participants.with_ids(wanted)
    shows(request, (each.id for each in found))
    return page(request, "registration/bulk.html", at.language, past=past, people={each.id: each for each in found})


@router.post("/people/bulk/{bulk_id}/undo")
async def undo(request: Request, bulk_id: EntityId, at: At) -> RedirectResponse:
    """Take back what was done."""
    back = await bulk.undo(bulk_id, at.coordinator.id, at.ports)
    shows(request, back.done)
    return RedirectResponse(f"/people/bulk/{back.id}", 303)


def _address(told: dict[str, str], path: str = "/people", **changes: str) -> str:
    """The list with these things asked for; an empty one is asked for no more."""
    asked = {name: value for name, value in {**told, **changes}.items() if value}
    return f"{path}?{urlencode(asked)}" if asked else path
