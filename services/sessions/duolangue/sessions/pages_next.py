"""The page behind the question of a duo whose weeks are over: do you go on, or end it with thanks? It needs no sign-in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from duolangue.chassis.web import ActionLink, page
from duolangue.contracts.links import Purpose
from duolangue.sessions.domain.standing import NextStep
from duolangue.sessions.own_links import opened_today
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import asking, associations, next_steps

router = APIRouter(prefix=Purpose.NEXT_STEP.route, include_in_schema=False)
Opened = Annotated[ActionLink[Ports], Depends(opened_today(Purpose.NEXT_STEP))]


@router.get("")
async def see(request: Request, link: Opened) -> Response:
    """How things stand, and two buttons while an answer is waited for. Opening changes nothing."""
    shown = await next_steps.open_question(link.entity, link.person, link.ports)
    people = await associations.names([shown.partner], link.ports)
    return page(
        request,
        "sessions/duos/next.html",
        link.language,
        shown=shown,
        partner=people[shown.partner].first_name,
        brand=shown.association,
        questions=request.path_params["token"] if await asking.asked(link.person, link.ports) else "",
    )


@router.post("")
async def answer(request: Request, link: Opened, wish: Annotated[NextStep, Form()]) -> Response:
    """Answer; it may be changed until both have said that they go on."""
    await next_steps.answer(link.entity, link.person, wish, link.ports)
    return RedirectResponse(request.url.path, 303)
