"""Which place of an activity is for whom: half for newcomers, half for locals, until the rule relaxes.

Places have numbers from 1 to the capacity. Where they are balanced, each has a second number among those of its side, from 1 to the half of
the capacity, rounded up: so the last of an odd number is for either side. People are counted, not numbers, and so the half holds whatever
the capacity was before and whoever came while the rule was relaxed. That each number is given once are the store's unique indexes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from duolangue.contracts.vocabulary import Role


class Place(NamedTuple):
    """A place, as the store gives it to one enrolment."""

    seat: int
    """Its number in the activity."""
    side_seat: int | None = None
    """Its number among those of its side; none where places are not kept for sides now."""


class Held(NamedTuple):
    """A place that somebody has."""

    place: Place
    side: Role


@dataclass(frozen=True, slots=True)
class Room:
    """How many places there are, and whether they are kept for sides now."""

    capacity: int
    balanced: bool
    """Whether the rule holds at this moment: it does not once it relaxed."""

    def free(self, held: Collection[Held], side: Role) -> list[Place]:
        """The places that somebody of a side may take. The two sides begin at opposite ends, so that they seldom reach for the same one.

        People who kept their place when the capacity was lowered count: beyond it nothing is free.
        """
        seats = _free(self.capacity, {each.place.seat for each in held}, len(held))
        if not self.balanced:
            return [Place(seat) for seat in seats]
        own = [each.place.side_seat for each in held if each.side is side]
        half = _free(self.capacity - self.capacity // 2, {number for number in own if number is not None}, len(own))
        if side is Role.VOLUNTEER:
            seats.reverse()
        return [Place(seat, number) for seat, number in zip(seats, half, strict=False)]


def _free(most: int, taken: Collection[int], people: int) -> list[int]:
    """The lowest numbers up to `most` that are not taken: as many as there may be people still."""
    return [number for number in range(1, most + 1) if number not in taken][: max(0, most - people)]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody on a waiting list."""

    enrolment: str
    side: Role
    asked_at: datetime


def next_offer(room: Room, held: Collection[Held], waiting: Iterable[Waiting]) -> tuple[Place, Waiting] | None:
    """Which free place to offer to whom now; none where nothing is free for anybody who waits.

    Where places are (or were) kept for sides the side that lacks people comes first; within a side, whoever asked first.
    """
    ranks = Counter(each.side for each in held)
    queue = sorted(waiting, key=lambda each: (each.asked_at, each.enrolment))
    for each in sorted(queue, key=lambda each: ranks[each.side]):
        places = room.free(held, each.side)
        if places:
            return places[0], each
    return None


def first_come(room: Room, held: Collection[Held], waiting: Iterable[Waiting]) -> tuple[Place, Waiting] | None:
    """The same where sides never counted: whoever asked first."""
    queue = sorted(waiting, key=lambda each: (each.asked_at, each.enrolment))
    places = room.free(held, queue[0].side) if queue else []
    return (places[0], queue[0]) if places else None
