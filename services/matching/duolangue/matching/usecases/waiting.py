"""Who waits, in full, for the coordinator: tier, volunteers there are, what stands in the way, how long it takes; and whom to propose by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest
from typing import Final

from duolangue.chassis.store import Absent
from duolangue.matching.domain.people import Person
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.roll import Kind, Member, Roll
from duolangue.matching.domain.run import Pair
from duolangue.matching.domain.waiting import Estimate, Options, Past, Wait, begins, tier_of
from duolangue.matching.engine import prospects
from duolangue.matching.engine.prospects import Found, Surroundings
from duolangue.matching.ports import Ports
from duolangue.matching.usecases import desk, surroundings
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
class Candidates:
    """Whom somebody could be paired with, as people stand now."""

    best: tuple[Pair, ...]
    """Each with its reasons."""
    possible: int
    """How many there are in all; for a newcomer those with a free place."""


@dataclass(frozen=True, slots=True)
class OfOne:
    """All there is to say of one person of the pool."""

    outlook: Outlook | None
    """None for who does not wait as a newcomer."""
    volunteers: Candidates | None
    """Whom a newcomer could be paired with; none for who is not looked for."""
    places: int | None
    """A volunteer's free places; none for who is no volunteer."""
    newcomers: Candidates | None
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
    notes, around = roll.notes, await surroundings.of(looked_for, roll, policy, ports)
    this = looked_for, frozenset(around.apart), policy.model_dump_json(), around.association.model_dump_json()
    if this not in notes:
        notes[this] = await asyncio.to_thread(prospects.options, around, looked_for)
    found: Mapping[str, Options] = notes[this]
    return found


async def of_one(participant: str, ports: Ports) -> OfOne | None:
    """How things stand for one person, with the best five to propose by hand; none where they are not in the pool at present.

    Raises:
        Absent: nobody is known here under this id.
    """
    person = await ports.people.find(participant)
    if person is None:
        raise Absent(f"person {participant}")
    roll = await ports.roll.now()
    standing, policy = roll.standing(participant), (await pools.policy_of(ports)).policy
    if standing.kind is None and standing.places is None:
        return None
    around = await surroundings.of({participant}, roll, policy, ports)
    mine, newcomers = await asyncio.to_thread(
        _found_for, participant, around, waits=standing.kind is Kind.WAITING, places=bool(standing.places)
    )
    volunteers = mine[1] if mine else None
    options = {participant: mine[0]} if mine else {}
    others = {each for found in (volunteers, newcomers) if found for each in found.best}
    people = {each.id: each for each in (person, *await ports.people.named(others))}
    outlooks = _outlooks(await desk.rows([participant], roll, ports), options, roll, policy, ports)
    return OfOne(
        outlook=outlooks[0] if outlooks else None,
        volunteers=_with_reasons(volunteers, [(participant, each) for each in volunteers.best], people, around)
        if volunteers
        else None,
        places=standing.places,
        newcomers=_with_reasons(newcomers, [(each, participant) for each in newcomers.best], people, around)
        if newcomers
        else None,
        languages=person.languages,
        free=[each for each in roll.with_places(CHOICE) if each != participant],
        waiting=[each for each in roll.row(0, CHOICE) if each != participant],
        policy=policy,
    )


def _found_for(
    participant: str, around: Surroundings, *, waits: bool, places: bool
) -> tuple[tuple[Options, Found] | None, Found | None]:
    """Which volunteers there are for somebody who waits, with the best of them; and the best newcomers for somebody with a free place."""
    return (
        prospects.of_newcomer(around, participant, BEST) if waits else None,
        prospects.of_volunteer(around, participant, BEST) if places else None,
    )


def _with_reasons(
    found: Found, pairs: Sequence[tuple[str, str]], people: Mapping[str, Person], around: Surroundings
) -> Candidates:
    """The pairs that were found with their reasons; who is gone by now is left out."""
    there = [(people[one], people[other]) for one, other in pairs if {one, other} <= people.keys()]
    return Candidates(tuple(prospects.pairs(around, there)), found.possible)


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
