"""Newcomers who come one by one: after each, the assignment is what a whole run would find."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from duolangue.matching.domain.policy import Policy
from duolangue.matching.engine import claims
from duolangue.matching.engine.assignment import solve
from duolangue.matching.engine.certificate import Unproven, allowed, verify
from duolangue.matching.engine.proof import NOBODY
from tests.matching.crowd import ONE_CITY, crowd

POLICY = Policy()
COMING = 25


def whole_run(pool, present):
    place = pool.newcomers.place.copy()
    place[present:] = NOBODY
    pool = replace(pool, newcomers=replace(pool.newcomers, place=place))
    found = solve(pool, POLICY)
    tier, paired = claims.tiers(pool, POLICY), found.partner != NOBODY
    counts = [int((paired & (tier == each)).sum()) for each in range(claims.count(POLICY))]
    return *counts, int(found.score.sum() + claims.waits(pool, POLICY)[paired].sum())


@pytest.mark.parametrize(("seed", "volunteers"), [(1, 60), (2, 110), (3, 200)])
def test_after_each_arrival_nothing_better_exists(seed, volunteers):
    """Scarcity, balance and surplus."""
    from duolangue.matching.engine.online import Standing

    pool = crowd(150, volunteers, seed=seed, cities=ONE_CITY)
    standing = Standing(pool, POLICY, arriving=COMING)
    assert standing.value == whole_run(pool, 150 - COMING)
    for present in range(150 - COMING + 1, 151):
        standing.arrive()
        standing.check()
        assert standing.value == whole_run(pool, present)


def test_the_best_five_are_the_best_five():
    from duolangue.matching.engine.online import Standing

    pool = crowd(150, 90, seed=5, cities=ONE_CITY)
    standing = Standing(pool, POLICY, arriving=COMING)
    score = allowed(pool, POLICY, slice(0, 150))
    for newcomer in range(120, 150):
        found = standing.best(newcomer)
        best = np.sort(score[newcomer][score[newcomer] >= 0])[::-1][:5]
        assert [worth for _, worth in found] == best.tolist()
        assert all(score[newcomer, column] == worth for column, worth in found)


def test_the_check_for_large_pools_refuses_what_the_readable_one_refuses():
    from duolangue.matching.engine import recheck

    pool = crowd(200, 85, seed=6, cities=ONE_CITY)
    found = solve(pool, POLICY)
    recheck.verify(pool, POLICY, found.pairs, found.proof)
    lower = found.proof.newcomers.copy()
    lower[np.flatnonzero(lower)[0]] -= 1
    higher = found.proof.volunteers.copy()
    higher[np.flatnonzero(found.proof.volunteers)[0]] += 1
    other = found.pairs.copy()
    other[0, 2] += 1
    emptied = tuple(np.zeros_like(each) for each in found.proof.reach)
    for pairs, proof in (
        (found.pairs, replace(found.proof, newcomers=lower)),
        (found.pairs, replace(found.proof, volunteers=higher)),
        (found.pairs, replace(found.proof, reach=emptied)),
        (found.pairs[1:], found.proof),
        (other, found.proof),
    ):
        for check in (verify, recheck.verify):
            with pytest.raises(Unproven):
                check(pool, POLICY, pairs, proof)
