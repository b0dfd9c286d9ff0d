"""What waits for a coordinator: whom to call today and why, how the duos are, what was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from duolangue.contracts.facts.activities import ActivityKind
from duolangue.contracts.requests import Concern, Figure
from duolangue.sessions.domain.activity import COMING, Status
from duolangue.sessions.domain.commitment import Commitment
from duolangue.sessions.domain.standing import RUNNING, Health
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import homework

CALLS_SHOWN: Final = 20
PAGE: Final = 50
"""Duos on one page of a list."""
TO_CALL: Final = {"standing.to_call": True}
NOTED: Final = ("talked", "months")
"""What looks and reports alone read of a duo: two years of weeks."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list of duos."""

    duos: list[Commitment]
    number: int
    """Of the page, from 1."""
    last: int
    """The last page's."""
    count: int
    """Of all that fit."""


async def calls(ports: Ports, most: int = CALLS_SHOWN) -> tuple[int, list[Commitment]]:
    """How many duos are to be called, and the first of them: the most pressing reason first, then who waits longest."""
    count = await ports.commitments.count(TO_CALL, index="to_call")
    return count, (await _to_call(0, most, ports) if count else [])


async def healths(ports: Ports) -> Mapping[Health, int]:
    """How many duos are of which health, ended ones included."""
    return await ports.tally.by_health()


async def listed(health: Health | None, number: int, counted: Mapping[Health, int], ports: Ports) -> Listed:
    """Duos of one health, or all that run, those of one health together; the newest first. `counted`: how many are of which health."""
    wanted = [health] if health else list(RUNNING)
    count = sum(counted[each] for each in wanted)
    number, last = _bounded(number, count)
    before = (number - 1) * PAGE
    shown = max(1, min(PAGE, count - before))
    from_the_end = before > count // 2  # what comes before is counted one by one
    way = 1 if from_the_end else -1
    found = await ports.commitments.select(
        {"standing.health": {"$in": [each.value for each in wanted]}},
        sort=[("standing.health", way), ("since", way)],
        skip=count - before - shown if from_the_end else before,
        limit=shown,
        index="by_health",
        without=NOTED,
    )
    return Listed(found[::-1] if from_the_end else found, number, last, count)


async def all_calls(number: int, ports: Ports) -> Listed:
    """Duos to call, a page of them."""
    count = await ports.commitments.count(TO_CALL, index="to_call")
    number, last = _bounded(number, count)
    return Listed(await _to_call((number - 1) * PAGE, PAGE, ports), number, last, count)


async def concerns(ports: Ports) -> list[Figure]:
    """What waits for a coordinator: duos to call, activities to prepare or left by whoever gives them, homework to correct. None of an association whose facts have not come yet."""
    if await ports.associations.find(ports.association) is None:
        return []
    count = await ports.commitments.count(TO_CALL, index="to_call")
    proposed = await ports.activities.count(
        {"kind": ActivityKind.WORKSHOP.value, "status": Status.DRAFT.value}, index="kind"
    )
    left = await ports.activities.count(
        {"host_left": True, "status": {"$in": sorted(status.value for status in COMING)}}, index="host_left"
    )
    return [
        Figure(concern=Concern.TO_CALL, count=count, path="/sessions#to-call"),
        Figure(concern=Concern.PROPOSED_WORKSHOPS, count=proposed, path="/sessions/activities#prepared"),
        Figure(concern=Concern.HOST_LEFT, count=left, path="/sessions/activities#host-left"),
        Figure(concern=Concern.HOMEWORK, count=await homework.to_correct(ports), path="/sessions/homework"),
    ]


async def _to_call(skip: int, most: int, ports: Ports) -> list[Commitment]:
    order = [("standing.rank", 1), ("standing.since", 1), ("id", 1)]
    return await ports.commitments.select(TO_CALL, sort=order, skip=skip, limit=most, index="to_call", without=NOTED)


def _bounded(number: int, count: int) -> tuple[int, int]:
    last = max(1, -(-count // PAGE))
    return min(max(1, number), last), last
