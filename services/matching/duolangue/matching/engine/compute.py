"""A whole run, from people to a plan; and one pair looked at by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from duolangue.matching.domain.people import Association, Person
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.run import Figures, Pair, Plan, Waiting
from duolangue.matching.engine import certificate, claims, explanations, feasibility, scores
from duolangue.matching.engine.assignment import solve
from duolangue.matching.engine.pool import Pool, build
from duolangue.matching.engine.proof import NOBODY

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


def plan(question: Question) -> Plan:
    """The best pairs, each with its reasons, why everybody else waits, and the figures of the proof."""
    pool, policy = build_pool(question), question.policy
    solution = solve(pool, policy)
    tier = claims.tiers(pool, policy)
    pairs: list[Pair] = []
    waiting: list[Waiting] = []
    for rows in certificate.chunks(pool):
        found = _Chunk(pool, policy, rows)
        for row in range(rows.start, rows.stop):
            if solution.partner[row] == NOBODY:
                waiting.append(found.waiting(row, int(tier[row])))
            else:
                pairs.append(found.pair(row, int(solution.partner[row]), int(tier[row])))
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
    partner, tier = solve(pool, policy).partner, claims.tiers(pool, policy)
    pairs: list[Pair] = []
    for rows in certificate.chunks(pool):
        paired = [row for row in range(rows.start, rows.stop) if partner[row] != NOBODY]
        if paired:
            found = _Chunk(pool, policy, rows)
            pairs += [found.pair(row, int(partner[row]), int(tier[row])) for row in paired]
    return pairs


def examine(question: Question, newcomer: str, volunteer: str) -> Pair | str:
    """One pair within its pool: the pair with its reasons, or the name of the first constraint it breaks."""
    pool = build_pool(question)
    row = [person.id for person in pool.newcomers.people].index(newcomer)
    column = [person.id for person in pool.volunteers.people].index(volunteer)
    found = _Chunk(pool, question.policy, slice(row, row + 1))
    for name, mask in found.masks.items():
        if not mask[0, column]:
            return name
    return found.pair(row, column, int(claims.tiers(pool, question.policy)[row]))


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


class _Chunk:
    """Some newcomers with all volunteers, every mask and value of theirs."""

    def __init__(self, pool: Pool, policy: Policy, rows: slice) -> None:
        self.pool, self.offset = pool, rows.start
        self.kilometres = feasibility.distances_km(pool, rows)
        self.values = scores.criteria(pool, self.kilometres, rows)
        self.totals = scores.total(self.values, policy.weights)
        masks = feasibility.constraints(pool, self.kilometres, rows, policy)
        self.masks = {**masks, MINIMUM_SCORE: self.totals >= policy.minimum_score}

    def pair(self, row: int, column: int, tier: int) -> Pair:
        return Pair(
            newcomer=self.pool.newcomers.people[row].id,
            volunteer=self.pool.volunteers.people[column].id,
            score=int(self.totals[row - self.offset, column]),
            reasons=explanations.of_pair(self.pool, self.values, self.kilometres, row, column, self.offset),
            tier=tier,
            days=int(self.pool.days[row]),
        )

    def waiting(self, row: int, tier: int) -> Waiting:
        person = self.pool.newcomers.people[row]
        assert person.newcomer is not None
        return Waiting(
            participant=person.id,
            since=person.newcomer.waiting_since,
            reason=explanations.of_waiting(self.pool, self.masks, self.kilometres, row, self.offset),
            tier=tier,
        )
