"""What an association's own past says: who came, paused and left, which duos ran; how people answered and how long duos lasted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from duolangue.contracts.facts.registration import ParticipantStatus
from duolangue.contracts.vocabulary import Role
from duolangue.matching.domain.duo import Closing, Duo, Status
from duolangue.matching.domain.people import Exclusion, Person, Separation
from duolangue.matching.domain.policy import AskOrder
from duolangue.matching.domain.replay_question import Behaviour, Break, History, RunningDuo, Stay

ENOUGH: Final = 20
"""Observations from which on an association's own figure holds instead of the stated one."""


def history(
    people: Iterable[Person],
    duos: Iterable[Duo],
    separations: Iterable[Separation],
    exclusions: Iterable[Exclusion],
    begins: datetime,
    ends: datetime,
) -> History:
    """Who was there between two moments. Of who was erased nothing is left to replay."""
    of_person: dict[str, list[Duo]] = defaultdict(list)
    kept = list(duos)
    for duo in kept:
        of_person[duo.newcomer].append(duo)
        of_person[duo.volunteer].append(duo)
    shut_out = {each.id: each.excluded_at for each in exclusions}
    stays: list[Stay] = []
    unknown = left_out = 0
    for person in people:
        came, left = _came(person, of_person[person.id]), _left(person)
        if person.id in shut_out:
            left = min(left or shut_out[person.id], shut_out[person.id])
        if person.status is ParticipantStatus.ERASED or (person.status is ParticipantStatus.LEFT and left is None):
            left_out += 1
            continue
        if (person.newcomer is None and person.volunteer is None) or (left is not None and left <= begins):
            continue
        unknown += came is None
        stay = Stay(
            person=person.model_copy(update={"turns": (), "goes_first": False}),
            came_at=_searching_since(came or begins, of_person[person.id], person.id, begins),
            left_at=left,
            breaks=_breaks(person),
        )
        if stay.came_at < ends:
            stays.append(stay)
    there = {stay.person.id for stay in stays}
    return History(
        stays=tuple(sorted(stays, key=lambda stay: stay.person.id)),
        running=tuple(_running(kept, there, begins, ends)),
        apart=tuple(sorted(_apart(kept, separations, begins))),
        day_unknown=unknown,
        left_out=left_out,
    )


def behaviour(duos: Iterable[Duo], told: Mapping[str, float], now: datetime) -> Behaviour:
    """How people behaved so far; a figure that somebody told by hand comes before it, and a stated one holds where too little is known."""
    kept = list(duos)
    found: dict[str, tuple[float, int]] = {
        "volunteer_yes": _yes(kept, Role.VOLUNTEER),
        "newcomer_yes": _yes(kept, Role.NEWCOMER),
        "approval_days": _mean(
            [
                _days(duo.drafted_at, duo.proposed_at)
                for duo in kept
                if duo.approved_by and duo.drafted_at and duo.proposed_at
            ]
        ),
        "answer_days": _lasting(_answers(kept)),
        "duo_days": _lasting(
            [
                (_days(duo.confirmed_at, duo.ended_at or now), duo.closing is Closing.ENDED)
                for duo in kept
                if duo.confirmed_at
            ]
        ),
        "look_again": _again(kept),
    }
    own = {name: value for name, (value, number) in found.items() if number >= ENOUGH and name not in told}
    bounded = {
        "duo_days": lambda value: min(3650.0, max(1.0, value)),
        "approval_days": _at_most,
        "answer_days": _at_most,
    }
    values = {name: bounded[name](value) if name in bounded else round(value) for name, value in own.items()}
    return Behaviour.model_validate({**values, **told, "observed": {name: found[name][1] for name in own}})


def _came(person: Person, duos: list[Duo]) -> datetime | None:
    known = [turn.at for turn in person.turns[:1]]
    if person.newcomer is not None:
        known.append(person.newcomer.waiting_since)
    elif not known:
        known = [moment for duo in duos for moment in (duo.drafted_at, duo.confirmed_at) if moment]
    return min(known, default=None)


def _searching_since(came: datetime, duos: list[Duo], person: str, begins: datetime) -> datetime:
    """From when on the present wait counts: a duo that ended before the time looked at comes between."""
    ended = [
        duo.ended_at
        for duo in duos
        if duo.newcomer == person and duo.confirmed_at and duo.ended_at and duo.ended_at <= begins
    ]
    return max([came, *ended])


def _left(person: Person) -> datetime | None:
    if person.status is not ParticipantStatus.LEFT:
        return None
    return next((turn.at for turn in reversed(person.turns) if turn.status is ParticipantStatus.LEFT), None)


def _breaks(person: Person) -> tuple[Break, ...]:
    """Paused, or gone for a while."""
    found: list[Break] = []
    for number, turn in enumerate(person.turns):
        later = person.turns[number + 1 :]
        if turn.status is ParticipantStatus.ACTIVE or (turn.status is ParticipantStatus.LEFT and not later):
            continue
        found.append(Break(begins=turn.at, ends=later[0].at if later else None))
    return tuple(found)


def _running(duos: list[Duo], there: set[str], begins: datetime, ends: datetime) -> Iterable[RunningDuo]:
    for duo in duos:
        over = duo.ended_at or ends
        if duo.confirmed_at and duo.confirmed_at < begins < over and {duo.newcomer, duo.volunteer} <= there:
            yield RunningDuo(newcomer=duo.newcomer, volunteer=duo.volunteer, until=over)


def _apart(duos: list[Duo], separations: Iterable[Separation], begins: datetime) -> Iterable[tuple[str, str]]:
    """Kept apart by hand, or with a history from before the time looked at."""
    pairs = [(each.one, each.other) for each in separations]
    pairs += [(duo.newcomer, duo.volunteer) for duo in duos if duo.barred and duo.ended_at and duo.ended_at <= begins]
    return {(min(pair), max(pair)) for pair in pairs}


def _yes(duos: list[Duo], side: Role) -> tuple[float, int]:
    """How many of a hundred answers were yes."""
    said = [
        side in duo.accepted_by
        for duo in duos
        if duo.proposed_at and (side in duo.accepted_by or duo.declined_by is side)
    ]
    return (100 * sum(said) / len(said), len(said)) if said else (0.0, 0)


def _answers(duos: list[Duo]) -> list[tuple[float, bool]]:
    """For each question, how many days until the answer (true), or until it was not waited for any more."""
    found: list[tuple[float, bool]] = []
    for duo in duos:
        newcomer, volunteer = duo.asked.get(Role.NEWCOMER), duo.asked.get(Role.VOLUNTEER)
        if duo.order is AskOrder.VOLUNTEER_FIRST and newcomer and volunteer:
            found.append((_days(volunteer, newcomer), True))
        if duo.order is AskOrder.VOLUNTEER_FIRST and newcomer and duo.confirmed_at:
            found.append((_days(newcomer, duo.confirmed_at), True))
        if duo.status is Status.DECLINED and duo.declined_by in duo.asked:
            found.append((_days(duo.asked[duo.declined_by], duo.ended_at), True))
        if duo.closing is Closing.SILENCE:
            found += [(_days(duo.asked[side], duo.ended_at), False) for side in duo.silent if side in duo.asked]
    return found


def _again(duos: list[Duo]) -> tuple[float, int]:
    """How many of a hundred newcomers whose duo ended were in another draft or duo later."""
    of_newcomer: dict[str, list[Duo]] = defaultdict(list)
    for duo in duos:
        of_newcomer[duo.newcomer].append(duo)
    said = []
    for each in of_newcomer.values():
        first = min((duo.ended_at for duo in each if duo.closing is Closing.ENDED and duo.ended_at), default=None)
        if first is not None:
            said.append(any((moment := duo.drafted_at or duo.confirmed_at) and moment > first for duo in each))
    return (100 * sum(said) / len(said), len(said)) if said else (0.0, 0)


def _mean(values: list[float]) -> tuple[float, int]:
    return (sum(values) / len(values), len(values)) if values else (0.0, 0)


def _lasting(spans: list[tuple[float, bool]]) -> tuple[float, int]:
    """The mean of an exponential duration, of which some are cut off: all the time there was, by how many ended.

    The maximum-likelihood estimate under censoring (Kalbfleisch and Prentice, 2002, ch. 3).
    """
    ended = sum(1 for _, over in spans if over)
    return (sum(days for days, _ in spans) / ended, ended) if ended else (0.0, 0)


def _days(begins: datetime | None, ends: datetime | None) -> float:
    return max(0.0, (ends - begins) / timedelta(days=1)) if begins and ends else 0.0


def _at_most(value: float) -> float:
    return min(60.0, value)
