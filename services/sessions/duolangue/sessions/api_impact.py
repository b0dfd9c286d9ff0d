"""The API of figures: a report of a period, for everybody or for one of the association's zones."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk
from duolangue.sessions.domain.figures import Impact
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import impact

router = APIRouter(prefix="/sessions/api", tags=["impact"])
Reads = Annotated[Desk[Ports], Depends(desk(Access.READ))]


@router.get("/impact")
async def report(
    desk: Reads,
    first: Annotated[
        str, Query(max_length=7, description="A month, as in 2026-01; this year's first where none is given.")
    ] = "",
    last: Annotated[
        str, Query(max_length=7, description="A month, included; the last that is over where none is given.")
    ] = "",
    zone: Annotated[str, Query(max_length=100, description="The name of one of the association's zones.")] = "",
) -> Impact:
    """The figures of whole calendar months; of a calendar year that is over with breakdowns in which nobody can be recognised."""
    return await impact.report_to_send(await impact.chosen(first, last, desk.ports), zone, desk.ports)
