"""Whom one person could be paired with, found from numbers kept of everybody: the same as looking at every pair in the whole pool."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from duolangue.contracts.facts.registration import AgeRange, NewcomerProfile, ParticipantStatus, VolunteerProfile
from duolangue.contracts.vocabulary import SLOTS, Gender, Interest, Level, Role
from duolangue.matching.domain.people import Association, Person
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.run import Pair
from duolangue.matching.domain.waiting import tier_of
from duolangue.matching.engine import prospects, traits
from duolangue.matching.engine.compute import Question, examine
from duolangue.matching.engine.prospects import Everybody, Surroundings

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MOST = 5


def person(name: str, chance: random.Random) -> Person:
    """Somebody of Liège, Arlon or nowhere known; a few are on both sides."""
    roles = chance.choices([(Role.NEWCOMER,), (Role.VOLUNTEER,), (Role.NEWCOMER, Role.VOLUNTEER)], [6, 4, 1])[0]
    wish = AgeRange(least=25, most=chance.randint(30, 60)) if chance.random() < 0.3 else None
    asks = NewcomerProfile(
        french_oral=chance.choice(list(Level)[:6]),
        waiting_since=NOW - timedelta(days=chance.randint(0, 200), hours=chance.randint(0, 23)),
        partner_gender=chance.choice([None, None, *Gender]),
        partner_age=wish,
        needs_common_language=chance.random() < 0.4,
    )
    helps = VolunteerProfile(
        places=chance.randint(1, 3),
        comfort=chance.choice(list(Level)[:4]),
        same_gender_only=chance.random() < 0.2,
    )
    return Person(
        id=name,
        status=ParticipantStatus.ACTIVE,
        roles=roles,
        birth_year=chance.choice([None, *range(1950, 2006)]),
        gender=chance.choice([None, *Gender]),
        postcode=chance.choice(["4000", "4000", "4020", "4100", "6700", None]),
        languages=tuple(chance.sample(["fr", "en", "ar", "uk", "ti"], chance.randint(0, 2))),
        interests=tuple(chance.sample(list(Interest), chance.randint(0, 4))),
        availability=tuple(chance.sample(list(SLOTS), chance.randint(0, 3))),
        radius_km=chance.choice([None, 5, 200]),
        newcomer=asks if Role.NEWCOMER in roles else None,
        volunteer=helps if Role.VOLUNTEER in roles else None,
        goes_first=Role.NEWCOMER in roles and chance.random() < 0.2,
    )


def question(seed: int) -> Question:
    chance = random.Random(seed)
    people = [person(f"p{number:02}", chance) for number in range(24)]
    apart = {frozenset(each.id for each in chance.sample(people, 2)) for _ in range(8)}
    volunteers = [each for each in people if each.volunteer]
    return Question(
        newcomers=[each for each in people if each.newcomer],
        volunteers=volunteers,
        capacity={each.id: chance.randint(0, each.places) for each in volunteers},
        apart=apart,
        association=Association(id="interra", radius_km=chance.choice([10, 200])),
        policy=Policy(common_time=chance.random() < 0.3, minimum_score=chance.choice([0, 400_000])),
        now=NOW,
    )


def surroundings(asked: Question) -> Surroundings:
    known = {each.id: traits.of(each) for each in (*asked.newcomers, *asked.volunteers)}
    first = {each.id for each in asked.newcomers if each.goes_first}
    rows, columns = [known[each.id] for each in asked.newcomers], [known[each.id] for each in asked.volunteers]
    yesterday = asked.now - timedelta(days=1, hours=7)  # what is kept was made some time ago
    everybody = Everybody.of(rows, columns, asked.capacity, first, asked.association, yesterday)
    return Surroundings(everybody, asked.apart, asked.association, asked.policy, asked.now)


def allowed(asked: Question) -> dict[tuple[str, str], Pair]:
    """Every pair that may be, each looked at within the whole pool."""
    found = {
        (one.id, other.id): examine(asked, one.id, other.id) for one in asked.newcomers for other in asked.volunteers
    }
    return {
        names: pair
        for names, pair in found.items()
        if isinstance(pair, Pair) and pair.score >= asked.policy.minimum_score
    }


@pytest.mark.parametrize("seed", range(25))
def test_prospects_are_those_that_looking_at_every_pair_finds(seed):
    asked = question(seed)
    around, pairs = surroundings(asked), allowed(asked)
    people = {each.id: each for each in (*asked.newcomers, *asked.volunteers)}
    for one in asked.newcomers:
        mine = [pair for (newcomer, _), pair in pairs.items() if newcomer == one.id]
        free = sorted(
            (pair for pair in mine if asked.capacity[pair.volunteer]), key=lambda pair: (-pair.score, pair.volunteer)
        )
        both = prospects.of_newcomer(around, one.id, MOST)
        assert both is not None
        told, found = both
        assert prospects.options(around, {one.id}) == {one.id: told}
        assert prospects.pairs(around, [(one, people[each]) for each in found.best]) == free[:MOST]
        others = sum(each.id != one.id for each in asked.volunteers)
        assert (found.possible, told.free, told.possible, told.volunteers) == (len(free), len(free), len(mine), others)
    for other in asked.volunteers:
        mine = [pair for (_, volunteer), pair in pairs.items() if volunteer == other.id]
        served = sorted(
            mine, key=lambda pair: (pair.tier, -pair.score - pair.days * asked.policy.day_waited, pair.newcomer)
        )
        found = prospects.of_volunteer(around, other.id, MOST)
        assert found is not None
        assert prospects.pairs(around, [(people[each], other) for each in found.best]) == served[:MOST]
        assert found.possible == len(mine)


def test_the_random_pools_hold_what_is_to_be_told_apart():
    """Else the test above would pass by showing nothing."""
    pools = [question(seed) for seed in range(25)]
    pairs = [pair for asked in pools for pair in allowed(asked).values()]
    assert len(pairs) > 200
    assert {pair.tier for pair in pairs} >= {0, 1, 2, 3, 4}
    assert {tier_of(pair.days, Policy(), goes_first=pair.tier == 0) == pair.tier for pair in pairs} == {True}


def test_who_is_on_neither_side_has_no_prospects():
    around = surroundings(question(1))
    assert prospects.of_newcomer(around, "nobody", MOST) is None
    assert prospects.of_volunteer(around, "nobody", MOST) is None
    assert prospects.options(around, {"nobody"}) == {}
