"""Pages where a coordinator makes a pair of their own: by hand, by a swap; or keeps two people apart."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duolangue.chassis.identity import Access
from duolangue.chassis.text import Paragraph
from duolangue.chassis.web import Desk, desk, page
from duolangue.contracts.vocabulary import EntityId, Role
from duolangue.matching.domain.override import SOFT
from duolangue.matching.domain.rules import ChangedMeanwhile, ReasonMissing, Refused, Unsuitable
from duolangue.matching.ports import Ports
from duolangue.matching.usecases import apart, drafts, swaps

router = APIRouter(prefix="/duos", include_in_schema=False)

At = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
DuoId = Annotated[EntityId, Path()]
SHOWN: Final = 500
"""Volunteers in the list of a swap; the API takes any."""


@router.post("/drafts")
async def draft_by_hand(
    request: Request,
    at: At,
    newcomer: Annotated[EntityId, Form()],
    volunteer: Annotated[EntityId, Form()],
    why: Annotated[Paragraph, Form()] = "",
    aside: Annotated[bool, Form()] = False,
) -> Response:
    """Draft a pair the coordinator thought of. Where a rule says no that may be set aside, its page asks why it should be."""
    try:
        duo = await drafts.by_hand(newcomer, volunteer, at.coordinator.id, at.ports, why=why, aside=aside)
    except Refused as refused:
        soft = isinstance(refused, Unsuitable) and refused.constraint in SOFT
        people = await at.ports.directory.people(at.ports.association, sorted({newcomer, volunteer}))
        return page(
            request,
            "matching/by_hand.html",
            at.language,
            status=refused.status,
            refusal=str(refused),
            newcomer=newcomer,
            volunteer=volunteer,
            people=people,
            why=why,
            may_aside=soft or isinstance(refused, ReasonMissing),
        )
    return RedirectResponse(f"/duos/{duo.id}", 303)


@router.get("/{duo}/swap")
async def see_swap(request: Request, duo: DuoId, at: At, volunteer: EntityId | None = None) -> HTMLResponse:
    """Whom else the newcomer of a draft could be paired with, and what that would cost the others."""
    return await _swap(request, duo, volunteer, at)


@router.post("/{duo}/swap")
async def swap(
    request: Request,
    duo: DuoId,
    at: At,
    volunteer: Annotated[EntityId, Form()],
    seen: Annotated[str | None, Form(max_length=300)] = None,
) -> Response:
    """Do it, where it still is what they saw."""
    try:
        await swaps.swap(duo, volunteer, at.coordinator.id, at.ports, seen=seen)
    except ChangedMeanwhile as changed:
        return await _swap(request, duo, volunteer, at, changed)
    except Refused as refused:
        return await _swap(request, duo, None, at, refused)
    return RedirectResponse("/duos#drafts", 303)


@router.post("/{duo}/keep-apart")
async def keep_apart(duo: DuoId, at: At, why: Annotated[Paragraph, Form()] = "") -> Response:
    """These two are not paired any more, until it is taken back."""
    found = await at.ports.duos.get(duo)
    await apart.keep(found.newcomer, found.volunteer, at.coordinator.id, why, at.ports)
    return RedirectResponse(f"/duos/{duo}", 303)


@router.post("/separations")
async def keep_two_apart(
    at: At,
    one: Annotated[EntityId, Form()],
    other: Annotated[EntityId, Form()],
    why: Annotated[Paragraph, Form()] = "",
) -> Response:
    """Two people who were never proposed to each other are not to be: back to the one of whom the page was."""
    await apart.keep_known(one, other, at.coordinator.id, why, at.ports)
    return RedirectResponse(f"/duos/waiting/{one}", 303)


@router.post("/separations/{separation}/end")
async def allow(separation: EntityId, at: At) -> Response:
    """They may be paired again."""
    await apart.allow(separation, at.ports)
    return RedirectResponse("/duos", 303)


async def _swap(
    request: Request, duo_id: str, volunteer: str | None, at: Desk[Ports], refused: Refused | None = None
) -> HTMLResponse:
    duo = await at.ports.duos.get(duo_id)
    planned = None
    if volunteer is not None and (refused is None or isinstance(refused, ChangedMeanwhile)):
        try:
            planned = await swaps.preview(duo_id, volunteer, at.ports)
        except Refused as no:
            refused = no
    roll = await at.ports.roll.now()
    others = [each for each in roll.volunteers(SHOWN + 2) if each not in {duo.volunteer, duo.newcomer}][:SHOWN]
    wanted = {duo.newcomer, duo.volunteer, *others}
    if planned:
        wanted |= {planned.pair.volunteer}
        wanted |= {planned.falls.person(side) for side in Role} if planned.falls else set()
        wanted |= {planned.instead.volunteer} if planned.instead else set()
    return page(
        request,
        "matching/swap.html",
        at.language,
        status=refused.status if refused else 200,
        duo=duo,
        planned=planned,
        people=await at.ports.directory.people(at.ports.association, sorted(wanted)),
        others=others,
        chosen=volunteer or "",
        refusal=str(refused) if refused else "",
    )
