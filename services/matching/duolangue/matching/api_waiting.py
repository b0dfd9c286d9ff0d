"""JSON in and out: who waits and why, with whom they could be paired; the pool in figures; who is missing."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from duolangue.contracts.facts.registration import AgeRange
from duolangue.contracts.vocabulary import EntityId, Gender, Level
from duolangue.matching.api import At, InLanguage, Reader, ReasonOut, reasons
from duolangue.matching.domain.missing import Call, Hours, Missing
from duolangue.matching.sentences_waiting import WaitingSentences
from duolangue.matching.usecases import desk, missing, waiting
from duolangue.matching.usecases.desk import StillWaiting
from duolangue.matching.usecases.waiting import Candidates, Outlook

router = APIRouter(prefix="/duos/api", tags=["who waits"])

MOST: Final = 200
"""Of those who wait, told in full at once."""


class OptionsOut(BaseModel):
    """Which volunteers there are for somebody who waits."""

    volunteers: int = Field(description="Everybody, with a free place or not.")
    possible: int = Field(description="Whom no rule and no wish speaks against.")
    free: int = Field(description="Of those, how many have a free place.")
    blocker: str = Field(description="The one constraint that most volunteers do not meet; empty where all fit.")
    blocked: int = Field(description="How many do not meet it.")
    alone: int = Field(description="How many more would fit if that one constraint did not stand in the way.")
    sentences: list[str]


class EstimateOut(BaseModel):
    """How much longer it may take: the middle half of what became of like people."""

    least: int = Field(description="In days.")
    most: int | None = Field(description="In days; none where too many of them still wait to say.")
    cases: int = Field(description="On how many people this rests.")
    same_level: bool = Field(description="Whether they had the same level of French; else they are everybody.")
    sentences: list[str]


class WaitingOut(BaseModel):
    """Somebody without a duo, and why."""

    participant: str
    since: datetime
    days: int
    code: str
    sentence: str
    tier: int | None = Field(default=None, description="0 for who goes first, then by days waited, as the policy says.")
    options: OptionsOut | None = Field(
        default=None, description="None for who is not looked for, and on the list where it was not asked for."
    )
    estimate: EstimateOut | None = Field(
        default=None, description="How much longer it may take; none where too few were in the same place before."
    )


class AllWaiting(BaseModel):
    """Those without a duo, the longest first."""

    waiting: list[WaitingOut]


class PoolOut(BaseModel):
    """The pool in figures."""

    active: int = Field(description="Everybody active, in a duo or not.")
    newcomers: int = Field(description="Who waits for a partner.")
    volunteers: int = Field(description="Who has a free place.")
    places: int


class CandidateOut(BaseModel):
    """A pair that could be proposed by hand."""

    newcomer: str
    volunteer: str
    score: int = Field(description="In millionths.")
    reasons: list[ReasonOut]
    tier: int = Field(description="The newcomer's.")
    days: int = Field(description="How long the newcomer has waited.")


class CandidatesOut(BaseModel):
    """Whom somebody could be paired with today."""

    possible: int = Field(description="How many there are in all.")
    best: list[CandidateOut] = Field(
        description="The best five: a newcomer's by score, a volunteer's as a run would serve them."
    )


class OneOut(BaseModel):
    """How things stand for one person of the pool."""

    waiting: WaitingOut | None = Field(description="None for who does not wait as a newcomer.")
    volunteers: CandidatesOut | None = Field(description="For a newcomer who is looked for.")
    places: int | None = Field(description="A volunteer's free places; none for who is no volunteer.")
    newcomers: CandidatesOut | None = Field(description="For a volunteer with a free place.")


class CallOut(BaseModel):
    """A kind of volunteer who is missing."""

    id: str
    more: int = Field(description="How many people more would have a duo if such volunteers offered so many places.")
    postcode: str
    comfort: Level = Field(description="The lowest level of French they are at ease with.")
    language: str | None = Field(description="Besides French.")
    hours: Hours | None
    gender: Gender | None
    age: AgeRange | None = Field(description="Ages that meet most wishes, where somebody who is left wishes for one.")
    sentences: list[str]


class MissingOut(BaseModel):
    """Who is missing, as it was last found: counts and places, never a person."""

    found_at: datetime | None = Field(description="None where nobody has looked yet.")
    looking: bool = Field(description="Whether it is being looked for anew.")
    waiting: int
    left: int = Field(description="Of those who wait, for how many there is nobody, however all are paired.")
    complete: bool = Field(
        description="Whether no other kind of volunteer that was thought of helps more than the first."
    )
    calls: list[CallOut]


@router.get("/waiting", summary="Who waits, and why")
async def list_waiting(
    at: Reader,
    language: InLanguage = "",
    start: Annotated[int, Query(ge=0, le=1_000_000, description="How many to pass over.")] = 0,
    count: Annotated[
        int | None, Query(ge=1, le=MOST, description="So many, each in full; without it all, in short.")
    ] = None,
) -> AllWaiting:
    """Newcomers without a duo, a proposal or a draft, with the reason the last run found."""
    sentences = WaitingSentences(language or at.language)
    if count is None:
        return AllWaiting(waiting=[_short(row, sentences) for row in await desk.waiting(at.ports, start)])
    found = await waiting.listed(at.ports, start, count)
    return AllWaiting(waiting=[_full(each, sentences) for each in found.outlooks])


@router.get("/waiting/{participant}", summary="How things stand for one person of the pool")
async def see_one(participant: Annotated[EntityId, Path()], at: Reader, language: InLanguage = "") -> OneOut:
    """With the best five to propose by hand, on either side; nothing of all that for who is not in the pool at present."""
    sentences = WaitingSentences(language or at.language)
    found = await waiting.of_one(participant, at.ports)
    if found is None:
        return OneOut(waiting=None, volunteers=None, places=None, newcomers=None)
    return OneOut(
        waiting=_full(found.outlook, sentences) if found.outlook else None,
        volunteers=_candidates(found.volunteers, sentences),
        places=found.places,
        newcomers=_candidates(found.newcomers, sentences),
    )


@router.get("/pool", summary="The pool in figures")
async def pool(at: Reader) -> PoolOut:
    """Who could be paired if a run began now."""
    return PoolOut(**asdict(await desk.pool(at.ports)))


@router.get("/missing", summary="Who is missing")
async def see_missing(at: Reader, language: InLanguage = "") -> MissingOut:
    """The kinds of volunteer by whom most people would have a duo, as found after the last run or when somebody last asked."""
    return _missing(await missing.see(at.ports) or Missing(), WaitingSentences(language or at.language))


@router.post("/missing", status_code=202, summary="Look for who is missing")
async def look_for_missing(at: At, language: InLanguage = "") -> MissingOut:
    """It is done in the background; until then the answer is the one found before."""
    return _missing(await missing.want(at.ports), WaitingSentences(language or at.language))


def _short(row: StillWaiting, sentences: WaitingSentences) -> WaitingOut:
    said = sentences.of_waiting(row.reason)
    return WaitingOut(participant=row.participant, since=row.since, days=row.days, code=row.reason.code, sentence=said)


def _full(outlook: Outlook, sentences: WaitingSentences) -> WaitingOut:
    options, estimate = outlook.options, outlook.estimate
    more = {
        "tier": outlook.tier,
        "options": OptionsOut(
            **options.model_dump(),
            sentences=[
                said
                for said in (sentences.of_options(options), sentences.of_blocker(options), sentences.of_alone(options))
                if said
            ],
        )
        if options
        else None,
        "estimate": EstimateOut(
            **estimate.model_dump(), sentences=[sentences.of_estimate(estimate), sentences.of_cases(estimate)]
        )
        if estimate
        else None,
    }
    return _short(outlook.row, sentences).model_copy(update=more)


def _candidates(found: Candidates | None, sentences: WaitingSentences) -> CandidatesOut | None:
    if found is None:
        return None
    best = [
        CandidateOut(
            newcomer=pair.newcomer,
            volunteer=pair.volunteer,
            score=pair.score,
            reasons=reasons(pair.reasons, sentences),
            tier=pair.tier,
            days=pair.days,
        )
        for pair in found.best
    ]
    return CandidatesOut(possible=found.possible, best=best)


def _missing(state: Missing, sentences: WaitingSentences) -> MissingOut:
    finding = state.finding
    return MissingOut(
        found_at=state.found_at,
        looking=state.wanted_at is not None,
        waiting=finding.waiting,
        left=finding.left,
        complete=finding.complete,
        calls=[_call(each, sentences) for each in finding.calls],
    )


def _call(call: Call, sentences: WaitingSentences) -> CallOut:
    said = sentences.of_profile(call.profile)
    return CallOut(id=call.profile.id, more=call.more, **call.profile.model_dump(), sentences=said)
