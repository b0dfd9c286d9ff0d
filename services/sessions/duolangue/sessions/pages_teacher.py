"""Homework for whoever gives a course without an account: by the link with which they note who came. They read, correct, give back."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.web import ActionLink, page
from duolangue.contracts.links import Purpose
from duolangue.contracts.vocabulary import EntityId
from duolangue.sessions.own_links import opened_today
from duolangue.sessions.ports import Ports
from duolangue.sessions.uploads import given_out
from duolangue.sessions.usecases import associations, homework

router = APIRouter(include_in_schema=False)
Opened = Annotated[ActionLink[Ports], Depends(opened_today(Purpose.HOST_ACTIVITY))]
ROUTE: Final = Purpose.HOST_ACTIVITY.route + "/homework"


@router.get(ROUTE)
async def waiting(request: Request, link: Opened) -> Response:
    """What the people of their group handed in and waits to be corrected."""
    return await _shown(request, link)


@router.post(ROUTE + "/{work}/give-back")
async def give_back(
    request: Request,
    token: str,
    link: Opened,
    work: EntityId,
    word: Annotated[str, Form(max_length=20_000)] = "",
    seen: Annotated[str, Form(max_length=2_000)] = "",
) -> Response:
    """They corrected it."""
    known = await homework.in_group_of(link.entity, link.person, work, link.ports)
    try:
        await homework.give_back(known.id, word, seen.split(), link.person, link.ports)
    except RuleBroken as broken:
        return await _shown(request, link, broken, {known.id: word})
    return RedirectResponse(f"{Purpose.HOST_ACTIVITY.path}/{token}/homework?given=true", 303)


@router.get(ROUTE + "/{work}/parts/{part}")
async def file(link: Opened, work: EntityId, part: EntityId) -> Response:
    """A file that was handed in, to keep and open."""
    known = await homework.in_group_of(link.entity, link.person, work, link.ports)
    return given_out(*await homework.read_file(known.id, part, link.ports))


async def _shown(
    request: Request, link: ActionLink[Ports], broken: RuleBroken | None = None, typed: dict[str, str] | None = None
) -> Response:
    activity, works = await homework.of_teacher(link.entity, link.person, link.ports)
    people = await associations.names([each.participant for each in works], link.ports)
    lessons = await link.ports.courses.lessons.select({"id": {"$in": sorted({each.lesson for each in works})}})
    association = await associations.known(link.ports)
    return page(
        request,
        "sessions/host_homework.html",
        link.language,
        status=getattr(broken, "status", 422) if broken else 200,
        brand=association.name,
        activity=activity,
        works=works,
        names={each: person.first_name for each, person in people.items()},
        lessons={each.id: each for each in lessons},
        base=f"{Purpose.HOST_ACTIVITY.path}/{request.path_params['token']}",
        given="given" in request.query_params,
        broken=broken,
        typed=typed or {},
    )
