"""The pages of runs: the last ones side by side, one with its progress and, where it was dry, what it would have drafted."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import AwareDatetime

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page
from duolangue.contracts.vocabulary import EntityId, Role
from duolangue.matching.domain.duo import Status
from duolangue.matching.domain.run import OPEN
from duolangue.matching.ports import Ports
from duolangue.matching.sentences_waiting import WaitingSentences
from duolangue.matching.usecases import runs

router = APIRouter(prefix="/duos", include_in_schema=False)

Reader = Annotated[Desk[Ports], Depends(desk(Access.READ))]
At = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
RunId = Annotated[EntityId, Path()]
NEWEST: Final = 20
REFRESH_SECONDS: Final = "3"
"""A page that shows how far a run is asks again by itself, also without JavaScript."""
SHOWN: Final = 200
"""Pairs of a run that its page lists; the API gives all."""


@router.get("/runs")
async def overview(request: Request, at: Reader) -> HTMLResponse:
    """The last runs, side by side."""
    return page(
        request,
        "matching/runs.html",
        at.language,
        runs=await at.ports.runs.newest(NEWEST),
        may=at.coordinator.access.covers(Access.COORDINATE),
    )


@router.post("/runs")
async def run_now(at: At) -> Response:
    """Ask for a run, then show the desk."""
    await runs.request(at.coordinator.id, at.ports)
    return RedirectResponse("/duos", 303)


@router.post("/runs/dry")
async def run_dry(at: At) -> Response:
    """Ask for a run that drafts nothing, then show how far it is."""
    run = await runs.request_dry(at.coordinator.id, at.ports)
    return RedirectResponse(f"/duos/runs/{run.id}", 303)


@router.get("/runs/{run}")
async def see(request: Request, run: RunId, at: Reader) -> HTMLResponse:
    """How far a run is; what it found, the proof that nothing better exists, and what became of its pairs."""
    one = await at.ports.runs.get(run)
    shown = await runs.best(one, SHOWN, at.ports) if one.dry else []
    counts = {} if one.dry else await at.ports.duos.counts_of(run)
    duos = await at.ports.duos.of_run(run, SHOWN) if counts else []
    wanted = {person for pair in shown for person in (pair.newcomer, pair.volunteer)}
    wanted |= {duo.person(side) for duo in duos for side in Role}
    people = await at.ports.directory.people(at.ports.association, sorted(wanted)) if wanted else {}
    sentences, policy = WaitingSentences(at.language), one.policy
    proven = one.certificate.tiers if one.certificate else ()
    shown_page = page(
        request,
        "matching/run.html",
        at.language,
        run=one,
        under_way=one.status in OPEN,
        pairs=[(people[pair.newcomer], people[pair.volunteer], pair.score) for pair in shown],
        duos=[(duo, people[duo.newcomer], people[duo.volunteer]) for duo in duos],
        drafts=counts.get(Status.DRAFT, 0),
        count=one.figures.pairs if one.dry else sum(counts.values()),
        tiers=[(sentences.of_tier(each.tier, policy), each) for each in proven if each.newcomers] if policy else [],
        beside=[each for each in await at.ports.runs.newest(NEWEST) if each.id != one.id][:3],
        may=at.coordinator.access.covers(Access.COORDINATE),
    )
    if one.status in OPEN:
        shown_page.headers["Refresh"] = REFRESH_SECONDS
    return shown_page


@router.post("/runs/{run}/approve")
async def approve_run(run: RunId, at: At) -> Response:
    """Approve all that a run drafted."""
    await runs.approve_all(run, at.coordinator.id, at.ports)
    return RedirectResponse("/duos", 303)


@router.post("/drafts/approve")
async def approve_all(at: At, seen: Annotated[AwareDatetime | None, Form()] = None) -> Response:
    """Approve all drafts there were when the page was made that asks for it."""
    await runs.approve_every_draft(at.coordinator.id, at.ports, seen=seen)
    return RedirectResponse("/duos", 303)
