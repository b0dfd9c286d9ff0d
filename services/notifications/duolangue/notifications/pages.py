"""The desk's page of messages: what to hand over, what failed, how many. Works without JavaScript."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duolangue.chassis import bus
from duolangue.chassis.identity import Access
from duolangue.chassis.store import Absent
from duolangue.chassis.web import Desk, desk, page
from duolangue.chassis.whatsapp import qr_svg
from duolangue.contracts.vocabulary import EntityId
from duolangue.notifications import usecases
from duolangue.notifications.domain.message import MessageStatus
from duolangue.notifications.ports import Ports

router = APIRouter(prefix="/messages", include_in_schema=False)

LATELY: Final = timedelta(days=7)
"""What the figures of the page are about: a week, as long as a duo waits from one conversation to the next."""
SHOWN: Final = 12
"""Messages to hand over on one page."""
STANDING: Final = (MessageStatus.WAITING, MessageStatus.FAILED)
"""What is counted at the head of the page."""
At = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]


@router.get("")
async def overview(
    request: Request, desk: At, person: EntityId | None = None, start: Annotated[int, Query(ge=0, le=100_000)] = 0
) -> HTMLResponse:
    """What waits, then what failed, then the figures; or all messages to one person."""
    ports = desk.ports
    if person is not None:
        named = await ports.directory.people(ports.association, [person])
        return page(
            request,
            "notifications/messages_of.html",
            desk.language,
            person=person,
            named=named[person],
            messages=await usecases.list_messages(ports, recipient=person),
        )
    waiting, failed, unreachable, standing, totals = await asyncio.gather(
        _waiting(ports, start),
        usecases.list_messages(ports, status=MessageStatus.FAILED),
        usecases.unreachable_people(ports),
        asyncio.gather(*(usecases.standing(each, ports) for each in STANDING)),
        usecases.totals(ports, ports.clock.now() - LATELY),
    )
    people = await ports.directory.people(
        ports.association, [*(each.recipient for each in failed), *(each.id for each in unreachable)]
    )
    return page(
        request,
        "notifications/messages.html",
        desk.language,
        waiting=waiting or [],
        start=start,
        shown=SHOWN,
        away=waiting is None,
        failed=failed,
        unreachable=unreachable,
        people=people,
        standing=dict(zip(STANDING, standing, strict=True)),
        totals=totals,
        days=LATELY.days,
    )


@router.get("/{message_id}/qr.svg")
async def code(message_id: EntityId, desk: At) -> Response:
    """A code to print or to show: what the message asks for, else the chat with its text."""
    found = await usecases.ready(message_id, desk.ports)
    if found.code is None:
        raise Absent("code")
    return Response(qr_svg(found.code), media_type="image/svg+xml")


@router.post("/{message_id}/handed-over")
async def handed_over(message_id: EntityId, desk: At) -> RedirectResponse:
    """The person has it."""
    await usecases.hand_over(message_id, desk.ports)
    return RedirectResponse("/messages", 303)


@router.post("/{message_id}/retry")
async def retry(message_id: EntityId, desk: At) -> RedirectResponse:
    """Send it again."""
    await usecases.try_again(message_id, desk.ports)
    return RedirectResponse("/messages", 303)


async def _waiting(ports: Ports, start: int) -> list[usecases.Ready] | None:
    """A page of what is to be handed over; none where its words cannot be made now."""
    try:
        return await usecases.waiting(ports, start, SHOWN)
    except (bus.Unavailable, bus.Refused, usecases.AssociationUnknown):
        return None
