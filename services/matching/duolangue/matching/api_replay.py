"""JSON in and out: replays of a past time under other policies."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field

from duolangue.chassis.identity import Access
from duolangue.chassis.text import Line
from duolangue.chassis.web import Desk, desk
from duolangue.contracts.vocabulary import EntityId
from duolangue.matching.api_runs import PolicyIn
from duolangue.matching.domain import replay_sheet
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.replay import Input, Replay, ReplayStatus, Source
from duolangue.matching.domain.replay_outcome import Outcome
from duolangue.matching.domain.replay_question import MOST_CASES, Behaviour, Case
from duolangue.matching.ports import Ports
from duolangue.matching.usecases import replays
from duolangue.matching.usecases.replays import Wanted

router = APIRouter(prefix="/duos/api", tags=["replays"])

Reader = Annotated[Desk[Ports], Depends(desk(Access.READ))]
At = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
ReplayId = Annotated[EntityId, Path(description="The replay's id.")]
Days = Annotated[float, Field(ge=0, le=60)]
Percent = Annotated[int, Field(ge=0, le=100)]


class CaseIn(BaseModel):
    """A policy that is tried."""

    name: Line
    policy: PolicyIn


class Told(BaseModel):
    """How people behave, where it does not come from the association's own history."""

    volunteer_yes: Percent | None = Field(default=None, description="Of a hundred answers.")
    newcomer_yes: Percent | None = None
    approval_days: Days | None = Field(default=None, description="From a draft to its message.")
    answer_days: Days | None = Field(default=None, description="From a message to its answer, on average.")
    duo_days: Annotated[float, Field(ge=1, le=3650)] | None = Field(
        default=None, description="How long a duo lasts, on average."
    )
    look_again: Percent | None = Field(default=None, description="Of a hundred newcomers whose duo ended.")


class ReplayWanted(BaseModel):
    """What is to be replayed, beside the policy in force."""

    cases: list[CaseIn] = Field(max_length=MOST_CASES - 1)
    first: date | None = Field(default=None, description="By default a year before the last day.")
    last: date | None = Field(default=None, description="By default today.")
    behaviour: Told = Told()
    seed: int = Field(default=1, ge=0, lt=2**31, description="Of chance: the same again gives the same result.")
    people: str | None = Field(
        default=None,
        max_length=replay_sheet.MOST_BYTES,
        description="A CSV that takes the place of the association's own history; its columns are in the README.",
    )
    leave_out: bool = Field(default=False, description="Leave out faulty rows of the file, instead of refusing it.")


class ReplayAsked(BaseModel):
    """A replay that will be computed."""

    replay: str


class CaseOut(BaseModel):
    """A policy, and what it would have brought."""

    name: str = Field(description="Empty for the policy in force.")
    policy: Policy
    assumed_rhythm: bool = Field(description="It has no rhythm of its own: replayed with a run every week.")
    outcome: Outcome | None


class ReplayOut(BaseModel):
    """How far a replay is, and what it found."""

    replay: str
    status: ReplayStatus
    share: int = Field(description="How far computing is, in hundredths.")
    trouble: str
    requested_at: datetime
    finished_at: datetime | None
    source: Source
    rows_left_out: int
    first: date
    last: date
    begins: datetime
    ends: datetime
    seed: int
    behaviour: Behaviour
    input: Input
    cases: list[CaseOut]


class ReplaysOut(BaseModel):
    """The last ones, the newest first."""

    replays: list[ReplayOut]


@router.post("/replays", status_code=202, summary="Ask for a replay")
async def ask_for_replay(wanted: ReplayWanted, at: At) -> ReplayAsked:
    """What other policies would have made of a past time. Computed in the background; nothing is drafted and nobody is told."""
    sheet: replay_sheet.Sheet | None = None
    if wanted.people is not None:
        sheet = await asyncio.to_thread(replay_sheet.read, wanted.people.encode())
    if sheet is not None and sheet.faults and not wanted.leave_out:
        raise replay_sheet.FaultyRows(sheet.faults)
    replay = await replays.request(
        Wanted(
            cases=[Case(name=case.name, policy=case.policy) for case in wanted.cases],
            first=wanted.first,
            last=wanted.last,
            told=wanted.behaviour.model_dump(exclude_none=True),
            seed=wanted.seed,
            sheet=sheet,
        ),
        at.coordinator.id,
        at.ports,
    )
    return ReplayAsked(replay=replay.id)


@router.get("/replays", summary="The last replays")
async def list_replays(at: Reader) -> ReplaysOut:
    """Finished or not, the newest first."""
    return ReplaysOut(replays=[_out(replay) for replay in await at.ports.replays.newest(replays.KEPT)])


@router.get("/replays/{replay}", summary="One replay")
async def see_replay(replay: ReplayId, at: Reader) -> ReplayOut:
    """How far it is, or what it found."""
    return _out(await at.ports.replays.get(replay))


@router.delete("/replays/{replay}", status_code=204, summary="Take a replay away")
async def forget_replay(replay: ReplayId, at: At) -> None:
    """It is gone, with the people of its file."""
    await replays.forget(replay, at.ports)


def _out(replay: Replay) -> ReplayOut:
    outcomes = [*replay.outcomes, *[None] * (len(replay.cases) - len(replay.outcomes))]
    return ReplayOut(
        replay=replay.id,
        **replay.model_dump(include=set(ReplayOut.model_fields) - {"replay", "cases", "behaviour", "input"}),
        behaviour=replay.behaviour,
        input=replay.input,
        cases=[
            CaseOut(name=case.name, policy=case.policy, assumed_rhythm=case.assumed_rhythm, outcome=outcome)
            for case, outcome in zip(replay.cases, outcomes, strict=True)
        ],
    )
