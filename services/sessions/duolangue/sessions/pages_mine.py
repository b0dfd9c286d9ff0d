"""A participant's own activities, by a link and without signing in: one line of time, enrolling, cancelling, proposing a workshop."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from duolangue.chassis.bus import Refused, Unavailable
from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.store import Absent
from duolangue.chassis.web import ActionLink, page
from duolangue.contracts.facts.activities import ActivityKind, CancelledBy, EnrolmentStatus
from duolangue.contracts.links import Purpose
from duolangue.contracts.vocabulary import EntityId
from duolangue.sessions import activity_forms
from duolangue.sessions.activity_words import said
from duolangue.sessions.calendars import calendar
from duolangue.sessions.domain.activity import PUBLIC, Activity, NotOpen
from duolangue.sessions.domain.course import Need
from duolangue.sessions.domain.eligibility import REFUSALS, Rule
from duolangue.sessions.domain.enrolment import Enrolment
from duolangue.sessions.own_links import opened_today
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import (
    activities,
    activities_shown,
    asking,
    associations,
    attending,
    enrolments,
    line_of_time,
    taking_part,
)

router = APIRouter(include_in_schema=False)
Opened = Annotated[ActionLink[Ports], Depends(opened_today(Purpose.OWN_ACTIVITIES))]
Subscribed = Annotated[ActionLink[Ports], Depends(opened_today(Purpose.CALENDAR))]
Instead = Annotated[str, Query(max_length=64)]
MOST_FIELDS: Final = 20


@router.get(Purpose.OWN_ACTIVITIES.route)
async def mine(request: Request, link: Opened, *, done: str = "") -> Response:
    """Everything of theirs on one line of time, and what they may take part in."""
    shown = await line_of_time.line(link.person, link.ports)
    partners = {each.partner for each in (*shown.coming, *shown.past) if each.partner}
    partners |= {each.volunteer if each.newcomer == link.person else each.newcomer for each in shown.duos}
    people = await associations.names(sorted(partners), link.ports)
    return page(
        request,
        "sessions/mine/line.html",
        link.language,
        brand=shown.association,
        shown=shown,
        partners={each: person.first_name for each, person in people.items()},
        me=link.person,
        base=_base(request),
        questions=request.path_params["token"] if await asking.asked(link.person, link.ports) else "",
        done=done if done in {"enrolled", "waiting", "cancelled", "proposed"} else "",
        **said(link.language),
    )


@router.get(Purpose.OWN_ACTIVITIES.route + "/activities/{activity}")
async def one(request: Request, link: Opened, activity: EntityId, instead: Instead = "") -> Response:
    """What an activity is, and a button to take part or to cancel; `instead` is the lesson of theirs that they move to it."""
    return await _one(request, link, activity, typed={"instead": instead})


@router.post(Purpose.OWN_ACTIVITIES.route + "/activities/{activity}/enrol")
async def enrol(request: Request, link: Opened, activity: EntityId) -> Response:
    """One click; or a yes to a place that is offered; or another hour instead of the lesson they have."""
    ports = link.ports
    known = await ports.activities.get(activity)
    texts = await _typed(request)
    answers = activity_forms.answers(texts, known.rules, await associations.today(ports))
    try:
        instead = texts.get("instead", "")[:64]
        placed = await taking_part.take_part(activity, link.person, ports, answers=answers, instead=instead)
        if known.kind is ActivityKind.COURSE and (needs := [need for need in Need if f"need-{need.value}" in texts]):
            await attending.say_needs(placed.id, needs, ports)
    except RuleBroken as broken:
        return await _one(request, link, activity, broken, texts)
    if known.kind is ActivityKind.LESSON:
        return RedirectResponse(f"{_base(request)}/lessons?done={'moved' if instead else 'booked'}", 303)
    return RedirectResponse(f"{_base(request)}?done={'enrolled' if placed.held else 'waiting'}", 303)


@router.post(Purpose.OWN_ACTIVITIES.route + "/activities/{activity}/cancel")
async def give_up(request: Request, link: Opened, activity: EntityId) -> Response:
    """They do not come: the place goes to the next."""
    mine = await enrolments.own_in(activity, link.person, link.ports)
    await enrolments.give_up(mine.id, CancelledBy.PARTICIPANT, link.ports)
    return RedirectResponse(f"{_base(request)}?done=cancelled", 303)


@router.get(Purpose.OWN_ACTIVITIES.route + "/propose")
async def propose_form(request: Request, link: Opened) -> Response:
    """The form to propose a workshop."""
    return await _proposal(request, link, {"key": str(uuid.uuid4())})


@router.post(Purpose.OWN_ACTIVITIES.route + "/propose")
async def propose(
    request: Request,
    link: Opened,
    title: Annotated[str, Form(max_length=400)] = "",
    text: Annotated[str, Form(max_length=4000)] = "",
    wishes: Annotated[str, Form(max_length=1000)] = "",
    key: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """They would like to give a workshop, in their own words."""
    await line_of_time.somebody(link.person, link.ports)
    try:
        await activities.propose(link.person, title, text, wishes, link.ports, key=key)
    except RuleBroken as broken:
        typed = {"title": title, "text": text, "wishes": wishes, "key": key}
        return await _proposal(request, link, typed, broken)
    return RedirectResponse(f"{_base(request)}?done=proposed", 303)


@router.get(Purpose.OWN_ACTIVITIES.route + "/duo/{duo}")
async def this_week(link: Opened, duo: EntityId) -> RedirectResponse:
    """To this week's page of their duo: what they talked, or a break."""
    return RedirectResponse(await line_of_time.log_address(link.person, duo, link.ports), 303)


@router.get(Purpose.OWN_ACTIVITIES.route + "/calendar")
async def subscribe(request: Request, link: Opened) -> Response:
    """Where one's calendar finds these times by itself."""
    await line_of_time.somebody(link.person, link.ports)
    association = await associations.known(link.ports)
    try:
        address = await line_of_time.calendar_address(link.person, link.ports)
    except (Unavailable, Refused):
        address = ""
    return page(
        request,
        "sessions/mine/calendar.html",
        link.language,
        brand=association.name,
        base=_base(request),
        address=address,
        days=line_of_time.CALENDAR_DAYS,
    )


@router.get(Purpose.CALENDAR.route)
async def feed(link: Subscribed) -> Response:
    """The times, as calendars read them (RFC 5545)."""
    association = await associations.known(link.ports)
    entries = await line_of_time.calendar_entries(link.person, link.ports)
    body = calendar(association.name, association.timezone, entries, link.ports.clock.now())
    disposition = {"Content-Disposition": 'inline; filename="duolangue.ics"'}
    return Response(body, media_type="text/calendar; charset=utf-8", headers=disposition)


async def _one(
    request: Request,
    link: ActionLink[Ports],
    activity_id: str,
    broken: RuleBroken | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    ports = link.ports
    person = await line_of_time.somebody(link.person, ports)
    listed = await activities_shown.listed(activity_id, ports)
    activity = listed.activity
    if activity.status not in PUBLIC:
        raise Absent(f"activities {activity_id}")
    association = await associations.known(ports)
    mine = await ports.enrolments.of(activity_id, link.person)
    others = (
        await line_of_time.first_names(activity, ports, but=link.person) if mine and mine.status == "confirmed" else []
    )
    now = ports.clock.now()
    group = await ports.courses.groups.find(activity_id)
    return page(
        request,
        "sessions/mine/activity.html",
        link.language,
        status=getattr(broken, "status", 422) if broken else 200,
        brand=association.name,
        activity=activity,
        mine=mine,
        hosts_it=activity.host == link.person,
        free=listed.free_for(person.side),
        others=others,
        open=_open(activity, mine, now),
        asked=_asked(activity, mine),
        refusal=REFUSALS[mine.refused_for].sentence if mine and mine.refused_for else "",
        level=group.level_name if group else "",
        needs=list(Need) if group else [],
        base=_base(request),
        typed=typed or {},
        broken=broken,
        **said(link.language),
    )


async def _proposal(
    request: Request, link: ActionLink[Ports], typed: dict[str, str], broken: RuleBroken | None = None
) -> Response:
    await line_of_time.somebody(link.person, link.ports)
    association = await associations.known(link.ports)
    return page(
        request,
        "sessions/mine/propose.html",
        link.language,
        status=getattr(broken, "status", 422) if broken else 200,
        brand=association.name,
        base=_base(request),
        typed=typed,
        broken=broken,
    )


def _open(activity: Activity, mine: Enrolment | None, now: datetime) -> bool:
    """Whether they may enrol."""
    try:
        activity.open_to_people(now, waited=mine is not None and mine.waited)
    except NotOpen:
        return False
    return True


def _asked(activity: Activity, mine: Enrolment | None) -> list[Rule]:
    """What is to be answered: all of it by who is new, by whom a place is offered what was not asked when they enrolled."""
    offered = mine is not None and mine.status is EnrolmentStatus.OFFERED
    known = {each.rule for each in mine.answers} if mine is not None and offered else set()
    return [rule for rule in activity.rules if rule not in known]


def _base(request: Request) -> str:
    return f"{Purpose.OWN_ACTIVITIES.path}/{request.path_params['token']}"


async def _typed(request: Request) -> dict[str, str]:
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}
