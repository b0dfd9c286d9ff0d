"""A whole run, from people to a plan; and one pair looked at by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from duolangue.matching.domain.people import Association, Person
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.run import Figures, Pair, Plan, Waiting
from duolangue.matching.engine import explanations, feasibility, scores
from duolangue.matching.engine.assignment import assign
from duolangue.matching.engine.pool import build


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
    """The best pairs, each with its reasons, and why everybody else waits."""
    pool = build(
        question.newcomers,
        question.volunteers,
        question.capacity,
        question.apart,
        question.association,
        question.now,
    )
    kilometres = feasibility.distances_km(pool)
    masks = feasibility.constraints(pool, kilometres)
    values = scores.criteria(pool, kilometres)
    totals = scores.total(values, question.policy.weights)
    allowed = np.where(feasibility.feasible(masks), totals, -1)
    found = assign(allowed, pool.capacity, pool.days * question.policy.day_waited)
    rows, columns = pool.newcomers.people, pool.volunteers.people
    pairs = tuple(
        Pair(
            newcomer=rows[row].id,
            volunteer=columns[column].id,
            score=int(totals[row, column]),
            reasons=explanations.of_pair(pool, values, kilometres, row, column),
        )
        for row, column in found.tolist()
    )
    paired = set(found[:, 0].tolist())
    waiting = tuple(
        Waiting(
            participant=person.id,
            since=person.newcomer.waiting_since,
            reason=explanations.of_waiting(pool, masks, kilometres, row),
        )
        for row, person in enumerate(rows)
        if row not in paired and person.newcomer is not None
    )
    figures = Figures(
        newcomers=len(rows),
        volunteers=int((pool.capacity > 0).sum()),
        places=int(pool.capacity.sum()),
        pairs=len(pairs),
        waiting=len(waiting),
        score=sum(pair.score for pair in pairs),
    )
    return Plan(figures=figures, pairs=pairs, waiting=waiting)


def examine(question: Question, newcomer: str, volunteer: str) -> Pair | str:
    """One pair within its pool: the pair with its reasons, or the name of the first constraint it breaks."""
    pool = build(
        question.newcomers,
        question.volunteers,
        question.capacity,
        question.apart,
        question.association,
        question.now,
    )
    row = [person.id for person in pool.newcomers.people].index(newcomer)
    column = [person.id for person in pool.volunteers.people].index(volunteer)
    kilometres = feasibility.distances_km(pool)
    for name, mask in feasibility.constraints(pool, kilometres).items():
        if not mask[row, column]:
            return name
    values = scores.criteria(pool, kilometres)
    return Pair(
        newcomer=newcomer,
        volunteer=volunteer,
        score=int(scores.total(values, question.policy.weights)[row, column]),
        reasons=explanations.of_pair(pool, values, kilometres, row, column),
    )
