"""The people of a pool as the roll knows them, as numbers: nobody is read whom nothing happened to since the last look."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from duolangue.matching.domain.people import Association
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.roll import Kind, Roll, Standing
from duolangue.matching.engine import traits
from duolangue.matching.engine.prospects import Everybody, Surroundings
from duolangue.matching.engine.traits import Traits
from duolangue.matching.ports import Ports
from duolangue.matching.usecases import pool as pools

AT_ONCE: Final = 500
"""People read at once; pages have their turn between."""


async def of(looked_at: Collection[str], roll: Roll, policy: Policy, ports: Ports) -> Surroundings:
    """Those around some people: what a run would take into account for them, were it now."""
    now, separations, association = ports.clock.now(), ports.separations.select(), pools.association_of(ports)
    separated, known = await asyncio.gather(separations, association)
    apart = {frozenset({one, other}) for one in looked_at for other in roll.barred_from(one)}
    apart |= {frozenset({each.one, each.other}) for each in separated}
    return Surroundings(await _everybody(roll, known, now, ports), apart, known, policy, now)


async def _everybody(roll: Roll, association: Association, now: datetime, ports: Ports) -> Everybody:
    """Made once, as long as nothing changes: who asks meanwhile waits for the same."""
    notes, this = roll.notes, ("everybody", association.model_dump_json(), now.year)
    if this not in notes:
        notes[this] = asyncio.create_task(_made(roll, association, now, ports))
    making: asyncio.Task[Everybody] = notes[this]
    try:
        return await asyncio.shield(making)
    except Exception:
        notes.pop(this, None)  # the next one tries again
        raise


async def _made(roll: Roll, association: Association, now: datetime, ports: Ports) -> Everybody:
    stand = {each: roll.standing(each) for each in roll.row()}
    newcomers = [each for each, one in stand.items() if one.kind is Kind.WAITING]
    first = {each for each in newcomers if stand[each].goes_first}
    volunteers, free = roll.volunteers(roll.active), dict(roll.free)
    known = await _traits({*newcomers, *volunteers}, roll, ports)
    sides = [_since(each, stand[each.person]) for each in _those(newcomers, known)], _those(volunteers, known)
    return await asyncio.to_thread(Everybody.of, *sides, free, first, association, now)


def _since(one: Traits, standing: Standing) -> Traits:
    """Somebody who waits, with since when: somebody who was in a duo waits since it was over."""
    if one.asking is None or standing.since is None:
        return one
    return one._replace(asking=one.asking._replace(since=traits.microseconds(standing.since)))


def _those(people: Iterable[str], known: dict[str, Traits]) -> list[Traits]:
    return [known[each] for each in people if each in known]


async def _traits(wanted: set[str], roll: Roll, ports: Ports) -> dict[str, Traits]:
    """What pairing looks at in these people. Nothing is remembered of others."""
    versions = {each: member.version for each in wanted if (member := roll.member(each)) is not None}
    made = {each: known for each in wanted if (known := roll.made_of.get(each)) and known[0] == versions[each]}
    stale = [each for each in versions if each not in made]
    for start in range(0, len(stale), AT_ONCE):
        for person in await ports.people.named(stale[start : start + AT_ONCE]):
            made[person.id] = versions[person.id], traits.of(person)
        await asyncio.sleep(0)
    roll.made_of = made
    return {each: found for each, (_, found) in made.items()}
