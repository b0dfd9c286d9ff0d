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
