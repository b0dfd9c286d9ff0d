"""Who gives an activity: a participant whom a coordinator looks for by name, or the association's own people."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page
from duolangue.contracts.facts.activities import ActivityKind
from duolangue.contracts.vocabulary import EntityId
from duolangue.sessions.domain.activity import Activity
from duolangue.sessions.ports import Ports
from duolangue.sessions.rows import full_name
from duolangue.sessions.usecases import associations, hosting

router = APIRouter(prefix="/sessions/activities", include_in_schema=False)
Coordinates = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]


@router.get("/{activity}/host")
async def host(
    request: Request, activity: EntityId, desk: Coordinates, who: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    """Who gives it now, and who else could who is called so."""
    return await _shown(request, desk, activity, who.strip())


@router.post("/{activity}/host")
async def entrust(
    request: Request, activity: EntityId, desk: Coordinates, participant: Annotated[str, Form(max_length=64)] = ""
) -> Response:
    """They give it; nobody chosen: the association's own people do."""
    try:
        entrusted = await hosting.entrust(activity, participant or None, desk.coordinator.id, desk.ports)
    except RuleBroken as broken:
        return await _shown(request, desk, activity, broken=broken)
    return RedirectResponse(_page_of(entrusted), 303)


async def _shown(
    request: Request, desk: Desk[Ports], activity_id: str, who: str = "", broken: RuleBroken | None = None
) -> Response:
    activity = await desk.ports.activities.get(activity_id)
    found, away = await associations.called(who, desk.ports) if who else ({}, False)
    present = await associations.names([activity.host], desk.ports) if activity.host else {}
    return page(
        request,
        "sessions/activities/host.html",
        desk.language,
        status=getattr(broken, "status", 422) if broken else 200,
        activity=activity,
        back=_page_of(activity),
        who=who,
        found={each: full_name(person) for each, person in found.items()},
        away=away,
        present=next((full_name(each) for each in present.values()), ""),
        broken=broken,
    )


def _page_of(activity: Activity) -> str:
    return f"/sessions/{'courses' if activity.kind is ActivityKind.COURSE else 'activities'}/{activity.id}"
