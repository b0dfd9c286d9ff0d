"""What the coordinator sees: how many stand how, who waits and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from duolangue.contracts.requests import Concern, Figure
from duolangue.matching.domain.duo import RUNNING, Status
from duolangue.matching.domain.people import Person
from duolangue.matching.domain.reasons import Reason
from duolangue.matching.domain.run import Run
from duolangue.matching.ports import Ports
from duolangue.matching.usecases import pool as pools
from duolangue.matching.usecases import runs


@dataclass(frozen=True, slots=True)
class StillWaiting:
    """A newcomer without a duo, a proposal or a draft."""

    participant: str
    since: datetime
    days: int
    reason: Reason


async def waiting(ports: Ports, known: pools.Pool | None = None) -> list[StillWaiting]:
    """Who waits now, the longest first, and why: as the last run found, where that still holds. `known` is the pool, if it was looked at."""
    pool = known or await pools.look(ports)
    last = await ports.runs.latest(done=True)
    left = (await runs.found(last, ports))[1] if last else []
    found = {each.participant: each.reason for each in left}
    unknown = Reason(code="next_run" if last else "no_run")
    rows = [_row(person, found.get(person.id, unknown), ports) for person in pool.waiting]
    rows += [_row(person, Reason(code="partner_expected"), ports) for person in pool.expected]
    rows += [_row(person, Reason(code="questioned"), ports) for person in pool.questioned]
    return sorted(rows, key=lambda row: (row.since, row.participant))


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
    found = await pools.look(ports)
    return PoolFigures(
        active=len(await ports.people.active()),
        newcomers=len(found.waiting),
        volunteers=sum(1 for places in found.capacity.values() if places),
        places=sum(found.capacity.values()),
    )


async def concerns(ports: Ports) -> list[Figure]:
    """What waits for a coordinator: pairs to approve, pairs that were asked; and the duos that run."""
    counts = await ports.duos.counts()
    running = sum(counts.get(status, 0) for status in RUNNING)
    return [
        Figure(concern=Concern.DRAFTS, count=counts.get(Status.DRAFT, 0), path="/duos#drafts"),
        Figure(concern=Concern.PROPOSED, count=counts.get(Status.PROPOSED, 0), path="/duos#proposals"),
        Figure(concern=Concern.RUNNING, count=running, path="/duos#running"),
    ]


async def latest_run(ports: Ports) -> Run | None:
    """The run that was asked for last."""
    return await ports.runs.latest(done=False)


def _row(person: Person, reason: Reason, ports: Ports) -> StillWaiting:
    assert person.newcomer is not None
    since = person.newcomer.waiting_since
    return StillWaiting(person.id, since, max(0, (ports.clock.now() - since).days), reason)
