"""One participant on the desk: their line of time, and enrolling for them."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page
from duolangue.contracts.vocabulary import EntityId
from duolangue.sessions import activity_forms
from duolangue.sessions.activity_words import said
from duolangue.sessions.ports import Ports
from duolangue.sessions.rows import full_name
from duolangue.sessions.usecases import associations, line_of_time, taking_part

router = APIRouter(prefix="/sessions/people", include_in_schema=False)
Reads = Annotated[Desk[Ports], Depends(desk(Access.READ))]
Coordinates = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
MOST_FIELDS: Final = 20


@router.get("/{participant}")
async def line(
    request: Request, participant: EntityId, desk: Reads, *, done: bool = False, wanted: EntityId | None = None
) -> Response:
    """Everything of theirs, and what they could take part in; one of it opened, where the address names it."""
    return await _line(request, desk, participant, done=done, wanted=wanted or "")


@router.post("/{participant}/enrol")
async def enrol(request: Request, participant: EntityId, desk: Coordinates) -> Response:
    """A coordinator enrols them: the answers to its questions count as checked."""
    ports = desk.ports
    await line_of_time.somebody(participant, ports)
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        texts = {name: value for name, value in form.items() if isinstance(value, str)}
    known = await ports.activities.get(texts.get("activity", "")[:64])
    answers = activity_forms.answers(texts, known.rules, await associations.today(ports), desk.coordinator.id)
    try:
        await taking_part.take_part(known.id, participant, ports, answers=answers, by=desk.coordinator.id)
    except RuleBroken as broken:
        return await _line(request, desk, participant, broken=broken, wanted=known.id)
    if texts.get("back") == "activity":
        return RedirectResponse(f"/sessions/activities/{known.id}#who", 303)
    return RedirectResponse(f"/sessions/people/{participant}?done=true", 303)


async def _line(
    request: Request,
    desk: Desk[Ports],
    participant: str,
    *,
    done: bool = False,
    broken: RuleBroken | None = None,
    wanted: str = "",
) -> Response:
    shown = await line_of_time.line(participant, desk.ports, at_desk=True)
    partners = {each.partner for each in (*shown.coming, *shown.past) if each.partner}
    people = await associations.names(sorted(partners | {participant}), desk.ports)
    return page(
        request,
        "sessions/activities/participant.html",
        desk.language,
        status=getattr(broken, "status", 422) if broken else 200,
        participant=participant,
        name=full_name(people[participant]),
        partners={each: full_name(person) for each, person in people.items()},
        shown=shown,
        may=desk.coordinator.access.covers(Access.COORDINATE),
        done=done,
        broken=broken,
        wanted=wanted,
        **said(desk.language),
    )
