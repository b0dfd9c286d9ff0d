"""The desk of activities: what is proposed, prepared and announced; who has a place; what is decided about them."""

from __future__ import annotations

import uuid
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.identity import Access
from duolangue.chassis.store import Absent
from duolangue.chassis.web import Desk, desk, page
from duolangue.contracts.facts.activities import ActivityKind, CancelledBy, EnrolmentStatus
from duolangue.contracts.vocabulary import EntityId
from duolangue.sessions import activity_forms
from duolangue.sessions.activity_forms import Filled
from duolangue.sessions.activity_words import said
from duolangue.sessions.domain.activity import Activity
from duolangue.sessions.domain.announcing import Plan
from duolangue.sessions.domain.eligibility import Rule
from duolangue.sessions.ports import Ports
from duolangue.sessions.rows import full_name
from duolangue.sessions.usecases import activities, activities_shown, associations, enrolments

router = APIRouter(prefix="/sessions/activities", include_in_schema=False)
Reads = Annotated[Desk[Ports], Depends(desk(Access.READ))]
Coordinates = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]

KINDS: Final = (ActivityKind.WORKSHOP, ActivityKind.OUTING, ActivityKind.MODULE)
"""What a coordinator begins here; courses and lessons have pages of their own."""


@router.get("")
async def every(
    request: Request, desk: Reads, number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1
) -> Response:
    """What waits for a coordinator first, then what is announced, then what was."""
    shown = await activities_shown.desk_page(number, desk.ports)
    named = [each.activity.host for each in (*shown.left, *shown.every) if each.activity.host]
    hosts = await associations.names(named, desk.ports)
    return page(
        request,
        "sessions/activities/every.html",
        desk.language,
        shown=shown,
        hosts={each: full_name(person) for each, person in hosts.items()},
        kinds=KINDS,
        now=desk.ports.clock.now(),
        may=_may(desk),
        **said(desk.language),
    )


@router.get("/new")
async def new(
    request: Request, desk: Coordinates, kind: Annotated[ActivityKind, Query()] = ActivityKind.WORKSHOP
) -> Response:
    """The form of a new activity."""
    _begun_here(kind)
    filled = activity_forms.blank(kind, await activities.policy(desk.ports))
    filled.typed["key"] = str(uuid.uuid4())
    return await _form(request, desk, filled, kind=kind)


@router.post("/new")
async def begin(
    request: Request, desk: Coordinates, kind: Annotated[ActivityKind, Query()] = ActivityKind.WORKSHOP
) -> Response:
    """A coordinator begins one."""
    _begun_here(kind)
    texts, rules = await activity_forms.several_typed(request, "rules")
    filled = activity_forms.read(texts, rules)
    if filled.plan is not None:
        key = texts.get("key", "")[:64]
        begun = await _decided(
            filled, lambda plan: activities.begin(kind, plan, desk.coordinator.id, desk.ports, key=key)
        )
        if begun is not None:
            return RedirectResponse(f"/sessions/activities/{begun.id}", 303)
    return await _form(request, desk, filled, kind=kind)


def _begun_here(kind: ActivityKind) -> None:
    if kind not in KINDS:
        raise Absent(f"activities of kind {kind}")


@router.get("/{activity}")
async def one(
    request: Request, activity: EntityId, desk: Reads, who: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    """One activity: what it is, who has a place, what can be done; and whom a coordinator could enrol who is called so."""
    return await _shown(request, desk, activity, who=who.strip())


@router.get("/{activity}/edit")
async def edit(request: Request, activity: EntityId, desk: Coordinates) -> Response:
    """The form, filled in."""
    known = await desk.ports.activities.get(activity)
    return await _form(request, desk, activity_forms.of(known), known=known)


@router.post("/{activity}/edit")
async def change(request: Request, activity: EntityId, desk: Coordinates) -> Response:
    """What was decided anew; where something is wrong nothing changes, and what was typed stays."""
    known = await desk.ports.activities.get(activity)
    texts, rules = await activity_forms.several_typed(request, "rules")
    filled = activity_forms.read(texts, rules, known.meetings, known.host)
    if filled.plan is not None:
        changed = await _decided(
            filled, lambda plan: activities.change(activity, plan, desk.coordinator.id, desk.ports)
        )
        if changed is not None:
            return RedirectResponse(f"/sessions/activities/{activity}", 303)
    return await _form(request, desk, filled, known=known)


@router.post("/{activity}/ready")
async def ready(request: Request, activity: EntityId, desk: Coordinates) -> Response:
    """It is prepared."""
    return await _done(request, desk, activity, activities.ready(activity, desk.coordinator.id, desk.ports))


@router.post("/{activity}/publish")
async def publish(request: Request, activity: EntityId, desk: Coordinates) -> Response:
    """People may enrol."""
    return await _done(request, desk, activity, activities.publish(activity, desk.coordinator.id, desk.ports))


@router.post("/{activity}/back")
async def back(request: Request, activity: EntityId, desk: Coordinates) -> Response:
    """Back to the preparation."""
    return await _done(request, desk, activity, activities.back(activity, desk.ports))


@router.post("/{activity}/cancel")
async def cancel(
    request: Request, activity: EntityId, desk: Coordinates, sure: Annotated[bool, Form()] = False
) -> Response:
    """It does not take place; the box beside the button was ticked."""
    if not sure:
        await desk.ports.activities.get(activity)
        return RedirectResponse(f"/sessions/activities/{activity}#cancel", 303)
    return await _done(request, desk, activity, activities.cancel(activity, desk.ports))


@router.post("/{activity}/again")
async def again(activity: EntityId, desk: Coordinates) -> Response:
    """The same once more."""
    begun = await activities.again(activity, desk.coordinator.id, desk.ports)
    return RedirectResponse(f"/sessions/activities/{begun.id}/edit", 303)


@router.post("/{activity}/drop")
async def drop(request: Request, activity: EntityId, desk: Coordinates) -> Response:
    """A draft is thrown away; one that was announced once stays, as cancelled."""
    if await activities.drop(activity, desk.ports):
        return RedirectResponse("/sessions/activities", 303)
    return await _done(request, desk, activity, activities.cancel(activity, desk.ports))


@router.post("/{activity}/enrolments/{enrolment}/accept")
async def accept(request: Request, activity: EntityId, enrolment: EntityId, desk: Coordinates) -> Response:
    """Somebody said yes to an offered place, on the telephone."""
    await _belongs(activity, enrolment, desk.ports)
    return await _done(request, desk, activity, enrolments.accept(enrolment, desk.ports))


@router.post("/{activity}/enrolments/{enrolment}/cancel")
async def give_up(
    request: Request,
    activity: EntityId,
    enrolment: EntityId,
    desk: Coordinates,
    asked: Annotated[bool, Form()] = False,
) -> Response:
    """A place is given up: because its participant asked for it, or because the association decides so."""
    await _belongs(activity, enrolment, desk.ports)
    by = CancelledBy.PARTICIPANT if asked else CancelledBy.ASSOCIATION
    return await _done(request, desk, activity, enrolments.give_up(enrolment, by, desk.ports))


@router.post("/{activity}/enrolments/{enrolment}/check")
async def check(
    request: Request, activity: EntityId, enrolment: EntityId, desk: Coordinates, rule: Annotated[Rule, Form()], yes: Annotated[bool, Form()]
) -> Response:  # fmt: skip
    """A coordinator checked an answer."""
    await _belongs(activity, enrolment, desk.ports)
    checked = enrolments.check_answer(enrolment, rule, yes=yes, by=desk.coordinator.id, ports=desk.ports)
    return await _done(request, desk, activity, checked)


async def _belongs(activity: str, enrolment: str, ports: Ports) -> None:
    await enrolments.within(enrolment, activity, ports)


async def _done(request: Request, desk: Desk[Ports], activity: str, work: Any) -> Response:
    try:
        await work
    except RuleBroken as broken:
        return await _shown(request, desk, activity, broken)
    return RedirectResponse(f"/sessions/activities/{activity}", 303)


async def _decided(filled: Filled, decide: Any) -> Activity | None:
    """What was decided, or none with a fault beside the field."""
    plan: Plan | None = filled.plan
    try:
        decided: Activity = await decide(plan)
    except RuleBroken as broken:
        filled.faults[broken.field or "form"] = str(broken)
        return None
    return decided


async def _shown(
    request: Request, desk: Desk[Ports], activity_id: str, broken: RuleBroken | None = None, who: str = ""
) -> Response:
    ports = desk.ports
    found, away = await associations.called(who, ports) if who and _may(desk) else ({}, False)
    activity = await ports.activities.get(activity_id)
    people = await ports.enrolments.of_activity(activity_id)
    known = await associations.names(
        [each.participant for each in people] + ([activity.host] if activity.host else []), ports
    )
    missed = await ports.attendances.no_shows([each.participant for each in people if each.open])
    return page(
        request,
        "sessions/activities/one.html",
        desk.language,
        status=getattr(broken, "status", 422) if broken else 200,
        activity=activity,
        room=activity.room,
        groups=[(status, [each for each in people if each.status is status]) for status in EnrolmentStatus],
        held=[each for each in people if each.held],
        names={each: full_name(person) for each, person in known.items()},
        missed=missed,
        who=who,
        found={each: full_name(person) for each, person in found.items()},
        away=away,
        taken={each.participant for each in people if each.open} | {activity.host},
        now=ports.clock.now(),
        may=_may(desk),
        broken=broken,
        **said(desk.language),
    )


async def _form(
    request: Request,
    desk: Desk[Ports],
    filled: Filled,
    *,
    kind: ActivityKind | None = None,
    known: Activity | None = None,
) -> Response:
    wanted = known.kind if known else kind
    host = await associations.names([known.host], desk.ports) if known and known.host else {}
    return page(
        request,
        "sessions/activities/form.html",
        desk.language,
        status=422 if filled.faults else 200,
        kind=wanted,
        known=known,
        host=next((full_name(each) for each in host.values()), ""),
        typed=filled.typed,
        chosen=filled.rules,
        meetings=known.meetings if known else (),
        faults=filled.faults,
        rules=list(Rule),
        bounds=activity_forms.HOURS,
        today=await associations.today(desk.ports),
        **said(desk.language),
    )


def _may(desk: Desk[Ports]) -> bool:
    return desk.coordinator.access.covers(Access.COORDINATE)
