"""Which place somebody gets: numbers that the store gives to one enrolment each, however many ask at once."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from functools import partial
from typing import Final

from duolangue.chassis.decision import Change
from duolangue.chassis.store import Absent, Taken
from duolangue.sessions.domain import enrolment as enrolments
from duolangue.sessions.domain import offers
from duolangue.sessions.domain.activity import Activity
from duolangue.sessions.domain.enrolment import Enrolment, Wish
from duolangue.sessions.ports import Ports
from duolangue.sessions.ports.activities import ONE_EACH

TRIES: Final = 60
"""How often a place is tried for when others are faster; then the waiting list decides."""


async def let_in(activity: Activity, known: Enrolment, ports: Ports) -> Enrolment:
    """A coordinator lets somebody who waits in at once, once it has begun, where there is a free place; else they go on waiting."""
    for _ in range(TRIES):
        free = activity.room.free(await ports.enrolments.held(activity.id), known.side)
        if not free:
            return known
        try:
            return await ports.enrolments.update(known.id, partial(offers.let_in, place=free[0], now=ports.clock.now()))
        except Taken:
            continue
    return known


async def seated(activity: Activity, wish: Wish, ports: Ports) -> Enrolment | None:
    """A free place, unless somebody waits for it; none where there is none.

    Those who ask at the same moment begin at different places, so that few meet.
    """
    sides = wish.side if activity.room.balanced else None
    for _ in range(TRIES):
        held = await ports.enrolments.held(activity.id)
        free = activity.room.free(held, wish.side)
        if not free or await ports.enrolments.waits(activity.id, sides):
            return None
        place = free[zlib.crc32(f"{wish.id}{len(held)}".encode()) % len(free)]
        try:
            return await put(enrolments.seated(wish, place), ports)
        except Taken:
            activity = await ports.activities.get(activity.id)
    return None


async def put(fresh: Change[Enrolment], ports: Ports) -> Enrolment:
    """Keep an enrolment, or begin it anew where there was one; one that is open stays as it is.

    Raises:
        Taken: its place went to somebody else.
    """
    known = await ports.enrolments.of(fresh.state.activity, fresh.state.participant)
    if known is None:
        try:
            return await ports.enrolments.add(fresh.state, *fresh.facts)
        except Taken as taken:
            if taken.index != ONE_EACH:
                raise
        known = await ports.enrolments.of(fresh.state.activity, fresh.state.participant)  # they pressed twice at once
        if known is None:
            raise Absent(f"enrolments {fresh.state.activity}")
    begun = Change(fresh.state.model_copy(update={"id": known.id}), fresh.facts)
    return await ports.enrolments.update(known.id, lambda present: enrolments.anew(present, begun))


async def reseat(activity: Activity, placed: Iterable[Enrolment], ports: Ports) -> None:
    """Whoever's place has a number beyond a lowered capacity keeps it under a lower one."""
    for each in placed:
        if each.seat is None or each.seat <= activity.capacity:
            continue
        held = {other.place.seat for other in await ports.enrolments.held(activity.id)}
        lower = [seat for seat in range(1, activity.capacity + 1) if seat not in held]
        for seat in lower:
            try:
                await ports.enrolments.update(each.id, partial(enrolments.reseated, seat=seat))
            except Taken:
                continue
            break
