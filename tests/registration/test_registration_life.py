"""A participant's life: applied, interviewed, active, on a break, gone; and what the other services hear of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from duolangue.chassis.decision import Change
from duolangue.contracts.facts.registration import (
    ParticipantLeft,
    ParticipantPaused,
    ParticipantRegistered,
    ParticipantResumed,
    ParticipantUpdated,
)
from duolangue.registration.domain import application, life, participant
from duolangue.registration.domain.application import Application
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.invalid import Invalid, NotNow
from duolangue.registration.domain.participant import Participant, Status

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def applied(interra: Association) -> Participant:
    told = Application.model_validate(
        {
            "first_name": "Yonas",
            "last_name": "Tesfay",
            "phone": "+32470123456",
            "birth_year": 1995,
            "postcode": "4000",
            "consent": True,
            "newcomer": {"french_oral": "A0"},
            "current_partner": "p-claire",
        }
    )
    return application.register(told, "p1", interra, NOW)


@pytest.fixture
def active(applied: Participant) -> Participant:
    return done(life.interview(applied, NOW, passed=True)).state


def done(change: Change[Participant] | None) -> Change[Participant]:
    assert change is not None
    return change


def test_nobody_hears_of_somebody_before_the_interview(applied: Participant, interra: Association) -> None:
    assert applied.status is Status.APPLIED
    assert participant.snapshot(applied, "") is None
    told = life.told_by(applied, interra).model_copy(update={"postcode": "4020"})
    moved = done(life.update(applied, told, interra, NOW))
    assert moved.state.postcode == "4020"
    assert moved.facts == ()


def test_a_passed_interview_tells_everything_pairing_needs_and_nothing_that_names(applied: Participant) -> None:
    change = done(life.interview(applied, NOW, passed=True))
    (fact,) = change.facts
    assert isinstance(fact, ParticipantRegistered)
    assert fact.current_partner == "p-claire"
    assert fact.newcomer == applied.newcomer
    told = fact.model_dump_json()
    assert not any(secret in told for secret in ("Yonas", "Tesfay", "470123456"))


def test_passing_twice_tells_once(active: Participant) -> None:
    assert life.interview(active, NOW, passed=True) is None


def test_who_is_refused_is_never_heard_of_and_may_be_interviewed_anew(applied: Participant) -> None:
    refused = done(life.interview(applied, NOW, passed=False, reason="lives too far"))
    assert refused.state.status is Status.REFUSED
    assert refused.facts == ()
    again = done(life.interview(refused.state, NOW, passed=True))
    assert again.state.status is Status.ACTIVE
    assert again.state.refusal == ""


def test_who_takes_part_cannot_be_refused_any_more(active: Participant) -> None:
    with pytest.raises(NotNow):
        life.interview(active, NOW, passed=False)


def test_a_break_ends_when_its_day_comes_and_not_before(active: Participant, interra: Association) -> None:
    paused = done(life.pause(active, date(2026, 12, 24), interra, NOW))
    assert isinstance(paused.facts[0], ParticipantPaused)
    assert paused.facts[0].resumes_on == date(2026, 12, 24)
    midnight = datetime(2026, 12, 23, 23, tzinfo=UTC)
    assert life.break_over(paused.state, midnight - timedelta(seconds=1)) is None
    back = done(life.break_over(paused.state, midnight))
    assert isinstance(back.facts[0], ParticipantResumed)
    assert back.state.resumes_at is None


def test_a_break_must_end_in_the_future(active: Participant, interra: Association) -> None:
    with pytest.raises(Invalid) as refusal:
        life.pause(active, date(2026, 11, 22), interra, NOW)
    assert refusal.value.field == "until"


def test_who_left_is_gone_until_interviewed_anew(active: Participant, interra: Association) -> None:
    gone = done(life.leave(active))
    assert isinstance(gone.facts[0], ParticipantLeft)
    assert gone.state.current_partner is None
    assert life.leave(gone.state) is None
    with pytest.raises(NotNow):
        life.resume(gone.state)
    with pytest.raises(NotNow):
        life.pause(gone.state, None, interra, NOW)
    assert isinstance(done(life.interview(gone.state, NOW, passed=True)).facts[0], ParticipantRegistered)


def test_who_leaves_before_the_interview_leaves_quietly(applied: Participant) -> None:
    assert done(life.leave(applied)).facts == ()


def test_a_change_others_need_is_told_and_a_new_address_is_not(active: Participant, interra: Association) -> None:
    told = life.told_by(active, interra)
    moved = done(life.update(active, told.model_copy(update={"postcode": "4020"}), interra, NOW))
    assert isinstance(moved.facts[0], ParticipantUpdated)
    unreachable = done(life.unreachable(active, NOW)).state
    assert life.reached(unreachable, NOW - timedelta(hours=1)) is None, "a mail from before says nothing"
    assert done(life.reached(unreachable, NOW + timedelta(hours=1))).state.unreachable_since is None
    reachable = done(life.update(unreachable, told.model_copy(update={"email": "yonas@example.org"}), interra, NOW))
    assert reachable.facts == ()
    assert reachable.state.unreachable_since is None
    assert len(reachable.state.identities) == 2
    assert life.update(active, told, interra, NOW) is None


def test_a_newcomer_keeps_the_place_in_the_queue_when_something_else_changes(
    active: Participant, interra: Association
) -> None:
    later = NOW + timedelta(days=40)
    told = life.told_by(active, interra).model_copy(update={"radius_km": 10})
    changed = done(life.update(active, told, interra, later)).state
    assert changed.newcomer is not None
    assert changed.newcomer.waiting_since == NOW


def test_what_is_told_again_to_late_comers_is_the_present_state(active: Participant, interra: Association) -> None:
    paused = done(life.pause(active, None, interra, NOW)).state
    fact = participant.snapshot(paused, ParticipantPaused.fact_name())
    assert fact == done(life.pause(active, None, interra, NOW)).facts[0]
