"""Replays: everybody is somewhere, the same chance gives the same year, a policy does what it says."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from duolangue.contracts.vocabulary import Interest, Level
from duolangue.matching.domain.people import Association
from duolangue.matching.domain.policy import AskOrder, Policy
from duolangue.matching.domain.replay_question import Behaviour, Break, Case, History, ReplayQuestion, RunningDuo, Stay
from duolangue.matching.domain.schedule import Schedule
from duolangue.matching.engine import compute
from duolangue.matching.replaying.comparison import compare
from duolangue.matching.replaying.simulation import Simulation
from tests.matching.past import BEGINS, ENDS, day, newcomer, volunteer

LIEGE = Association(id="liege")
WEEKLY = Policy(schedule=Schedule())
CERTAIN = Behaviour(volunteer_yes=100, newcomer_yes=100, approval_days=0, answer_days=0, duo_days=3650, look_again=0)


def question(*stays: Stay, policies: tuple[Policy, ...] = (WEEKLY,), behaviour: Behaviour = CERTAIN, **more):
    history = History(stays=stays, running=more.get("running", ()))
    return ReplayQuestion(
        begins=BEGINS,
        ends=ENDS,
        cases=tuple(Case(policy=policy) for policy in policies),
        behaviour=behaviour,
        seed=more.get("seed", 1),
        history=history,
    )


def a_town(seed: int, people: int = 60) -> History:
    """Some who come before, some meanwhile, some who leave or pause, and a duo that runs."""
    chance = random.Random(seed)
    stays = []
    for number in range(people):
        came = chance.uniform(-40, 190)
        told = {
            "birth_year": chance.randint(1955, 2004),
            "postcode": chance.choice(["4000", "4020", "4030", "4100"]),
            "languages": tuple(chance.sample(["ar", "uk", "es"], chance.randint(0, 2))),
            "interests": tuple(chance.sample(list(Interest), 3)),
            "left": came + chance.uniform(5, 200) if chance.random() < 0.4 else None,
        }
        if number % 3:
            pause = Break(begins=day(came + 9), ends=day(came + 30) if chance.random() < 0.7 else None)
            level = chance.choice([Level.A0, Level.A1, Level.B1])
            breaks = (pause,) if chance.random() < 0.2 else ()
            stays.append(newcomer(f"n{number}", came, level=level, breaks=breaks, **told))
        else:
            stays.append(volunteer(f"v{number}", came, places=chance.choice([1, 2]), **told))
    stays += [newcomer("old", -30), volunteer("friend", -60)]
    return History(stays=tuple(stays), running=(RunningDuo(newcomer="old", volunteer="friend", until=day(20)),))


@pytest.mark.parametrize("seed", range(4))
def test_everybody_is_in_a_duo_waits_or_is_gone_and_nobody_waits_twice(seed):
    others = (
        WEEKLY.model_copy(update={"day_waited": 0, "ask_order": AskOrder.TOGETHER}),
        Policy(proposes_at_once=True),
    )
    behaviour = Behaviour(volunteer_yes=60, newcomer_yes=70, answer_days=2.5, duo_days=30, look_again=40)
    asked = ReplayQuestion(
        begins=BEGINS,
        ends=ENDS,
        cases=tuple(Case(policy=policy) for policy in (WEEKLY, *others)),
        behaviour=behaviour,
        seed=seed,
        history=a_town(seed),
    )
    there = {
        stay.person.id
        for stay in asked.history.stays
        if stay.person.newcomer and stay.came_at < ENDS and (stay.left_at is None or stay.left_at > BEGINS)
    }
    for case, outcome in zip(asked.cases, compare(asked, LIEGE), strict=True):
        record = Simulation(asked, case.policy, LIEGE).run(lambda _: None)
        assert set(record.standing) == there
        stood = (outcome.in_duo, outcome.waiting, outcome.away, outcome.content, outcome.left)
        assert sum(stood) == outcome.newcomers == len(there)
        assert outcome.duos == len(record.waited) == outcome.waited.people > 0
        assert outcome.proposals >= outcome.duos + outcome.declined + outcome.unanswered
        assert outcome.waiting == len(record.waiting) == outcome.still.people
        for name, spans in _spans(record).items():
            assert all(one[1] <= other[0] for one, other in pairwise(spans)), name


def _spans(record):
    spans = {}
    for wait in (*record.waited, *record.broken_off, *record.waiting):
        spans.setdefault(wait.newcomer, []).append((wait.began, wait.ended or ENDS))
    return {name: sorted(each) for name, each in spans.items()}


def test_a_run_of_a_replay_finds_the_pairs_of_a_real_one():
    people = [stay.person for stay in a_town(3).stays]
    asked = compute.Question(
        newcomers=[person for person in people if person.newcomer],
        volunteers=[person for person in people if person.volunteer],
        capacity={person.id: person.places for person in people},
        apart=set(),
        association=LIEGE,
        policy=WEEKLY,
        now=ENDS,
    )
    assert tuple(compute.pairs_alone(asked)) == compute.plan(asked).pairs != ()


def test_the_same_seed_gives_the_same_year_and_another_does_not():
    behaviour = Behaviour(volunteer_yes=60)
    first, again, other = (
        compare(
            question(*a_town(1).stays, behaviour=behaviour, seed=seed),
            LIEGE,
        )
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_two_equal_policies_meet_the_same_luck():
    one, other = compare(question(*a_town(2).stays, policies=(WEEKLY, WEEKLY), behaviour=Behaviour()), LIEGE)
    assert one == other


def test_what_waiting_counts_shortens_the_longest_wait():
    """Somebody who fits badly waits from the first day; every week another comes who fits well, and one volunteer."""
    same = {"interests": (Interest.COOKING,), "languages": ("ar",)}
    stays = [newcomer("odd", 0, birth_year=1945)]
    for week in range(20):
        stays += [newcomer(f"n{week:02}", 7 * week, **same), volunteer(f"v{week:02}", 7 * week, **same)]
    base = WEEKLY.model_copy(update={"tiers": ()})
    never, soon = compare(
        question(
            *stays,
            policies=(base.model_copy(update={"day_waited": 0}), base.model_copy(update={"day_waited": 100_000})),
        ),
        LIEGE,
    )
    assert never.duos == soon.duos == 20
    assert never.longest == 182
    assert soon.longest < 60
    assert soon.score < never.score
    tiers = compare(question(*stays, policies=(base.model_copy(update={"day_waited": 0, "tiers": (30,)}),)), LIEGE)[0]
    assert tiers.waited.longest == 35.2


def test_a_denser_rhythm_finds_pairs_sooner():
    stays = [
        each for week in range(8) for each in (newcomer(f"n{week}", 7 * week + 2), volunteer(f"v{week}", 7 * week))
    ]
    weekly, twice = compare(
        question(*stays, policies=(WEEKLY, WEEKLY.model_copy(update={"schedule": Schedule(days=(1, 4))}))), LIEGE
    )
    assert (weekly.duos, twice.duos) == (8, 8)
    assert twice.waited.mean < weekly.waited.mean == 5.2


def test_who_leaves_ends_the_duo_and_the_other_looks_again():
    stays = (newcomer("ali", 0), volunteer("bea", 0, left=10), volunteer("zoe", 11))
    outcome = compare(question(*stays), LIEGE)[0]
    assert (outcome.duos, outcome.in_duo, outcome.paired) == (2, 1, 1)
    assert outcome.waited.people == 2


def test_who_is_silent_twice_is_not_asked_any_more():
    behaviour = CERTAIN.model_copy(update={"answer_days": 10_000.0})
    outcome = compare(question(newcomer("ali", 0), volunteer("bea", 0, places=5), behaviour=behaviour), LIEGE)[0]
    assert (outcome.proposals, outcome.unanswered, outcome.duos, outcome.waiting) == (2, 2, 0, 1)
