"""Lessons to watch and homework on the desk: set for a group, seen, put in for somebody, corrected, given back."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.identity import Access
from duolangue.chassis.store import Absent
from duolangue.chassis.web import Desk, desk, page
from duolangue.contracts.vocabulary import EntityId
from duolangue.sessions import course_forms, file_types
from duolangue.sessions.domain.homework import Channel, HomeworkWrong, Stage
from duolangue.sessions.group_page import shown, texts_of
from duolangue.sessions.ports import Ports
from duolangue.sessions.rows import full_name
from duolangue.sessions.uploads import form_of, given_out
from duolangue.sessions.usecases import associations, homework

router = APIRouter(include_in_schema=False)
Reads = Annotated[Desk[Ports], Depends(desk(Access.READ))]
Coordinates = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]


@router.post("/sessions/courses/{group}/lessons")
async def set_lesson(request: Request, group: EntityId, desk: Coordinates) -> Response:
    """Give a group something to watch and to do."""
    texts = await texts_of(request)
    try:
        await homework.set_lesson(
            group,
            texts.get("title", ""),
            texts.get("task", ""),
            texts.get("link", ""),
            course_forms.day(texts.get("wanted_on", "")),
            desk.ports,
            key=texts.get("key", "")[:64],
        )
    except RuleBroken as broken:
        return await shown(request, desk, group, broken, {"key": str(uuid.uuid4()), **texts})
    return RedirectResponse(f"/sessions/courses/{group}#lessons", 303)


@router.post("/sessions/courses/{group}/lessons/{lesson}/withdraw")
async def withdraw(group: EntityId, lesson: EntityId, desk: Coordinates) -> Response:
    """A lesson was a mistake."""
    known = await desk.ports.courses.lessons.get(lesson)
    if known.activity != group:
        raise Absent(f"lessons {lesson}")
    await homework.withdraw_lesson(lesson, desk.ports)
    return RedirectResponse(f"/sessions/courses/{group}#lessons", 303)


@router.get("/sessions/homework")
async def waiting(request: Request, desk: Reads) -> Response:
    """What waits to be corrected."""
    ports = desk.ports
    works = await homework.waiting(ports)
    known = await associations.names([each.participant for each in works], ports)
    lessons = await ports.courses.lessons.select({"id": {"$in": sorted({each.lesson for each in works})}})
    return page(
        request,
        "sessions/courses/waiting.html",
        desk.language,
        works=works,
        names={each: full_name(person) for each, person in known.items()},
        titles={each.id: each.title for each in lessons},
    )


@router.get("/sessions/homework/{work}")
async def one(request: Request, work: EntityId, desk: Reads) -> Response:
    """What somebody handed in, with a word to give back."""
    return await _shown(request, desk, work)


@router.post("/sessions/homework/{work}/give-back")
async def give_back(
    request: Request,
    work: EntityId,
    desk: Coordinates,
    word: Annotated[str, Form(max_length=20_000)] = "",
    seen: Annotated[str, Form(max_length=2_000)] = "",
) -> Response:
    """A teacher corrected it."""
    try:
        await homework.give_back(work, word, seen.split(), desk.coordinator.id, desk.ports)
    except RuleBroken as broken:
        return await _shown(request, desk, work, broken, {"word": word})
    return RedirectResponse(f"/sessions/homework/{work}", 303)


@router.post("/sessions/homework/{work}/put-in")
async def put_in(request: Request, work: EntityId, desk: Coordinates) -> Response:
    """It came by mail, by WhatsApp or by hand: a coordinator puts it in."""
    texts: dict[str, str] = {}
    by = desk.coordinator.id
    try:
        async with form_of(request) as sent:
            texts = sent.texts
            channel = _channel(texts.get("channel", ""))
            key = texts.get("key", "")[:64]
            if sent.file is not None:
                await homework.hand_in_file(work, sent.file, desk.ports, key=key, channel=channel, by=by)
            if sent.file is None or texts.get("text", "").strip():
                await homework.hand_in_text(
                    work, texts.get("text", ""), desk.ports, key=f"{key}-text", channel=channel, by=by
                )
    except RuleBroken as broken:
        return await _shown(request, desk, work, broken, texts)
    return RedirectResponse(f"/sessions/homework/{work}", 303)


@router.post("/sessions/homework/{work}/parts/{part}/take-back")
async def take_back(request: Request, work: EntityId, part: EntityId, desk: Coordinates) -> Response:
    """It was put in by mistake."""
    try:
        await homework.take_back(work, part, desk.ports)
    except RuleBroken as broken:
        return await _shown(request, desk, work, broken)
    return RedirectResponse(f"/sessions/homework/{work}", 303)


@router.get("/sessions/homework/{work}/parts/{part}")
async def file(work: EntityId, part: EntityId, desk: Reads) -> Response:
    """A file that was handed in, to keep and open."""
    return given_out(*await homework.read_file(work, part, desk.ports))


async def _shown(
    request: Request,
    desk: Desk[Ports],
    work: str,
    broken: RuleBroken | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    lesson, known = await homework.one(work, desk.ports)
    people = await associations.names([known.participant], desk.ports)
    return page(
        request,
        "sessions/courses/homework.html",
        desk.language,
        status=getattr(broken, "status", 422) if broken else 200,
        lesson=lesson,
        work=known,
        name=full_name(people[known.participant]),
        channels=[each for each in Channel if each is not Channel.LINK],
        accepted=file_types.ACCEPTED,
        typed={
            "word": known.correction.word if known.correction and known.stage is Stage.RETURNED else "",
            "text": "",
            "channel": "whatsapp",
            **(typed or {}),
        },
        key=str(uuid.uuid4()),
        broken=broken,
        may=desk.coordinator.access.covers(Access.COORDINATE),
    )


def _channel(text: str) -> Channel:
    if text not in {each.value for each in Channel}:
        raise HomeworkWrong("Say how it came.", field="channel")
    return Channel(text)
