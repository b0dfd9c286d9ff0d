"""One participant: their hours, the attestations issued to them, what became of them. For coordinators."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.identity import Access
from duolangue.chassis.store import Absent
from duolangue.chassis.text import Paragraph
from duolangue.chassis.web import Desk, desk, page
from duolangue.contracts.vocabulary import EntityId
from duolangue.sessions import attestation_paper
from duolangue.sessions.domain.story import LONGEST_WORDS, Moment, Outcome, Question
from duolangue.sessions.forms import FormText
from duolangue.sessions.impact_words import Words
from duolangue.sessions.ports import Ports
from duolangue.sessions.rows import full_name
from duolangue.sessions.story_forms import SCALE, answers_typed
from duolangue.sessions.usecases import asking, associations, attestations, stories

router = APIRouter(prefix="/sessions/hours/{participant}", include_in_schema=False)
Reads = Annotated[Desk[Ports], Depends(desk(Access.READ))]
Coordinates = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
DayText = Annotated[str, Form(max_length=20)]


@router.get("")
async def person(
    request: Request,
    participant: EntityId,
    desk: Reads,
    *,
    kept: bool = False,
    issued: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Their hours of the last twelve months, their attestations, what they answered."""
    return await _page(request, participant, desk, kept=kept, issued=issued)


@router.post("/attestations")
async def issue(request: Request, participant: EntityId, desk: Coordinates, since: DayText, until: DayText) -> Response:
    """An attestation of the hours between two days."""
    typed = {"since": since, "until": until}
    try:
        days = {field: _day(text, field) for field, text in typed.items()}
        fresh = await attestations.issue(participant, days["since"], days["until"], desk.coordinator.id, desk.ports)
    except RuleBroken as broken:
        return await _page(request, participant, desk, broken=broken, typed=typed)
    return RedirectResponse(f"/sessions/hours/{participant}?issued={fresh.id}#attestations", 303)


@router.get("/attestations/{number}")
async def paper(request: Request, participant: EntityId, number: EntityId, desk: Coordinates) -> Response:
    """One of them to print and sign (PDF), in the association's language."""
    association = await associations.known(desk.ports)
    written = await attestations.paper(number, desk.ports)
    if written.attestation.participant != participant:
        raise Absent(number)
    address = attestation_paper.where_confirmed(
        request.app.state.foundation.settings.public_url, desk.ports.association
    )
    drawn = await asyncio.to_thread(
        attestation_paper.draw, written, address, association.language, desk.ports.clock.now()
    )
    name = f"attestation-{number}.pdf"
    return Response(drawn, media_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


@router.post("/attestations/{number}/withdraw")
async def withdraw(participant: EntityId, number: EntityId, desk: Coordinates) -> Response:
    """One was issued by mistake: whoever asks for its number is told so."""
    if number not in {each.id for each in await attestations.issued_to(participant, desk.ports)}:
        raise Absent(number)
    await attestations.withdraw(number, desk.ports)
    return RedirectResponse(f"/sessions/hours/{participant}?kept=true#attestations", 303)


@router.post("/questions")
async def answer(
    request: Request,
    participant: EntityId,
    desk: Coordinates,
    moment: Annotated[Moment, Form()],
    confidence: FormText = "",
    friends: FormText = "",
    projects: FormText = "",
) -> Response:
    """The three questions as somebody answered them to a coordinator."""
    given = answers_typed(confidence=confidence, friends=friends, projects=projects)
    try:
        await stories.answer(participant, moment, given, desk.coordinator.id, desk.ports)
    except RuleBroken as broken:
        return await _page(request, participant, desk, broken=broken, typed={"moment": moment.value})
    return RedirectResponse(f"/sessions/hours/{participant}?kept=true#story", 303)


@router.post("/outcomes")
async def reached(
    participant: EntityId, desk: Coordinates, outcome: Annotated[list[Outcome] | None, Form()] = None
) -> Response:
    """What somebody reached: all of it as it is known now."""
    await stories.note_outcomes(participant, set(outcome or ()), desk.ports)
    return RedirectResponse(f"/sessions/hours/{participant}?kept=true#story", 303)


@router.post("/words")
async def say(
    participant: EntityId,
    desk: Coordinates,
    text: Annotated[Paragraph, Form()] = "",
    *,
    agreed: Annotated[bool, Form()] = False,
) -> Response:
    """Words that somebody lets the association show; without their leave none are kept."""
    await stories.say(participant, text[:LONGEST_WORDS], agreed=agreed, by=desk.coordinator.id, ports=desk.ports)
    return RedirectResponse(f"/sessions/hours/{participant}?kept=true#story", 303)


async def _page(
    request: Request,
    participant: str,
    desk: Desk[Ports],
    *,
    broken: RuleBroken | None = None,
    typed: dict[str, str] | None = None,
    **more: Any,
) -> Response:
    ports = desk.ports
    known = await ports.counting.counted.get(participant)
    if known.erased:
        raise Absent(participant)
    since, until = attestations.usual_days(await associations.today(ports))
    names = await associations.names([participant], ports)
    return page(
        request,
        "sessions/impact/person.html",
        desk.language,
        status=422 if broken else 200,
        **{"kept": False, "issued": "", **more},
        participant=participant,
        name=full_name(names[participant]),
        since=since,
        until=until,
        hours=await attestations.hours(participant, since, until, ports),
        papers=await attestations.issued_to(participant, ports),
        newcomer=await asking.is_newcomer(participant, ports),
        told=await stories.of(participant, ports),
        moment=await asking.moment_of(participant, ports),
        work=attestation_paper.WORK,
        say=Words(desk.language),
        questions=list(Question),
        moments=list(Moment),
        outcomes=list(Outcome),
        scale=SCALE,
        longest=LONGEST_WORDS,
        broken=broken,
        typed={"since": since.isoformat(), "until": until.isoformat(), "moment": "", **(typed or {})},
        may=desk.coordinator.access.covers(Access.COORDINATE),
    )


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise NoDay("Write a day as year, month and day, as in 2026-11-22.", field=field) from error


class NoDay(RuleBroken):
    """Text that is no day."""

    code = "no_day"
