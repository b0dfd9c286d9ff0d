"""Checks a proof against the pool itself, pair by pair, and makes what is stored of it.

Knows nothing of how an assignment was found: it takes people, rules, pairs and prices, and computes every possible pair anew.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

import numpy as np

from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.proof import Certificate, TierCount
from duolangue.matching.engine import claims, feasibility, scores
from duolangue.matching.engine.pool import Flags, Numbers, Pool
from duolangue.matching.engine.proof import NOBODY, Proof, Solution

CHUNK: Final = 4_000_000
"""Pairs looked at at once."""


class Unproven(ValueError):
    """Something in a proof does not hold; says what."""


def verify(pool: Pool, policy: Policy, pairs: Numbers, proof: Proof) -> None:
    """Check that the pairs (rows of newcomer, volunteer, score) are allowed, and that no assignment is better.

    Every possible pair is computed anew, in newcomers x volunteers steps.

    Raises:
        Unproven: they are not, or the proof does not show it.
    """
    _, moved = outline(pool, policy, pairs, proof)
    tier = claims.tiers(pool, policy)
    claim = claims.waits(pool, policy) + proof.bonus[tier]
    for rows in chunks(pool):
        score = allowed(pool, policy, rows)
        may = (score >= 0) & (pool.capacity > 0)[None, :]
        worth = score + claim[rows, None]
        prices = proof.newcomers[rows, None] + proof.volunteers[None, :]
        _expect(not (may & (worth > prices)).any(), "a possible pair is worth more than its prices")
        _check_scores(pairs[(pairs[:, 0] >= rows.start) & (pairs[:, 0] < rows.stop)], score, may, rows.start)
        for who, reach in zip(moved, proof.reach, strict=True):
            _expect(not (may[who[rows]] & ~reach).any(), "somebody of an earlier tier could be moved elsewhere")


def outline(pool: Pool, policy: Policy, pairs: Numbers, proof: Proof) -> tuple[Numbers, list[Flags]]:
    """Check all of a proof that is not about each possible pair; gives everybody's partner, and by tier who could be moved.

    Raises:
        Unproven: something does not hold.
    """
    partner = _partners(pool, pairs)
    tier, number = claims.tiers(pool, policy), claims.count(policy)
    _expect(len(proof.bonus) == number == len(proof.reach), "a tier is missing")
    _expect(bool((np.diff(proof.bonus) <= 0).all() and proof.bonus[-1] >= 0), "a later tier counts more")
    _expect(not any((prices < 0).any() for prices in (proof.newcomers, proof.volunteers)), "a price below nothing")
    moved = [_held(pool, partner, tier, each, reach) for each, reach in enumerate(proof.reach)]
    _expect(primal(pool, policy, pairs, proof) == dual(pool, proof), "the pairs are worth less than the prices")
    return partner, moved


def primal(pool: Pool, policy: Policy, pairs: Numbers, proof: Proof) -> int:
    """What the pairs are worth together, tiers' bonuses included."""
    claim = claims.waits(pool, policy) + proof.bonus[claims.tiers(pool, policy)]
    return int(pairs[:, 2].sum() + claim[pairs[:, 0]].sum())


def dual(pool: Pool, proof: Proof) -> int:
    """What the prices of all people and places add up to: no assignment is worth more."""
    return int(proof.newcomers.sum() + (proof.volunteers * pool.capacity).sum())


def allowed(pool: Pool, policy: Policy, rows: slice) -> Numbers:
    """Scores of some newcomers with all volunteers; -1 where a pair may not be."""
    kilometres = feasibility.distances_km(pool, rows)
    may = feasibility.feasible(feasibility.constraints(pool, kilometres, rows, policy))
    score = scores.total(scores.criteria(pool, kilometres, rows), policy.weights)
    return np.where(may & (score >= policy.minimum_score), score, -1)


def chunks(pool: Pool) -> list[slice]:
    """Newcomers by so many that their pairs fit into memory."""
    newcomers, volunteers = pool.shape
    size = max(1, CHUNK // max(1, volunteers))
    return [slice(start, min(newcomers, start + size)) for start in range(0, newcomers, size)]


def issue(pool: Pool, policy: Policy, solution: Solution) -> Certificate:
    """What is stored of a proof: its figures, and a digest of all it is about.

    Raises:
        Unproven: the pairs are worth less than the prices: there may be better ones.
    """
    tier = claims.tiers(pool, policy)
    least, most = primal(pool, policy, solution.pairs, solution.proof), dual(pool, solution.proof)
    _expect(least == most, "the pairs are worth less than the prices")
    paired = solution.partner != NOBODY
    return Certificate(
        kernel=solution.kernel,
        rounds=solution.rounds,
        candidates=solution.candidates,
        primal=least,
        dual=most,
        tiers=tuple(
            TierCount(
                tier=each,
                newcomers=int((tier == each).sum()),
                paired=int((paired & (tier == each)).sum()),
                bonus=int(solution.proof.bonus[each]),
            )
            for each in range(claims.count(policy))
        ),
        digest=digest(pool, policy, solution),
    )


def digest(pool: Pool, policy: Policy, solution: Solution) -> str:
    """A digest over people (as numbers, in their order), rules, pairs and prices."""
    found = sha256(policy.model_dump_json().encode())
    for side in (pool.newcomers, pool.volunteers):
        for name in side.__slots__:
            if name != "people":
                found.update(np.ascontiguousarray(getattr(side, name)).tobytes())
    for name in pool.__slots__:
        if name not in {"newcomers", "volunteers"}:
            found.update(np.ascontiguousarray(getattr(pool, name)).tobytes())
    proof = solution.proof
    for each in (solution.pairs, proof.newcomers, proof.volunteers, proof.bonus, *proof.reach):
        found.update(np.ascontiguousarray(each).tobytes())
    return found.hexdigest()


def _partners(pool: Pool, pairs: Numbers) -> Numbers:
    newcomers, volunteers = pool.shape
    rows, columns = pairs[:, 0], pairs[:, 1]
    inside = (rows >= 0) & (rows < newcomers) & (columns >= 0) & (columns < volunteers)
    _expect(bool(inside.all()), "somebody is not in the pool")
    _expect(len(np.unique(rows)) == len(rows), "a newcomer is in two pairs")
    taken = np.bincount(columns, minlength=volunteers)
    _expect(not (taken > pool.capacity).any(), "a volunteer has more pairs than places")
    partner = np.full(newcomers, NOBODY, np.int64)
    partner[rows] = columns
    return partner


def _held(pool: Pool, partner: Numbers, tier: Numbers, last: int, reach: Flags) -> Flags:
    """Who of the tiers up to `last` could be moved: who is left, and who holds a place with a volunteer they reach."""
    held = (partner != NOBODY) & reach[partner] if reach.size else np.zeros(len(partner), np.bool_)
    taken = np.bincount(partner[partner != NOBODY], minlength=len(reach))
    _expect(not (held & (tier > last)).any(), "a later tier holds a place that an earlier one could have")
    _expect(not (reach & (taken < pool.capacity)).any(), "a place is free that somebody of an earlier tier could have")
    moved: Flags = held | ((partner == NOBODY) & (tier <= last))
    return moved


def _check_scores(pairs: Numbers, score: Numbers, may: Flags, start: int) -> None:
    rows, columns = pairs[:, 0] - start, pairs[:, 1]
    _expect(bool(may[rows, columns].all()), "a pair may not be")
    _expect(bool((score[rows, columns] == pairs[:, 2]).all()), "a score is not the pair's")


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Unproven(otherwise)
