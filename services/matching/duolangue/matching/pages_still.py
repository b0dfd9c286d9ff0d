"""The page behind the last question: do you still want to take part?"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duolangue.chassis.web import LANGUAGES, ActionLink, opened, page
from duolangue.contracts.links import Purpose
from duolangue.matching.ports import Ports
from duolangue.matching.usecases import pool as pools
from duolangue.matching.usecases import questions

router = APIRouter(prefix=Purpose.STILL_TAKING_PART.route, include_in_schema=False)

Opened = Annotated[ActionLink[Ports], Depends(opened(Purpose.STILL_TAKING_PART))]
Choice = Literal["yes", "no"]


@router.get("")
async def see(request: Request, link: Opened, choice: Choice | None = None) -> HTMLResponse:
    """How things stand, and two buttons while an answer is waited for. Opening changes nothing."""
    question = await questions.see(link.entity, link.person, link.ports)
    association = await pools.association_of(link.ports)
    return page(
        request,
        "matching/still.html",
        link.language if link.language in LANGUAGES else association.language,
        question=question,
        first=choice or "yes",
        brand=association.name or "Duolangue",
    )


@router.post("")
async def answer(request: Request, link: Opened, choice: Annotated[Choice, Form()]) -> Response:
    """Answer; the first answer counts."""
    await questions.answer(link.entity, link.person, link.ports, yes=choice == "yes")
    return RedirectResponse(request.url.path, 303)
