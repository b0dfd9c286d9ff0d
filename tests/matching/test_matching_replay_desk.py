"""Replays at the desk: files and their faults, the association's own past, charts and pages."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from importlib import resources

import pytest

from duolangue.chassis.web import charts
from duolangue.contracts.facts.matching import DuoOrigin
from duolangue.contracts.facts.registration import (
    NewcomerProfile,
    ParticipantLeft,
    ParticipantPaused,
    ParticipantResumed,
    ParticipantStatus,
)
from duolangue.contracts.vocabulary import Level, Role
from duolangue.matching.domain import own_history, replay_sheet
from duolangue.matching.domain.duo import Closing, Duo, Status
from duolangue.matching.domain.people import Person, Turn
from duolangue.matching.domain.replay_question import Break, RunningDuo
from duolangue.matching.usecases import replays
from tests.matching.conftest import World, participant
from tests.matching.past import BEGINS, ENDS, day, newcomer, volunteer


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
