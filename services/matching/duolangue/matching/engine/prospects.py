"""Whom one person could be paired with today, the best first: for a newcomer who waits, and for a volunteer with a free place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from duolangue.matching.domain.people import Association, Person
from duolangue.matching.domain.policy import CriterionName, Policy
from duolangue.matching.domain.run import Pair
from duolangue.matching.domain.waiting import Options
from duolangue.matching.engine import claims, explanations, feasibility, scores
from duolangue.matching.engine.compute import MINIMUM_SCORE
from duolangue.matching.engine.pool import (
    ALL,
    Flags,
    Numbers,
    Pool,
    Reals,
    Rows,
    assemble,
    build,
    narrowed,
    whole_days,
)
from duolangue.matching.engine.scores import Likings
from duolangue.matching.engine.traits import UNKNOWN, Traits


@dataclass(frozen=True, slots=True)
class Everybody:
    """The people of a pool as numbers, both sides in the order of their ids, without who may not meet."""

    pool: Pool
    newcomers: Sequence[str]
    """Who waits and is looked for: the pool's rows."""
    volunteers: Sequence[str]
    """Everybody active, also those without a free place: its columns."""
    since: Numbers
    """From when on each newcomer waits, in microseconds since 1970."""
    likings: Likings
    """What interests are worth among them, so that a score is a run's to the last unit, however few people are looked at."""

    @classmethod
    def of(
        cls,
        newcomers: Iterable[Traits],
        volunteers: Iterable[Traits],
        capacity: Mapping[str, int],
        first: Collection[str],
        association: Association,
        now: datetime,
    ) -> Everybody:
        """Those who wait and those who help, with free places by volunteer, and who goes first. It holds as long as nothing of this changes,
        and within a year.
        """
        rows = sorted((each for each in newcomers if each.asking), key=lambda each: each.person)
        columns = sorted((each for each in volunteers if each.helping), key=lambda each: each.person)
        pool = assemble(rows, columns, capacity, (), first, association, now)
        since = np.array([each.asking.since for each in rows if each.asking], np.int64)
        return cls(pool, [each.person for each in rows], [each.person for each in columns], since, Likings.of(pool))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everybody, and how they stand now."""

    everybody: Everybody
    apart: Collection[frozenset[str]]
    """Who may not meet, in either order; what speaks of nobody who is looked at may be left out."""
    association: Association
    policy: Policy
    now: datetime

    def pool(self) -> Pool:
        """Everybody, as they stand now."""
        return replace(self.everybody.pool, days=whole_days(self.everybody.since, self.now))

    def barred(self, person: str, others: Sequence[str]) -> Flags:
        """Whom of these, in the order of their ids, somebody may not meet: for their history, or since it is themselves."""
        barred = np.zeros(len(others), np.bool_)
        for name in {person, *(each for pair in self.apart if person in pair for each in pair)}:
            if (place := _number(name, others)) != UNKNOWN:
                barred[place] = True
        return barred


@dataclass(frozen=True, slots=True)
class Found:
    """Whom somebody could be paired with, as people stand now."""

    best: tuple[str, ...]
    """A newcomer's by score; a volunteer's as a run would serve them: by tier, then score and days waited."""
    possible: int
    """How many there are in all; for a newcomer those with a free place."""


@dataclass(frozen=True, slots=True)
class _Looked:
    """Some newcomers with some volunteers: every mask and value of theirs."""

    kilometres: Reals
    values: dict[CriterionName, Numbers]
    totals: Numbers
    masks: dict[str, Flags]


def options(around: Surroundings, newcomers: Collection[str]) -> dict[str, Options]:
    """For each of these newcomers, which volunteers there are and what stands in the way; who does not wait is left out."""
    pool = around.pool()
    return {
        each: _options(pool, around, row, _of_row(pool, around, row).masks)
        for row, each in enumerate(around.everybody.newcomers)
        if each in newcomers
    }


def of_newcomer(around: Surroundings, newcomer: str, count: int) -> tuple[Options, Found] | None:
    """Which volunteers there are for somebody who waits, and the best of those with a free place; none for who does not wait."""
    row = _number(newcomer, around.everybody.newcomers)
    if row == UNKNOWN:
        return None
    pool = around.pool()
    if around.policy.minimum_score:
        looked = _of_row(pool, around, row)
        masks, totals = looked.masks, looked.totals[0]
        may = np.flatnonzero(feasibility.feasible(masks)[0] & (pool.capacity > 0))
        worth = totals[may]
    else:  # only who may be proposed is scored
        masks = _masks(pool, around, row)
        may = np.flatnonzero(feasibility.feasible(masks)[0] & (pool.capacity > 0))
        worth = _worth(pool, around, row, may)
    order = may[np.argsort(-worth, kind="stable")][:count]
    best = tuple(around.everybody.volunteers[column] for column in order.tolist())
    return _options(pool, around, row, masks), Found(best, len(may))


def of_volunteer(around: Surroundings, volunteer: str, count: int) -> Found | None:
    """Those who wait and fit a volunteer, in the order in which a run would serve them if there were nobody else; none for who is no
    volunteer.
    """
    newcomers = around.everybody.newcomers
    column = _number(volunteer, around.everybody.volunteers)
    if column == UNKNOWN:
        return None
    pool = narrowed(around.pool(), np.array([column]))
    likings = around.everybody.likings
    likings = likings._replace(volunteers=likings.volunteers[[column]])
    looked = _look(pool, around, ALL, around.barred(volunteer, newcomers)[:, None], likings)
    may = np.flatnonzero(feasibility.feasible(looked.masks)[:, 0])
    tier = claims.tiers(pool, around.policy)
    claim = looked.totals[:, 0] + claims.waits(pool, around.policy)
    order = may[np.lexsort((-claim[may], tier[may]))][:count]
    return Found(tuple(newcomers[row] for row in order.tolist()), len(may))


def pairs(around: Surroundings, wanted: Sequence[tuple[Person, Person]]) -> list[Pair]:
    """Some newcomers and volunteers with their score and its reasons, whether or not they may be paired."""
    newcomers = {one.id: one for one, _ in wanted}
    volunteers = {other.id: other for _, other in wanted}
    pool = build([*newcomers.values()], [*volunteers.values()], {}, (), around.association, around.now)
    likings = Likings.of(pool, around.everybody.likings.worth)
    looked = _look(pool, around, ALL, np.zeros(pool.shape, np.bool_), likings)
    rows, columns = sorted(newcomers), sorted(volunteers)
    whole, everybody = around.everybody, around.pool()
    found: list[Pair] = []
    for one, other in wanted:
        row, column, place = rows.index(one.id), columns.index(other.id), _number(one.id, whole.newcomers)
        found.append(
            Pair(
                newcomer=one.id,
                volunteer=other.id,
                score=int(looked.totals[row, column]),
                reasons=explanations.of_pair(pool, looked.values, looked.kilometres, row, column),
                tier=int(claims.tiers(everybody, around.policy, slice(place, place + 1))[0]),
                days=int(everybody.days[place]),
            )
        )
    return found


def broken(
    pairs: Sequence[tuple[Person, Person]], association: Association, policy: Policy, now: datetime
) -> list[list[str]]:
    """For each newcomer and volunteer the constraints that they do not meet, in the order of `feasibility`; their history apart."""
    newcomers, volunteers = {one.id: one for one, _ in pairs}, {other.id: other for _, other in pairs}
    pool = build([*newcomers.values()], [*volunteers.values()], {}, (), association, now)
    masks = feasibility.constraints(pool, feasibility.distances_km(pool), policy=policy)
    rows, columns = sorted(newcomers), sorted(volunteers)
    places = [(rows.index(one.id), columns.index(other.id)) for one, other in pairs]
    return [[name for name, mask in masks.items() if not mask[place]] for place in places]


def _number(person: str, people: Sequence[str]) -> int:
    """Somebody's place in the order of ids."""
    place = bisect_left(people, person)
    return place if place < len(people) and people[place] == person else UNKNOWN


def _options(pool: Pool, around: Surroundings, row: int, masks: dict[str, Flags]) -> Options:
    own = _number(around.everybody.newcomers[row], around.everybody.volunteers)
    return explanations.of_options(pool.capacity, masks, own)


def _of_row(pool: Pool, around: Surroundings, row: int) -> _Looked:
    """One newcomer with all volunteers."""
    barred = around.barred(around.everybody.newcomers[row], around.everybody.volunteers)
    return _look(pool, around, slice(row, row + 1), barred[None, :], around.everybody.likings)


def _masks(pool: Pool, around: Surroundings, row: int) -> dict[str, Flags]:
    """What one newcomer's pairs with all volunteers meet, where no score is too low."""
    rows = slice(row, row + 1)
    barred = around.barred(around.everybody.newcomers[row], around.everybody.volunteers)
    met = feasibility.constraints(pool, feasibility.distances_km(pool, rows), rows, around.policy)
    return {**met, "history": ~barred[None, :], MINIMUM_SCORE: np.ones((1, len(barred)), np.bool_)}


def _worth(pool: Pool, around: Surroundings, row: int, columns: Numbers) -> Numbers:
    """The scores of one newcomer with some volunteers."""
    rows, some, likings = slice(row, row + 1), narrowed(pool, columns), around.everybody.likings
    known = likings._replace(volunteers=likings.volunteers[columns])
    values = scores.criteria(some, feasibility.distances_km(some, rows), rows, known)
    worth: Numbers = scores.total(values, around.policy.weights)[0]
    return worth


def _look(pool: Pool, around: Surroundings, rows: Rows, barred: Flags, likings: Likings) -> _Looked:
    """Some newcomers of a pool with its volunteers."""
    policy = around.policy
    kilometres = feasibility.distances_km(pool, rows)
    values = scores.criteria(pool, kilometres, rows, likings)
    totals = scores.total(values, policy.weights)
    masks = feasibility.constraints(pool, kilometres, rows, policy)
    return _Looked(
        kilometres, values, totals, {**masks, "history": ~barred, MINIMUM_SCORE: totals >= policy.minimum_score}
    )
