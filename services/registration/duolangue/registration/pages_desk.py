"""The page a coordinator opens in the morning: what waits for them, in every service."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page
from duolangue.registration import usecases
from duolangue.registration.auditing import Audited, shows
from duolangue.registration.domain.participant import Status, discreetly
from duolangue.registration.guarding import guards
from duolangue.registration.ports import Ports

router = APIRouter(tags=["desk"], include_in_schema=False, route_class=Audited)
Reader = Annotated[Desk[Ports], Depends(desk(Access.READ))]
FIRST: Final = 5
"""People shown who wait for a first interview; the list has them all."""


@router.get("/desk")
async def today(request: Request, at: Reader) -> HTMLResponse:
    """What needs me today first; each figure leads to its list."""
    own = await at.ports.own()
    applied = await at.ports.participants.desk(Status.APPLIED, 0, FIRST)
    shows(request, (each.id for each in applied))
    coordinates = at.coordinator.access.covers(Access.COORDINATE)
    return page(
        request,
        "registration/desk.html",
        at.language,
        today=await usecases.today(at.ports, guards=guards(at, own), coordinates=coordinates),
        applied=applied if coordinates else [discreetly(each) for each in applied],
        association=own,
        coordinates=coordinates,
        now=at.ports.clock.now(),
    )
