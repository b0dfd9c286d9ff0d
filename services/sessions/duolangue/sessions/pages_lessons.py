"""Individual lessons on the desk: hours that teachers open, who booked them, closing them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page
from duolangue.contracts.vocabulary import EntityId
from duolangue.sessions import course_forms
from duolangue.sessions.activity_words import said
from duolangue.sessions.course_forms import Typed
from duolangue.sessions.course_words import weekdays
from duolangue.sessions.ports import Ports
from duolangue.sessions.rows import full_name
from duolangue.sessions.usecases import associations, lessons, line_of_time

router = APIRouter(prefix="/sessions/lessons", include_in_schema=False)
Reads = Annotated[Desk[Ports], Depends(desk(Access.READ))]
Coordinates = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
TeacherId = Annotated[str, Query(max_length=64)]


@router.get("")
async def every(request: Request, desk: Reads, teacher: TeacherId = "", *, opened: int = 0) -> Response:
    """Hours to come, free and booked; a form to open some."""
    return await _shown(request, desk, teacher=teacher, opened=opened)


@router.post("")
async def open_hours(request: Request, desk: Coordinates, teacher: TeacherId = "") -> Response:
    """A teacher's hours are opened."""
    async with request.form(max_files=0, max_fields=60) as form:
        texts = {name: value for name, value in form.items() if isinstance(value, str) and name != "weekdays"}
        days = [value for value in form.getlist("weekdays") if isinstance(value, str)]
    if teacher:
        await line_of_time.somebody(teacher, desk.ports)
    typed, plan = course_forms.hours(texts, days, teacher or None)
    if plan is not None:
        try:
            count = await lessons.open_hours(plan, desk.coordinator.id, desk.ports)
        except RuleBroken as broken:
            typed.faults[broken.field or "form"] = str(broken)
        else:
            return RedirectResponse(f"/sessions/lessons?opened={count}", 303)
    return await _shown(request, desk, teacher=teacher, typed=typed, days=days)


@router.post("/{hour}/close")
async def close(request: Request, hour: EntityId, desk: Coordinates) -> Response:
    """An hour does not take place; whoever booked it is told."""
    try:
        await lessons.close(hour, desk.ports)
    except RuleBroken as broken:
        return await _shown(request, desk, broken=broken)
    return RedirectResponse("/sessions/lessons", 303)


async def _shown(
    request: Request,
    desk: Desk[Ports],
    *,
    teacher: str = "",
    opened: int = 0,
    typed: Typed | None = None,
    days: list[str] | None = None,
    broken: RuleBroken | None = None,
) -> Response:
    ports = desk.ports
    hours = await lessons.hours(ports)
    people = {each.booked.participant for each in hours if each.booked}
    people |= {each.activity.host for each in hours if each.activity.host} | ({teacher} if teacher else set())
    known = await associations.names(sorted(people), ports)
    return page(
        request,
        "sessions/lessons/hours.html",
        desk.language,
        status=getattr(broken, "status", 422) if broken else 422 if typed else 200,
        hours=hours,
        names={each: full_name(person) for each, person in known.items()},
        teacher=teacher,
        opened=min(max(opened, 0), lessons.MOST_HOURS),
        typed=typed.texts if typed else {"first": (await associations.today(ports)).isoformat()},
        faults=typed.faults if typed else {},
        days=days or [],
        holidays=range(course_forms.HOLIDAYS),
        weekday=weekdays(desk.language),
        broken=broken,
        may=desk.coordinator.access.covers(Access.COORDINATE),
        **said(desk.language),
    )
