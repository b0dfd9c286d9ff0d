"""A duo's day: which conversation somebody tells of, and which tellings are of the same one.

What one side tells and what the other tells, or the desk, of the same day is one conversation, as long as one of them has told no more of
that day than the other. The n-th of a day has an id made of the day and n, so that two people who tell at the same moment meet in one
document. Whoever tells of one more is asked whether they talked again: a form that is filled in a second time counts nothing by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple
from uuid import NAMESPACE_OID, uuid5

from duolangue.chassis.decision import Change, RuleBroken
from duolangue.contracts.vocabulary import Medium, Role
from duolangue.sessions.domain.conversation import Conversation, Telling

MOST_A_DAY: Final = 12
"""Conversations of one day that one side may tell."""


class TooMany(RuleBroken):
    """More conversations in one day than anybody has."""

    code = "too_many"
    status = 409


class ToldAlready(RuleBroken):
    """Somebody told of a conversation on this day already: whether this is another one, they alone know."""

    code = "told_already"
    status = 409


def shared_id(duo: str, held_on: date, number: int) -> str:
    """The id of the `number`-th conversation (from 1) that is told of this day, by whomever."""
    return str(uuid5(NAMESPACE_OID, f"{duo}/{held_on.isoformat()}/{number}"))


def told_before(day: Collection[Conversation], key: str) -> Conversation | None:
    """What the form with this key made already."""
    return next((each for each in day if each.told_with(key)), None)


def the_same(day: Collection[Conversation], side: Role | None, medium: Medium, minutes: int) -> Conversation | None:
    """Which conversation of the day a side tells of: one it has not told of, by the same medium rather than by another, and the nearest in
    duration. None: one that nobody told of before. What the desk tells is never taken for what a side told.
    """
    other = [each for each in day if side is not None and not each.withdrawn and not each.told_by(side)]
    return min(other, key=lambda each: (each.medium is not medium, abs(each.minutes - minutes), each.id), default=None)


def next_number(day: Collection[Conversation], side: Role | None, *, another: bool) -> int:
    """The number of a conversation that nobody told of before.

    Raises:
        ToldAlready: something was told of this day, and nobody said that this is `another` one.
        TooMany: this side told of more than fits in a day.
    """
    if not another and not all(each.withdrawn for each in day):
        raise ToldAlready("We know of a conversation on this day already. Did you talk again?", field="another")
    if sum(each.told_by(side) for each in day) >= MOST_A_DAY:
        raise TooMany("That is more than fits in a day. Has it been logged already?", field="held_on")
    return len(day) + 1


class Heard(NamedTuple):
    """A telling, and the conversation that it is kept with."""

    telling: Telling
    medium: Medium
    where: str
    unread: bool


def settled(day: Sequence[Conversation]) -> list[tuple[Conversation, Change[Conversation]]]:
    """What the day's conversations are once the tellings most alike are of one: the two sides need not tell in the same order.

    Each that changes as it was read, with what it becomes; who gains a telling comes first, so that none is lost between two writes and one
    that is kept twice meanwhile is seen as one. What the desk told of stays with whom it was put.
    """
    sides = [each for each in day if not each.withdrawn and not each.told_by(None)]
    groups = list(_groups(sides))
    if len(groups) != len(sides):
        return []
    becomes: list[tuple[Conversation, Conversation]] = []
    for each in sides:
        first = each.tellings[0].key
        own = next((some for some in groups if any(heard.telling.key == first for heard in some)), groups[0])
        groups.remove(own)
        becomes.append((each, _of(each, own)))
    changed = [(each, after) for each, after in becomes if _keys(each) != _keys(after)]
    changed.sort(key=lambda both: _keys(both[1]) <= _keys(both[0]))
    return [(each, Change(after, (after.fact(),) if _differs(each, after) else ())) for each, after in changed]


def _groups(sides: Sequence[Conversation]) -> Iterator[list[Heard]]:
    """Pairs of what the two sides told, the most alike first; then who is alone."""
    heard = {
        each.key: Heard(each, each.medium or held.medium, held.id, held.unread)
        for held in sides
        for each in held.tellings
    }
    newcomer, volunteer = (
        [each for each in heard.values() if each.telling.side is side] for side in (Role.NEWCOMER, Role.VOLUNTEER)
    )
    pairs = [(one, other) for one in newcomer for other in volunteer]
    while pairs:
        best = min(pairs, key=_apart)
        yield [*best]
        pairs = [each for each in pairs if each[0] != best[0] and each[1] != best[1]]
        newcomer.remove(best[0])
        volunteer.remove(best[1])
    yield from ([each] for each in (*newcomer, *volunteer))


def _apart(pair: tuple[Heard, Heard]) -> tuple[bool, int, bool, str, str]:
    one, other = pair
    minutes = abs(one.telling.minutes - other.telling.minutes)
    return one.medium is not other.medium, minutes, one.where != other.where, one.telling.key, other.telling.key


def _of(each: Conversation, own: Sequence[Heard]) -> Conversation:
    first, *_ = told = sorted(own, key=lambda heard: (heard.telling.at, heard.telling.key))
    tellings = tuple(heard.telling.model_copy(update={"medium": heard.medium}) for heard in told)
    return each.model_copy(
        update={
            "tellings": tellings,
            "minutes": min(telling.minutes for telling in tellings),
            "medium": first.medium,
            "logged_by": first.telling.side,
            "logged_at": first.telling.at,
            "unread": any(heard.telling.word and heard.unread for heard in told),
        }
    )


def _keys(each: Conversation) -> set[str]:
    return {telling.key for telling in each.tellings}


def _differs(one: Conversation, other: Conversation) -> bool:
    return (one.minutes, one.medium) != (other.minutes, other.medium)
