"""What the best assignment would change among the drafts nobody was told of, now that somebody is there; with one button that does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duolangue.chassis.identity import Access
from duolangue.chassis.store import Absent
from duolangue.chassis.web import Desk, desk, page
from duolangue.contracts.requests import Person as Named
from duolangue.contracts.vocabulary import EntityId
from duolangue.matching.domain.rules import NotComputed, Refused
from duolangue.matching.ports import ComputationFailed, Ports
from duolangue.matching.usecases import anew
from duolangue.matching.usecases.anew import Anew

router = APIRouter(prefix="/duos/waiting", include_in_schema=False)

Reader = Annotated[Desk[Ports], Depends(desk(Access.READ))]
At = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
Somebody = Annotated[EntityId, Path()]


@dataclass(frozen=True, slots=True)
class Row:
    """One newcomer for whom something would change."""

    newcomer: Named
    now: Named | None
    """With whom they are drafted; none for who waits."""
    then: Named | None
    """None for who would wait again."""


async def rows(found: Anew, participant: str, at: Desk[Ports]) -> list[Row]:
    """What would change, what concerns one person first."""
    changes: list[tuple[str, str | None, str | None]] = [
        (duo.newcomer, duo.volunteer, pair.volunteer) for duo, pair in found.move
    ]
    changes += [(pair.newcomer, None, pair.volunteer) for pair in found.come]
    changes += [(duo.newcomer, duo.volunteer, None) for duo in found.fall]
    changes.sort(key=lambda change: participant not in change)
    wanted = {each for change in changes for each in change if each}
    people = await at.ports.directory.people(at.ports.association, sorted(wanted)) if wanted else {}
    return [
        Row(people[one], people[now] if now else None, people[then] if then else None) for one, now, then in changes
    ]


@router.get("/{participant}/anew")
async def see(request: Request, participant: Somebody, at: Reader) -> HTMLResponse:
    """What would become of the drafts. Changes nothing."""
    return await _page(request, participant, at)


@router.post("/{participant}/anew")
async def do(request: Request, participant: Somebody, at: At, seen: Annotated[str, Form(max_length=64)]) -> Response:
    """Do it, if it still is what was shown."""
    await _somebody(participant, at)
    try:
        await anew.carry_out(seen, at.coordinator.id, at.ports)
    except Refused as refused:
        return await _page(request, participant, at, refused)
    except ComputationFailed:
        return await _page(request, participant, at, NotComputed())
    return RedirectResponse("/duos#drafts", 303)


async def _page(request: Request, participant: str, at: Desk[Ports], refused: Refused | None = None) -> HTMLResponse:
    await _somebody(participant, at)
    found = None
    try:
        found = await anew.look(at.ports)
    except ComputationFailed:
        refused = refused or NotComputed()
    people = await at.ports.directory.people(at.ports.association, [participant])
    return page(
        request,
        "matching/anew.html",
        at.language,
        status=refused.status if refused else 200,
        participant=participant,
        named=people[participant],
        anew=found,
        rows=await rows(found, participant, at) if found else [],
        refusal=str(refused) if refused else "",
        may=at.coordinator.access.covers(Access.COORDINATE),
    )


async def _somebody(participant: str, at: Desk[Ports]) -> None:
    """Raises `Absent` where nobody is known here under this id."""
    if await at.ports.people.find(participant) is None:
        raise Absent(f"person {participant}")
