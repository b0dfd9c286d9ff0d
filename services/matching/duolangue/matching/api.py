"""JSON in and out: duos, from a pair drafted by hand to their end. For coordinators and their programs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field

from duolangue.chassis.identity import Access
from duolangue.chassis.text import Paragraph
from duolangue.chassis.web import Desk, desk
from duolangue.contracts.facts.matching import DuoOrigin
from duolangue.contracts.vocabulary import EntityId, Interest, Role
from duolangue.matching.domain.duo import Closing, Duo, Override, Status
from duolangue.matching.domain.policy import CriterionName
from duolangue.matching.domain.reasons import Criterion
from duolangue.matching.ports import Ports
from duolangue.matching.sentences import Sentences
from duolangue.matching.usecases import drafts, duos

router = APIRouter(prefix="/duos/api", tags=["duos"])

Reader = Annotated[Desk[Ports], Depends(desk(Access.READ))]
At = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
DuoId = Annotated[EntityId, Path(description="The duo's id.")]
InLanguage = Annotated[
    str, Query(description="Language of the sentences: fr, nl or en; by default the coordinator's.", max_length=8)
]


class ReasonOut(BaseModel):
    """One criterion of a pair."""

    criterion: CriterionName
    value: int = Field(description="From 0 to 1,000,000.")
    sentence: str


class DuoOut(BaseModel):
    """A duo as coordinators see it."""

    id: str
    newcomer: str
    volunteer: str
    status: Status
    origin: DuoOrigin
    place: int
    run: str
    accepted_by: list[Role]
    asking: list[Role] = Field(description="Who is asked at present.")
    asked: dict[Role, datetime] = Field(description="When the proposal's message last really left for each side.")
    reminded: dict[Role, datetime] = Field(description="When each side was to be reminded.")
    silent: list[Role] = Field(description="Who was asked and never answered, once that ended it.")
    expires_at: datetime | None = Field(description="When silence ends the proposal; none while no message left.")
    score: int = Field(description="In millionths.")
    reasons: list[ReasonOut]
    shared_interests: list[Interest]
    override: Override | None = Field(description="The rules that a coordinator set aside for it, and why.")
    drafted_by: str = Field(description="The coordinator who made it by hand or by a swap.")
    approved_by: str
    declined_by: Role | None
    closing: Closing | None
    reason: str = Field(description="Why it was declined or ended: for coordinators alone.")
    drafted_at: datetime | None
    proposed_at: datetime | None
    confirmed_at: datetime | None
    ended_at: datetime | None


class DuosOut(BaseModel):
    """Several duos."""

    duos: list[DuoOut]


class ByHand(BaseModel):
    """A pair the coordinator thought of."""

    newcomer: EntityId
    volunteer: EntityId
    aside: bool = Field(default=False, description="Set aside, for this pair, the rules and wishes that may be.")
    why: Paragraph = Field(default="", description="Needed with `aside`; kept with the pair.")


class AnswerIn(BaseModel):
    """An answer that somebody gave to the coordinator."""

    side: Role
    accept: bool
    reason: Paragraph = ""


class EndIn(BaseModel):
    """Why a duo ends; it never leaves this service."""

    reason: Paragraph = ""


class Reported(BaseModel):
    """Who must stay away."""

    reported: Role


class EndedForSafety(BaseModel):
    """The duo that ended, and the other running duos of the reported person, for the coordinator to look at."""

    duo: DuoOut
    running: list[str]


@router.get("/duos", summary="The association's duos")
async def list_duos(
    at: Reader, status: Annotated[list[Status] | None, Query()] = None, language: InLanguage = ""
) -> DuosOut:
    """All, or those with one of the given statuses; the newest first."""
    found = await at.ports.duos.with_status(status or list(Status))
    return DuosOut(duos=[_seen(duo, at, language) for duo in found])


@router.post("/duos", status_code=201, summary="Draft a pair by hand")
async def draft_by_hand(pair: ByHand, at: At, language: InLanguage = "") -> DuoOut:
    """The rules of a run hold; the first that is broken is named. Those that may be are set aside where a reason is given."""
    duo = await drafts.by_hand(
        pair.newcomer, pair.volunteer, at.coordinator.id, at.ports, why=pair.why, aside=pair.aside
    )
    return _duo(duo, Sentences(language or at.language))


@router.get("/duos/{duo}", summary="One duo")
async def see_duo(duo: DuoId, at: Reader, language: InLanguage = "") -> DuoOut:
    """With its reasons in sentences."""
    return _seen(await at.ports.duos.get(duo), at, language)


@router.post("/duos/{duo}/approve", summary="Approve a draft")
async def approve(duo: DuoId, at: At) -> DuoOut:
    """Both people are asked, in the order that the association's policy says."""
    return _seen(await duos.approve(duo, at.coordinator.id, at.ports), at)


@router.post("/duos/{duo}/discard", summary="Discard a draft")
async def discard(duo: DuoId, at: At) -> DuoOut:
    """Nobody hears of it, and this pair is not drafted again."""
    return _seen(await duos.discard(duo, at.ports), at)


@router.post("/duos/{duo}/allow-again", summary="Take a no, or a discarded draft, for a mistake")
async def allow_again(duo: DuoId, at: At) -> DuoOut:
    """The pair may be drafted and proposed again; what was told stays told."""
    return _seen(await duos.allow_again(duo, at.ports), at)


@router.post("/duos/{duo}/withdraw", summary="Take back a draft or a proposal")
async def withdraw(duo: DuoId, at: At) -> DuoOut:
    """Who was asked is told kindly; the pair may be proposed again. A running duo stays as it is."""
    return _seen(await duos.withdraw(duo, at.ports), at)


@router.post("/duos/{duo}/answers", summary="Record somebody's answer")
async def answer(duo: DuoId, given: AnswerIn, at: At) -> DuoOut:
    """For somebody who answered by telephone or in person. The same answer again changes nothing."""
    done = await duos.answer(duo, given.side, at.ports, yes=given.accept, reason=given.reason)
    return _seen(done, at)


@router.post("/duos/{duo}/pause", summary="Pause a duo")
async def pause(duo: DuoId, at: At) -> DuoOut:
    """It keeps its places, and owes nothing meanwhile."""
    return _seen(await duos.pause(duo, at.ports), at)


@router.post("/duos/{duo}/resume", summary="Let a paused duo go on")
async def resume(duo: DuoId, at: At) -> DuoOut:
    """It is confirmed again."""
    return _seen(await duos.resume(duo, at.ports), at)


@router.post("/duos/{duo}/end", summary="End a duo")
async def end(duo: DuoId, why: EndIn, at: At) -> DuoOut:
    """The reason stays in this service; these two are not proposed to each other again."""
    return _seen(await duos.end(duo, why.reason, at.ports), at)


@router.post("/duos/{duo}/end-for-safety", summary="End a duo for safety")
async def end_for_safety(duo: DuoId, who: Reported, at: At) -> EndedForSafety:
    """At once and without a reason. The reported person is kept out of the pool; their drafts and proposals are taken back."""
    ended, running = await duos.end_for_safety(duo, who.reported, at.ports)
    return EndedForSafety(duo=_seen(ended, at), running=[other.id for other in running])


def _seen(duo: Duo, at: Desk[Ports], language: str = "") -> DuoOut:
    """The duo without what was said in confidence for whoever may only read, and without a trace of a report but for administrators."""
    shown = _duo(duo, Sentences(language or at.language))
    if not at.coordinator.access.covers(Access.COORDINATE):
        shown = shown.model_copy(update={"reason": "", "override": None})
    if duo.closing is Closing.SAFETY and not at.coordinator.access.covers(Access.ADMINISTER):
        neutral = Closing.ENDED if duo.status is Status.ENDED else Closing.WITHDRAWN
        shown = shown.model_copy(update={"closing": neutral})
    return shown


def _duo(duo: Duo, sentences: Sentences) -> DuoOut:
    told = {name: getattr(duo, name) for name in DuoOut.model_fields if name not in {"reasons", "expires_at"}}
    return DuoOut.model_validate({**told, "reasons": reasons(duo.reasons, sentences), "expires_at": duo.expires_at})


def reasons(criteria: Iterable[Criterion], sentences: Sentences) -> list[ReasonOut]:
    """The criteria of a pair, in sentences."""
    return [
        ReasonOut(criterion=each.criterion, value=each.value, sentence=sentences.of_pair(each)) for each in criteria
    ]
