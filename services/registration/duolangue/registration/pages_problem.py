"""The page behind "A problem?" in every message and on every page of a participant: it reaches the association's coordinators.

Whoever may answer a proposal or log a conversation may also report: the link of any purpose opens it, for its own person.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse

from duolangue.chassis.text import Paragraph
from duolangue.chassis.web import ActionLink, opened, page
from duolangue.contracts.links import Purpose
from duolangue.registration import usecases
from duolangue.registration.domain.report import ProblemKind
from duolangue.registration.ports import Ports

router = APIRouter(tags=["problem"], include_in_schema=False)
Opened = Annotated[ActionLink[Ports], Depends(opened(*Purpose))]


@router.get("/problem/{token}")  # noqa: FAST003 - `Opened` reads the token
async def ask(request: Request, link: Opened) -> HTMLResponse:
    """What kind of problem?"""
    own = await link.ports.own()
    return page(request, "registration/problem.html", link.language, kinds=list(ProblemKind), brand=own.name)


@router.post("/problem/{token}")  # noqa: FAST003 - `Opened` reads the token
async def report(
    request: Request, link: Opened, kind: Annotated[ProblemKind, Form()], words: Annotated[Paragraph, Form()] = ""
) -> HTMLResponse:
    """Thank you: somebody of the association reads it."""
    await usecases.report_problem(link.person, link.entity, kind, words, link.ports)
    own = await link.ports.own()
    return page(request, "registration/problem_thanks.html", link.language, brand=own.name)
