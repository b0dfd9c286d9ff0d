"""JSON in and out: runs, dry ones too, and the policy by which they are made."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict, Field

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk
from duolangue.contracts.vocabulary import EntityId
from duolangue.matching.domain.in_force import InForce
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.proof import Certificate
from duolangue.matching.domain.run import Figures, Progress, Run, RunStatus
from duolangue.matching.ports import Ports
from duolangue.matching.usecases import policies, runs

router = APIRouter(prefix="/duos/api", tags=["runs"])

Reader = Annotated[Desk[Ports], Depends(desk(Access.READ))]
At = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
Administrator = Annotated[Desk[Ports], Depends(desk(Access.ADMINISTER))]
RunId = Annotated[EntityId, Path(description="The run's id.")]
NEWEST = 50


class PolicyIn(Policy):
    """The whole policy; what is left out has the platform's default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RunWanted(BaseModel):
    """Which run."""

    dry: bool = Field(default=False, description="Only to be looked at: nothing is drafted and nobody is told.")
    policy: PolicyIn | None = Field(default=None, description="Tried out by a dry run, in place of the association's.")


class RunAsked(BaseModel):
    """A run that will be done."""

    run: str


class RunOut(BaseModel):
    """How far a run is, and what it found."""

    run: str
    status: RunStatus
    dry: bool
    requested_at: datetime
    requested_by: str = Field(description="Empty where it happened by itself.")
    started_at: datetime | None
    finished_at: datetime | None
    progress: Progress
    trouble: str = Field(description="What went wrong when it was last tried: the error's name.")
    policy_number: int = Field(
        description="Of the association's policy; 0 the platform's default, -1 one that was tried out."
    )
    drafted: int = Field(description="Pairs drafted so far.")
    proposed: int = Field(description="Pairs proposed at once.")
    figures: Figures = Field(description="Score in millionths; final once the status is done.")
    certificate: Certificate | None = Field(
        description="That nothing better exists under its policy; none until it is computed. Primal equals dual, in millionths."
    )


class Runs(BaseModel):
    """Several runs, the newest first."""

    runs: list[RunOut]


class PairOut(BaseModel):
    """A pair that a dry run found."""

    newcomer: str
    volunteer: str
    score: int = Field(description="In millionths.")


class PairsOut(BaseModel):
    """What a dry run found."""

    pairs: list[PairOut]


class Approved(BaseModel):
    """How many proposals leave now."""

    approved: int


class PolicyChangeOut(BaseModel):
    """Who changed what, and when."""

    number: int
    at: datetime
    by: str
    fields: list[str]


class PolicyOut(BaseModel):
    """What holds now."""

    number: int = Field(description="0: the platform's default, which nobody has changed.")
    policy: Policy
    next_run_at: datetime | None
    changes: list[PolicyChangeOut]


class PolicyWanted(BaseModel):
    """What is to hold from now on."""

    policy: PolicyIn
    expected: int | None = Field(
        default=None, description="The number it is to replace; refused where another is in force."
    )


@router.post("/runs", status_code=202, summary="Ask for a run")
async def ask_for_run(at: At, wanted: RunWanted | None = None) -> RunAsked:
    """The run is done in the background and makes drafts. One that is not over yet is the answer, too."""
    if wanted is not None and wanted.dry:
        run = await runs.request_dry(at.coordinator.id, at.ports, wanted.policy)
    else:
        run = await runs.request(at.coordinator.id, at.ports)
    return RunAsked(run=run.id)


@router.get("/runs", summary="The last runs")
async def list_runs(at: Reader) -> Runs:
    """Those that were asked for last, dry ones too."""
    return Runs(runs=[_run(run) for run in await at.ports.runs.newest(NEWEST)])


@router.get("/runs/{run}", summary="How far a run is")
async def see_run(run: RunId, at: Reader) -> RunOut:
    """Queued, computing, drafting, proposing, done or given up; with its figures."""
    return _run(await at.ports.runs.get(run))


@router.get("/runs/{run}/pairs", summary="What a dry run found")
async def see_pairs(run: RunId, at: Reader) -> PairsOut:
    """The pairs of a dry run; those of any other run are drafts."""
    pairs, _ = await runs.found(await at.ports.runs.get(run), at.ports)
    shown = [PairOut(newcomer=pair.newcomer, volunteer=pair.volunteer, score=pair.score) for pair in pairs]
    return PairsOut(pairs=shown)


@router.post("/runs/{run}/approve", summary="Approve all drafts of a run")
async def approve_run(run: RunId, at: At) -> Approved:
    """People are asked in the order of the policy. A pair of which somebody left or paused meanwhile stays as it is."""
    return Approved(approved=await runs.approve_all(run, at.coordinator.id, at.ports))


@router.post("/drafts/approve", summary="Approve all drafts there are")
async def approve_drafts(at: At) -> Approved:
    """Whoever made them: runs, swaps, coordinators."""
    return Approved(approved=await runs.approve_every_draft(at.coordinator.id, at.ports))


@router.get("/policy", summary="By which rules pairs are made")
async def see_policy(at: Reader) -> PolicyOut:
    """What is in force, with who changed it when."""
    return _policy(await policies.present(at.ports))


@router.put("/policy", summary="Decide otherwise")
async def change_policy(wanted: PolicyWanted, at: Administrator) -> PolicyOut:
    """Holds for runs and proposals from now on. What would forbid everybody of today's pool is refused."""
    policy = Policy(**wanted.policy.model_dump())
    return _policy(await policies.change(policy, at.coordinator.id, at.ports, expected=wanted.expected))


def _policy(force: InForce) -> PolicyOut:
    changes = [
        PolicyChangeOut(number=each.number, at=each.at, by=each.by, fields=list(each.fields)) for each in force.changes
    ]
    return PolicyOut(number=force.number, policy=force.policy, next_run_at=force.next_run_at, changes=changes)


def _run(run: Run) -> RunOut:
    return RunOut.model_validate(
        {name: getattr(run, name) for name in RunOut.model_fields if name != "run"} | {"run": run.id}
    )
