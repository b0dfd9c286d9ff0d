"""The pages of sessions: the desk's list of whom to call, a duo's conversations, and the log link's form."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Final

from babel.dates import format_date
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.identity import Access
from duolangue.chassis.web import ActionLink, Desk, desk, opened, page, spoken
from duolangue.contracts.links import Purpose
from duolangue.contracts.requests import Person
from duolangue.contracts.vocabulary import EntityId, Medium
from duolangue.sessions import usecases
from duolangue.sessions.domain import overview, weeks
from duolangue.sessions.domain.commitment import CommitmentStatus
from duolangue.sessions.domain.conversation import MinutesOutOfBounds
from duolangue.sessions.domain.overview import DuoOverview
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import LogLink

router = APIRouter(include_in_schema=False)
Reads = Annotated[Desk[Ports], Depends(desk(Access.READ))]
Coordinates = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
Opened = Annotated[ActionLink[Ports], Depends(opened(Purpose.LOG_CONVERSATION))]
FormText = Annotated[str, Form(max_length=64)]

CHOICES: Final = (15, 30, 45, 60)
"""Minutes that are offered ready to press."""


@dataclass(frozen=True, slots=True)
class Row:
    """A duo on the desk."""

    duo: DuoOverview
    newcomer: str
    volunteer: str
    this_week: int
    last_week: int
    missed_on: date | None
    """The Monday of the last missed week, in a row of such weeks."""


@router.get("/sessions")
async def home(request: Request, desk: Reads) -> Response:
    """Whom to call first and why, then the running duos."""
    ports = desk.ports
    duos = await usecases.duos(ports)
    rows = await _rows(duos, ports)
    return page(
        request,
        "sessions/desk.html",
        desk.language,
        to_call=[rows[each.duo] for each in overview.by_urgency(duos)],
        running=[rows[each.duo] for each in duos if each.status is not CommitmentStatus.ENDED],
        ended=[rows[each.duo] for each in duos if each.status is CommitmentStatus.ENDED],
        totals=await usecases.totals(None, None, ports),
    )


@router.get("/sessions/duos/{duo}")
async def duo(request: Request, duo: EntityId, desk: Reads) -> Response:
    """One duo: its weeks, its conversations, and a form to log one."""
    return await _duo_page(request, duo, desk)


@router.post("/sessions/duos/{duo}/conversations")
async def log_by_desk(
    request: Request,
    duo: EntityId,
    desk: Coordinates,
    held_on: Annotated[date, Form()],
    medium: Annotated[Medium, Form()],
    minutes: FormText,
    key: Annotated[EntityId, Form()],
) -> Response:
    """A coordinator logs a conversation."""
    try:
        await usecases.log_by_desk(duo, desk.ports, held_on=held_on, minutes=_number(minutes), medium=medium, key=key)
    except RuleBroken as broken:
        sent = {"held_on": held_on, "medium": medium, "minutes": minutes, "key": key}
        return await _duo_page(request, duo, desk, broken=broken, sent=sent)
    return RedirectResponse(f"/sessions/duos/{duo}", 303)


@router.post("/sessions/duos/{duo}/conversations/{conversation}/withdraw")
async def withdraw(duo: EntityId, conversation: EntityId, desk: Coordinates) -> Response:
    """A coordinator takes a conversation back."""
    await usecases.withdraw(conversation, desk.ports)
    return RedirectResponse(f"/sessions/duos/{duo}", 303)


@router.get("/sessions/log/{token}")
async def log_form(request: Request, token: str, link: Opened, *, done: bool = False) -> Response:  # noqa: ARG001 - `link` reads it
    """What was logged this week, and the form to log a conversation."""
    return await _log_page(request, link, done=done)


@router.post("/sessions/log/{token}")
async def log_by_link(
    request: Request,
    token: str,
    link: Opened,
    held_on: Annotated[date, Form()],
    medium: Annotated[Medium, Form()],
    minutes: FormText,
    key: Annotated[EntityId, Form()],
    other: FormText = "",
) -> Response:
    """One side tells of a conversation. A number that was typed counts, whatever choice is still ticked beside it."""
    if other.strip():
        minutes = "other"
    try:
        told = _number(other if minutes == "other" else minutes)
        await usecases.log_by_link(_log_link(link), link.ports, held_on=held_on, minutes=told, medium=medium, key=key)
    except RuleBroken as broken:
        if not broken.field:
            raise
        sent = {"held_on": held_on, "medium": medium, "minutes": minutes, "other": other, "key": key}
        return await _log_page(request, link, broken=broken, sent=sent)
    return RedirectResponse(f"/sessions/log/{token}?done=true", 303)


async def _duo_page(
    request: Request,
    duo_id: str,
    desk: Desk[Ports],
    *,
    broken: RuleBroken | None = None,
    sent: Mapping[str, Any] | None = None,
) -> Response:
    ports = desk.ports
    found = await usecases.duo(duo_id, ports)
    rows = await _rows([found], ports)
    today = await usecases.today(ports)
    defaults = {"held_on": today, "medium": Medium.VIDEO, "minutes": str(found.promised), "key": str(uuid.uuid4())}
    return page(
        request,
        "sessions/duo.html",
        desk.language,
        status=422 if broken else 200,
        row=rows[duo_id],
        weeks=[(weeks.monday_of(each.week), each) for each in reversed(found.weeks)],
        conversations=await usecases.conversations_of(duo_id, ports),
        may_log=desk.coordinator.access.covers(Access.COORDINATE),
        media=list(Medium),
        today=today,
        form={**defaults, **(sent or {})},
        broken=broken,
    )


async def _log_page(
    request: Request,
    link: ActionLink[Ports],
    *,
    done: bool = False,
    broken: RuleBroken | None = None,
    sent: Mapping[str, Any] | None = None,
) -> Response:
    shown = await usecases.open_log(_log_link(link), link.ports)
    people = await usecases.names([shown.partner], link.ports)
    language = spoken(link.language)
    defaults = {
        "held_on": shown.chosen,
        "medium": Medium.VIDEO,
        "minutes": str(shown.promised if shown.promised in CHOICES else CHOICES[1]),
        "other": "",
        "key": str(uuid.uuid4()),
    }
    return page(
        request,
        "sessions/log.html",
        link.language,
        status=422 if broken else 200,
        monday=weeks.monday_of(shown.week),
        days=[(day, format_date(day, "EEEE d MMMM", locale=language)) for day in reversed(shown.days)],
        shown=shown,
        brand=shown.association,
        partner=people[shown.partner].first_name,
        choices=CHOICES,
        media=list(Medium),
        form={**defaults, **(sent or {})},
        broken=broken,
        done=done,
    )


async def _rows(duos: list[DuoOverview], ports: Ports) -> dict[str, Row]:
    people = await usecases.names([person for each in duos for person in (each.newcomer, each.volunteer)], ports)
    today = await usecases.today(ports)
    present, last = weeks.week_of(today), weeks.week_of(today - timedelta(days=7))
    return {
        each.duo: Row(
            duo=each,
            newcomer=_name(people[each.newcomer]),
            volunteer=_name(people[each.volunteer]),
            this_week=each.minutes_in(present),
            last_week=each.minutes_in(last),
            missed_on=weeks.monday_of(each.last_missed.week) if each.last_missed else None,
        )
        for each in duos
    }


def _name(person: Person) -> str:
    return f"{person.first_name} {person.last_name}".strip()


def _log_link(link: ActionLink[Ports]) -> LogLink:
    return LogLink(link.entity, link.person, link.scope)


def _number(text: str) -> int:
    """Minutes as somebody typed them; no number is as wrong as too large a one."""
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit()) or len(plain) > len("600"):
        raise MinutesOutOfBounds("A conversation lasts between 1 and 600 minutes.", field="minutes")
    return int(plain)
