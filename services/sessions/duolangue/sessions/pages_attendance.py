"""Who came: the list of a meeting, for its host on a phone by a link, and for a coordinator on the desk."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.identity import Access
from duolangue.chassis.web import ActionLink, Desk, desk, page
from duolangue.contracts.facts.activities import Presence
from duolangue.contracts.links import Purpose
from duolangue.contracts.requests import Person
from duolangue.contracts.vocabulary import EntityId
from duolangue.sessions import activity_forms, attendance_paper, course_forms
from duolangue.sessions.activity_words import said
from duolangue.sessions.own_links import opened_today
from duolangue.sessions.ports import Ports
from duolangue.sessions.rows import full_name
from duolangue.sessions.usecases import associations, attendance
from duolangue.sessions.usecases.attendance import AttendanceList

router = APIRouter(include_in_schema=False)
Reads = Annotated[Desk[Ports], Depends(desk(Access.READ))]
Coordinates = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
Opened = Annotated[ActionLink[Ports], Depends(opened_today(Purpose.HOST_ACTIVITY))]
MeetingId = Annotated[str, Query(max_length=64)]
MOST_FIELDS: Final = 1200


@router.get("/sessions/activities/{activity}/attendance")
async def on_desk(
    request: Request, activity: EntityId, desk: Reads, meeting: MeetingId = "", *, kept: bool = False
) -> Response:
    """The list of a meeting, for a coordinator."""
    return await _desk_page(request, desk, activity, meeting, kept=kept)


@router.get("/sessions/activities/{activity}/attendance.pdf")
async def to_sign(activity: EntityId, desk: Reads, meeting: MeetingId = "") -> Response:
    """The same on paper, to sign; in the association's language."""
    association = await associations.known(desk.ports)
    shown = await attendance.attendance_list(activity, meeting, desk.ports)
    known = await associations.names([each.participant for each in shown.people], desk.ports)
    names = sorted((full_name(known[each.participant]) for each in shown.people), key=str.casefold)
    drawn = await asyncio.to_thread(
        attendance_paper.draw,
        shown.activity,
        shown.meeting,
        names,
        association.name,
        association.language,
        desk.ports.clock.now(),
    )
    disposition = {"Content-Disposition": f'inline; filename="list-{shown.meeting.day.isoformat()}.pdf"'}
    return Response(drawn, media_type="application/pdf", headers=disposition)


@router.post("/sessions/activities/{activity}/attendance")
async def note_on_desk(request: Request, activity: EntityId, desk: Coordinates, meeting: MeetingId = "") -> Response:
    """A coordinator notes who came, or corrects it."""
    seen = activity_forms.presences(await _typed(request))
    try:
        shown = await attendance.attendance_list(activity, meeting, desk.ports)
        await attendance.note(activity, shown.meeting.id, seen, desk.coordinator.id, desk.ports)
    except RuleBroken as broken:
        return await _desk_page(request, desk, activity, meeting, broken=broken)
    return RedirectResponse(f"/sessions/activities/{activity}/attendance?meeting={shown.meeting.id}&kept=true", 303)


@router.post("/sessions/activities/{activity}/lasted")
async def lasted(
    request: Request,
    activity: EntityId,
    desk: Coordinates,
    meeting: Annotated[EntityId, Form()],
    minutes: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """A meeting was longer or shorter than planned: so many minutes count."""
    try:
        wanted = course_forms.whole(minutes)
        await attendance.lasted(activity, meeting, wanted, desk.coordinator.id, desk.ports)
    except RuleBroken as broken:
        return await _desk_page(request, desk, activity, meeting, broken=broken)
    return RedirectResponse(f"/sessions/activities/{activity}/attendance?meeting={meeting}&kept=true", 303)


@router.get(Purpose.HOST_ACTIVITY.route)
async def by_host(request: Request, link: Opened, meeting: MeetingId = "", *, kept: bool = False) -> Response:
    """The list of a meeting, for whoever gives it."""
    return await _host_page(request, link, meeting, kept=kept)


@router.post(Purpose.HOST_ACTIVITY.route)
async def note_by_host(request: Request, token: str, link: Opened, meeting: MeetingId = "") -> Response:
    """The host notes who came."""
    seen = activity_forms.presences(await _typed(request))
    try:
        shown = await attendance.hosts_list(link.entity, link.person, meeting, link.ports)
        await attendance.note(link.entity, shown.meeting.id, seen, "", link.ports)
    except RuleBroken as broken:
        return await _host_page(request, link, meeting, broken=broken)
    return RedirectResponse(f"/sessions/host/{token}?meeting={shown.meeting.id}&kept=true", 303)


async def _desk_page(
    request: Request,
    desk: Desk[Ports],
    activity: str,
    meeting: str,
    *,
    kept: bool = False,
    broken: RuleBroken | None = None,
) -> Response:
    shown = await attendance.attendance_list(activity, meeting, desk.ports)
    known = await associations.names([each.participant for each in shown.people], desk.ports)
    return page(
        request,
        "sessions/activities/attendance.html",
        desk.language,
        status=getattr(broken, "status", 422) if broken else 200,
        shown=shown,
        names={each: full_name(person) for each, person in known.items()},
        presences=list(Presence),
        may=desk.coordinator.access.covers(Access.COORDINATE),
        kept=kept,
        broken=broken,
        **said(desk.language),
    )


async def _host_page(
    request: Request, link: ActionLink[Ports], meeting: str, *, kept: bool = False, broken: RuleBroken | None = None
) -> Response:
    shown = await attendance.hosts_list(link.entity, link.person, meeting, link.ports)
    association = await associations.known(link.ports)
    known = await associations.names([each.participant for each in shown.people], link.ports)
    return page(
        request,
        "sessions/host.html",
        link.language,
        here_base=f"{Purpose.HOST_ACTIVITY.path}/{request.path_params['token']}",
        status=getattr(broken, "status", 422) if broken else 200,
        brand=association.name,
        shown=shown,
        names=told_apart(shown, known),
        presences=list(Presence),
        kept=kept,
        broken=broken,
        **said(link.language),
    )


def told_apart(shown: AttendanceList, known: dict[str, Person]) -> dict[str, str]:
    """First names; where two are called the same, with where they live, which is all that another participant may know."""
    firsts = Counter(known[each.participant].first_name for each in shown.people)
    names: dict[str, str] = {}
    for each in shown.people:
        person = known[each.participant]
        twin = firsts[person.first_name] > 1 and person.municipality
        names[each.participant] = f"{person.first_name} ({person.municipality})" if twin else person.first_name
    return names


async def _typed(request: Request) -> dict[str, str]:
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}
