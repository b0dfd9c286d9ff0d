"""JSON in and out: drafts that make way for others, by a swap or looked at anew; people who are kept apart, or out of the pool."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from duolangue.chassis.identity import Access
from duolangue.chassis.text import Paragraph
from duolangue.chassis.web import Desk, desk
from duolangue.contracts.vocabulary import EntityId
from duolangue.matching.api import At, DuoId, Reader
from duolangue.matching.domain.rules import NotComputed
from duolangue.matching.ports import ComputationFailed, Ports
from duolangue.matching.usecases import anew, apart, duos, swaps

router = APIRouter(prefix="/duos/api", tags=["drafts"])

Administrator = Annotated[Desk[Ports], Depends(desk(Access.ADMINISTER))]


class SwapOut(BaseModel):
    """What a swap does, or did."""

    newcomer: str
    volunteer: str
    score: int = Field(description="Of the new pair, in millionths.")
    falls: str | None = Field(description="The draft that loses its volunteer to it.")
    left: str | None = Field(description="The newcomer of that draft.")
    instead: str | None = Field(description="The volunteer whom that newcomer gets then.")
    difference: int = Field(description="By how much the drafts' scores change together, in millionths.")


class KeepApart(BaseModel):
    """Why two people are kept apart: for coordinators alone."""

    why: Paragraph = ""


class TwoPeople(KeepApart):
    """Two people who are to be kept apart."""

    one: EntityId
    other: EntityId


class SeparationOut(BaseModel):
    """Two people who are kept apart."""

    id: str
    one: str
    other: str
    why: str
    by: str
    since: datetime


class Separations(BaseModel):
    """Everybody who is kept apart."""

    separations: list[SeparationOut]


class MoveOut(BaseModel):
    """A newcomer for whom something would change."""

    newcomer: str
    draft: str | None = Field(description="Their draft, which would make way; none for who waits.")
    volunteer: str | None = Field(description="Of that draft.")
    then: str | None = Field(description="The volunteer they would get; none for who would wait again.")
    score: int = Field(description="Of the new pair, in millionths.")


class AnewOut(BaseModel):
    """What the best assignment would change among the drafts nobody was told of."""

    stay: list[str] = Field(description="Drafts that would stay as they are.")
    changes: list[MoveOut]
    more: int = Field(description="How many people more would have a draft.")
    difference: int = Field(description="By how much the drafts' scores would change together, in millionths.")
    seen: str = Field(description="Names exactly these changes, to have them done.")


class Agreed(BaseModel):
    """Changes that were looked at."""

    seen: str = Field(max_length=64)


class ExclusionOut(BaseModel):
    """Somebody who is kept out of the pool. Since when is not told: the day would tell which duo, and so who reported."""

    participant: str
    duo: str
    """In which duo."""


class Exclusions(BaseModel):
    """Everybody who is kept out of the pool."""

    exclusions: list[ExclusionOut]


@router.get("/drafts/anew", summary="The drafts, looked at anew")
async def see_anew(at: Reader) -> AnewOut:
    """With everybody who waits and every free place. Pairs that coordinators made stay, and what people were asked. Changes nothing."""
    try:
        found = await anew.look(at.ports)
    except ComputationFailed as failed:
        raise NotComputed from failed
    return _anew(found) if found else AnewOut(stay=[], changes=[], more=0, difference=0, seen="")


@router.post("/drafts/anew", summary="Change the drafts so")
async def do_anew(agreed: Agreed, at: At) -> AnewOut:
    """Refused where it would not do any more what was looked at. Nobody is told."""
    try:
        return _anew(await anew.carry_out(agreed.seen, at.coordinator.id, at.ports))
    except ComputationFailed as failed:
        raise NotComputed from failed


@router.get("/duos/{duo}/swap/{volunteer}", summary="What another volunteer would cost")
async def see_swap(duo: DuoId, volunteer: EntityId, at: At) -> SwapOut:
    """Which draft would lose its volunteer, whom its newcomer would get, and how the scores would change. Changes nothing."""
    return _swapped(await swaps.preview(duo, volunteer, at.ports))


@router.post("/duos/{duo}/swap/{volunteer}", summary="Give a drafted newcomer another volunteer")
async def swap(duo: DuoId, volunteer: EntityId, at: At) -> SwapOut:
    """As it stands now; the answer says what it did."""
    return _swapped(await swaps.swap(duo, volunteer, at.coordinator.id, at.ports))


@router.post("/duos/{duo}/keep-apart", status_code=201, summary="Keep these two apart")
async def keep_apart(duo: DuoId, told: KeepApart, at: At) -> SeparationOut:
    """Their draft or proposal is taken back, and nobody pairs them until it is taken back. A duo that runs goes on."""
    found = await at.ports.duos.get(duo)
    kept = await apart.keep(found.newcomer, found.volunteer, at.coordinator.id, told.why, at.ports)
    return SeparationOut(**kept.model_dump())


@router.post("/separations", status_code=201, summary="Keep two people apart")
async def keep_two_apart(pair: TwoPeople, at: At) -> SeparationOut:
    """No run, no swap and no hand pairs them until it is taken back, whether or not they ever had to do with each other."""
    kept = await apart.keep_known(pair.one, pair.other, at.coordinator.id, pair.why, at.ports)
    return SeparationOut(**kept.model_dump())


@router.get("/separations", summary="Who is kept apart")
async def separations(at: At) -> Separations:
    """With who decided it, and why."""
    kept = await at.ports.separations.select()
    return Separations(separations=[SeparationOut(**each.model_dump()) for each in kept])


@router.delete("/separations/{separation}", status_code=204, summary="Keep two people apart no longer")
async def allow(separation: EntityId, at: At) -> None:
    """They may be paired again, if no rule says otherwise."""
    await apart.allow(separation, at.ports)


@router.get("/exclusions", summary="Who is kept out of the pool")
async def exclusions(at: Administrator) -> Exclusions:
    """People reported when a duo was ended for safety; for administrators alone, who may end that."""
    found = await at.ports.exclusions.select()
    return Exclusions(exclusions=[ExclusionOut(participant=each.id, duo=each.duo) for each in found])


@router.delete("/exclusions/{participant}", status_code=204, summary="End an exclusion")
async def lift(participant: EntityId, at: Administrator) -> None:
    """Somebody who was kept out may be paired again."""
    await duos.lift(participant, at.ports)


def _anew(found: anew.Anew) -> AnewOut:
    changes = [
        MoveOut(newcomer=duo.newcomer, draft=duo.id, volunteer=duo.volunteer, then=pair.volunteer, score=pair.score)
        for duo, pair in found.move
    ]
    changes += [
        MoveOut(newcomer=pair.newcomer, draft=None, volunteer=None, then=pair.volunteer, score=pair.score)
        for pair in found.come
    ]
    changes += [
        MoveOut(newcomer=duo.newcomer, draft=duo.id, volunteer=duo.volunteer, then=None, score=0) for duo in found.fall
    ]
    stay = [duo.id for duo in found.stay]
    return AnewOut(stay=stay, changes=changes, more=found.more, difference=found.difference, seen=found.digest)


def _swapped(swap: swaps.Swap) -> SwapOut:
    return SwapOut(
        newcomer=swap.pair.newcomer,
        volunteer=swap.pair.volunteer,
        score=swap.pair.score,
        falls=swap.falls.id if swap.falls else None,
        left=swap.falls.newcomer if swap.falls else None,
        instead=swap.instead.volunteer if swap.instead else None,
        difference=swap.difference,
    )
