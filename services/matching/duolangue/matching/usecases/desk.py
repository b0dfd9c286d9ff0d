"""What the coordinator sees: how many stand how, who waits and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from duolangue.contracts.requests import Concern, Figure
from duolangue.matching.domain.duo import RUNNING, Status
from duolangue.matching.domain.reasons import Reason
from duolangue.matching.domain.roll import Kind, Roll, Standing
from duolangue.matching.domain.run import Run
from duolangue.matching.ports import Ports
from duolangue.matching.usecases import runs

FEW: Final = 250
"""People whose reasons are looked up one by one; for more, all that a run found is read."""
NOT_LOOKED_FOR: Final = {
    Kind.EXPECTED: Reason(code="partner_expected"),
    Kind.QUESTIONED: Reason(code="questioned"),
}


@dataclass(frozen=True, slots=True)
class StillWaiting:
    """A newcomer without a duo, a proposal or a draft."""

    participant: str
    since: datetime
    days: int
    reason: Reason


async def waiting(ports: Ports, start: int = 0, count: int | None = None) -> list[StillWaiting]:
    """Who waits now, the longest first, and why: `count` of them from place `start` on, or all."""
    roll = await ports.roll.now()
    return await rows(roll.row(start, count), roll, ports)


async def rows(people: Sequence[str], roll: Roll, ports: Ports) -> list[StillWaiting]:
    """How those of these people wait who do, and why: as the last run found, where that still holds."""
    stand = {each: one for each in people if (one := roll.standing(each)).kind is not None}
    looked_for = [each for each, one in stand.items() if one.kind is Kind.WAITING]
    last = await ports.runs.latest(done=True) if looked_for else None
    found = await _reasons(last, looked_for, ports) if last else {}
    unknown = Reason(code="next_run" if last else "no_run")
    return [
        _row(each, one, NOT_LOOKED_FOR.get(one.kind) or found.get(each, unknown), ports)
        for each, one in stand.items()
        if one.kind is not None
    ]


async def _reasons(last: Run, looked_for: Sequence[str], ports: Ports) -> dict[str, Reason]:
    if len(looked_for) <= FEW:
        return await ports.parts.reasons(last.id, last.attempts, looked_for)
    return {each.participant: each.reason for each in (await runs.found(last, ports))[1]}


@dataclass(frozen=True, slots=True)
class PoolFigures:
    """How many are in the pool now."""

    active: int
    """Everybody active, in a duo or not."""
    newcomers: int
    """Who waits for a partner."""
    volunteers: int
    """Who has a free place."""
    places: int


async def pool(ports: Ports) -> PoolFigures:
    """The pool in figures, as a run would find it."""
    roll = await ports.roll.now()
    return PoolFigures(
        active=roll.active, newcomers=roll.kinds[Kind.WAITING], volunteers=len(roll.free), places=roll.places
    )


async def concerns(ports: Ports) -> list[Figure]:
    """What waits for a coordinator: pairs to approve, pairs that were asked; and the duos that run."""
    counts = (await ports.roll.now()).counts
    running = sum(counts[status] for status in RUNNING)
    return [
        Figure(concern=Concern.DRAFTS, count=counts[Status.DRAFT], path="/duos#drafts"),
        Figure(concern=Concern.PROPOSED, count=counts[Status.PROPOSED], path="/duos#proposals"),
        Figure(concern=Concern.RUNNING, count=running, path="/duos#running"),
    ]


async def latest_run(ports: Ports) -> Run | None:
    """The run that was asked for last."""
    return await ports.runs.latest(done=False)


def _row(participant: str, standing: Standing, reason: Reason, ports: Ports) -> StillWaiting:
    assert standing.since is not None
    days = max(0, (ports.clock.now() - standing.since).days)
    return StillWaiting(participant, standing.since, days, reason)
