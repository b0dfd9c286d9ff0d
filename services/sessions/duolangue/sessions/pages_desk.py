"""The first page of sessions: who needs a call today and why, what duos wrote, how they are; and the lists behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page
from duolangue.contracts.vocabulary import EntityId
from duolangue.sessions.domain.standing import RUNNING, Health
from duolangue.sessions.ports import Ports
from duolangue.sessions.rows import rows
from duolangue.sessions.usecases import conversations, duos, following, next_steps
from duolangue.sessions.usecases import desk as desks

router = APIRouter(include_in_schema=False)
Reads = Annotated[Desk[Ports], Depends(desk(Access.READ))]
Coordinates = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
PageNumber = Annotated[int, Query(ge=1, le=100_000)]


@router.get("/sessions")
async def home(request: Request, desk: Reads, called: EntityId | None = None) -> Response:
    """Whom to call first and why; what was written; how many duos stand how. It costs the same however many duos there are."""
    ports = desk.ports
    count, first = await desks.calls(ports)
    words = await conversations.unread(ports)
    told = {each.id: each for each in await duos.known(sorted({word.duo for word in words}), ports)}
    shown = await rows([*first, *told.values()], ports)
    healths = await desks.healths(ports)
    return page(
        request,
        "sessions/desk.html",
        desk.language,
        count=count,
        calls=[shown[each.id] for each in first],
        words=[(word, shown[word.duo]) for word in words if word.duo in shown],
        healths=healths,
        running=sum(healths[health] for health in RUNNING),
        called=called,
        may=desk.coordinator.access.covers(Access.COORDINATE),
    )


@router.get("/sessions/calls")
async def calls(request: Request, desk: Reads, number: Annotated[PageNumber, Query(alias="page")] = 1) -> Response:
    """All duos to call."""
    listed, healths = await asyncio.gather(desks.all_calls(number, desk.ports), desks.healths(desk.ports))
    return await _list(request, desk, listed, "calls", healths)


@router.get("/sessions/duos")
async def running(
    request: Request,
    desk: Reads,
    health: Health | None = None,
    number: Annotated[PageNumber, Query(alias="page")] = 1,
) -> Response:
    """Duos of one health, or all that run."""
    healths = await desks.healths(desk.ports)
    listed = await desks.listed(health, number, healths, desk.ports)
    return await _list(request, desk, listed, health.value if health else "running", healths)


@router.post("/sessions/duos/{duo}/called")
async def called(duo: EntityId, desk: Coordinates) -> Response:
    """A coordinator spoke with them."""
    await following.called(duo, desk.ports)
    return RedirectResponse(f"/sessions?called={duo}", 303)


@router.post("/sessions/duos/{duo}/not-called")
async def not_called(duo: EntityId, desk: Coordinates) -> Response:
    """That was a slip."""
    await following.not_called(duo, desk.ports)
    return RedirectResponse("/sessions", 303)


@router.post("/sessions/duos/{duo}/go-on")
async def go_on(duo: EntityId, desk: Coordinates) -> Response:
    """They told the coordinator that they go on."""
    await next_steps.go_on(duo, desk.ports)
    return RedirectResponse(f"/sessions/duos/{duo}", 303)


@router.post("/sessions/duos/{duo}/conversations/{conversation}/read")
async def read(duo: EntityId, conversation: EntityId, desk: Coordinates) -> Response:
    """A coordinator has read what somebody wrote."""
    await conversations.mark_read(duo, conversation, desk.ports)
    return RedirectResponse("/sessions#words", 303)


async def _list(
    request: Request, desk: Desk[Ports], listed: desks.Listed, which: str, healths: Mapping[Health, int]
) -> Response:
    shown = await rows(listed.duos, desk.ports)
    return page(
        request,
        "sessions/duos/list.html",
        desk.language,
        which=which,
        rows=[shown[each.id] for each in listed.duos],
        listed=listed,
        healths=healths,
    )
