"""The desk of French courses: groups by level with what their people need, one group, its list to print, levels and degrees."""

from __future__ import annotations

import uuid
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page
from duolangue.contracts.vocabulary import EntityId, Level
from duolangue.sessions import course_forms
from duolangue.sessions.activity_words import said
from duolangue.sessions.course_forms import Typed
from duolangue.sessions.course_words import weekdays
from duolangue.sessions.domain import course, placement
from duolangue.sessions.domain.course import Need
from duolangue.sessions.group_page import names_of, shown, texts_of
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import (
    activities,
    associations,
    attending,
    courses,
    enrolments,
    homework,
    hosting,
    learners,
)

router = APIRouter(prefix="/sessions/courses", include_in_schema=False)
Reads = Annotated[Desk[Ports], Depends(desk(Access.READ))]
Coordinates = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
Administers = Annotated[Desk[Ports], Depends(desk(Access.ADMINISTER))]
COLUMNS: Final = 12
"""Classes on one sheet of the list to print."""


@router.get("")
async def every(request: Request, desk: Reads) -> Response:
    """All groups with places, needs and absences; what waits to be corrected."""
    groups = await courses.groups(desk.ports)
    return page(
        request,
        "sessions/courses/every.html",
        desk.language,
        groups=groups,
        teachers=await names_of([each.activity.host for each in groups if each.activity.host], desk.ports),
        to_correct=await homework.to_correct(desk.ports),
        needs=list(Need),
        now=desk.ports.clock.now(),
        may=_may(desk),
        **said(desk.language),
    )


@router.get("/settings")
async def settings(request: Request, desk: Reads, *, kept: bool = False) -> Response:
    """Levels, and from which absences on somebody is reminded."""
    return await _settings(request, desk, None, kept=kept)


@router.post("/settings")
async def change_settings(request: Request, desk: Administers) -> Response:
    """All of it as it stands in the form; where something is wrong nothing changes."""
    typed = Typed(await texts_of(request))
    rates = [course_forms.whole(typed.texts.get(f"rate-{number}", "")) for number in range(3)]
    after = course_forms.whole(typed.texts.get("after", ""))
    before = (await courses.settings(desk.ports)).levels
    ladder = typed.checked(lambda: placement.ladder(course_forms.levels(typed.texts, before)))
    limits = typed.checked(lambda: course.thresholds(rates, after))
    if ladder is None or limits is None:
        return await _settings(request, desk, typed)
    await courses.set_levels(ladder, desk.ports)
    await courses.set_thresholds(limits.rates, limits.after, desk.ports)
    return RedirectResponse("/sessions/courses/settings?kept=true", 303)


@router.get("/new")
async def new(
    request: Request,
    desk: Coordinates,
    level: Annotated[str, Query(max_length=64)] = "",
    like: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """The form of a new group; filled in as another one is, but for its term."""
    today = await associations.today(desk.ports)
    if like:
        typed = _as_typed(await courses.group(like, desk.ports))
        for name in [each for each in typed.texts if each in {"first", "last"} or each.startswith("free-")]:
            typed.texts[name] = ""
        typed.texts["key"] = str(uuid.uuid4())
        return await _form(request, desk, typed)
    begun = {"key": str(uuid.uuid4()), "level": level, "capacity": "12", "first": today.isoformat()}
    return await _form(request, desk, Typed(begun))


@router.post("/new")
async def begin(request: Request, desk: Coordinates) -> Response:
    """A coordinator begins a group."""
    typed, plan = course_forms.group(await texts_of(request))
    if plan is not None:
        key = typed.texts.get("key", "")[:64]
        try:
            made = await courses.open_group(plan, desk.coordinator.id, desk.ports, key=key)
        except RuleBroken as broken:
            typed.faults[broken.field or "form"] = str(broken)
        else:
            return RedirectResponse(f"/sessions/courses/{made.activity.id}", 303)
    return await _form(request, desk, typed)


@router.get("/{group}")
async def one(request: Request, group: EntityId, desk: Reads) -> Response:
    """One group: its classes, its people with needs and absences, its lessons and homework."""
    return await shown(request, desk, group)


@router.get("/{group}/edit")
async def edit(request: Request, group: EntityId, desk: Coordinates) -> Response:
    """The form, filled in."""
    seen = await courses.group(group, desk.ports)
    return await _form(request, desk, _as_typed(seen), seen)


@router.post("/{group}/edit")
async def change(request: Request, group: EntityId, desk: Coordinates) -> Response:
    """What was decided anew; whoever has a place is told where classes moved."""
    seen = await courses.group(group, desk.ports)
    typed, plan = course_forms.group(await texts_of(request), seen.activity.host)
    if plan is not None:
        try:
            await courses.change_group(group, plan, desk.coordinator.id, desk.ports)
        except RuleBroken as broken:
            typed.faults[broken.field or "form"] = str(broken)
        else:
            return RedirectResponse(f"/sessions/courses/{group}", 303)
    return await _form(request, desk, typed, seen)


@router.post("/{group}/publish")
async def publish(request: Request, group: EntityId, desk: Coordinates) -> Response:
    """People may enrol."""
    await courses.group(group, desk.ports)
    try:
        await activities.publish(group, desk.coordinator.id, desk.ports)
    except RuleBroken as broken:
        return await shown(request, desk, group, broken)
    return RedirectResponse(f"/sessions/courses/{group}", 303)


@router.post("/{group}/teacher")
async def teacher(
    request: Request, group: EntityId, desk: Coordinates, participant: Annotated[str, Form(max_length=64)] = ""
) -> Response:
    """Who teaches it: a participant, or the association's own people."""
    await courses.group(group, desk.ports)
    try:
        await hosting.entrust(group, participant or None, desk.coordinator.id, desk.ports)
    except RuleBroken as broken:
        return await shown(request, desk, group, broken)
    return RedirectResponse(f"/sessions/courses/{group}", 303)


@router.post("/{group}/people/{participant}/needs")
async def needs(
    request: Request,
    group: EntityId,
    participant: EntityId,
    desk: Coordinates,
    chosen: Annotated[list[Need] | None, Form()] = None,
) -> Response:
    """What somebody needs so that they can come, as they told the coordinator."""
    enrolment = await enrolments.own_in(group, participant, desk.ports)
    try:
        await attending.say_needs(enrolment.id, chosen or [], desk.ports)
    except RuleBroken as broken:
        return await shown(request, desk, group, broken)
    return RedirectResponse(f"/sessions/courses/{group}#people", 303)


@router.post("/{group}/people/{participant}/reached")
async def reached(request: Request, group: EntityId, participant: EntityId, desk: Coordinates) -> Response:
    """Somebody came to the end of the group's level."""
    try:
        await learners.note_reached(group, participant, desk.coordinator.id, desk.ports)
    except RuleBroken as broken:
        return await shown(request, desk, group, broken)
    return RedirectResponse(f"/sessions/courses/{group}#people", 303)


@router.post("/{group}/people/{participant}/not-reached")
async def not_reached(group: EntityId, participant: EntityId, desk: Coordinates) -> Response:
    """It was a mistake."""
    await learners.forget_reached(group, participant, desk.ports)
    return RedirectResponse(f"/sessions/courses/{group}#people", 303)


@router.get("/{group}/list")
async def sheet(
    request: Request, group: EntityId, desk: Reads, begin: Annotated[str, Query(max_length=32)] = ""
) -> Response:
    """The attendance list to print and sign: the next classes, or those from one on."""
    seen, now = await courses.group(group, desk.ports), desk.ports.clock.now()
    classes = sorted(seen.activity.meetings, key=lambda each: each.starts_at(seen.activity.zone))
    coming = [each for each in classes if each.ends_at(seen.activity.zone) > now]
    first = next((number for number, each in enumerate(classes) if each.id == begin), None)
    chosen = (coming or classes) if first is None else classes[first:]
    names = await names_of([each.enrolment.participant for each in seen.people], desk.ports)
    association = await associations.known(desk.ports)
    return page(
        request,
        "sessions/courses/list.html",
        desk.language,
        seen=seen,
        association=association.name,
        classes=chosen[:COLUMNS],
        after=chosen[COLUMNS].id if len(chosen) > COLUMNS else "",
        names=sorted(names.values(), key=str.casefold),
        blank=max(3, seen.activity.capacity - len(names)) if len(names) < 25 else 3,
        **said(desk.language),
    )


async def _form(request: Request, desk: Desk[Ports], typed: Typed, seen: courses.GroupSeen | None = None) -> Response:
    levels = list((await courses.settings(desk.ports)).levels)
    if seen is not None and seen.group.level not in {each.id for each in levels}:
        gone = levels[0].model_copy(update={"id": seen.group.level, "name": seen.group.level_name})
        levels.append(gone)
    return page(
        request,
        "sessions/courses/form.html",
        desk.language,
        status=422 if typed.faults else 200,
        typed=typed.texts,
        faults=typed.faults,
        levels=levels,
        seen=seen,
        classes=range(course_forms.CLASSES),
        holidays=range(course_forms.HOLIDAYS),
        weekday=weekdays(desk.language),
        **said(desk.language),
    )


async def _settings(request: Request, desk: Desk[Ports], typed: Typed | None, *, kept: bool = False) -> Response:
    known = await courses.settings(desk.ports)
    return page(
        request,
        "sessions/courses/settings.html",
        desk.language,
        status=422 if typed else 200,
        typed=typed.texts if typed else course_forms.of_levels(known),
        faults=typed.faults if typed else {},
        rows=range(course_forms.LEVELS),
        french=list(Level),
        kept=kept,
        may=desk.coordinator.access.covers(Access.ADMINISTER),
    )


def _as_typed(seen: courses.GroupSeen) -> Typed:
    return course_forms.of_group(
        seen.group.timetable,
        title=seen.activity.title,
        text=seen.activity.text,
        level=seen.group.level,
        place=seen.group.place,
        link=seen.group.link,
        capacity=str(seen.activity.capacity),
    )


def _may(desk: Desk[Ports]) -> bool:
    return desk.coordinator.access.covers(Access.COORDINATE)
