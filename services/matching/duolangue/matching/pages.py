"""The coordinator's desk for duos, and the page where somebody answers a proposal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duolangue.chassis.identity import Access
from duolangue.chassis.text import Paragraph
from duolangue.chassis.web import LANGUAGES, ActionLink, Desk, desk, opened, page
from duolangue.contracts.links import Purpose
from duolangue.contracts.requests import Person as Named
from duolangue.contracts.vocabulary import EntityId, Role
from duolangue.matching.domain.duo import RUNNING, Duo, Status
from duolangue.matching.domain.rules import Refused
from duolangue.matching.ports import Ports
from duolangue.matching.sentences import Sentences
from duolangue.matching.usecases import desk as views
from duolangue.matching.usecases import duos, suiting
from duolangue.matching.usecases import pool as pools

router = APIRouter(prefix="/duos", include_in_schema=False)

Reader = Annotated[Desk[Ports], Depends(desk(Access.READ))]
At = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
Administrator = Annotated[Desk[Ports], Depends(desk(Access.ADMINISTER))]
Opened = Annotated[ActionLink[Ports], Depends(opened(Purpose.ANSWER_PROPOSAL))]
DuoId = Annotated[EntityId, Path()]
ANSWER: Final = Purpose.ANSWER_PROPOSAL.route.removeprefix(router.prefix)
Choice = Literal["accept", "decline"]
Action = Literal["approve", "discard", "allow-again", "withdraw", "pause", "resume"]

FIRST: Final = 12
"""How many of each kind the desk shows; pages of their own have all."""
CHOICE: Final = 50
"""People to choose from by hand on the desk; beside each one who waits there are more."""
MOST: Final = 200
"""Duos of one person, and people kept apart, that are shown."""


@dataclass(frozen=True, slots=True)
class Card:
    """A duo as a template shows it to the coordinator."""

    duo: Duo
    newcomer: Named
    volunteer: Named
    reasons: Sequence[tuple[str, int, str]] = ()
    """Title, value in millionths, sentence."""
    waits_for: Sequence[str] = ()
    """First names of those whose answer is waited for."""
    objection: str = ""
    """Of a draft: why its people suit each other no more."""


@router.get("")
async def overview(request: Request, at: Reader, person: EntityId | None = None) -> HTMLResponse:
    """The desk: what needs the coordinator first; or all duos that one person is or was in."""
    if person is not None:
        return await _of_person(request, person, at)
    ports, seen = at.ports, at.ports.clock.now()
    roll = await ports.roll.now()
    waiting, free = await views.rows(roll.row(0, FIRST), roll, ports), roll.with_places(CHOICE)
    administers = at.coordinator.access.covers(Access.ADMINISTER)
    excluded = await ports.exclusions.select() if administers else []
    separations = (await ports.separations.select())[:MOST]
    longest = roll.row(0, CHOICE)
    shown = {
        "drafts": await ports.duos.with_status((Status.DRAFT,), FIRST),
        "proposals": await ports.duos.with_status((Status.PROPOSED,), FIRST),
        "running": await ports.duos.with_status(RUNNING, FIRST),
    }
    wanted = {duo.person(side) for duos_shown in shown.values() for duo in duos_shown for side in Role}
    wanted |= {*longest, *free} | {each.id for each in excluded}
    wanted |= {person for each in separations for person in (each.one, each.other)}
    people, against = await asyncio.gather(
        ports.directory.people(ports.association, sorted(wanted)), suiting.objections(shown["drafts"], ports)
    )
    sentences = Sentences(at.language)
    return page(
        request,
        "matching/duos.html",
        at.language,
        run=await views.latest_run(ports),
        seen=seen,
        counts={status.value: roll.counts[status] for status in Status},
        free_places=roll.places,
        waiting=[(row, people[row.participant], sentences.of_waiting(row.reason)) for row in waiting],
        waiting_count=roll.waiting,
        longest=[(each, people[each]) for each in longest],
        apart=[(each, people[each.one], people[each.other]) for each in separations],
        excluded=[(each, people[each.id]) for each in excluded],
        free=[(each, people[each]) for each in free],
        may=at.coordinator.access.covers(Access.COORDINATE),
        drafts=[
            replace(_card(duo, people, sentences), objection=str(against.get(duo.id, ""))) for duo in shown["drafts"]
        ],
        proposals=[_card(duo, people, sentences) for duo in shown["proposals"]],
        running=[_plain(duo, people) for duo in shown["running"]],
    )


@router.get(ANSWER)
async def see_proposal(request: Request, link: Opened, choice: Choice | None = None) -> HTMLResponse:
    """How things stand, and two buttons while an answer is waited for. Opening changes nothing."""
    return await _proposal(request, link, first=choice or "accept")


@router.post(ANSWER)
async def answer_proposal(
    request: Request, link: Opened, choice: Annotated[Choice, Form()], reason: Annotated[Paragraph, Form()] = ""
) -> Response:
    """Answer. The same answer again changes nothing; one that comes too late gets a sentence."""
    duo = await link.ports.duos.get(link.entity)
    try:
        await duos.answer(duo.id, duo.side(link.person), link.ports, yes=choice == "accept", reason=reason)
    except Refused as refused:
        return await _proposal(request, link, first=choice, refusal=str(refused), status=refused.status)
    return _to(request.url.path)


@router.get("/{duo}")
async def see_duo(request: Request, duo: DuoId, at: Reader) -> HTMLResponse:
    """One duo, with what can be done about it."""
    found = await at.ports.duos.get(duo)
    return await _one(request, found, at)


@router.post("/{duo}/answer")
async def record_answer(
    request: Request,
    duo: DuoId,
    at: At,
    side: Annotated[Role, Form()],
    choice: Annotated[Choice, Form()],
    reason: Annotated[Paragraph, Form()] = "",
) -> Response:
    """Record what somebody answered by telephone or in person."""
    try:
        await duos.answer(duo, side, at.ports, yes=choice == "accept", reason=reason)
    except Refused as refused:
        return await _one(request, await at.ports.duos.get(duo), at, refused)
    return _to(f"/duos/{duo}")


@router.post("/{duo}/end")
async def end(request: Request, duo: DuoId, at: At, reason: Annotated[Paragraph, Form()] = "") -> Response:
    """End a duo that runs."""
    try:
        await duos.end(duo, reason, at.ports)
    except Refused as refused:
        return await _one(request, await at.ports.duos.get(duo), at, refused)
    return _to(f"/duos/{duo}")


@router.post("/{duo}/end-for-safety")
async def end_for_safety(duo: DuoId, at: At, reported: Annotated[Role, Form()]) -> Response:
    """End a duo at once; the reported person is kept out of the pool."""
    await duos.end_for_safety(duo, reported, at.ports)
    return _to(f"/duos/{duo}")


@router.post("/exclusions/{participant}/lift")
async def lift(participant: EntityId, at: Administrator) -> Response:
    """Somebody who was kept out may be paired again."""
    await duos.lift(participant, at.ports)
    return _to("/duos")


@router.post("/{duo}/{action}")
async def act(
    request: Request, duo: DuoId, action: Action, at: At, back: Annotated[Literal["desk", "duo"], Form()] = "duo"
) -> Response:
    """One of the coordinator's plain decisions about a duo."""
    decisions: dict[str, Callable[..., Awaitable[Duo]]] = {
        "approve": partial(duos.approve, by=at.coordinator.id),
        "discard": duos.discard,
        "allow-again": duos.allow_again,
        "withdraw": duos.withdraw,
        "pause": duos.pause,
        "resume": duos.resume,
    }
    try:
        await decisions[action](duo, ports=at.ports)
    except Refused as refused:
        return await _one(request, await at.ports.duos.get(duo), at, refused)
    return _to("/duos" if back == "desk" else f"/duos/{duo}")


async def _one(request: Request, duo: Duo, at: Desk[Ports], refused: Refused | None = None) -> HTMLResponse:
    people = await at.ports.directory.people(at.ports.association, [duo.newcomer, duo.volunteer])
    others = [
        other
        for side in Role
        for other in await at.ports.duos.held_by(duo.person(side))
        if other.id != duo.id and other.status in RUNNING
    ]
    return page(
        request,
        "matching/duo.html",
        at.language,
        status=refused.status if refused else 200,
        card=_card(duo, people, Sentences(at.language)),
        duo=duo,
        others=others,
        refusal=str(refused) if refused else "",
        may=at.coordinator.access.covers(Access.COORDINATE),
    )


async def _proposal(
    request: Request, link: ActionLink[Ports], *, first: Choice, refusal: str = "", status: int = 200
) -> HTMLResponse:
    duo = await link.ports.duos.get(link.entity)
    side = duo.side(link.person)
    association = await pools.association_of(link.ports)
    visible = duo.status is Status.PROPOSED or duo.status in RUNNING
    other = duo.person(side.other)
    people = await link.ports.directory.people(link.association, [other]) if visible else {}
    return page(
        request,
        "matching/answer.html",
        link.language if link.language in LANGUAGES else association.language,
        status=status,
        duo=duo,
        side=side,
        other=people.get(other),
        answerable=duo.status is Status.PROPOSED and side not in duo.accepted_by,
        first=first,
        refusal=refusal,
        brand=association.name or "Duolangue",
    )


async def _of_person(request: Request, person: str, at: Desk[Ports]) -> HTMLResponse:
    found = sorted(await at.ports.duos.touching(person), key=lambda duo: (duo.status not in RUNNING, duo.id))[:MOST]
    wanted = {duo.person(side) for duo in found for side in Role} | {person}
    people = await at.ports.directory.people(at.ports.association, sorted(wanted))
    sentences = Sentences(at.language)
    return page(
        request,
        "matching/duos_of.html",
        at.language,
        person=person,
        named=people[person],
        known=await at.ports.people.find(person) is not None,
        cards=[_card(duo, people, sentences) for duo in found],
    )


def _card(duo: Duo, people: dict[str, Named], sentences: Sentences) -> Card:
    reasons = [(sentences.title(each.criterion), each.value, sentences.of_pair(each)) for each in duo.reasons]
    waits_for = [people[duo.person(side)].first_name for side in duo.asking]
    return replace(_plain(duo, people), reasons=reasons, waits_for=waits_for)


def _plain(duo: Duo, people: dict[str, Named]) -> Card:
    """A duo of which only the names are shown."""
    return Card(duo=duo, newcomer=people[duo.newcomer], volunteer=people[duo.volunteer])


async def plain_cards(some: Sequence[Duo], ports: Ports) -> list[Card]:
    """Duos by the names of their people."""
    wanted = {duo.person(side) for duo in some for side in Role}
    people = await ports.directory.people(ports.association, sorted(wanted)) if wanted else {}
    return [_plain(duo, people) for duo in some]


def _to(path: str) -> RedirectResponse:
    return RedirectResponse(path, 303)
