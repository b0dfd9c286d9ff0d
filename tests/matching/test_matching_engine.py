"""The engine: the assignment held against brute force, each hard constraint on its own, and why somebody waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duolangue.chassis import places
from duolangue.contracts.facts.registration import AgeRange, NewcomerProfile, ParticipantStatus, VolunteerProfile
from duolangue.contracts.vocabulary import Gender, Interest, Level, Role
from duolangue.matching.domain.people import Association, Person
from duolangue.matching.domain.policy import CriterionName, Policy
from duolangue.matching.domain.run import Plan
from duolangue.matching.engine import feasibility, scores
from duolangue.matching.engine.assignment import TooLarge, assign
from duolangue.matching.engine.compute import Question, plan
from duolangue.matching.engine.pool import build

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
LIEGE, SERAING, BRUSSELS, ARLON = "4000", "4100", "1000", "6700"


def newcomer(name: str, *, waited: int = 10, level: Level = Level.A1, wishes: dict | None = None, **told) -> Person:
    profile = NewcomerProfile(french_oral=level, waiting_since=NOW - timedelta(days=waited), **(wishes or {}))
    return person(name, roles=(Role.NEWCOMER,), newcomer=profile, **told)


def volunteer(name: str, *, offers: dict | None = None, **told) -> Person:
    return person(name, roles=(Role.VOLUNTEER,), volunteer=VolunteerProfile(**(offers or {})), **told)


def person(name: str, **told) -> Person:
    return Person(**{"id": name, "status": ParticipantStatus.ACTIVE, "postcode": LIEGE, "birth_year": 1990, **told})


def question(newcomers, volunteers, *, capacity=None, apart=(), **association) -> Question:
    free = {each.id: each.places for each in volunteers} if capacity is None else capacity
    return Question(
        newcomers=newcomers,
        volunteers=volunteers,
        capacity=free,
        apart={frozenset(pair) for pair in apart},
        association=Association(id="interra", **association),
        policy=Policy(),
        now=NOW,
    )


def run(newcomers, volunteers, **more) -> Plan:
    return plan(question(newcomers, volunteers, **more))


def pairs(found: Plan) -> set[tuple[str, str]]:
    return {(pair.newcomer, pair.volunteer) for pair in found.pairs}


def reason(found: Plan, name: str):
    return next(each.reason for each in found.waiting if each.participant == name)


def best_by_trying_all(score, capacity, priority) -> tuple[int, int]:
    """The most newcomers that can be paired, then the largest total: every possibility is tried."""

    @cache
    def best(row: int, free: tuple[int, ...]) -> tuple[int, int]:
        if row == len(score):
            return 0, 0
        found = best(row + 1, free)
        for column, left in enumerate(free):
            if left and score[row][column] >= 0:
                count, total = best(row + 1, (*free[:column], left - 1, *free[column + 1 :]))
                found = max(found, (count + 1, total + score[row][column] + priority[row]))
        return found

    return best(0, tuple(capacity))


@st.composite
def small_pools(draw):
    """Few people, few distinct scores: many ties, scarcity and surplus, places of 0 to 3."""
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    value = st.one_of(st.just(-1), st.integers(0, 3), st.sampled_from([0, 499_999, 500_000, 1_000_000]))
    score = draw(st.lists(st.lists(value, min_size=columns, max_size=columns), min_size=rows, max_size=rows))
    capacity = draw(st.lists(st.integers(0, 3), min_size=columns, max_size=columns))
    days = draw(st.lists(st.sampled_from([0, 1, 2, 100, 4000]), min_size=rows, max_size=rows))
    return score, capacity, [day * draw(st.sampled_from([0, 1, 10_000])) for day in days]


@settings(max_examples=250, deadline=None)
@given(small_pools())
def test_no_assignment_pairs_more_newcomers_nor_has_a_larger_total(pool):
    score, capacity, priority = pool
    found = assign(np.array(score), np.array(capacity), np.array(priority)).tolist()
    total = sum(score[row][column] + priority[row] for row, column in found)
    assert (len(found), total) == best_by_trying_all(score, capacity, priority)
    assert all(score[row][column] >= 0 for row, column in found)
    assert len({row for row, _ in found}) == len(found)
    assert all(sum(1 for _, column in found if column == each) <= places for each, places in enumerate(capacity))


def test_a_whole_pool_costs_more_than_any_single_wait():
    score = np.array([[1_000_000, -1], [0, 0]])
    found = assign(score, np.array([1, 1]), np.array([0, 40_000_000_000]))
    assert found.tolist() == [[0, 0], [1, 1]]


def test_sums_that_would_not_be_exact_are_refused():
    with pytest.raises(TooLarge):
        assign(np.array([[1, 1]]), np.array([1, 1]), np.array([2**53]))


def test_nobody_is_paired_without_people_or_places():
    assert assign(np.empty((0, 3), np.int64), np.ones(3, np.int64), np.empty(0, np.int64)).tolist() == []
    assert assign(np.ones((2, 1), np.int64), np.zeros(1, np.int64), np.zeros(2, np.int64)).tolist() == []


def test_who_waited_longest_gets_the_only_place_whatever_the_fit():
    fits = newcomer("fits", waited=1, interests=(Interest.COOKING,), languages=("ar",))
    waited = newcomer("waited", waited=400, birth_year=1960)
    only = volunteer("only", interests=(Interest.COOKING,), languages=("ar",))
    assert pairs(run([fits, waited], [only])) == {("waited", "only")}


def test_a_volunteer_with_two_places_meets_two_newcomers():
    two = volunteer("two", offers={"places": 2})
    found = run([newcomer("a"), newcomer("b"), newcomer("c", waited=0)], [two])
    assert pairs(found) == {("a", "two"), ("b", "two")}
    assert found.figures.model_dump() | {"score": 0} == {
        "newcomers": 3, "volunteers": 1, "places": 2, "pairs": 2, "waiting": 1, "score": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        (newcomer("n", postcode=BRUSSELS), volunteer("v"), "too_far"),
        (newcomer("n", postcode=SERAING, radius_km=1), volunteer("v"), "too_far"),
        (newcomer("n", postcode=SERAING), volunteer("v", radius_km=1), "too_far_for_them"),
        (newcomer("n", postcode=None), volunteer("v"), "no_place"),
        (newcomer("n", level=Level.A1), volunteer("v", offers={"comfort": Level.A2}), "level"),
        (newcomer("n", level=Level.A0_CANNOT_READ), volunteer("v", offers={"comfort": Level.A1}), "level"),
        (newcomer("n", wishes={"partner_gender": Gender.FEMALE}), volunteer("v", gender=Gender.MALE), "wishes"),
        (newcomer("n", wishes={"partner_gender": Gender.FEMALE}), volunteer("v"), "wishes"),
        (newcomer("n", wishes={"partner_age": AgeRange(least=40, most=50)}), volunteer("v"), "wishes"),
        (newcomer("n", wishes={"partner_age": AgeRange()}), volunteer("v", birth_year=None), "wishes"),
        (newcomer("n", gender=Gender.MALE), volunteer("v", gender=Gender.FEMALE, offers={"same_gender_only": True}), "their_wishes"),
        (newcomer("n"), volunteer("v", offers={"same_gender_only": True}), "their_wishes"),
        (newcomer("n", level=Level.A0, languages=("ti",), wishes={"needs_common_language": True}), volunteer("v", languages=("fr", "ar")), "language"),
    ],
)  # fmt: skip
def test_a_hard_constraint_keeps_two_apart_and_is_named(one, other, code):
    found = run([one], [other])
    assert not found.pairs
    assert reason(found, "n").code == code


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (newcomer("n", postcode=SERAING, radius_km=10), volunteer("v", radius_km=10)),
        (newcomer("n", radius_km=0), volunteer("v", radius_km=0)),
        (newcomer("n", level=Level.A0_CANNOT_READ), volunteer("v", offers={"comfort": Level.A0})),
        (newcomer("n", level=Level.A0), volunteer("v", offers={"comfort": Level.A0_CANNOT_READ})),
        (newcomer("n", wishes={"partner_gender": Gender.FEMALE}), volunteer("v", gender=Gender.FEMALE)),
        (newcomer("n", wishes={"partner_age": AgeRange(least=36, most=36)}), volunteer("v", birth_year=1990)),
        (newcomer("n", gender=Gender.OTHER), volunteer("v", gender=Gender.OTHER, offers={"same_gender_only": True})),
        (newcomer("n", level=Level.A0, languages=("ar",), wishes={"needs_common_language": True}), volunteer("v", languages=("ar",))),
        (newcomer("n", level=Level.A1, wishes={"needs_common_language": True}), volunteer("v")),
        (newcomer("n", availability=("mon_morning",)), volunteer("v", availability=("sun_evening",))),
    ],
)  # fmt: skip
def test_what_is_allowed_is_paired(one, other):
    assert pairs(run([one], [other])) == {("n", "v")}


def test_a_common_language_is_not_french():
    asks = newcomer("n", level=Level.A0, languages=("fr",), wishes={"needs_common_language": True})
    assert reason(run([asks], [volunteer("v", languages=("fr",))]), "n").code == "language"


def test_a_pair_with_a_history_is_not_made_again_in_either_role():
    both = Person(
        **{**newcomer("x").model_dump(), "roles": (Role.NEWCOMER, Role.VOLUNTEER), "volunteer": VolunteerProfile()}
    )
    found = run([newcomer("n"), both], [volunteer("v"), both], apart=[("v", "n"), ("n", "x")])
    assert pairs(found) == {("x", "v")}
    assert reason(found, "n").code == "history"


def test_nobody_is_their_own_partner():
    both = Person(
        **{**newcomer("x").model_dump(), "roles": (Role.NEWCOMER, Role.VOLUNTEER), "volunteer": VolunteerProfile()}
    )
    assert not run([both], [both]).pairs


def test_distances_are_those_of_the_postcodes():
    pool = build([newcomer("n", postcode=ARLON)], [volunteer("v")], {}, set(), Association(id="interra"), NOW)
    one, other = places.find(ARLON), places.find(LIEGE)
    assert one is not None
    assert other is not None
    assert feasibility.distances_km(pool)[0, 0] == pytest.approx(places.distance_km(one, other), abs=1e-3)


def test_a_rare_interest_binds_more_than_a_common_one():
    crowd = [
        volunteer(f"v{number}", interests=(Interest.COOKING, Interest.SEWING) if number == 0 else (Interest.COOKING,))
        for number in range(8)
    ]
    asks = newcomer("n", interests=(Interest.COOKING, Interest.SEWING, Interest.CHILDREN))
    pool = build([asks], crowd, {}, set(), Association(id="interra"), NOW)
    worth = scores.rarity(np.concatenate([pool.newcomers.interests, pool.volunteers.interests]))
    names = list(Interest)
    assert worth[names.index(Interest.SEWING)] > worth[names.index(Interest.COOKING)] > 0
    assert next(iter(pairs(run([asks], crowd)))) == ("n", "v0")


def test_every_value_is_an_integer_from_zero_to_a_million_and_who_named_no_moment_can_at_any_time():
    crowd = [
        volunteer("a", availability=("mon_morning",)),
        volunteer("b", birth_year=None),
        volunteer("c", birth_year=1920),
    ]
    pool = build([newcomer("n", availability=("tue_evening",))], crowd, {}, set(), Association(id="interra"), NOW)
    values = scores.criteria(pool, feasibility.distances_km(pool))
    for table in values.values():
        assert table.dtype == np.int64
        assert table.min() >= 0
        assert table.max() <= 1_000_000
    assert values[CriterionName.AVAILABILITY].tolist() == [[0, 500_000, 500_000]]


def test_who_waits_hears_how_far_the_nearest_volunteer_lives():
    found = run([newcomer("n", postcode=BRUSSELS, radius_km=15)], [volunteer("far", postcode=ARLON), volunteer("near")])
    told = reason(found, "n")
    assert told.code == "too_far"
    assert told.parameters["radius_km"] == 15
    assert 850 < int(str(told.parameters["tenths_km"])) < 950


def test_constraints_are_peeled_in_order_and_count_who_was_left():
    crowd = [
        volunteer("far", postcode=BRUSSELS, gender=Gender.FEMALE),
        volunteer("one", gender=Gender.MALE),
        volunteer("two", gender=Gender.MALE),
        volunteer("three", gender=Gender.MALE, offers={"comfort": Level.B1}),
    ]
    told = reason(run([newcomer("n", wishes={"partner_gender": Gender.FEMALE})], crowd), "n")
    assert (told.code, told.parameters["volunteers"]) == ("wishes", 2)


def test_who_lost_the_only_places_hears_that_they_are_taken():
    crowd = [volunteer("one"), volunteer("two")]
    found = run([newcomer("n")], crowd, capacity={"one": 0, "two": 0})
    assert (reason(found, "n").code, reason(found, "n").parameters["volunteers"]) == ("taken", 2)
    assert run([newcomer("n")], []).waiting[0].reason.code == "no_volunteers"


def test_the_same_people_in_another_order_give_the_same_pairs():
    people = [newcomer(f"n{number}", waited=number % 2) for number in range(6)]
    crowd = [volunteer(f"v{number}") for number in range(4)]
    assert run(people, crowd) == run(people[::-1], crowd[::-1])


def test_criteria_of_a_pair_carry_what_their_sentences_need():
    one = newcomer("n", birth_year=1987, interests=(Interest.COOKING, Interest.CINEMA), languages=("ar", "fr"),
                   availability=("sat_morning", "tue_evening"), postcode="4020")  # fmt: skip
    other = volunteer("v", interests=(Interest.CINEMA, Interest.COOKING), languages=("fr", "ar"),
                      availability=("tue_evening", "sat_morning", "sun_evening"), postcode="4030")  # fmt: skip
    told = {each.criterion: each.parameters for each in run([one], [other]).pairs[0].reasons}
    assert told[CriterionName.AGE] == {"years": 3}
    assert told[CriterionName.INTERESTS] == {"interests": ("cinema", "cooking")}
    assert told[CriterionName.AVAILABILITY]["slots"] == ("tue_evening", "sat_morning")
    assert told[CriterionName.LANGUAGE] == {"languages": ("ar",)}
    assert (told[CriterionName.DISTANCE]["from"], told[CriterionName.DISTANCE]["to"]) == ("4020", "4030")
