"""Lists of people as files: whom a search finds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk
from duolangue.registration import usecases
from duolangue.registration.auditing import Audited, takes_out
from duolangue.registration.domain.filters import Filters
from duolangue.registration.ports import Ports

router = APIRouter(tags=["pages"], include_in_schema=False, route_class=Audited)
At = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
CSV: Final = "text/csv; charset=utf-8"


def download(name: str, text: AsyncIterator[str]) -> StreamingResponse:
    """A file to keep, sent as it is written."""
    return StreamingResponse(text, media_type=CSV, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.get("/people/export")
async def export(request: Request, at: At, filters: Annotated[Filters, Query()]) -> StreamingResponse:
    """Everybody whom the list shows with these filters, as CSV."""
    takes_out(request)
    today = (await at.ports.own()).today(at.ports.clock.now())
    return download(
        f"people-{at.ports.association}-{today}.csv", usecases.exporting.people(filters, at.language, at.ports)
    )
