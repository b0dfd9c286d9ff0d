"""A run of the matching: asked for, computed, drafted, done. Its pairs are kept until they are drafted, so that a crash doubles none."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from duolangue.chassis.decision import Change
from duolangue.contracts.facts.matching import MatchingCompleted
from duolangue.matching.domain.proof import Certificate
from duolangue.matching.domain.reasons import Criterion, Reason
from duolangue.matching.domain.state import State


class RunStatus(StrEnum):
    """How far a run is."""

    QUEUED = "queued"
    COMPUTING = "computing"
    DRAFTING = "drafting"
    DONE = "done"


class Figures(State):
    """What a run found."""

    newcomers: int = 0
    """Who waited when it began."""
    volunteers: int = 0
    """Who had a free place."""
    places: int = 0
    pairs: int = 0
    waiting: int = 0
    score: int = 0
    """The drafted pairs' total, in millionths."""


class Pair(State):
    """A pair that a run found."""

    newcomer: str
    volunteer: str
    score: int
    reasons: tuple[Criterion, ...] = ()
    tier: int = 0
    """The newcomer's: 0 for who goes first, then by days waited."""
    days: int = 0
    """How long the newcomer had waited."""


class Waiting(State):
    """A newcomer whom a run left without a pair, and why."""

    participant: str
    since: datetime
    reason: Reason
    tier: int = 0


class Plan(State):
    """What the engine answers."""

    figures: Figures
    pairs: tuple[Pair, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    certificate: Certificate | None = None
    """Always there on what the engine answers now; none on what an older version wrote."""


class Run(State):
    """One run."""

    id: str
    status: RunStatus
    requested_at: datetime
    requested_by: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    figures: Figures = Figures()
    drafted: int = 0
    pairs: tuple[Pair, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    certificate: Certificate | None = None

    @property
    def due_at(self) -> datetime | None:
        """A run that is not done wants to be worked on."""
        return None if self.status is RunStatus.DONE else self.requested_at


def begin(run: Run, now: datetime) -> Change[Run] | None:
    """Somebody computes it."""
    if run.status is not RunStatus.QUEUED:
        return None
    return Change(run.model_copy(update={"status": RunStatus.COMPUTING, "started_at": now}))


def planned(run: Run, plan: Plan) -> Change[Run] | None:
    """The pairs are found, and are to be drafted."""
    if run.status is not RunStatus.COMPUTING:
        return None
    found = {
        "figures": plan.figures,
        "pairs": plan.pairs,
        "waiting": plan.waiting,
        "certificate": plan.certificate,
    }
    return Change(run.model_copy(update={"status": RunStatus.DRAFTING, **found}))


def progressed(run: Run, drafted: int) -> Change[Run] | None:
    """So many pairs are drafted by now."""
    return Change(run.model_copy(update={"drafted": drafted})) if run.status is RunStatus.DRAFTING else None


def finish(run: Run, drafted: set[str], missed: tuple[Waiting, ...], now: datetime) -> Change[Run] | None:
    """All that could be drafted is: `drafted` names the newcomers, `missed` those whose pair came to nothing meanwhile."""
    if run.status is not RunStatus.DRAFTING:
        return None
    figures = run.figures.model_copy(
        update={
            "pairs": len(drafted),
            "waiting": run.figures.newcomers - len(drafted),
            "score": sum(pair.score for pair in run.pairs if pair.newcomer in drafted),
        }
    )
    state = run.model_copy(
        update={
            "status": RunStatus.DONE,
            "figures": figures,
            "drafted": len(drafted),
            "pairs": (),
            "waiting": (*run.waiting, *missed),
            "finished_at": now,
        }
    )
    return Change(state, (tell(state),))


def forget(run: Run, participant: str) -> Change[Run] | None:
    """Somebody is erased: why they waited is not kept."""
    rest = tuple(each for each in run.waiting if each.participant != participant)
    return None if len(rest) == len(run.waiting) else Change(run.model_copy(update={"waiting": rest}))


def tell(run: Run) -> MatchingCompleted:
    """The figures of a run that is done."""
    assert run.finished_at is not None
    return MatchingCompleted(
        **run.figures.model_dump(), started_at=run.started_at or run.requested_at, finished_at=run.finished_at
    )
