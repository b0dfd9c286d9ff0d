"""A participant's own courses and lessons, by their link: what they need, what to watch, handing in homework, booking an hour."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.store import Absent
from duolangue.chassis.web import ActionLink, page
from duolangue.contracts.facts.activities import CancelledBy
from duolangue.contracts.links import Purpose
from duolangue.contracts.vocabulary import EntityId
from duolangue.sessions import file_types
from duolangue.sessions.activity_words import said
from duolangue.sessions.course_words import weekdays
from duolangue.sessions.domain.course import Need
from duolangue.sessions.own_links import opened_today
from duolangue.sessions.ports import Ports
from duolangue.sessions.uploads import form_of, given_out
from duolangue.sessions.usecases import associations, attending, courses, enrolments, homework, lessons, line_of_time

router = APIRouter(include_in_schema=False)
Opened = Annotated[ActionLink[Ports], Depends(opened_today(Purpose.OWN_ACTIVITIES))]


@router.get(Purpose.OWN_ACTIVITIES.route + "/courses/{group}")
async def one(request: Request, token: str, group: EntityId, link: Opened, *, done: str = "") -> Response:
    """A group of theirs: what they need so that they can come, what there is to watch, their homework."""
    return await _course(request, token, link, group, done=done)


@router.post(Purpose.OWN_ACTIVITIES.route + "/courses/{group}/needs")
async def needs(
    token: str, group: EntityId, link: Opened, chosen: Annotated[list[Need] | None, Form()] = None
) -> Response:
    """What they need so that they can come."""
    _, _, enrolment = await courses.own_group(group, link.person, link.ports)
    await attending.say_needs(enrolment.id, chosen or [], link.ports)
    return RedirectResponse(f"{_base(token)}/courses/{group}?done=needs", 303)


@router.post(Purpose.OWN_ACTIVITIES.route + "/courses/{group}/lessons/{lesson}")
async def hand_in(request: Request, token: str, group: EntityId, lesson: EntityId, link: Opened) -> Response:
    """They hand in a text, a photo or a recording."""
    ports, texts = link.ports, dict[str, str]()
    work = await homework.for_learner(lesson, link.person, ports)
    if work.activity != group:
        raise Absent(f"lessons {lesson}")
    try:
        async with form_of(request) as sent:
            texts, key = sent.texts, sent.texts.get("key", "")[:64]
            if sent.file is not None:
                await homework.hand_in_file(work.id, sent.file, ports, key=key)
            if sent.file is None or texts.get("text", "").strip():
                await homework.hand_in_text(work.id, texts.get("text", ""), ports, key=f"{key}-text")
    except RuleBroken as broken:
        return await _course(request, token, link, group, broken=broken, wrong=lesson, text=texts.get("text", ""))
    return RedirectResponse(f"{_base(token)}/courses/{group}?done=handed_in#l-{lesson}", 303)


@router.post(Purpose.OWN_ACTIVITIES.route + "/courses/{group}/lessons/{lesson}/parts/{part}/take-back")
async def take_back(
    request: Request, token: str, group: EntityId, lesson: EntityId, part: EntityId, link: Opened
) -> Response:
    """They handed in the wrong thing."""
    work = await homework.for_learner(lesson, link.person, link.ports)
    try:
        await homework.take_back(work.id, part, link.ports)
    except RuleBroken as broken:
        return await _course(request, token, link, group, broken=broken, wrong=lesson)
    return RedirectResponse(f"{_base(token)}/courses/{group}#l-{lesson}", 303)


@router.get(Purpose.OWN_ACTIVITIES.route + "/courses/{group}/lessons/{lesson}/parts/{part}")
async def file(group: EntityId, lesson: EntityId, part: EntityId, link: Opened) -> Response:
    """What they handed in, to keep."""
    work = await homework.kept(lesson, link.person, link.ports)
    if work.activity != group:
        raise Absent(f"lessons {lesson}")
    return given_out(*await homework.read_file(work.id, part, link.ports))


@router.get(Purpose.OWN_ACTIVITIES.route + "/lessons")
async def hours(request: Request, token: str, link: Opened, *, done: str = "") -> Response:
    """Hours they booked, and those that are free."""
    return await _hours(request, token, link, done=done)


@router.post(Purpose.OWN_ACTIVITIES.route + "/lessons")
async def book(
    request: Request,
    token: str,
    link: Opened,
    hour: Annotated[EntityId, Form()],
    instead: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """They book an hour, or move the one they have."""
    try:
        if instead:
            await lessons.move(instead, hour, link.person, link.ports)
        else:
            await lessons.book(hour, link.person, link.ports)
    except RuleBroken as broken:
        return await _hours(request, token, link, broken=broken, moving=instead)
    return RedirectResponse(f"{_base(token)}/lessons?done={'moved' if instead else 'booked'}", 303)


@router.get(Purpose.OWN_ACTIVITIES.route + "/lessons/{enrolment}/move")
async def move(request: Request, token: str, enrolment: EntityId, link: Opened) -> Response:
    """The free hours, for the one they want to move."""
    await enrolments.own(enrolment, link.person, link.ports)
    return await _hours(request, token, link, moving=enrolment)


@router.post(Purpose.OWN_ACTIVITIES.route + "/lessons/{enrolment}/cancel")
async def cancel(token: str, enrolment: EntityId, link: Opened) -> Response:
    """They cannot come: the hour is free again."""
    known = await enrolments.own(enrolment, link.person, link.ports)
    await enrolments.give_up(known.id, CancelledBy.PARTICIPANT, link.ports)
    return RedirectResponse(f"{_base(token)}/lessons?done=cancelled", 303)


async def _course(
    request: Request,
    token: str,
    link: ActionLink[Ports],
    group_id: str,
    *,
    done: str = "",
    broken: RuleBroken | None = None,
    wrong: str = "",
    text: str = "",
) -> Response:
    ports = link.ports
    activity, group, enrolment = await courses.own_group(group_id, link.person, ports, left=True)
    known = await ports.courses.attendings.find(enrolment.id)
    return page(
        request,
        "sessions/mine/course.html",
        link.language,
        status=getattr(broken, "status", 422) if broken else 200,
        brand=(await associations.known(ports)).name,
        base=_base(token),
        activity=activity,
        group=group,
        enrolment=enrolment,
        asked=list(Need),
        chosen=known.needs if known else (),
        works=await homework.own(group_id, link.person, ports),
        accepted=file_types.ACCEPTED,
        key=str(uuid.uuid4()),
        now=ports.clock.now(),
        done=done if done in {"needs", "handed_in"} else "",
        broken=broken,
        wrong=wrong,
        text=text,
        weekday=weekdays(link.language),
        **said(link.language),
    )


async def _hours(
    request: Request,
    token: str,
    link: ActionLink[Ports],
    *,
    done: str = "",
    broken: RuleBroken | None = None,
    moving: str = "",
) -> Response:
    ports = link.ports
    await line_of_time.somebody(link.person, ports)
    free = await lessons.free(ports, but=link.person)
    teachers = await associations.names([each.activity.host for each in free if each.activity.host], ports)
    return page(
        request,
        "sessions/mine/lessons.html",
        link.language,
        status=getattr(broken, "status", 422) if broken else 200,
        brand=(await associations.known(ports)).name,
        base=_base(token),
        mine=await lessons.own(link.person, ports),
        free=free,
        teachers={each: person.first_name for each, person in teachers.items()},
        moving=moving,
        told=(await enrolments.own(moving, link.person, ports)).answers if moving else (),
        done=done if done in {"booked", "moved", "cancelled"} else "",
        broken=broken,
        **said(link.language),
    )


def _base(token: str) -> str:
    return f"{Purpose.OWN_ACTIVITIES.path}/{token}"
