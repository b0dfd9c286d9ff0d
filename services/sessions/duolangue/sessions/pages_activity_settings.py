"""The page of the settings: with what activities begin."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page
from duolangue.contracts.facts.activities import ActivityKind
from duolangue.sessions import activity_forms
from duolangue.sessions.activity_forms import Filled
from duolangue.sessions.domain.activity_policy import BALANCING
from duolangue.sessions.domain.eligibility import Rule
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import activities

router = APIRouter(prefix="/sessions/activities", include_in_schema=False)
Reads = Annotated[Desk[Ports], Depends(desk(Access.READ))]
Administers = Annotated[Desk[Ports], Depends(desk(Access.ADMINISTER))]


@router.get("/settings")
async def settings(request: Request, desk: Reads, *, kept: bool = False) -> Response:
    """With what activities begin."""
    return await _settings(request, desk, None, kept=kept)


@router.post("/settings")
async def change_settings(request: Request, desk: Administers) -> Response:
    """All of it as it stands in the form."""
    texts, chosen = await activity_forms.several_typed(request, "chosen")
    known = await activities.policy(desk.ports)
    filled, fresh = activity_forms.read_policy(texts, known, chosen)
    if fresh is None:
        return await _settings(request, desk, filled)
    await activities.decide(fresh, desk.coordinator.id, desk.ports)
    return RedirectResponse("/sessions/activities/settings?kept=true", 303)


async def _settings(request: Request, desk: Desk[Ports], filled: Filled | None, *, kept: bool = False) -> Response:
    policy = await activities.policy(desk.ports)
    return page(
        request,
        "sessions/activities/settings.html",
        desk.language,
        status=422 if filled else 200,
        policy=policy,
        typed=filled.typed if filled else {name: str(getattr(policy, name)) for name in activity_forms.HOURS},
        faults=filled.faults if filled else {},
        bounds=activity_forms.HOURS,
        kinds=list(ActivityKind),
        rules=list(Rule),
        balancing=BALANCING,
        kept=kept,
        may=desk.coordinator.access.covers(Access.ADMINISTER),
    )
