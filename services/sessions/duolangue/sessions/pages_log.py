"""The page behind a log link: what was logged in its week, and a form to log a conversation. It needs no sign-in."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final

from babel.dates import format_date
from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.web import ActionLink, page, spoken
from duolangue.contracts.links import Purpose
from duolangue.contracts.vocabulary import EntityId, Medium
from duolangue.sessions.domain import weeks
from duolangue.sessions.domain.conversation import LONGEST, Face
from duolangue.sessions.domain.resting import LONGEST as LONGEST_BREAK
from duolangue.sessions.forms import FormText, day_typed, minutes_typed
from duolangue.sessions.own_links import opened_today
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import asking, associations, conversations, resting
from duolangue.sessions.usecases.conversations import LogLink, Told

router = APIRouter(include_in_schema=False)
Opened = Annotated[ActionLink[Ports], Depends(opened_today(Purpose.LOG_CONVERSATION))]

CHOICES: Final = (15, 30, 45, 60)
"""Minutes that are offered ready to press."""


@router.get(Purpose.LOG_CONVERSATION.route)
async def log_form(
    request: Request,
    link: Opened,
    *,
    done: bool = False,
    minutes: Annotated[int | None, Query(ge=1, le=LONGEST)] = None,
) -> Response:
    """What was logged this week, and the form to log a conversation; with the minutes chosen already, where the address says them."""
    return await _log_page(request, link, done=done, sent=None if minutes is None else _chosen(minutes))


@router.post(Purpose.LOG_CONVERSATION.route)
async def log_by_link(
    request: Request,
    token: str,
    link: Opened,
    held_on: Annotated[date, Form()],
    medium: Annotated[Medium, Form()],
    minutes: FormText,
    key: Annotated[EntityId, Form()],
    other: FormText = "",
    face: FormText = "",
    word: Annotated[str, Form(max_length=4000)] = "",
    another: Annotated[bool, Form()] = False,
) -> Response:
    """One side tells of a conversation. A number that was typed counts, whatever choice is still ticked beside it.

    Who told of this day already is asked whether they talked again.
    """
    if other.strip():
        minutes = "other"
    try:
        count = minutes_typed(other if minutes == "other" else minutes)
        went = Face(face) if face in set(Face) else None
        told = Told(held_on, count, medium, key, went, word, another)
        await conversations.log_by_link(_log_link(link), told, link.ports)
    except RuleBroken as broken:
        if not broken.field:
            raise
        sent = {
            "held_on": held_on,
            "medium": medium,
            "minutes": minutes,
            "other": other,
            "key": key,
            "face": face,
            "word": word,
        }
        return await _log_page(request, link, broken=broken, sent=sent)
    return RedirectResponse(f"/sessions/log/{token}?done=true", 303)


@router.post(Purpose.LOG_CONVERSATION.route + "/break")
async def take_break(
    request: Request, token: str, link: Opened, until: Annotated[str, Form(max_length=20)] = ""
) -> Response:
    """One side asks for a break from today on."""
    try:
        await resting.take_break(link.entity, day_typed(until, "until"), link.ports, person=link.person)
    except RuleBroken as broken:
        if not broken.field:
            raise
        return await _log_page(request, link, broken=broken, until=until)
    return RedirectResponse(f"/sessions/log/{token}#break", 303)


@router.post(Purpose.LOG_CONVERSATION.route + "/go-on")
async def go_on(token: str, link: Opened) -> Response:
    """They are back before the break's last day."""
    await resting.go_on(link.entity, link.person, link.ports)
    return RedirectResponse(f"/sessions/log/{token}", 303)


async def _log_page(
    request: Request,
    link: ActionLink[Ports],
    *,
    done: bool = False,
    broken: RuleBroken | None = None,
    sent: Mapping[str, Any] | None = None,
    until: str = "",
) -> Response:
    shown = await conversations.open_log(_log_link(link), link.ports)
    people = await associations.names([shown.partner], link.ports)
    language, today = spoken(link.language), await associations.today(link.ports)
    form: dict[str, Any] = {
        "held_on": shown.chosen,
        "medium": shown.logged[-1].medium if shown.logged else Medium.VIDEO,
        "minutes": str(shown.promised if shown.promised in CHOICES else CHOICES[1]),
        "other": "",
        "face": "",
        "word": "",
        "key": str(uuid.uuid4()),
        **(sent or {}),
    }
    return page(
        request,
        "sessions/duos/log.html",
        link.language,
        status=422 if broken else 200,
        monday=weeks.monday_of(shown.week),
        days=[(day, format_date(day, "EEEE d MMMM", locale=language)) for day in reversed(shown.days)],
        chosen=format_date(shown.chosen, "EEEE d MMMM", locale=language) if shown.chosen else "",
        shown=shown,
        token=request.path_params["token"],
        brand=shown.association,
        partner=people[shown.partner].first_name,
        choices=CHOICES,
        media=list(Medium),
        faces=list(Face),
        form=form,
        counted=form["other"] if form["minutes"] == "other" else form["minutes"],
        broken=broken,
        until=until,
        today=today,
        latest=today + LONGEST_BREAK,
        done=done,
        questions=request.path_params["token"] if done and await asking.asked(link.person, link.ports) else "",
    )


def _chosen(minutes: int) -> dict[str, str]:
    """The form with these minutes chosen."""
    if minutes in CHOICES:
        return {"minutes": str(minutes)}
    return {"minutes": "other", "other": str(minutes)}


def _log_link(link: ActionLink[Ports]) -> LogLink:
    return LogLink(link.entity, link.person, link.scope)
