"""The engine: each hard constraint on its own, scores, tiers, and why somebody waits. The optimum is in `test_matching_optimum`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from duolangue.chassis import places
from duolangue.contracts.facts.registration import AgeRange, NewcomerProfile, ParticipantStatus, VolunteerProfile
from duolangue.contracts.vocabulary import Gender, Interest, Level, Role
from duolangue.matching.domain.people import Association, Person
from duolangue.matching.domain.policy import CriterionName, Policy
from duolangue.matching.domain.run import Plan
from duolangue.matching.engine import feasibility, scores
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


def question(newcomers, volunteers, *, capacity=None, apart=(), policy=None, **association) -> Question:
    free = {each.id: each.places for each in volunteers} if capacity is None else capacity
    return Question(
        newcomers=newcomers,
        volunteers=volunteers,
        capacity=free,
        apart={frozenset(pair) for pair in apart},
        association=Association(id="interra", **association),
        policy=policy or Policy(),
        now=NOW,
    )


def run(newcomers, volunteers, **more) -> Plan:
    return plan(question(newcomers, volunteers, **more))


def pairs(found: Plan) -> set[tuple[str, str]]:
    return {(pair.newcomer, pair.volunteer) for pair in found.pairs}


def reason(found: Plan, name: str):
    return next(each.reason for each in found.waiting if each.participant == name)


def test_who_waited_longest_gets_the_only_place_whatever_the_fit():
    fits = newcomer("fits", waited=1, interests=(Interest.COOKING,), languages=("ar",))
    waited = newcomer("waited", waited=400, birth_year=1960)
    only = volunteer("only", interests=(Interest.COOKING,), languages=("ar",))
    assert pairs(run([fits, waited], [only])) == {("waited", "only")}


def test_who_goes_first_comes_before_a_longer_wait_and_a_better_fit():
    first = newcomer("first", waited=1, birth_year=1960, goes_first=True)
    waited = newcomer("waited", waited=4000, interests=(Interest.COOKING,))
    found = run([first, waited], [volunteer("only", interests=(Interest.COOKING,))])
    assert pairs(found) == {("first", "only")}
    assert [(each.tier, each.newcomers, each.paired) for each in found.certificate.tiers] == [
        (0, 1, 1), (1, 1, 0), (2, 0, 0), (3, 0, 0), (4, 0, 0),
    ]  # fmt: skip
    assert found.certificate.primal == found.certificate.dual


@pytest.mark.parametrize(("waited", "tier"), [(400, 1), (90, 1), (89, 2), (30, 2), (29, 3), (14, 3), (13, 4), (0, 4)])
def test_tiers_are_days_waited(waited, tier):
    assert run([newcomer("n", waited=waited)], []).waiting[0].tier == tier


def test_within_a_tier_a_day_more_always_counts():
    people = [newcomer("day 400", waited=400), newcomer("day 399", waited=399)]
    assert pairs(run(people, [volunteer("only")])) == {("day 400", "only")}


def test_an_earlier_tier_is_served_even_where_it_costs_two_later_ones_their_fit():
    asks = newcomer("asks", waited=90, wishes={"partner_gender": Gender.FEMALE})
    other = newcomer("other", waited=89, interests=(Interest.COOKING,))
    crowd = [volunteer("she", gender=Gender.FEMALE, interests=(Interest.COOKING,)), volunteer("he", gender=Gender.MALE)]
    assert pairs(run([asks, other], crowd)) == {("asks", "she"), ("other", "he")}


def test_nobody_is_paired_below_the_least_score_and_hears_so():
    found = run([newcomer("n", birth_year=1950)], [volunteer("v")], policy=Policy(minimum_score=900_000))
    assert not found.pairs
    assert reason(found, "n").code == "minimum_score"
    assert found.certificate.primal == found.certificate.dual == 0


def test_an_association_may_ask_for_a_common_moment():
    one, other = newcomer("n", availability=("mon_morning",)), volunteer("v", availability=("sun_evening",))
    assert reason(run([one], [other], policy=Policy(common_time=True)), "n").code == "common_time"
    assert pairs(run([one], [volunteer("v")], policy=Policy(common_time=True))) == {("n", "v")}


def test_a_volunteer_with_two_places_meets_two_newcomers():
    two = volunteer("two", offers={"places": 2})
    found = run([newcomer("a"), newcomer("b"), newcomer("c", waited=0)], [two])
    assert pairs(found) == {("a", "two"), ("b", "two")}
    told = found.figures
    assert (told.newcomers, told.volunteers, told.places, told.pairs, told.waiting) == (3, 1, 2, 2, 1)


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
