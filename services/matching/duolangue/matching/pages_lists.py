"""All drafts, all proposals, all duos that run: a page at a time, the newest first. The desk shows the first of each."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse

from duolangue.chassis.identity import Access
from duolangue.chassis.store import Absent
from duolangue.chassis.web import Desk, desk, page
from duolangue.contracts.vocabulary import EntityId
from duolangue.matching.domain.duo import RUNNING, Status
from duolangue.matching.pages import plain_cards
from duolangue.matching.ports import Ports

router = APIRouter(prefix="/duos/list", include_in_schema=False)

Reader = Annotated[Desk[Ports], Depends(desk(Access.READ))]
PAGE: Final = 50


class Listed(StrEnum):
    """What is listed."""

    DRAFTS = "drafts"
    PROPOSALS = "proposals"
    RUNNING = "running"


STATUSES: Final = {
    Listed.DRAFTS: frozenset({Status.DRAFT}),
    Listed.PROPOSALS: frozenset({Status.PROPOSED}),
    Listed.RUNNING: RUNNING,
}


@router.get("/{listed}")
async def see(
    request: Request,
    at: Reader,
    listed: Annotated[EntityId, Path()],
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> HTMLResponse:
    """One page of them."""
    if listed not in STATUSES:
        raise Absent(f"list {listed}")
    statuses = STATUSES[Listed(listed)]
    roll = await at.ports.roll.now()
    found = await at.ports.duos.with_status(statuses, PAGE, start)
    count = sum(roll.counts[status] for status in statuses)
    return page(
        request,
        "matching/list.html",
        at.language,
        listed=listed,
        cards=await plain_cards(found, at.ports),
        count=count,
        start=start,
        before=max(0, start - PAGE),
        after=start + PAGE if start + PAGE < count else 0,
    )
