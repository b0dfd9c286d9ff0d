"""What the use cases need: one association's duos, runs, people, and the time. A Protocol each, by subject."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from duolangue.chassis.clock import Clock
from duolangue.chassis.erasure import Erased
from duolangue.chassis.identity import Directory
from duolangue.chassis.store import Aggregates, Projections
from duolangue.matching.domain.people import Association
from duolangue.matching.ports.duos import (
    ONE_NEWCOMER,
    ONE_PLACE,
    Duos,
    Exclusions,
    Questions,
    Rearrangements,
    Separations,
)
from duolangue.matching.ports.missing import Lookout, MissingKept
from duolangue.matching.ports.people import KeptRoll, People, Policies
from duolangue.matching.ports.replays import Comparison, ReplayParts, Replays
from duolangue.matching.ports.runs import Computation, ComputationFailed, Parts, Runs

__all__ = [
    "ONE_NEWCOMER", "ONE_PLACE", "Comparison", "Computation", "ComputationFailed", "Due", "Duos", "Exclusions", "KeptRoll", "Lookout", "MissingKept",
    "Parts", "People", "Policies", "Ports", "PortsOf", "Questions", "Rearrangements", "ReplayParts", "Replays", "Runs", "Separations",
]  # fmt: skip


class Due(StrEnum):
    """What use cases make due just now, by the names of its kinds."""

    RUNS = "runs"
    REPLAYS = "replays"
    MISSING = "missing"


@dataclass(frozen=True)
class Ports:
    """One association's matching."""

    association: str
    clock: Clock
    duos: Duos
    runs: Runs
    exclusions: Exclusions
    people: People
    roll: KeptRoll
    associations: Projections[Association]
    erasures: Aggregates[Erased]
    directory: Directory
    parts: Parts
    questions: Questions
    separations: Separations
    rearrangements: Rearrangements
    policies: Policies
    computation: Computation
    made_due: Callable[[Due], None]
    """Says of what something is due just now: it is begun at once, if this replica has nothing else to do."""
    replays: Replays
    replay_parts: ReplayParts
    comparison: Comparison
    missing: MissingKept
    lookout: Lookout
    public_url: str
    """The platform's address as people see it."""


PortsOf = Callable[[str], Ports]
"""The ports of an association, by its slug."""
