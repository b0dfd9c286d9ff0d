"""A duo's day: which conversation somebody tells of, and which tellings are of the same one.

What one side tells and what the other tells, or the desk, of the same day is one conversation, as long as one of them has told no more of
that day than the other. The n-th of a day has an id made of the day and n, so that two people who tell at the same moment meet in one
document. Whoever told of a day is asked whether they talked again: a form that is filled in a second time counts nothing by itself. The
desk is asked wherever anything is known: what it calls another one then stays apart from that.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from itertools import combinations
from typing import Final, NamedTuple
from uuid import NAMESPACE_OID, uuid5

from duolangue.chassis.decision import Change, RuleBroken
from duolangue.contracts.vocabulary import Medium, Role
from duolangue.sessions.domain.conversation import Conversation, Part, Telling, withdraw
from duolangue.sessions.domain.conversation import told as begun

MOST_A_DAY: Final = 12
"""Conversations of one day that one side may tell."""
MINUTES_A_DAY: Final = 24 * 60
"""Of one side, in all."""


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
    duration. None: one that nobody told of before. What the desk tells is never taken for what is known by then.
    """
    other = [each for each in day if side is not None and not each.withdrawn and not each.told_by(side)]
    return min(other, key=lambda each: (each.medium is not medium, abs(each.minutes - minutes), each.id), default=None)


def not_again(day: Collection[Conversation], side: Role | None) -> None:
    """Whether this side tells of the day for the first time; the desk, whether it is the first to tell of it.

    Raises:
        ToldAlready: it is not, and whoever tells has to say that this is another conversation.
    """
    if any(not each.withdrawn and (side is None or each.told_by(side)) for each in day):
        raise ToldAlready("We know of a conversation on this day already. Did you talk again?", field="another")


def known(day: Collection[Conversation]) -> frozenset[str]:
    """The keys of what was told of a day and counts."""
    return frozenset(part.key for each in day if not each.withdrawn for part in each.parts)


def apart(day: Collection[Conversation], telling: Telling, seen: Collection[str] | None = None) -> Telling:
    """What a coordinator tells, with what was known when they called it another conversation: of that, what they had `seen`, where that
    is said.
    """
    others = known(day) if seen is None else known(day) & set(seen)
    return telling.model_copy(update={"apart": tuple(sorted(others))}) if telling.side is None else telling


def fits(day: Collection[Conversation], side: Role | None, minutes: int) -> None:
    """Whether this side may tell of one more of so many minutes.

    Raises:
        TooMany: it told of more than fits in a day.
    """
    counts = {part.key for each in day if not each.withdrawn for part in each.parts if part.side is side}
    own = {telling.key: telling.minutes for each in day for telling in each.tellings if telling.key in counts}
    if len(own) >= MOST_A_DAY or sum(own.values()) + minutes > MINUTES_A_DAY:
        raise TooMany("That is more than fits in a day. Has it been logged already?", field="held_on")


class Heard(NamedTuple):
    """A telling, and how they met by it."""

    telling: Telling
    medium: Medium


def settled(day: Sequence[Conversation]) -> list[tuple[Conversation | None, Change[Conversation]]]:
    """What the day's conversations are once the tellings most alike are of one: the two sides need not tell in the same order.

    Each that changes as it was read, with what it becomes. Tellings stay where they were written, so that nothing is lost whoever settles the
    same day at the same moment; only what counts of each conversation is found anew. Where two told at one moment there may be a conversation
    too many: it is taken back until it is needed after all, and its tellings count with the others; or one too few: it is new, and was read
    as none.
    """
    gone = {part.key for each in day if each.withdrawn and not each.spare for part in each.parts}
    heard = {
        telling.key: Heard(telling, telling.medium or each.medium)
        for each in day
        for telling in each.tellings
        if telling.key not in gone
    }
    live, groups = [each for each in day if not each.withdrawn], _groups(list(heard.values()))
    live += [each for each in day if each.spare][: max(0, len(groups) - len(live))]
    own: dict[str, list[Heard]] = {}
    for each in live:
        first = each.parts[0].key
        found = next((some for some in groups if any(one.telling.key == first for one in some)), None)
        if found is not None:
            groups.remove(found)
            own[each.id] = found
    for each in live:
        if each.id not in own and groups:
            own[each.id] = groups.pop(0)
    changes = [(each, _counting(each, own[each.id]) if each.id in own else _spare(each)) for each in live]
    return [
        *((each, change) for each, change in changes if change is not None),
        *((None, _one_more(day, number, some)) for number, some in enumerate(groups, len(day) + 1)),
    ]


Group = list[Heard]
"""Tellings of one conversation: at most one of each side, and one of the desk's."""


def _groups(heard: Sequence[Heard]) -> list[Group]:
    """Which tellings are of one conversation: the most alike first, until no two groups are left that may be one."""
    groups = {each.telling.key: [each] for each in heard}
    for one, other in sorted(combinations(heard, 2), key=_unlikeness):
        some, more = groups[one.telling.key], groups[other.telling.key]
        if _may_be_one(some, more):
            joined = [*some, *more]
            groups |= {each.telling.key: joined for each in joined}
    return list({id(group): group for group in groups.values()}.values())


def _may_be_one(some: Group, more: Group) -> bool:
    """Nobody told of it twice, and the desk did not call it another one."""
    return all(
        one.telling.side is not other.telling.side
        and one.telling.key not in other.telling.apart
        and other.telling.key not in one.telling.apart
        for one in some
        for other in more
    )


def _unlikeness(pair: tuple[Heard, Heard]) -> tuple[bool, int, bool, list[str]]:
    one, other = (heard.telling for heard in pair)
    minutes, by_desk = abs(one.minutes - other.minutes), None in {one.side, other.side}
    return pair[0].medium is not pair[1].medium, minutes, by_desk, sorted((one.key, other.key))


def _counting(each: Conversation, told: Sequence[Heard]) -> Change[Conversation] | None:
    """The conversation with these tellings, where that is news."""
    first, *_ = ordered = sorted(told, key=lambda heard: (heard.telling.at, heard.telling.key))
    parts = tuple(Part(key=heard.telling.key, side=heard.telling.side) for heard in ordered)
    simply = {part.key for part in parts} == {telling.key for telling in each.tellings}
    state = each.model_copy(
        update={
            "of": () if simply else parts,
            "minutes": min(heard.telling.minutes for heard in told),
            "medium": first.medium,
            "logged_by": first.telling.side,
            "logged_at": first.telling.at,
            "withdrawn": False,
            "spare": False,
        }
    )
    if state == each:
        return None
    differs = (state.minutes, state.medium, state.withdrawn) != (each.minutes, each.medium, each.withdrawn)
    return Change(state, (state.fact(),) if differs else ())


def _one_more(day: Sequence[Conversation], number: int, told: Sequence[Heard]) -> Change[Conversation]:
    """A conversation of which all tellings are kept with others; the words are read there."""
    duo, held_on = day[0].duo, day[0].held_on
    first, *others = sorted(told, key=lambda heard: (heard.telling.at, heard.telling.key))
    bare = [
        heard.telling.model_copy(update={"word": "", "face": None, "medium": heard.medium})
        for heard in (first, *others)
    ]
    fresh = begun(shared_id(duo, held_on, number), duo, held_on, first.medium, bare[0]).state
    state = fresh.model_copy(update={"tellings": tuple(bare), "minutes": min(each.minutes for each in bare)})
    return Change(state, (state.fact(),))


def _spare(each: Conversation) -> Change[Conversation] | None:
    taken_back = withdraw(each)
    return taken_back and Change(
        taken_back.state.model_copy(update={"spare": True, "unread": each.unread}), taken_back.facts
    )
