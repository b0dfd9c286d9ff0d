"""The certificate under attack: whatever is changed in pairs, prices or reach, the check refuses it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from duolangue.matching.domain.policy import Policy
from duolangue.matching.engine import certificate, claims
from duolangue.matching.engine.assignment import solve
from duolangue.matching.engine.certificate import Unproven, verify
from duolangue.matching.engine.proof import NOBODY
from tests.matching.crowd import ONE_CITY, crowd

POLICY = Policy(minimum_score=100_000)


@pytest.fixture(scope="module")
def pool():
    return crowd(60, 40, seed=4, cities=ONE_CITY)


@pytest.fixture(scope="module")
def solution(pool):
    return solve(pool, POLICY)


def refused(pool, pairs, proof, policy=POLICY) -> str:
    with pytest.raises(Unproven) as caught:
        verify(pool, policy, pairs, proof)
    return str(caught.value)


def test_what_the_engine_found_is_proven(pool, solution):
    verify(pool, POLICY, solution.pairs, solution.proof)
    stored = certificate.issue(pool, POLICY, solution)
    assert stored.primal == stored.dual > 0
    assert sum(each.paired for each in stored.tiers) == len(solution.pairs)
    assert 0 < len(solution.pairs) < 60


def test_an_allowed_pairing_that_is_not_the_best_is_refused(pool, solution):
    """Two pairs swap their volunteers wherever that is allowed."""
    pairs, tried = solution.pairs, 0
    score = certificate.allowed(pool, POLICY, slice(0, 60))
    for one in range(len(pairs)):
        for other in range(one):
            (a, b, _), (c, d, _) = pairs[one], pairs[other]
            if b == d or score[a, d] < 0 or score[c, b] < 0 or score[a, d] + score[c, b] == score[a, b] + score[c, d]:
                continue
            swapped = pairs.copy()
            swapped[one], swapped[other] = (a, d, score[a, d]), (c, b, score[c, b])
            assert "worth less" in refused(pool, swapped, solution.proof)
            tried += 1
            if tried == 50:
                return
    assert tried > 5


def test_a_missing_pair_is_refused(pool, solution):
    for row in range(0, len(solution.pairs), 5):
        assert refused(pool, np.delete(solution.pairs, row, axis=0), solution.proof)


def test_a_changed_score_is_refused(pool, solution):
    pairs = solution.pairs
    pairs[3, 2] += 1
    assert "worth less" in refused(pool, pairs, solution.proof)
    pairs[4, 2] -= 1
    assert "score is not" in refused(pool, pairs, solution.proof)


def test_somebody_twice_a_stranger_and_too_many_for_a_volunteer_are_refused(pool, solution):
    pairs = solution.pairs
    assert "two pairs" in refused(pool, np.concatenate([pairs, pairs[:1]]), solution.proof)
    assert "not in the pool" in refused(pool, np.concatenate([pairs, [[60, 0, 0]]]), solution.proof)
    left = int(np.flatnonzero(solution.partner == NOBODY)[0])
    full = int(pairs[0, 1])
    crowded = np.concatenate([pairs, [[left, full, 0]]])
    assert refused(pool, crowded, solution.proof)


def test_a_pair_that_may_not_be_is_refused(pool, solution):
    kept_apart = pool.apart_start.copy()
    row, column, _ = (int(each) for each in solution.pairs[0])
    kept_apart[row + 1 :] += 1
    forbidding = replace(pool, apart_start=kept_apart, apart=np.insert(pool.apart, pool.apart_start[row], column))
    assert "may not be" in refused(forbidding, solution.pairs, solution.proof)


def test_changed_prices_are_refused(pool, solution):
    proof = solution.proof
    for name in ("newcomers", "volunteers"):
        prices = getattr(proof, name)
        for position in np.flatnonzero(prices)[:10]:
            for change in (-1, 1):
                changed = prices.copy()
                changed[position] += change
                free = name == "volunteers" and pool.capacity[position] == 0
                if not free:
                    assert refused(pool, solution.pairs, replace(proof, **{name: changed}))
    below = proof.newcomers.copy()
    below[0] = -1
    assert "below nothing" in refused(pool, solution.pairs, replace(proof, newcomers=below))


def test_changed_bonuses_are_refused(pool, solution):
    proof = solution.proof
    for each in range(claims.count(POLICY)):
        changed = proof.bonus.copy()
        changed[each] += 1
        if (claims.tiers(pool, POLICY) == each).any():
            assert refused(pool, solution.pairs, replace(proof, bonus=changed))
    assert "later tier" in refused(pool, solution.pairs, replace(proof, bonus=proof.bonus[::-1].copy()))


def test_a_tier_without_its_proof_is_refused(pool, solution):
    proof = solution.proof
    assert refused(pool, solution.pairs, replace(proof, reach=proof.reach[:-1]))
    for each, reach in enumerate(proof.reach):
        if reach.any():
            emptied = (*proof.reach[:each], np.zeros_like(reach), *proof.reach[each + 1 :])
            assert "moved elsewhere" in refused(pool, solution.pairs, replace(proof, reach=emptied))


def test_another_pool_or_other_rules_have_another_digest(pool, solution):
    one = certificate.issue(pool, POLICY, solution).digest
    assert one == certificate.issue(pool, POLICY, solution).digest
    assert one != certificate.issue(pool, Policy(), solution).digest
    older = replace(pool, days=pool.days + 1)
    assert one != certificate.digest(older, POLICY, solution)
    with pytest.raises(Unproven, match="worth less than the prices"):
        certificate.issue(older, POLICY, solution)


def test_a_pool_with_no_possible_pair_is_proven_empty():
    for rows, columns in ((0, 0), (5, 0), (0, 5)):
        pool = crowd(rows, columns, seed=1)
        found = solve(pool, POLICY)
        verify(pool, POLICY, found.pairs, found.proof)
        assert not len(found.pairs)
    nobody = Policy(minimum_score=1_000_000)
    pool = crowd(20, 20, seed=1)
    found = solve(pool, nobody)
    verify(pool, nobody, found.pairs, found.proof)
    assert not len(found.pairs)
