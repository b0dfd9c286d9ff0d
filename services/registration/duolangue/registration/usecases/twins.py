"""Possible duplicates: looked for after people came in or changed, a batch at a time, and kept until somebody decides."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from duolangue.chassis.store import Absent, Taken
from duolangue.registration.domain import duplicates
from duolangue.registration.domain.duplicates import Known, Lookout, Pair, Why
from duolangue.registration.domain.participant import Participant, Status
from duolangue.registration.ports import Ports

BATCH: Final = 60
"""People compared at once: pages are answered in between, and many share a part of the name and the year."""
OVERLAP: Final = timedelta(minutes=1)
"""How far each search looks back: clocks differ, and writes take their time."""


async def await_search(ports: Ports) -> None:
    """Somebody came in, or changed name, year or telephone: duplicates are looked for soon."""
    now = ports.clock.now()
    try:
        await ports.lookouts.update(ports.association, lambda lookout: duplicates.awaited(lookout, now))
    except Absent:
        try:
            await ports.lookouts.add(Lookout(id=ports.association, due_at=now))
        except Taken:  # somebody else was faster, and it is due
            await ports.lookouts.update(ports.association, lambda lookout: duplicates.awaited(lookout, now))


async def look_for_duplicates(ports: Ports) -> None:
    """Compare all who were named since the last search, then once more whoever came meanwhile."""
    begun = await ports.lookouts.get(ports.association)
    since = begun.until - OVERLAP if begun.until else None
    reached, last = await _compare_from(since, "", ports)
    await ports.lookouts.update(ports.association, lambda lookout: duplicates.caught_up(lookout, reached))
    late, _ = await _compare_from(reached, last, ports)
    if late != reached:
        await await_search(ports)


async def _compare_from(since: datetime | None, after: str, ports: Ports) -> tuple[datetime | None, str]:
    while True:
        batch = await ports.participants.named_since(since, after, BATCH)
        if not batch:
            return since, after
        await _compare(batch, ports)
        since, after = batch[-1].named_at, batch[-1].id
        if len(batch) < BATCH:
            return since, after


async def _compare(batch: list[Participant], ports: Ports) -> None:
    """Hold a batch against everybody who shares a key with one of them."""
    present = [each for each in batch if _counts(each)]
    by_key: dict[str, list[Known]] = defaultdict(list)
    for one in await ports.participants.alike({key for each in present for key in each.alike}):
        for key in one.keys:
            by_key[key].append(one)
    found: dict[str, Pair] = {}
    now = ports.clock.now()
    for each in present:
        mine = _known(each)
        sharing = len(by_key.get(each.phone or "", ()))
        for other in {one.id: one for key in mine.keys for one in by_key[key]}.values():
            if other.id != each.id and (why := duplicates.alike(mine, other, sharing=sharing)):
                pair = duplicates.found(each.id, other.id, why, now)
                found[pair.id] = pair
        await asyncio.sleep(0)  # others are served meanwhile
    for pair in found.values():
        await _keep(pair, ports)
    await _close_others({each.id for each in batch}, set(found), ports)


async def _keep(pair: Pair, ports: Ports) -> None:
    try:
        await ports.pairs.add(pair)
    except Taken:
        await ports.pairs.update(pair.id, lambda present: duplicates.seen_again(present, pair.why))


async def _close_others(persons: set[str], still: set[str], ports: Ports) -> None:
    """Pairs of these people that do not look alike any more are closed."""
    for pair in await open_pairs_of(persons, ports):
        if pair.id not in still and pair.one in persons and pair.other in persons:
            await ports.pairs.update(pair.id, duplicates.close)
        elif pair.id not in still:
            await _close_unless_alike(pair, ports)


async def _close_unless_alike(pair: Pair, ports: Ports) -> None:
    both = await ports.participants.with_ids({pair.one, pair.other})
    if len(both) < len((pair.one, pair.other)) or not looks_alike(*both):
        await ports.pairs.update(pair.id, duplicates.close)


async def open_pairs_of(persons: Iterable[str], ports: Ports) -> list[Pair]:
    """The pairs that wait for somebody to decide and concern one of these people."""
    wanted = {"$in": list(persons)}
    return await ports.pairs.select({"open": True, "$or": [{"state.one": wanted}, {"state.other": wanted}]})


def looks_alike(one: Participant, other: Participant) -> list[Why]:
    """What two people have in common; nothing where one is gone for good or was made one with another."""
    if not (_counts(one) and _counts(other)):
        return []
    return duplicates.alike(_known(one), _known(other))


def _known(participant: Participant) -> Known:
    return duplicates.known(
        participant.id, participant.sort_name, participant.birth_year, participant.phone, participant.alike
    )


async def possible_duplicates(
    ports: Ports, limit: int, before: datetime | None = None
) -> list[tuple[Pair, Participant, Participant]]:
    """Pairs that wait for somebody to decide, the latest found first. A pair that is one no more is closed on the way."""
    where = {"open": True, **({"found_at": {"$lt": before}} if before else {})}
    pairs = await ports.pairs.select(where, sort=[("found_at", -1)], limit=limit)
    people = {
        each.id: each
        for each in await ports.participants.with_ids({side for pair in pairs for side in (pair.one, pair.other)})
    }
    shown = []
    for pair in pairs:
        one, other = people.get(pair.one), people.get(pair.other)
        if one is None or other is None or not (_counts(one) and _counts(other)):
            await ports.pairs.update(pair.id, duplicates.close)
        else:
            shown.append((pair, one, other))
    return shown


async def duplicates_of(person: str, ports: Ports) -> list[tuple[Pair, Participant]]:
    """Who may be the same person as this."""
    pairs = await open_pairs_of({person}, ports)
    people = {each.id: each for each in await ports.participants.with_ids({pair.beside(person) for pair in pairs})}
    beside = [(pair, people.get(pair.beside(person))) for pair in pairs]
    return [(pair, other) for pair, other in beside if other is not None and _counts(other)]


async def not_the_same(pair_id: str, by: str, ports: Ports) -> None:
    """They are two people: the pair is not shown again."""
    now = ports.clock.now()
    await ports.pairs.update(pair_id, lambda pair: duplicates.dismiss(pair, by, now))


def _counts(participant: Participant) -> bool:
    """Whether it may still be made one with another; one whose merging was interrupted may."""
    return participant.status is not Status.ERASED and bool(participant.first_name)
