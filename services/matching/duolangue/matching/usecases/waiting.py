"""Who waits, in full, for the coordinator: tier, volunteers there are, what stands in the way, how long it takes; and whom to propose by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest
from typing import Final

from duolangue.chassis.store import Absent
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.roll import Kind, Member, Roll
from duolangue.matching.domain.waiting import Estimate, Options, Past, Wait, begins, tier_of
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
CHOICE: Final = 200
"""People with a free place, and people who wait, to choose from by hand."""
IN_FULL: Final = 2_000
"""Up to so many active people it is said of everybody on the list which volunteers there are; beyond, on each one's own page."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """How things stand for one who waits."""

    row: StillWaiting
    looked_for: bool
    """Not while a partner is expected, or a last question is open."""
    tier: int
    options: Options | None
    """None for who is not looked for; on the list of a large association it is not said either."""
    estimate: Estimate | None


@dataclass(frozen=True, slots=True)
class Listed:
    """Who waits, a page of them, and who has a free place."""

    outlooks: list[Outlook]
    count: int
    """Of all who wait."""
    free: list[tuple[str, int]]
    """Volunteers with a free place, some of them, and how many places."""
    free_count: int
    """Of all who have one."""
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
    """Volunteers with a free place, some of them, to try one out by hand."""
    waiting: list[str]
    """Who waits, those who wait longest, likewise."""
    policy: Policy


async def listed(ports: Ports, start: int, count: int) -> Listed:
    """Who waits, the longest first: `count` of them from place `start` on, each in full; and who has a free place."""
    roll = await ports.roll.now()
    shown = await desk.rows(roll.row(start, count), roll, ports)
    policy = (await pools.policy_of(ports)).policy
    options = await _options(shown, roll, policy, ports) if roll.active <= IN_FULL else {}
    free = [(each, roll.free[each]) for each in roll.with_places(CHOICE)]
    return Listed(_outlooks(shown, options, roll, policy, ports), roll.waiting, free, len(roll.free), policy)


async def _options(shown: Collection[StillWaiting], roll: Roll, policy: Policy, ports: Ports) -> Mapping[str, Options]:
    """Which volunteers there are for these people; looked at once, as long as nothing changes."""
    looked_for = frozenset(row.participant for row in shown if roll.standing(row.participant).kind is Kind.WAITING)
    if not looked_for:
        return {}
    association, apart = await pools.association_of(ports), await ports.separations.select()
    notes, this = roll.notes, (looked_for, policy.model_dump_json(), association.model_dump_json(), tuple(apart))
    if this not in notes:
        question = pools.question(await pools.look(ports), association, policy, ports)
        notes[this] = await asyncio.to_thread(lambda: prospects.options(prospects.surroundings(question), looked_for))
    found: Mapping[str, Options] = notes[this]
    return found


async def of_one(participant: str, ports: Ports) -> OfOne | None:
    """How things stand for one person, with the best five to propose by hand; none where they are not in the pool at present.

    Raises:
        Absent: nobody is known here under this id.
    """
    if await ports.people.find(participant) is None:
        raise Absent(f"person {participant}")
    roll = await ports.roll.now()
    pool, question = await _look(ports)
    known = {person.id: person for person in (*pool.waiting, *pool.expected, *pool.questioned, *pool.volunteers)}
    if participant not in known:
        return None
    looked_for = any(person.id == participant for person in pool.waiting)
    places = pool.capacity.get(participant)
    options, volunteers, newcomers = await asyncio.to_thread(
        _found_for, participant, question, waits=looked_for, places=bool(places)
    )
    outlooks = _outlooks(await desk.rows([participant], roll, ports), options, roll, question.policy, ports)
    return OfOne(
        outlook=outlooks[0] if outlooks else None,
        volunteers=volunteers,
        places=places,
        newcomers=newcomers,
        languages=known[participant].languages,
        free=[each for each in roll.with_places(CHOICE) if each != participant],
        waiting=[each for each in roll.row(0, CHOICE) if each != participant],
        policy=question.policy,
    )


def _found_for(
    participant: str, question: Question, *, waits: bool, places: bool
) -> tuple[dict[str, Options], Prospects | None, Prospects | None]:
    """Which volunteers there are for somebody who waits, the best of them, and the best newcomers for somebody with a free place."""
    if not waits and not places:
        return {}, None, None
    around = prospects.surroundings(question)
    return (
        prospects.options(around, {participant}) if waits else {},
        prospects.of_newcomer(around, participant, BEST) if waits else None,
        prospects.of_volunteer(around, participant, BEST) if places else None,
    )


@dataclass(frozen=True, slots=True)
class History:
    """The association's own."""

    past: Past
    """How long newcomers waited before their duos, the latest ones, and how long those wait who wait now."""
    ends: dict[str, list[datetime]]
    """When duos of newcomers ended."""


def history(roll: Roll, now: datetime) -> History:
    """What estimates rest on, no older than an hour. A duo that ran before the association came here says nothing, and neither does who
    is erased.
    """
    notes, this = roll.notes, ("history", now.replace(minute=0, second=0, microsecond=0))
    if this not in notes:
        notes[this] = _history(roll, now)
    found: History = notes[this]
    return found


def _history(roll: Roll, now: datetime) -> History:
    began = [(tie.confirmed_at, tie) for tie in roll.ties() if tie.confirmed_at is not None]
    begun = nlargest(HISTORY, began, key=lambda each: each[0])
    ends: dict[str, list[datetime]] = {}
    for _, tie in begun:
        if tie.ended_at is not None:
            ends.setdefault(tie.newcomer, []).append(tie.ended_at)
    waits: list[Wait] = []
    for moment, tie in begun:
        member = roll.member(tie.newcomer)
        if tie.imported or member is None or member.since is None or member.level is None:
            continue
        since = begins(member.since, ends.get(tie.newcomer, ()), moment)
        if since <= moment:
            waits.append(Wait(member.level, (moment - since).days, over=True))
    for each in roll.row():
        member = roll.member(each)
        if member is not None and member.level is not None and roll.standing(each).kind is Kind.WAITING:
            waits.append(Wait(member.level, _lasting(member, ends, now), over=False))
    return History(Past(waits), ends)


def _lasting(member: Member, ends: Mapping[str, Sequence[datetime]], now: datetime) -> int:
    """For how many days somebody has waited: since they asked for a partner, or since their last duo ended."""
    assert member.since is not None
    return max(0, (now - begins(member.since, ends.get(member.id, ()), now)).days)


async def _look(ports: Ports) -> tuple[pools.Pool, Question]:
    pool = await pools.look(ports)
    policy = (await pools.policy_of(ports)).policy
    return pool, pools.question(pool, await pools.association_of(ports), policy, ports)


def _outlooks(
    rows: Collection[StillWaiting], options: Mapping[str, Options], roll: Roll, policy: Policy, ports: Ports
) -> list[Outlook]:
    now = ports.clock.now()
    return [
        Outlook(
            row=row,
            looked_for=roll.standing(row.participant).kind is Kind.WAITING,
            tier=tier_of(row.days, policy, goes_first=roll.standing(row.participant).goes_first),
            options=options.get(row.participant),
            estimate=_estimate(row.participant, roll, now),
        )
        for row in rows
    ]


def _estimate(participant: str, roll: Roll, now: datetime) -> Estimate | None:
    member = roll.member(participant)
    if roll.standing(participant).kind is not Kind.WAITING or member is None or member.level is None:
        return None
    known = history(roll, now)
    return known.past.estimate(member.level, _lasting(member, known.ends, now))
