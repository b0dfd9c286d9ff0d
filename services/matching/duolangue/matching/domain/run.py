"""A run of the matching: asked for, computed, drafted, done. What it found is kept in parts until it is drafted, so that a crash doubles none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import Field

from duolangue.chassis.decision import Change
from duolangue.contracts.envelope import Fact
from duolangue.contracts.facts.matching import MatchingCompleted, ShortageDetected
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.proof import Certificate
from duolangue.matching.domain.reasons import Criterion, Reason
from duolangue.matching.domain.state import State


class RunStatus(StrEnum):
    """How far a run is."""

    QUEUED = "queued"
    COMPUTING = "computing"
    DRAFTING = "drafting"
    PROPOSING = "proposing"
    """Drafts, and asks people at once, where the association's policy says so."""
    DONE = "done"
    FAILED = "failed"
    """Given up: it could not be computed, time and again."""


OPEN: Final = frozenset({RunStatus.QUEUED, RunStatus.COMPUTING, RunStatus.DRAFTING, RunStatus.PROPOSING})
SOMEBODY_FITS: Final = frozenset({"taken", "next_run"})
"""Reasons for waiting of people for whom there is a volunteer, whose places others got."""
MOST_ATTEMPTS: Final = 5
"""How often computing is begun before a run is given up."""


class Phase(StrEnum):
    """What a run is at."""

    QUEUED = "queued"
    LOOKING = "looking"
    """Reads who is in the pool."""
    COMPUTING = "computing"
    KEEPING = "keeping"
    """Writes down what was found."""
    DRAFTING = "drafting"
    PROPOSING = "proposing"
    DONE = "done"


class Progress(State):
    """How far a run is."""

    phase: Phase = Phase.QUEUED
    share: int = Field(default=0, ge=0, le=100)
    """Of this phase, in hundredths."""


class Figures(State):
    """What a run found."""

    newcomers: int = 0
    """Who waited when it began."""
    volunteers: int = 0
    """Who had a free place."""
    places: int = 0
    pairs: int = 0
    waiting: int = 0
    nobody_fits: int = 0
    """Of those left waiting, for how many no volunteer is possible, free or not; counted once the drafts are made."""
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


class Part(State):
    """A part of what a run found: one document holds no more than so many pairs."""

    id: str
    run: str
    attempt: int
    """Of the run: what an attempt found that was given up counts for nothing."""
    number: int
    pairs: tuple[Pair, ...] = ()
    """Taken away once drafted; a dry run keeps them."""
    waiting: tuple[Waiting, ...] = ()
    drafted: int = 0
    proposed: int = 0
    """Of the drafted pairs those that were proposed at once."""
    score: int = 0
    """Of the drafted pairs, in millionths."""
    settled: bool = False
    """Whether its pairs are drafted, and proposed where the policy asks at once, as far as they could be."""


PART_SIZE: Final = 250
OWN_SETTINGS: Final = -1
NO_ATTEMPT: Final = -1


class Run(State):
    """One run."""

    id: str
    status: RunStatus
    dry: bool = False
    """To be looked at only: nothing is drafted and nobody is told."""
    requested_at: datetime
    requested_by: str = ""
    """The coordinator; empty where it happened by itself."""
    policy: Policy | None = None
    """By which it was computed; a dry run may try another than the association's."""
    policy_number: int = 0
    """Of the association's policy; 0 is the platform's default, and in a dry run with settings of its own -1."""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    progress: Progress = Progress()
    attempts: int = 0
    """How often computing was begun."""
    trouble: str = ""
    """What went wrong in the last attempt: the error's name."""
    figures: Figures = Figures()
    certificate: Certificate | None = None
    """That nothing better exists, as it was computed; none until then."""
    parts: int = 0
    """In how many parts its result is kept."""
    drafted: int = 0
    """Pairs drafted so far."""
    proposed: int = 0
    """Pairs that were proposed at once."""

    @property
    def due_at(self) -> datetime | None:
        """A run that is not over wants to be worked on."""
        return self.requested_at if self.status in OPEN else None


def request(run: str, now: datetime, *, by: str = "", dry: bool = False, policy: Policy | None = None) -> Run:
    """A run that is to be done; a dry one may try settings of its own."""
    return Run(
        id=run, status=RunStatus.QUEUED, requested_at=now, requested_by=by, dry=dry, policy=policy if dry else None
    )


def begin(run: Run, policy: Policy, number: int, now: datetime) -> Change[Run] | None:
    """Somebody computes it, under the policy of this moment. Computing that was broken off begins anew; too often, and it is given up."""
    if run.status not in {RunStatus.QUEUED, RunStatus.COMPUTING}:
        return None
    if run.attempts >= MOST_ATTEMPTS:
        return Change(run.model_copy(update={"status": RunStatus.FAILED, "finished_at": now}))
    own = run.dry and run.policy is not None
    begun = {
        "status": RunStatus.COMPUTING, "started_at": run.started_at or now, "attempts": run.attempts + 1,
        "policy": run.policy if own else policy, "policy_number": OWN_SETTINGS if own else number,
        "progress": Progress(phase=Phase.LOOKING),
    }  # fmt: skip
    return Change(run.model_copy(update=begun))


def troubled(run: Run, attempt: int, error: str) -> Change[Run] | None:
    """An attempt to compute it came to nothing."""
    if run.status is not RunStatus.COMPUTING or run.attempts != attempt:
        return None
    return Change(run.model_copy(update={"trouble": error}))


def parts(run: Run, plan: Plan) -> list[Part]:
    """What this attempt found, cut into parts."""
    cuts = range(0, max(len(plan.pairs), len(plan.waiting)), PART_SIZE)
    return [
        Part(
            id=f"{run.id}-{run.attempts}-{number}", run=run.id, attempt=run.attempts, number=number,
            pairs=plan.pairs[start : start + PART_SIZE], waiting=plan.waiting[start : start + PART_SIZE],
        )
        for number, start in enumerate(cuts)
    ]  # fmt: skip


def planned(run: Run, attempt: int, plan: Plan, count: int, now: datetime) -> Change[Run] | None:
    """The pairs are found and kept, and are to be drafted; a dry run is done."""
    if run.status is not RunStatus.COMPUTING or run.attempts != attempt:
        return None
    found = run.model_copy(
        update={"figures": plan.figures, "certificate": plan.certificate, "parts": count, "trouble": ""}
    )
    if run.dry:
        over = {"status": RunStatus.DONE, "finished_at": now, "progress": Progress(phase=Phase.DONE, share=100)}
        return Change(found.model_copy(update=over))
    at_once = run.policy is not None and run.policy.proposes_at_once
    status, phase = (RunStatus.PROPOSING, Phase.PROPOSING) if at_once else (RunStatus.DRAFTING, Phase.DRAFTING)
    return Change(found.model_copy(update={"status": status, "progress": Progress(phase=phase)}))


def progressed(run: Run, phase: Phase, share: int, *, drafted: int | None = None) -> Change[Run] | None:
    """So far it is by now."""
    if run.status not in OPEN:
        return None
    update = {"progress": Progress(phase=phase, share=share), "drafted": run.drafted if drafted is None else drafted}
    fresh = run.model_copy(update=update)
    return None if fresh == run else Change(fresh)


def settle(part: Part, drafted: set[str], missed: tuple[Waiting, ...], proposed: int = 0) -> Change[Part] | None:
    """Its pairs are drafted: `drafted` names the newcomers, `missed` those whose pair came to nothing meanwhile; so many were proposed."""
    if part.settled:
        return None
    made = {
        "pairs": (), "waiting": (*part.waiting, *missed), "drafted": len(drafted), "proposed": proposed, "settled": True,
        "score": sum(pair.score for pair in part.pairs if pair.newcomer in drafted),
    }  # fmt: skip
    return Change(part.model_copy(update=made))


def settled(run: Run, parts: Sequence[Part], now: datetime) -> Change[Run] | None:
    """All that could be drafted is, and proposed where it was to be: the run is done."""
    if run.status not in {RunStatus.DRAFTING, RunStatus.PROPOSING}:
        return None
    pairs = sum(part.drafted for part in parts)
    figures = run.figures.model_copy(
        update={
            "pairs": pairs,
            "waiting": sum(len(part.waiting) for part in parts),
            "nobody_fits": sum(each.reason.code not in SOMEBODY_FITS for part in parts for each in part.waiting),
            "score": sum(part.score for part in parts),
        }
    )
    over = {
        "status": RunStatus.DONE, "finished_at": now, "progress": Progress(phase=Phase.DONE, share=100), "figures": figures,
        "drafted": pairs, "proposed": sum(part.proposed for part in parts),
    }  # fmt: skip
    state = run.model_copy(update=over)
    return Change(state, (*_shortage(state), tell(state)))


def forget(part: Part, participant: str) -> Change[Part] | None:
    """Somebody is erased: neither why they waited nor with whom they were paired is kept."""
    pairs = tuple(each for each in part.pairs if participant not in {each.newcomer, each.volunteer})
    waiting = tuple(each for each in part.waiting if each.participant != participant)
    fresh = part.model_copy(update={"pairs": pairs, "waiting": waiting})
    return None if fresh == part else Change(fresh)


def tell(run: Run) -> MatchingCompleted:
    """The figures of a run that is done."""
    assert run.finished_at is not None
    return MatchingCompleted(
        **run.figures.model_dump(include=set(MatchingCompleted.model_fields)),
        started_at=run.started_at or run.requested_at,
        finished_at=run.finished_at,
    )


def _shortage(run: Run) -> tuple[Fact, ...]:
    """That people are left; told before the run's own fact, which is the one that is told again when all is republished."""
    figures = run.figures
    if not figures.waiting or run.finished_at is None:
        return ()
    counts = figures.model_dump(include={"newcomers", "places", "waiting", "nobody_fits"})
    return (ShortageDetected(**counts, detected_at=run.finished_at),)
