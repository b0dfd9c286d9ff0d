"""The first page of sessions: whom to call, then the running duos."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page
from duolangue.sessions.domain import overview
from duolangue.sessions.domain.commitment import CommitmentStatus
from duolangue.sessions.ports import Ports
from duolangue.sessions.rows import rows
from duolangue.sessions.usecases import duos

router = APIRouter(include_in_schema=False)
Reads = Annotated[Desk[Ports], Depends(desk(Access.READ))]


@router.get("/sessions")
async def home(request: Request, desk: Reads) -> Response:
    """Whom to call first and why, then the running duos."""
    ports = desk.ports
    every = await duos.duos(ports)
    shown = await rows(every, ports)
    return page(
        request,
        "sessions/desk.html",
        desk.language,
        to_call=[shown[each.duo] for each in overview.by_urgency(every)],
        running=[shown[each.duo] for each in every if each.status is not CommitmentStatus.ENDED],
        ended=[shown[each.duo] for each in every if each.status is CommitmentStatus.ENDED],
        totals=await duos.totals(None, None, ports),
    )
