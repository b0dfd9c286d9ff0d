"""From what happened under a policy to the figures that are compared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from math import ceil
from typing import Final

from duolangue.contracts.vocabulary import Level
from duolangue.matching.domain.people import Person
from duolangue.matching.domain.replay_outcome import Outcome, Slice, Spread
from duolangue.matching.domain.replay_question import Stay
from duolangue.matching.replaying.record import Record, Standing

LANGUAGES: Final = 8
"""How many languages are shown by themselves."""
DECIMALS: Final = 1


def spread(values: Iterable[float]) -> Spread:
    """Mean, 95th percentile by nearest rank (the least value that so many do not exceed), and longest."""
    ordered = sorted(values)
    if not ordered:
        return Spread()
    return Spread(
        people=len(ordered),
        mean=round(sum(ordered) / len(ordered), DECIMALS),
        percentile_95=round(ordered[ceil(0.95 * len(ordered)) - 1], DECIMALS),
        longest=round(ordered[-1], DECIMALS),
    )


def outcome(record: Record, stays: Sequence[Stay], ends: datetime) -> Outcome:
    """The figures of one policy."""
    people = {stay.person.id: stay.person for stay in stays if stay.person.id in record.standing}
    standing = Counter(record.standing.values())
    waits = [*record.waited, *record.broken_off, *record.waiting]
    return Outcome(
        runs=record.runs,
        proposals=record.proposals,
        declined=record.declined,
        unanswered=record.unanswered,
        duos=len(record.duos),
        newcomers=len(people),
        in_duo=standing[Standing.IN_DUO],
        waiting=standing[Standing.WAITING],
        away=standing[Standing.AWAY],
        content=standing[Standing.CONTENT],
        left=standing[Standing.LEFT],
        paired=len({duo.newcomer for duo in record.duos}),
        waited=spread(wait.days(ends) for wait in record.waited),
        still=spread(wait.days(ends) for wait in record.waiting),
        longest=spread(wait.days(ends) for wait in waits).longest,
        score=sum(duo.score for duo in record.duos) // max(1, len(record.duos)),
        tenths_km=spread(duo.tenths_km for duo in record.duos),
        by_level=_by_level(people, record, ends),
        by_language=_by_language(people, record, ends),
        weeks=tuple(record.weeks),
    )


def _by_level(people: dict[str, Person], record: Record, ends: datetime) -> tuple[Slice, ...]:
    members: dict[str, set[str]] = defaultdict(set)
    for person in people.values():
        if person.newcomer is not None:
            members[person.newcomer.french_oral.cefr].add(person.id)
    order = [level.cefr for level in Level]
    return tuple(_slice(key, members[key], record, ends) for key in sorted(members, key=order.index))


def _by_language(people: dict[str, Person], record: Record, ends: datetime) -> tuple[Slice, ...]:
    members: dict[str, set[str]] = defaultdict(set)
    for person in people.values():
        for code in set(person.languages) - {"fr"} or {""}:
            members[code].add(person.id)
    told = sorted((key for key in members if key), key=lambda key: (-len(members[key]), key))[:LANGUAGES]
    return tuple(_slice(key, members[key], record, ends) for key in [*told, *([""] if "" in members else [])])


def _slice(key: str, members: set[str], record: Record, ends: datetime) -> Slice:
    duos = [duo for duo in record.duos if duo.newcomer in members]
    return Slice(
        key=key,
        newcomers=len(members),
        paired=len({duo.newcomer for duo in duos}),
        score=sum(duo.score for duo in duos) // max(1, len(duos)),
        tenths_km=spread(duo.tenths_km for duo in duos),
        waited=spread(wait.days(ends) for wait in record.waited if wait.newcomer in members),
        waiting=sum(1 for each in members if record.standing[each] is Standing.WAITING),
    )
