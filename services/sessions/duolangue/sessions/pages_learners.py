"""Who belongs in which level: newcomers without a group, and one person's level with the groups that fit."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page
from duolangue.contracts.vocabulary import EntityId
from duolangue.sessions import activity_forms, course_forms
from duolangue.sessions.activity_words import said
from duolangue.sessions.domain.activity import Activity
from duolangue.sessions.domain.course import Need
from duolangue.sessions.ports import Ports
from duolangue.sessions.rows import full_name
from duolangue.sessions.usecases import associations, attending, courses, enrolments, learners, lessons

router = APIRouter(prefix="/sessions/learners", include_in_schema=False)
Reads = Annotated[Desk[Ports], Depends(desk(Access.READ))]
Coordinates = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]


@router.get("")
async def every(request: Request, desk: Reads) -> Response:
    """Newcomers who are in no French course, by the level in which they are placed."""
    found = await learners.without_group(desk.ports)
    known = await associations.names([each.participant for each in found], desk.ports)
    return page(
        request,
        "sessions/courses/placement.html",
        desk.language,
        learners=found,
        names={each: full_name(person) for each, person in known.items()},
        full=len(found) >= learners.MOST_LISTED,
    )


@router.get("/{participant}")
async def one(request: Request, participant: EntityId, desk: Reads) -> Response:
    """Where somebody belongs and why; a teacher's test; groups."""
    return await _shown(request, desk, participant)


@router.post("/{participant}/test")
async def note_test(
    request: Request,
    participant: EntityId,
    desk: Coordinates,
    level: Annotated[str, Form(max_length=64)],
    on: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """A teacher tested somebody."""
    day = course_forms.day(on)
    if day is None:
        wrong = RuleBroken(course_forms.WRONG["day"], field="on")
        return await _shown(request, desk, participant, wrong)
    try:
        await learners.note_test(participant, level, day, desk.coordinator.id, desk.ports)
    except RuleBroken as broken:
        return await _shown(request, desk, participant, broken)
    return RedirectResponse(f"/sessions/learners/{participant}", 303)


@router.post("/{participant}/no-test")
async def no_test(participant: EntityId, desk: Coordinates) -> Response:
    """The test was a mistake: the rule proposes again."""
    await learners.forget_test(participant, desk.ports)
    return RedirectResponse(f"/sessions/learners/{participant}", 303)


@router.post("/{participant}/enrol")
async def enrol(request: Request, participant: EntityId, desk: Coordinates) -> Response:
    """A coordinator enrols somebody in a group, with what they need so that they can come. What the group asks is asked when it is chosen."""
    ports, by = desk.ports, desk.coordinator.id
    texts, chosen = await activity_forms.several_typed(request, "chosen")
    wanted = (await courses.group(texts.get("group", "")[:64], ports)).activity
    needs = [need for need in Need if need.value in chosen]
    answers = activity_forms.answers(texts, wanted.rules, await associations.today(ports), by)
    try:
        placed = await enrolments.enrol(wanted.id, participant, ports, answers=answers, by=by)
        await attending.say_needs(placed.id, needs, ports)
    except RuleBroken as broken:
        return await _shown(request, desk, participant, broken, wanted=wanted, typed=texts, chosen=needs)
    return RedirectResponse(f"/sessions/learners/{participant}", 303)


@router.post("/{participant}/hours")
async def book(request: Request, participant: EntityId, desk: Coordinates) -> Response:
    """A coordinator books an hour for somebody. What the hour asks is asked when it is chosen."""
    ports, by = desk.ports, desk.coordinator.id
    texts, _ = await activity_forms.several_typed(request, "chosen")
    wanted = await ports.activities.get(texts.get("hour", "")[:64])
    answers = activity_forms.answers(texts, wanted.rules, await associations.today(ports), by)
    try:
        await lessons.book(wanted.id, participant, ports, answers=answers, by=by)
    except RuleBroken as broken:
        return await _shown(request, desk, participant, broken, wanted=wanted, typed=texts)
    return RedirectResponse(f"/sessions/learners/{participant}", 303)


async def _shown(
    request: Request,
    desk: Desk[Ports],
    participant: str,
    broken: RuleBroken | None = None,
    *,
    wanted: Activity | None = None,
    typed: dict[str, str] | None = None,
    chosen: list[Need] | None = None,
) -> Response:
    ports = desk.ports
    seen = await learners.seen(participant, ports)
    groups = [each for each in await courses.groups(ports) if each.activity.closed_at is None]
    mine = [
        (group, each)
        for group in groups
        for each in (*group.people, *group.waiting)
        if each.enrolment.participant == participant
    ]
    in_one = {group.activity.id for group, _ in mine}
    settings = await courses.settings(ports)
    known = await associations.names([participant], ports)
    return page(
        request,
        "sessions/courses/learner.html",
        desk.language,
        status=getattr(broken, "status", 422) if broken else 200,
        seen=seen,
        name=full_name(known[participant]),
        mine=mine,
        fitting=[
            each
            for each in groups
            if each.activity.id not in in_one
            and each.activity.status == "published"
            and each.group.level == seen.placed.level.id
        ],
        others=[
            each
            for each in groups
            if each.activity.id not in in_one
            and each.activity.status == "published"
            and each.group.level != seen.placed.level.id
        ],
        taught=[each for each in groups if each.activity.host == participant],
        groups=groups,
        levels=settings.levels,
        level_names={each.id: each.name for each in settings.levels},
        free=await lessons.free(ports, but=participant),
        hours=await lessons.own(participant, ports),
        needs=list(Need),
        chosen=chosen or [],
        wanted=wanted,
        typed=typed or {},
        today=await associations.today(ports),
        broken=broken,
        may=desk.coordinator.access.covers(Access.COORDINATE),
        **said(desk.language),
    )
