"""Whom one person could be paired with today, the best first: for a newcomer who waits, and for a volunteer with a free place."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from duolangue.matching.domain.policy import CriterionName, Policy
from duolangue.matching.domain.reasons import MILLION
from duolangue.matching.domain.run import Pair
from duolangue.matching.domain.waiting import Options
from duolangue.matching.engine import claims, explanations, feasibility, scores
from duolangue.matching.engine.compute import MINIMUM_SCORE, Question, build_pool
from duolangue.matching.engine.pool import Flags, Numbers, Pool, Reals, Side


@dataclass(frozen=True, slots=True)
class Prospects:
    """Whom somebody could be paired with, as people stand now."""

    best: tuple[Pair, ...]
    """Each with its reasons. A newcomer's by score; a volunteer's as a run would serve them: by tier, then score and days waited."""
    possible: int
    """How many there are in all; for a newcomer those with a free place."""


@dataclass(frozen=True, slots=True)
class _Looked:
    """Some newcomers with some volunteers: every mask and value of theirs."""

    kilometres: Reals
    values: dict[CriterionName, Numbers]
    totals: Numbers
    masks: dict[str, Flags]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everybody there is, made ready to be looked at from one person after the other."""

    pool: Pool
    policy: Policy
    worth: Numbers
    """What each interest is worth in the whole pool, so that a score is a run's to the last unit, however few people are looked at."""


def surroundings(question: Question) -> Surroundings:
    """Of a pool; takes about as long as looking at it once."""
    pool = build_pool(question)
    return Surroundings(pool, question.policy, scores.worths(pool))


def options(around: Surroundings, newcomers: Collection[str]) -> dict[str, Options]:
    """For each of these newcomers, which volunteers there are and what stands in the way; who does not wait is left out."""
    found: dict[str, Options] = {}
    for row, person in enumerate(around.pool.newcomers.people):
        if person.id in newcomers:
            looked = _look(around.pool, around, slice(row, row + 1))
            found[person.id] = explanations.of_options(around.pool, looked.masks, row, row)
    return found


def of_newcomer(around: Surroundings, newcomer: str, count: int) -> Prospects:
    """The best volunteers with a free place for somebody who waits.

    Raises:
        ValueError: they do not wait.
    """
    pool = around.pool
    row = [person.id for person in pool.newcomers.people].index(newcomer)
    looked = _look(pool, around, slice(row, row + 1))
    may = np.flatnonzero(feasibility.feasible(looked.masks)[0] & (pool.capacity > 0))
    order = may[np.argsort(-looked.totals[0, may], kind="stable")][:count]
    tier = int(claims.tiers(pool, around.policy)[row])
    return Prospects(tuple(_pair(pool, looked, row, int(column), tier, row) for column in order), len(may))


def of_volunteer(around: Surroundings, volunteer: str, count: int) -> Prospects:
    """Those who wait and fit a volunteer, in the order in which a run would serve them if there were nobody else.

    Raises:
        ValueError: they are no volunteer of this pool.
    """
    pool = _alone(around.pool, [person.id for person in around.pool.volunteers.people].index(volunteer))
    looked = _look(pool, around, slice(0, len(pool.newcomers)))
    may = np.flatnonzero(feasibility.feasible(looked.masks)[:, 0])
    tier = claims.tiers(pool, around.policy)
    claim = looked.totals[:, 0] + claims.waits(pool, around.policy)
    order = may[np.lexsort((-claim[may], tier[may]))][:count]
    return Prospects(tuple(_pair(pool, looked, int(row), 0, int(tier[row])) for row in order), len(may))


def _look(pool: Pool, around: Surroundings, rows: slice) -> _Looked:
    """Some newcomers of a pool, which is the whole or a part of it, with its volunteers."""
    policy = around.policy
    kilometres = feasibility.distances_km(pool, rows)
    values = scores.criteria(pool, kilometres, rows)
    values[CriterionName.INTERESTS] = _interests(pool, rows, around.worth)
    totals = scores.total(values, policy.weights)
    masks = feasibility.constraints(pool, kilometres, rows, policy)
    return _Looked(kilometres, values, totals, {**masks, MINIMUM_SCORE: totals >= policy.minimum_score})


def _interests(pool: Pool, rows: slice, worth: Numbers) -> Numbers:
    """The criterion of shared interests, as `scores` states it, under given worths."""
    one, other = pool.newcomers.interests[rows], pool.volunteers.interests
    both = (one[:, None] & other[None, :]).reshape(-1)
    shared = scores.masses(both, worth).reshape(len(one), len(other))
    most = np.minimum(scores.masses(one, worth)[:, None], scores.masses(other, worth)[None, :])
    part: Numbers = MILLION * shared // np.maximum(1, most)
    return part


def _alone(pool: Pool, column: int) -> Pool:
    """All newcomers, with one volunteer."""
    only = slice(column, column + 1)
    meets = np.array([column in pool.apart_from(row) for row in range(len(pool.newcomers))], np.int32)
    return replace(
        pool,
        volunteers=_only(pool.volunteers, only),
        comfort=pool.comfort[only],
        same_gender=pool.same_gender[only],
        capacity=pool.capacity[only],
        apart_start=np.concatenate([[0], np.cumsum(meets)]).astype(np.int32),
        apart=np.zeros(int(meets.sum()), np.int32),
    )


def _only(side: Side, only: slice) -> Side:
    arrays = {name: getattr(side, name)[only] for name in Side.__slots__}
    return Side(**arrays)


def _pair(pool: Pool, looked: _Looked, row: int, column: int, tier: int, offset: int = 0) -> Pair:
    return Pair(
        newcomer=pool.newcomers.people[row].id,
        volunteer=pool.volunteers.people[column].id,
        score=int(looked.totals[row - offset, column]),
        reasons=explanations.of_pair(pool, looked.values, looked.kilometres, row, column, offset),
        tier=tier,
        days=int(pool.days[row]),
    )
