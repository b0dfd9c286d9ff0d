"""A duo on the desk: its weeks and conversations, and a form to log one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page
from duolangue.contracts.vocabulary import EntityId, Medium
from duolangue.sessions.domain import weeks
from duolangue.sessions.domain.resting import LONGEST as LONGEST_BREAK
from duolangue.sessions.forms import FormText, day_typed, minutes_typed
from duolangue.sessions.ports import Ports
from duolangue.sessions.rows import rows
from duolangue.sessions.usecases import associations, conversations, duos, resting
from duolangue.sessions.usecases.conversations import Told

router = APIRouter(include_in_schema=False)
Reads = Annotated[Desk[Ports], Depends(desk(Access.READ))]
Coordinates = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]

SHOWN: Final = 60
"""Conversations on a duo's page."""


@router.get("/sessions/duos/{duo}")
async def duo(request: Request, duo: EntityId, desk: Reads) -> Response:
    """One duo: its weeks, its conversations, and a form to log one."""
    return await _duo_page(request, duo, desk)


@router.post("/sessions/duos/{duo}/conversations")
async def log_by_desk(
    request: Request,
    duo: EntityId,
    desk: Coordinates,
    held_on: Annotated[date, Form()],
    medium: Annotated[Medium, Form()],
    minutes: FormText,
    key: Annotated[EntityId, Form()],
    another: Annotated[bool, Form()] = False,
    seen: Annotated[str | None, Form(max_length=3000)] = None,
) -> Response:
    """A coordinator logs a conversation; where one of that day is known, it is asked whether this is another."""
    try:
        known = None if seen is None else seen.split()
        told = Told(held_on, minutes_typed(minutes), medium, key, another=another, seen=known)
        await conversations.log_by_desk(duo, told, desk.ports)
    except RuleBroken as broken:
        asked = await conversations.known_of(duo, held_on, desk.ports)
        sent = {"held_on": held_on, "medium": medium, "minutes": minutes, "key": key, "seen": " ".join(asked)}
        return await _duo_page(request, duo, desk, broken=broken, sent=sent)
    return RedirectResponse(f"/sessions/duos/{duo}", 303)


@router.post("/sessions/duos/{duo}/conversations/{conversation}/withdraw")
async def withdraw(duo: EntityId, conversation: EntityId, desk: Coordinates) -> Response:
    """A coordinator takes a conversation back."""
    await conversations.withdraw(conversation, desk.ports)
    return RedirectResponse(f"/sessions/duos/{duo}", 303)


@router.post("/sessions/duos/{duo}/break")
async def note_break(
    request: Request, duo: EntityId, desk: Coordinates, until: Annotated[str, Form(max_length=20)] = ""
) -> Response:
    """A coordinator heard that the two take a break from today on."""
    try:
        await resting.take_break(duo, day_typed(until, "until"), desk.ports)
    except RuleBroken as broken:
        return await _duo_page(request, duo, desk, broken=broken, until=until)
    return RedirectResponse(f"/sessions/duos/{duo}#break", 303)


@router.post("/sessions/duos/{duo}/break/undo")
async def undo_break(duo: EntityId, desk: Coordinates) -> Response:
    """A coordinator takes a break back; both are told that they go on."""
    await resting.undo(duo, desk.ports)
    return RedirectResponse(f"/sessions/duos/{duo}#break", 303)


async def _duo_page(
    request: Request,
    duo_id: str,
    desk: Desk[Ports],
    *,
    broken: RuleBroken | None = None,
    sent: Mapping[str, Any] | None = None,
    until: str = "",
) -> Response:
    ports = desk.ports
    found = await duos.duo(duo_id, ports)
    row = (await rows([await duos.one(duo_id, ports)], ports))[duo_id]
    today = await associations.today(ports)
    logged = await conversations.of_duo(duo_id, ports, most=SHOWN)
    defaults = {"held_on": today, "medium": Medium.VIDEO, "minutes": str(found.promised), "key": str(uuid.uuid4())}
    return page(
        request,
        "sessions/duos/duo.html",
        desk.language,
        status=422 if broken else 200,
        row=row,
        weeks=[(weeks.monday_of(each.week), each) for each in reversed(found.weeks)],
        overview=found,
        conversations=logged,
        told=await conversations.told_of(logged, ports),
        may_log=desk.coordinator.access.covers(Access.COORDINATE),
        media=list(Medium),
        today=today,
        resting=row.duo.break_on(today),
        until=until,
        latest=today + LONGEST_BREAK,
        form={**defaults, **(sent or {})},
        broken=broken,
    )
