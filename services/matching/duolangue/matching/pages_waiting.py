"""Who waits and why, in full; and for one person whom to propose by hand. For the coordinator alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page
from duolangue.chassis.web.languages import direction
from duolangue.contracts.requests import Person as Named
from duolangue.contracts.vocabulary import EntityId, Role
from duolangue.matching.domain.duo import Status
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.run import Pair
from duolangue.matching.pages_anew import rows
from duolangue.matching.ports import Ports
from duolangue.matching.sentences_waiting import WaitingSentences, speaking
from duolangue.matching.usecases import anew, questions, waiting
from duolangue.matching.usecases.anew import Anew
from duolangue.matching.usecases.waiting import Outlook

router = APIRouter(prefix="/duos/waiting", include_in_schema=False)

Reader = Annotated[Desk[Ports], Depends(desk(Access.READ))]
Coordinates = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
Choice = Literal["yes", "no"]
PAGE: Final = 50
AT_ONCE: Final = 200
"""Up to so many active people the page says what would become of the drafts; beyond, a page of its own does."""


@dataclass(frozen=True, slots=True)
class Told:
    """An outlook in sentences."""

    outlook: Outlook
    reason: str
    tier: str
    options: str
    blocker: str
    alone: str
    estimate: str
    cases: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to propose by hand, with the reasons."""

    pair: Pair
    participant: str
    """The other one of the pair."""
    named: Named
    reasons: list[tuple[str, int, str]]
    """Title, value in millionths, sentence."""
    tier: str
    """Before whom a newcomer comes."""


@router.get("")
async def everybody(request: Request, at: Reader, start: Annotated[int, Query(ge=0, le=1_000_000)] = 0) -> HTMLResponse:
    """Everybody who waits, the longest first, and who has a free place."""
    found = await waiting.listed(at.ports, start, PAGE)
    wanted = {each.row.participant for each in found.outlooks} | {each for each, _ in found.free}
    people = await at.ports.directory.people(at.ports.association, sorted(wanted)) if wanted else {}
    sentences = WaitingSentences(at.language)
    return page(
        request,
        "matching/waiting.html",
        at.language,
        rows=[(people[each.row.participant], _told(each, found.policy, sentences)) for each in found.outlooks],
        count=found.count,
        start=start,
        before=max(0, start - PAGE),
        after=start + PAGE if start + PAGE < found.count else 0,
        free=[(each, people[each], places) for each, places in found.free],
        free_count=found.free_count,
    )


@router.get("/{participant}")
async def one(request: Request, at: Reader, participant: Annotated[EntityId, Path()]) -> HTMLResponse:
    """One person of the pool: how things stand, and the best five to propose by hand."""
    found = await waiting.of_one(participant, at.ports)
    best = [(each, Role.VOLUNTEER) for each in found.volunteers.best] if found and found.volunteers else []
    best += [(each, Role.NEWCOMER) for each in found.newcomers.best] if found and found.newcomers else []
    others = {*found.free, *found.waiting} if found else set()
    wanted = {participant, *others} | {getattr(pair, side.value) for pair, side in best}
    people = await at.ports.directory.people(at.ports.association, sorted(wanted))
    drafts, drafts_anew = await _drafts(at.ports) if found and (found.volunteers or found.newcomers) else (0, None)
    sentences = WaitingSentences(at.language)
    told_in = speaking(found.languages) if found else at.language
    return page(
        request,
        "matching/waiting_one.html",
        at.language,
        participant=participant,
        named=people[participant],
        people=people,
        found=found,
        asked=await questions.open_to(participant, at.ports),
        drafts=drafts,
        anew=drafts_anew,
        rows=await rows(drafts_anew, participant, at) if drafts_anew else [],
        told=_told(found.outlook, found.policy, sentences) if found and found.outlook else None,
        volunteers=[
            _candidate(pair, side, people, found.policy, sentences) for pair, side in best if side is Role.VOLUNTEER
        ]
        if found
        else [],
        newcomers=[
            _candidate(pair, side, people, found.policy, sentences) for pair, side in best if side is Role.NEWCOMER
        ]
        if found
        else [],
        own_words=WaitingSentences(told_in).own_words(),
        told_in=told_in,
        told_direction=direction(told_in),
        may=at.coordinator.access.covers(Access.COORDINATE),
    )


@router.post("/{participant}/still")
async def record_still(
    participant: Annotated[EntityId, Path()], at: Coordinates, choice: Annotated[Choice, Form()]
) -> RedirectResponse:
    """What somebody told a coordinator who was asked whether they still want to take part."""
    await questions.answer_for(participant, at.ports, yes=choice == "yes")
    return RedirectResponse(f"/duos/waiting/{participant}", 303)


async def _drafts(ports: Ports) -> tuple[int, Anew | None]:
    """How many drafts could change, if any; and in a small association what would become of them."""
    roll = await ports.roll.now()
    drafts = roll.counts[Status.DRAFT]
    if not drafts or roll.active > AT_ONCE:
        return drafts, None
    found = await anew.look(ports)
    return (drafts, found) if found else (0, None)


def _told(outlook: Outlook, policy: Policy, sentences: WaitingSentences) -> Told:
    options = outlook.options
    return Told(
        outlook=outlook,
        reason=sentences.of_waiting(outlook.row.reason),
        tier=sentences.of_tier(outlook.tier, policy),
        options=sentences.of_options(options) if options else "",
        blocker=sentences.of_blocker(options) if options else "",
        alone=sentences.of_alone(options) if options else "",
        estimate=sentences.of_estimate(outlook.estimate) if outlook.looked_for else "",
        cases=sentences.of_cases(outlook.estimate) if outlook.estimate else "",
    )


def _candidate(
    pair: Pair, side: Role, people: dict[str, Named], policy: Policy, sentences: WaitingSentences
) -> Candidate:
    other = pair.newcomer if side is Role.NEWCOMER else pair.volunteer
    return Candidate(
        pair=pair,
        participant=other,
        named=people[other],
        reasons=[(sentences.title(each.criterion), each.value, sentences.of_pair(each)) for each in pair.reasons],
        tier=sentences.of_tier(pair.tier, policy) if side is Role.NEWCOMER else "",
    )
