"""One person: all that is known, the first interview, breaks, notes, and the form that changes it."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import TypeAdapter, ValidationError

from duolangue.chassis.identity import Access
from duolangue.chassis.web import LANGUAGES as SPOKEN
from duolangue.chassis.web import Desk, desk, page
from duolangue.chassis.whatsapp import wa_me
from duolangue.contracts.vocabulary import DAYS, LANGUAGES, MOMENTS, EntityId, Gender, Level
from duolangue.registration import usecases
from duolangue.registration.auditing import Audited
from duolangue.registration.domain.interests import ASKED
from duolangue.registration.domain.interview import Item, RefusalReason
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.note import MOST_LETTERS
from duolangue.registration.domain.participant import HELD
from duolangue.registration.domain.person_form import Faults, Typed
from duolangue.registration.guarding import guards
from duolangue.registration.pages_people.listing import COMMON
from duolangue.registration.ports import Ports
from duolangue.registration.usecases import editing, notes, people_desk

router = APIRouter(tags=["person"], include_in_schema=False, route_class=Audited)
Reader = Annotated[Desk[Ports], Depends(desk(Access.READ))]
At = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
Text = Annotated[str, Form(max_length=MOST_LETTERS * 2)]


@router.get("/people/{participant_id}", response_model=None)
async def person(request: Request, participant_id: EntityId, at: Reader) -> HTMLResponse | RedirectResponse:
    """One person, and what can be done. Who turned out to be somebody else is found there."""
    one = await at.ports.participants.get(participant_id)
    if one.merged_into is not None and not one.first_name:
        return RedirectResponse(f"/people/{one.merged_into}", 303)
    return await _shown(request, participant_id, at)


@router.get("/people/{participant_id}/edit")
async def edit_form(request: Request, participant_id: EntityId, at: At) -> HTMLResponse:
    """Every field of somebody, to be changed."""
    one, typed = await editing.as_it_stands(participant_id, at.ports)
    return _form(request, at, one, typed, {}, typed)


@router.post("/people/{participant_id}/edit", response_model=None)
async def edit(request: Request, participant_id: EntityId, at: At) -> HTMLResponse | RedirectResponse:
    """Change what was typed, or say next to each field what is wrong; what was typed stays."""
    form = await request.form()
    typed = {name: [each for each in form.getlist(name) if isinstance(each, str)] for name in form if name != "was"}
    was = _was(form.get("was"))
    try:
        await editing.change_person(participant_id, typed, was, at.coordinator.id, at.ports)
    except editing.Meanwhile as both:
        one, present = await editing.as_it_stands(participant_id, at.ports)
        return _form(request, at, one, both.typed, both.faults, present)
    except Faults as wrong:
        one = await at.ports.participants.get(participant_id)
        return _form(request, at, one, typed, wrong.faults, was)
    return _back(participant_id)


@router.post("/people/{participant_id}/checklist")
async def checklist(
    participant_id: EntityId, at: At, items: Annotated[list[Item] | None, Form(max_length=20)] = None
) -> RedirectResponse:
    """These items of the first interview were gone through."""
    await people_desk.tick_items(participant_id, frozenset(items or ()), at.coordinator.id, at.ports)
    return _back(participant_id, "interview")


@router.post("/people/{participant_id}/interview")
async def interview(
    participant_id: EntityId,
    at: At,
    passed: Annotated[bool, Form()],
    reason: Annotated[str, Form(max_length=200)] = "",
    because: Annotated[RefusalReason | None, Form()] = None,
    items: Annotated[list[Item] | None, Form(max_length=20)] = None,
) -> RedirectResponse:
    """The first interview took place."""
    if items:
        await people_desk.tick_items(participant_id, frozenset(items), at.coordinator.id, at.ports)
    charge = guards(at, await at.ports.own())
    await usecases.interview(
        participant_id, passed, reason.strip(), at.ports, because=because, by=at.coordinator.id, guards=charge
    )
    return _back(participant_id)


@router.post("/people/{participant_id}/reopen")
async def reopen(participant_id: EntityId, at: At) -> RedirectResponse:
    """The first interview is to come once more."""
    await usecases.reopen(participant_id, at.coordinator.id, at.ports)
    return _back(participant_id, "interview")


@router.post("/people/{participant_id}/ask", response_model=None)
async def ask(request: Request, participant_id: EntityId, at: At, words: Text = "") -> HTMLResponse | RedirectResponse:
    """Something more is asked before the interview is over."""
    try:
        await people_desk.ask_for_more(participant_id, words.strip()[:MOST_LETTERS], at.coordinator.id, at.ports)
    except Invalid as fault:
        return await _shown(request, participant_id, at, fault=fault, typed={"asked": words})
    return _back(participant_id, "asked")


@router.post("/people/{participant_id}/looked-at")
async def looked_at(participant_id: EntityId, at: At) -> RedirectResponse:
    """A human looked at what was to be looked at."""
    charge = guards(at, await at.ports.own())
    await people_desk.looked_at(participant_id, at.coordinator.id, at.ports, guards=charge)
    return _back(participant_id)


@router.post("/people/{participant_id}/pause", response_model=None)
async def pause(
    request: Request, participant_id: EntityId, at: At, until: Annotated[str, Form(max_length=10)] = ""
) -> HTMLResponse | RedirectResponse:
    """Somebody takes a break."""
    try:
        await usecases.pause(participant_id, _day(until), at.ports, at.coordinator.id)
    except Invalid as fault:
        return await _shown(request, participant_id, at, fault=fault, typed={"until": until})
    return _back(participant_id)


@router.post("/people/{participant_id}/resume")
async def resume(participant_id: EntityId, at: At) -> RedirectResponse:
    """Somebody is back."""
    await usecases.resume(participant_id, at.ports, at.coordinator.id)
    return _back(participant_id)


@router.post("/people/{participant_id}/leave")
async def leave(participant_id: EntityId, at: At) -> RedirectResponse:
    """Somebody leaves."""
    await usecases.leave(participant_id, at.ports, at.coordinator.id)
    return _back(participant_id)


@router.post("/people/{participant_id}/notes", response_model=None)
async def write_note(
    request: Request, participant_id: EntityId, at: At, note: Text = ""
) -> HTMLResponse | RedirectResponse:
    """Keep a note."""
    try:
        await notes.write_note(participant_id, note, at.coordinator.id, at.ports)
    except Invalid as fault:
        return await _shown(request, participant_id, at, fault=fault, typed={"note": note})
    return _back(participant_id, "notes")


@router.post("/people/{participant_id}/notes/{note_id}/remove")
async def remove_note(participant_id: EntityId, note_id: EntityId, at: At) -> RedirectResponse:
    """Take a note's words away."""
    await notes.remove_note(participant_id, note_id, at.coordinator.id, at.ports)
    return _back(participant_id, "notes")


async def _shown(
    request: Request,
    participant_id: str,
    at: Desk[Ports],
    *,
    fault: Invalid | None = None,
    typed: dict[str, str] | None = None,
) -> HTMLResponse:
    coordinates = at.coordinator.access.covers(Access.COORDINATE)
    found = await people_desk.dossier(participant_id, at.ports, private=coordinates)
    one, charge = found.one, guards(at, await at.ports.own())
    asking = one.asked_for
    return page(
        request,
        "registration/person.html",
        at.language,
        status=getattr(fault, "status", 422) if fault else 200,
        one=one,
        dossier=found,
        items=list(Item),
        ticks={tick.item: tick for tick in one.checklist},
        reasons=list(RefusalReason),
        asking_whatsapp=wa_me(one.phone, asking) if one.phone and asking else "",
        asking_mail=f"mailto:{quote(one.email, safe='@')}?body={quote(asking, safe='')}"
        if one.email and asking
        else "",
        fault=fault,
        typed=typed or {},
        most=MOST_LETTERS,
        coordinates=coordinates,
        guards=charge,
        decides=charge or HELD not in one.to_look_at,
    )


def _was(text: object) -> Typed | None:
    """What the form showed when it was opened; none where it does not say so in a way that can be read."""
    try:
        return TypeAdapter(dict[str, list[str]]).validate_json(text if isinstance(text, str) else "")
    except ValidationError:
        return None


def _form(
    request: Request, at: Desk[Ports], one: Any, typed: Typed, faults: dict[str, Invalid], was: Typed | None
) -> HTMLResponse:
    return page(
        request,
        "registration/person_edit.html",
        at.language,
        status=422 if faults else 200,
        one=one,
        typed=typed,
        was=json.dumps(was, ensure_ascii=False) if was is not None else "",
        faults=faults,
        genders=list(Gender),
        levels=list(Level),
        interests=ASKED,
        days=DAYS,
        moments=MOMENTS,
        spoken=SPOKEN,
        languages=[*COMMON, *sorted(LANGUAGES - set(COMMON))],
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid("date_invalid", "There is no such date.", field="until") from error


def _back(participant_id: str, part: str = "") -> RedirectResponse:
    return RedirectResponse(f"/people/{participant_id}" + (f"#{part}" if part else ""), 303)
