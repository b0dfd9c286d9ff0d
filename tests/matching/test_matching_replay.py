"""Replays: everybody is somewhere, the same chance gives the same year, a policy does what it says; files, and the association's own past."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from importlib import resources
from itertools import pairwise

import pytest

from duolangue.chassis.web import charts
from duolangue.contracts.facts.matching import DuoOrigin
from duolangue.contracts.facts.registration import (
    NewcomerProfile,
    ParticipantLeft,
    ParticipantPaused,
    ParticipantResumed,
    ParticipantStatus,
    VolunteerProfile,
)
from duolangue.contracts.vocabulary import Interest, Level, Role
from duolangue.matching.domain import own_history, replay_sheet
from duolangue.matching.domain.duo import Closing, Duo, Status
from duolangue.matching.domain.people import Association, Person, Turn
from duolangue.matching.domain.policy import AskOrder, Policy
from duolangue.matching.domain.replay import Behaviour, Break, Case, History, ReplayQuestion, RunningDuo, Stay
from duolangue.matching.domain.schedule import Schedule
from duolangue.matching.engine import compute
from duolangue.matching.replaying.comparison import compare
from duolangue.matching.replaying.simulation import Simulation
from duolangue.matching.usecases import replays
from tests.matching.conftest import World, participant

BEGINS = datetime(2025, 11, 3, tzinfo=UTC)
ENDS = BEGINS + timedelta(days=182)
LIEGE = Association(id="liege")
WEEKLY = Policy(schedule=Schedule())
CERTAIN = Behaviour(volunteer_yes=100, newcomer_yes=100, approval_days=0, answer_days=0, duo_days=3650, look_again=0)


def day(number: float) -> datetime:
    return BEGINS + timedelta(days=number)


def newcomer(name: str, came: float, *, left: float | None = None, breaks: tuple[Break, ...] = (), **told) -> Stay:
    profile = NewcomerProfile(french_oral=told.pop("level", Level.A1), waiting_since=day(came))
    person = Person(id=name, status=ParticipantStatus.ACTIVE, roles=(Role.NEWCOMER,), newcomer=profile, **LIVES | told)
    return Stay(person=person, came_at=day(came), left_at=None if left is None else day(left), breaks=breaks)


def volunteer(name: str, came: float, *, places: int = 1, left: float | None = None, **told) -> Stay:
    profile = VolunteerProfile(places=places)
    person = Person(
        id=name, status=ParticipantStatus.ACTIVE, roles=(Role.VOLUNTEER,), volunteer=profile, **LIVES | told
    )
    return Stay(person=person, came_at=day(came), left_at=None if left is None else day(left))


LIVES = {"birth_year": 1990, "postcode": "4000"}


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


def test_a_file_names_its_faults_by_row_and_column():
    body = (
        "Profil;Inscrite le;Code postal;Niveau;Langues;Prénom;left_on\n"
        "newcomer;2026-01-05;4000;A1;ar|uk;Ali;\n"
        "visitor;2026-01-05;4000;A1;;Bo;\n"
        "newcomer;31/02/2026;4999;D3;xx;Cy;\n"
        "bénévole;05/01/2026;4000;;;Di;2025-12-31\n"
        "newcomer;;4000;;;Ed;\n"
    )
    sheet = replay_sheet.read(body.encode("cp1252"))
    assert [(fault.row, fault.column) for fault in sheet.faults] == [
        (2, "role"),
        (3, "came_on"),
        (3, "postcode"),
        (3, "languages"),
        (3, "french_level"),
        (4, "left_on"),
        (5, "came_on"),
        (5, "french_level"),
    ]
    assert [stay.person.id for stay in sheet.stays] == ["r1"]
    assert sheet.stays[0].person.languages == ("ar", "uk")
    assert sheet.rows_left_out == 4
    assert sheet.unread == ["Prénom"]
    assert "Ali" not in repr(sheet.stays)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"role,came_on\nnewcomer,2026-01-01\n", "These columns are missing: postcode."),
        (b"\x00\x01", "This is not a CSV file."),
        (b"role,came_on,postcode\n", "Nobody is in the file."),
        (b"a" * (replay_sheet.MOST_BYTES + 1), "The file is larger than 4 MB."),
        (b"role,came_on,postcode\n" + b"x,y,z\n" * 10_001, "The file has more than 10000 rows."),
        (b'role,came_on,postcode\n"' + b"x" * 200_000, "This is not a CSV file."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(body, said):
    with pytest.raises(replay_sheet.UnfitFile, match=said):
        replay_sheet.read(body)


def test_the_file_we_offer_as_an_example_has_no_fault():
    body = resources.files("duolangue.matching").joinpath("sample_replay.csv").read_bytes()
    sheet = replay_sheet.read(body)
    assert (len(sheet.stays), sheet.faults, sheet.unread) == (105, [], [])


def test_the_past_knows_who_came_paused_and_left():
    turns = (
        Turn(at=day(3), status=ParticipantStatus.ACTIVE),
        Turn(at=day(10), status=ParticipantStatus.PAUSED),
        Turn(at=day(20), status=ParticipantStatus.ACTIVE),
        Turn(at=day(90), status=ParticipantStatus.LEFT),
    )
    left = newcomer("ali", 1).person.model_copy(update={"turns": turns, "status": ParticipantStatus.LEFT})
    gone = Person(id="x", status=ParticipantStatus.ERASED)
    unknown = volunteer("bea", 0).person
    friend = volunteer("cas", 0).person.model_copy(
        update={"turns": (Turn(at=day(-9), status=ParticipantStatus.ACTIVE),)}
    )
    waiting = newcomer("dia", -50).person
    ran = a_duo("dia", "cas", -30, ended=15)
    found = own_history.history([left, gone, unknown, friend, waiting], [ran], [], [], BEGINS, ENDS)
    stays = {stay.person.id: stay for stay in found.stays}
    assert (stays["ali"].came_at, stays["ali"].left_at) == (day(1), day(90))
    assert stays["ali"].breaks == (Break(begins=day(10), ends=day(20)),)
    assert stays["bea"].came_at == BEGINS
    assert stays["cas"].came_at == day(-9)
    assert (found.day_unknown, found.left_out) == (1, 1)
    assert found.running == (RunningDuo(newcomer="dia", volunteer="cas", until=day(15)),)
    assert found.apart == ()


def a_duo(one: str, other: str, confirmed: float, *, ended: float | None = None, **more) -> Duo:
    status = Status.ENDED if ended is not None else Status.CONFIRMED
    return Duo(
        id=f"{one}-{other}",
        newcomer=one,
        volunteer=other,
        place=1,
        status=status,
        held=ended is None,
        barred=ended is not None,
        origin=DuoOrigin.RUN,
        accepted_by=tuple(Role),
        drafted_at=day(confirmed - 3),
        proposed_at=day(confirmed - 2),
        approved_by="c-1",
        confirmed_at=day(confirmed),
        ended_at=None if ended is None else day(ended),
        closing=Closing.ENDED if ended is not None else None,
        **more,
    )


def test_figures_come_from_the_associations_own_past_where_it_is_long_enough():
    few = [a_duo(f"n{number}", "v", 0, ended=50) for number in range(19)]
    assert own_history.behaviour(few, {}, ENDS).observed == {}
    many = [*few, a_duo("n19", "v", 0, ended=50), a_duo("n20", "v", 82)]
    seen = own_history.behaviour(many, {"look_again": 7}, ENDS)
    assert seen.duo_days == pytest.approx(55)  # twenty of 50 days, and 100 days that go on, by twenty that ended
    assert (seen.volunteer_yes, seen.newcomer_yes, seen.approval_days, seen.look_again) == (100, 100, 1.0, 7)
    assert set(seen.observed) == {"volunteer_yes", "newcomer_yes", "approval_days", "duo_days"}


def test_charts_are_mirrored_where_people_read_from_the_right():
    assert [(bar.x, bar.width) for bar in charts.bars([1, 2], mirrored=True)] == [(50.0, 50.0), (0.0, 100.0)]
    assert charts.lines([[0, 5]], mirrored=False).points == ("0.0,180.0 600.0,0.0",)
    assert charts.lines([[0, 5]], mirrored=True).points == ("600.0,180.0 0.0,0.0",)


async def test_a_year_of_the_associations_own_is_replayed_and_shown(world: World):
    """People come, pause and leave as facts tell; months later the year is replayed in a process of its own."""
    await world.newcomer("ali", languages=["ar"])
    await world.newcomer("eva", waited=3)
    await world.volunteer("bea")
    await world.time_passes(days=20)
    profile = NewcomerProfile(french_oral=Level.A1, waiting_since=world.clock.now() - timedelta(days=23))
    for version, kind in enumerate((ParticipantPaused, ParticipantResumed, ParticipantLeft), start=2):
        status = {"paused": "paused", "resumed": "active", "left": "left"}[kind.fact]
        told = participant(kind, status=ParticipantStatus(status), roles=[Role.NEWCOMER], newcomer=profile)
        await world.hear(told, "eva", version)
        await world.time_passes(days=5)
    (eva,) = [person for person in await world.ports.people.everybody() if person.id == "eva"]
    assert Counter(turn.status.value for turn in eva.turns) == {"active": 2, "paused": 1, "left": 1}
    wanted = {
        "cases": [{"name": "Twice a week", "policy": {"schedule": {"days": [1, 4]}}}],
        "behaviour": {"volunteer_yes": 100},
    }
    asked = await world.post("/duos/api/replays", wanted, 202)
    assert (await world.post("/duos/api/replays", wanted, 409))["type"].endswith("replay_under_way")
    page = await world.client.get(f"/duos/replay/{asked['replay']}", headers=world.token())
    assert page.headers["refresh"] == "3"
    await world.service.sweeper.sweep()
    await world.ports.comparison.close()
    replay = await world.get(f"/duos/api/replays/{asked['replay']}")
    assert (replay["status"], replay["input"]["newcomers"], replay["input"]["volunteers"]) == ("done", 2, 1)
    assert [(case["name"], case["assumed_rhythm"]) for case in replay["cases"]] == [("", True), ("Twice a week", False)]
    for case in replay["cases"]:
        assert (case["outcome"]["newcomers"], case["outcome"]["left"]) == (2, 1)
    page = await world.client.get(f"/duos/replay/{asked['replay']}", headers=world.token(language="ar"))
    assert page.status_code == 200
    assert "refresh" not in page.headers
    assert 'style="' not in page.text
    assert "<polyline" in page.text
    assert (await world.client.get("/duos/api/replays", headers=world.token(association="other"))).json() == {
        "replays": []
    }
    strange = await world.client.get(f"/duos/replay/{asked['replay']}", headers=world.token(association="other"))
    assert strange.status_code == 404


async def test_a_replay_that_takes_too_long_is_given_up_and_the_next_goes_through(world: World, monkeypatch):
    monkeypatch.setattr(replays, "MOST_SECONDS", 0.0)
    await world.newcomer("ali")
    await world.volunteer("bea")
    asked = await world.post("/duos/api/replays", {"cases": []}, 202)
    await world.service.sweeper.sweep()
    replay = await world.get(f"/duos/api/replays/{asked['replay']}")
    assert (replay["status"], replay["trouble"]) == ("failed", "TooLong")
    page = await world.client.get(f"/duos/replay/{asked['replay']}", headers=world.token())
    assert "TooLong" in page.text
    monkeypatch.undo()
    asked = await world.post("/duos/api/replays", {"cases": []}, 202)
    await world.service.sweeper.sweep()
    await world.ports.comparison.close()
    assert (await world.get(f"/duos/api/replays/{asked['replay']}"))["status"] == "done"


async def test_the_form_replays_a_file_and_forgets_it(world: World):
    sample = await world.client.get("/duos/replay/sample.csv", headers=world.token())
    form = {
        "c1_on": "yes", "c1_name": "Long waits", "c1_tiers": "60, 30", "c1_patience": "20", "c1_days": ["1", "3"], "c1_every_weeks": "1",
        "c1_then": "draft", "c1_ask_order": "together", "c1_expiry_days": "2", "c1_minimum": "0", "source": "file", "duo_days": "40",
        **{f"c1_weight_{name}": "10" for name in ("age", "interests", "level", "distance", "availability", "language")},
    }  # fmt: skip
    bad = {"file": ("people.csv", b"role,came_on,postcode,french_level\nnewcomer,soon,4000,A1\n")}
    answer = await world.client.post("/duos/replay", data=form, files=bad, headers=world.token())
    assert answer.status_code == 422
    assert "<mark><bdi>soon</bdi></mark>" in answer.text
    assert 'value="60, 30"' in answer.text
    world.clock.moment = datetime(2026, 11, 18, tzinfo=UTC)
    good = {"file": ("people.csv", sample.content)}
    answer = await world.client.post(
        "/duos/replay", data=form | {"c1_weight_age": "900"}, files=good, headers=world.token()
    )
    assert answer.status_code == 422
    assert 'id="c1_weight_age-fault"' in answer.text
    answer = await world.client.post("/duos/replay", data=form, files=good, headers=world.token())
    assert answer.status_code == 303, answer.text
    replay = answer.headers["location"].rpartition("/")[2]
    assert len(await world.ports.replay_parts.of(replay)) == 1
    await world.service.sweeper.sweep()
    await world.ports.comparison.close()
    found = await world.get(f"/duos/api/replays/{replay}")
    assert found["status"] == "done", found["trouble"]
    assert found["behaviour"]["duo_days"] == 40
    assert found["cases"][1]["outcome"]["duos"] > 10
    assert await world.ports.replay_parts.of(replay) == []
    assert (await world.client.post(f"/duos/replay/{replay}/forget", headers=world.token())).status_code == 303
    assert (await world.client.get(f"/duos/replay/{replay}", headers=world.token())).status_code == 404
