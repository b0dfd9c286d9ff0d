"""Who waits, in full, for the coordinator: tier, volunteers there are, what stands in the way, how long it takes; and whom to propose by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from duolangue.chassis.store import Absent
from duolangue.contracts.facts.matching import DuoOrigin
from duolangue.matching.domain.duo import Duo
from duolangue.matching.domain.people import Person
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.waiting import Estimate, Options, Wait, begins, estimate, tier_of
from duolangue.matching.engine import prospects
from duolangue.matching.engine.compute import Question
from duolangue.matching.engine.prospects import Prospects
from duolangue.matching.ports import Ports
from duolangue.matching.usecases import desk
from duolangue.matching.usecases import pool as pools
from duolangue.matching.usecases.desk import StillWaiting

HISTORY: Final = 1000
"""Past duos that an estimate looks back on: the latest."""
BEST: Final = 5


@dataclass(frozen=True, slots=True)
class Outlook:
    """How things stand for one who waits."""

    row: StillWaiting
    tier: int
    options: Options | None
    """None for who is not looked for at present: a partner is expected, or a last question is open."""
    estimate: Estimate | None


@dataclass(frozen=True, slots=True)
class Listed:
    """Who waits, a page of them, and who has a free place."""

    outlooks: list[Outlook]
    count: int
    """Of all who wait."""
    free: list[tuple[Person, int]]
    """Volunteers with a free place, and how many places."""
    policy: Policy


@dataclass(frozen=True, slots=True)
class OfOne:
    """All there is to say of one person of the pool."""

    outlook: Outlook | None
    """None for who does not wait as a newcomer."""
    volunteers: Prospects | None
    """Whom a newcomer could be paired with; none for who is not looked for."""
    places: int | None
    """A volunteer's free places; none for who is no volunteer."""
    newcomers: Prospects | None
    """Whom a volunteer with a free place could be paired with."""
    languages: tuple[str, ...]
    """Spoken besides French, as told."""
    free: list[str]
    """All volunteers with a free place, to try one out by hand."""
    waiting: list[str]
    """All who wait, likewise."""
    policy: Policy


async def listed(ports: Ports, start: int, count: int) -> Listed:
    """Who waits, the longest first: `count` of them from place `start` on, each in full; and who has a free place."""
    pool, question = await _look(ports)
    rows = await desk.waiting(ports, pool)
    shown = rows[start : start + count]
    looked_for = {person.id for person in pool.waiting} & {row.participant for row in shown}
    options = await asyncio.to_thread(prospects.options, question, looked_for) if looked_for else {}
    outlooks = await _outlooks(shown, options, pool, question, ports)
    free = [(person, places) for person in pool.volunteers if (places := pool.capacity[person.id])]
    return Listed(outlooks, len(rows), free, question.policy)


async def of_one(participant: str, ports: Ports) -> OfOne | None:
    """How things stand for one person, with the best five to propose by hand; none where they are not in the pool at present.

    Raises:
        Absent: nobody is known here under this id.
    """
    if await ports.people.find(participant) is None:
        raise Absent(f"person {participant}")
    pool, question = await _look(ports)
    known = {person.id: person for person in (*pool.waiting, *pool.expected, *pool.questioned, *pool.volunteers)}
    if participant not in known:
        return None
    row = next((each for each in await desk.waiting(ports, pool) if each.participant == participant), None)
    looked_for = any(person.id == participant for person in pool.waiting)
    options: dict[str, Options] = {}
    volunteers = newcomers = None
    if looked_for:
        options = await asyncio.to_thread(prospects.options, question, {participant})
        volunteers = await asyncio.to_thread(prospects.of_newcomer, question, participant, BEST)
    places = pool.capacity.get(participant)
    if places:
        newcomers = await asyncio.to_thread(prospects.of_volunteer, question, participant, BEST)
    outlooks = await _outlooks([row] if row else [], options, pool, question, ports)
    return OfOne(
        outlook=outlooks[0] if outlooks else None,
        volunteers=volunteers,
        places=places,
        newcomers=newcomers,
        languages=known[participant].languages,
        free=[person.id for person in pool.volunteers if pool.capacity[person.id] and person.id != participant],
        waiting=[person.id for person in pool.waiting if person.id != participant],
        policy=question.policy,
    )


@dataclass(frozen=True, slots=True)
class History:
    """The association's own."""

    waits: list[Wait]
    lasting: dict[str, int]
    """For who waits now, for how many days: since they asked for a partner, or since their last duo ended."""


async def history(pool: pools.Pool, ports: Ports) -> History:
    """How long newcomers waited before their duos, the latest ones, and how long those wait who wait now.

    A duo that ran before the association came here says nothing, and neither does who is erased.
    """
    begun = await ports.duos.begun(HISTORY)
    people = {person.id: person for person in await ports.people.named({duo.newcomer for duo in begun})}
    ends: dict[str, list[datetime]] = {}
    for duo in begun:
        if duo.ended_at is not None:
            ends.setdefault(duo.newcomer, []).append(duo.ended_at)
    over = [_over(duo, people.get(duo.newcomer), ends.get(duo.newcomer, ())) for duo in begun]
    now, lasting, going_on = ports.clock.now(), dict[str, int](), list[Wait]()
    for person in pool.waiting:
        if person.newcomer is not None:
            since = begins(person.newcomer.waiting_since, ends.get(person.id, ()), now)
            lasting[person.id] = max(0, (now - since).days)
            going_on.append(Wait(person.newcomer.french_oral, lasting[person.id], over=False))
    return History([each for each in over if each is not None] + going_on, lasting)


def _over(duo: Duo, person: Person | None, ends: Sequence[datetime]) -> Wait | None:
    moment = duo.confirmed_at
    if duo.origin is DuoOrigin.IMPORT or person is None or person.newcomer is None or moment is None:
        return None
    since = begins(person.newcomer.waiting_since, ends, moment)
    return Wait(person.newcomer.french_oral, (moment - since).days, over=True) if since <= moment else None


async def _look(ports: Ports) -> tuple[pools.Pool, Question]:
    pool = await pools.look(ports)
    policy = (await pools.policy_of(ports)).policy
    return pool, pools.question(pool, await pools.association_of(ports), policy, ports)


async def _outlooks(
    rows: Collection[StillWaiting],
    options: dict[str, Options],
    pool: pools.Pool,
    question: Question,
    ports: Ports,
) -> list[Outlook]:
    if not rows:
        return []
    past = await history(pool, ports)
    people = {person.id: person for person in (*pool.waiting, *pool.expected, *pool.questioned)}
    found: list[Outlook] = []
    for row in rows:
        person = people[row.participant]
        assert person.newcomer is not None
        lasting = past.lasting.get(row.participant)
        level = person.newcomer.french_oral
        found.append(
            Outlook(
                row=row,
                tier=tier_of(row.days, question.policy, goes_first=person.goes_first),
                options=options.get(row.participant),
                estimate=None if lasting is None else estimate(past.waits, level, lasting),
            )
        )
    return found
