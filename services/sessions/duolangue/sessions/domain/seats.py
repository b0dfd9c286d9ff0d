"""Which place of an activity is for whom: half for newcomers, half for locals, until the rule relaxes.

Places have numbers from 1 to the capacity. Where they are balanced, odd ones are the newcomers' and even ones the locals'; the last of an odd
number is for either side. So the capacity may grow without any place changing sides. That a place is given once is the store's unique index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from duolangue.contracts.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Room:
    """How many places there are, and whether they are kept for sides now."""

    capacity: int
    balanced: bool
    """Whether the rule holds at this moment: it does not once it relaxed."""

    def side_of(self, seat: int) -> Role | None:
        """For whom a place is kept; none: for either side."""
        if not self.balanced or (seat == self.capacity and seat % 2):
            return None
        return Role.NEWCOMER if seat % 2 else Role.VOLUNTEER

    def free(self, held: Collection[int], side: Role | None = None) -> list[int]:
        """Free places, of all or of those that one side may take; a side's own come before those for either.

        People who kept their place when the capacity was lowered count: beyond it nothing is free.
        """
        most = max(0, self.capacity - len(held))
        found = [seat for seat in range(1, self.capacity + 1) if seat not in held]
        if side is not None:
            found = [seat for seat in found if self.side_of(seat) in {side, None}]
            found.sort(key=lambda seat: self.side_of(seat) is None)
        return found[:most]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody on a waiting list."""

    enrolment: str
    side: Role
    asked_at: datetime


def next_offer(room: Room, held: Iterable[tuple[int, Role]], waiting: Iterable[Waiting]) -> tuple[int, Waiting] | None:
    """Which free place to offer to whom now; none where nothing is free for anybody who waits.

    Where places are (or were) kept for sides the side that lacks people comes first; within a side, whoever asked first.
    """
    taken = dict(held)
    ranks = Counter(taken.values())
    queue = sorted(waiting, key=lambda each: (each.asked_at, each.enrolment))
    for each in sorted(queue, key=lambda each: ranks[each.side]):
        seats = room.free(taken, each.side)
        if seats:
            return seats[0], each
    return None


def first_come(room: Room, held: Iterable[tuple[int, Role]], waiting: Iterable[Waiting]) -> tuple[int, Waiting] | None:
    """The same where sides never counted: whoever asked first."""
    seats = room.free({seat for seat, _ in held})
    queue = sorted(waiting, key=lambda each: (each.asked_at, each.enrolment))
    return (seats[0], queue[0]) if seats and queue else None
