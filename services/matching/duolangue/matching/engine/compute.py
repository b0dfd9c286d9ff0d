"""A whole run, from people to a plan; and one pair looked at by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from duolangue.matching.domain.people import Association, Person
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.run import Figures, Pair, Plan, Waiting
from duolangue.matching.engine import certificate, claims, explanations, feasibility, scores
from duolangue.matching.engine import keeping as keep
from duolangue.matching.engine.assignment import solve
from duolangue.matching.engine.pool import Numbers, Pool, build, narrowed
from duolangue.matching.engine.progress import Tell, growing, silent, within
from duolangue.matching.engine.proof import NOBODY
from duolangue.matching.engine.scores import Likings

TOGETHER: Final = 256
"""Pairs whose reasons are computed at once."""
MINIMUM_SCORE: Final = "minimum_score"
"""The constraint that is peeled last: the association's least score."""


@dataclass(frozen=True, slots=True)
class Question:
    """Everything a run looks at, as it stood at one moment."""

    newcomers: Sequence[Person]
    """Who waits."""
    volunteers: Sequence[Person]
    """Everybody active, also those without a free place, so that it can be said that they are taken."""
    capacity: Mapping[str, int]
    """Free places, by volunteer."""
    apart: set[frozenset[str]]
    """Who may not be paired for their history, in either order."""
    association: Association
    policy: Policy
    now: datetime


def plan(question: Question, tell: Tell = silent) -> Plan:
    """The best pairs, each with its reasons, why everybody else waits, and the figures of the proof. `tell` hears how far it is."""
    tell = growing(tell)
    pool, policy = build_pool(question), question.policy
    tell(5)
    solution = solve(pool, policy, tell=within(tell, 5, 60))
    pairs = _pairs(pool, policy, solution.partner, within(tell, 60, 80))
    waiting = _waiting(pool, policy, np.flatnonzero(solution.partner == NOBODY), within(tell, 80, 100))
    figures = Figures(
        newcomers=len(pool.newcomers),
        volunteers=int((pool.capacity > 0).sum()),
        places=int(pool.capacity.sum()),
        pairs=len(pairs),
        waiting=len(waiting),
        score=sum(pair.score for pair in pairs),
    )
    return Plan(
        figures=figures,
        pairs=tuple(pairs),
        waiting=tuple(waiting),
        certificate=certificate.issue(pool, policy, solution),
    )


def pairs_alone(question: Question) -> list[Pair]:
    """The pairs of `plan`, without why anybody waits and without the proof's figures: for who asks for many runs in a row."""
    pool, policy = build_pool(question), question.policy
    return _pairs(pool, policy, solve(pool, policy).partner)


def keeping(question: Question, paired: Mapping[str, str]) -> list[Pair]:
    """Pairs as good as those of `plan`, and among all such those that keep most of the pairs there are, newcomer to volunteer; for a
    pool of some ten thousand pairs.
    """
    pool, policy = build_pool(question), question.policy
    column_of = {person.id: column for column, person in enumerate(pool.volunteers.people)}
    present = [column_of.get(paired.get(person.id, ""), NOBODY) for person in pool.newcomers.people]
    return _pairs(pool, policy, keep.solve(pool, policy, np.array(present, np.int64)))


def examine(question: Question, newcomer: str, volunteer: str) -> Pair | str:
    """One pair within its pool: the pair with its reasons, or the name of the first constraint it breaks."""
    pool = build_pool(question)
    row = [person.id for person in pool.newcomers.people].index(newcomer)
    column = [person.id for person in pool.volunteers.people].index(volunteer)
    found = _Part(pool, question.policy, np.array([row]), Likings.of(pool))
    for name, mask in found.masks.items():
        if not mask[0, column]:
            return name
    return found.pair(0, column)


def build_pool(question: Question) -> Pool:
    """The arrays of what a run looks at."""
    return build(
        question.newcomers,
        question.volunteers,
        question.capacity,
        question.apart,
        question.association,
        question.now,
    )


def _pairs(pool: Pool, policy: Policy, partner: Numbers, tell: Tell = silent) -> list[Pair]:
    """Pairs with their reasons; only those who are paired are looked at, so many together."""
    likings, paired, pairs = Likings.of(pool), np.flatnonzero(partner != NOBODY), []
    for start in range(0, len(paired), TOGETHER):
        rows = paired[start : start + TOGETHER]
        columns, column_of = np.unique(partner[rows], return_inverse=True)
        of_these = likings._replace(volunteers=likings.volunteers[columns])
        found = _Part(narrowed(pool, columns), policy, rows, of_these)
        pairs += [found.pair(position, column) for position, column in enumerate(column_of.tolist())]
        tell(100 * len(pairs) // len(paired))
    return pairs


def _waiting(pool: Pool, policy: Policy, left: Numbers, tell: Tell) -> list[Waiting]:
    """Why these newcomers wait: each with everybody."""
    likings, size, waiting = Likings.of(pool), max(1, certificate.CHUNK // max(1, len(pool.volunteers))), []
    for start in range(0, len(left), size):
        rows = left[start : start + size]
        found = _Part(pool, policy, rows, likings)
        waiting += [found.waiting(position) for position in range(len(rows))]
        tell(100 * len(waiting) // len(left))
    return waiting


class _Part:
    """Some newcomers with the volunteers of a pool, every mask and value of theirs."""

    def __init__(self, pool: Pool, policy: Policy, rows: Numbers, likings: Likings) -> None:
        self.pool, self.rows, self.tier = pool, rows.tolist(), claims.tiers(pool, policy)
        self.kilometres = feasibility.distances_km(pool, rows)
        self.values = scores.criteria(pool, self.kilometres, rows, likings)
        self.totals = scores.total(self.values, policy.weights)
        masks = feasibility.constraints(pool, self.kilometres, rows, policy)
        self.masks = {**masks, MINIMUM_SCORE: self.totals >= policy.minimum_score}

    def pair(self, position: int, column: int) -> Pair:
        row = self.rows[position]
        return Pair(
            newcomer=self.pool.newcomers.people[row].id,
            volunteer=self.pool.volunteers.people[column].id,
            score=int(self.totals[position, column]),
            reasons=explanations.of_pair(self.pool, self.values, self.kilometres, row, column, row - position),
            tier=int(self.tier[row]),
            days=int(self.pool.days[row]),
        )

    def waiting(self, position: int) -> Waiting:
        row = self.rows[position]
        person = self.pool.newcomers.people[row]
        assert person.newcomer is not None
        return Waiting(
            participant=person.id,
            since=person.newcomer.waiting_since,
            reason=explanations.of_waiting(self.pool, self.masks, self.kilometres, row, row - position),
            tier=int(self.tier[row]),
        )
