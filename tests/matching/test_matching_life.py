"""The life of a duo: each decision, what is told of it, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from duolangue.contracts.facts.registration import NewcomerProfile, ParticipantStatus, VolunteerProfile
from duolangue.contracts.vocabulary import Level, Role
from duolangue.matching.domain import life, rules
from duolangue.matching.domain.duo import Closing, Duo, Status
from duolangue.matching.domain.override import may_meet_again
from duolangue.matching.domain.people import Person
from duolangue.matching.domain.policy import AskOrder, Policy
from duolangue.matching.domain.reasons import Ground, common_ground
from duolangue.matching.store import DUOS

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
ALI = Person(
    id="ali",
    status=ParticipantStatus.ACTIVE,
    roles=(Role.NEWCOMER,),
    newcomer=NewcomerProfile(french_oral=Level.A1, waiting_since=NOW),
)
BEA = Person(id="bea", status=ParticipantStatus.ACTIVE, roles=(Role.VOLUNTEER,), volunteer=VolunteerProfile())
NEWCOMER, VOLUNTEER = Role.NEWCOMER, Role.VOLUNTEER


def day(number: float) -> datetime:
    return NOW + timedelta(days=number)


def made(decision: life.Decision) -> Duo:
    assert decision is not None
    return decision.state


def told(decision: life.Decision) -> list[str]:
    return [] if decision is None else [fact.fact_name() for fact in decision.facts]


TOGETHER = Policy(ask_order=AskOrder.TOGETHER)
DRAFT = life.draft("d", "ali", "bea", 1, NOW, ground=Ground())
PROPOSED = made(life.approve(DRAFT, ALI, BEA, NOW, TOGETHER))
HALF = made(life.accept(PROPOSED, VOLUNTEER, NOW))
CONFIRMED = made(life.accept(HALF, NEWCOMER, NOW))
PAUSED = made(life.pause(CONFIRMED, NOW))
DISCARDED = made(life.discard(DRAFT, NOW))
DECLINED = made(life.decline(PROPOSED, VOLUNTEER, "too busy", NOW))
EXPIRED = made(life.expire(made(life.asked(PROPOSED, NEWCOMER, NOW)), day(4)))
ENDED = made(life.end(CONFIRMED, "moved away", NOW))
ALL = (DRAFT, PROPOSED, HALF, CONFIRMED, PAUSED, DISCARDED, DECLINED, EXPIRED, ENDED)


def test_a_draft_becomes_a_duo_when_both_said_yes():
    assert told(life.approve(DRAFT, ALI, BEA, NOW, TOGETHER)) == ["duo.proposed.v1"]
    assert told(life.accept(PROPOSED, VOLUNTEER, NOW)) == ["duo.accepted.v1"]
    last = life.accept(HALF, NEWCOMER, NOW)
    assert told(last) == ["duo.accepted.v1", "duo.confirmed.v1"]
    assert CONFIRMED.status is Status.CONFIRMED
    assert CONFIRMED.accepted_by == (NEWCOMER, VOLUNTEER)
    assert CONFIRMED.confirmed_at == NOW


@pytest.mark.parametrize(
    "again",
    [
        life.approve(PROPOSED, ALI, BEA, NOW, TOGETHER),
        life.approve(CONFIRMED, None, None, NOW, TOGETHER),
        life.discard(DISCARDED, NOW),
        life.accept(HALF, VOLUNTEER, NOW),
        life.accept(CONFIRMED, NEWCOMER, NOW),
        life.accept(PAUSED, NEWCOMER, NOW),
        life.decline(DECLINED, VOLUNTEER, "again", NOW),
        life.pause(PAUSED, NOW),
        life.resume(CONFIRMED, NOW),
        life.end(ENDED, "again", NOW),
        life.end_for_safety(life.end_for_safety(CONFIRMED, NOW).state, NOW),
        life.end_for_safety(life.end_for_safety(EXPIRED, NOW).state, NOW),
        life.expire(EXPIRED, day(99)),
        life.leave(ENDED, NOW, Role.NEWCOMER),
    ],
)
def test_the_same_again_changes_nothing(again):
    assert again is None


@pytest.mark.parametrize("over", [ENDED, EXPIRED, DECLINED, DISCARDED])
def test_whoever_is_reported_when_it_is_over_never_meets_the_other_again(over):
    change = life.end_for_safety(over, NOW)
    assert change is not None
    assert change.facts == ()
    assert change.state == over.model_copy(update={"barred": True, "unsafe": True})
    assert not may_meet_again([change.state])


@pytest.mark.parametrize(
    ("attempt", "rule"),
    [
        (lambda: life.approve(DISCARDED, ALI, BEA, NOW, TOGETHER), rules.NotADraft),
        (lambda: life.approve(DRAFT, ALI, None, NOW, TOGETHER), rules.PersonAway),
        (lambda: life.approve(DRAFT, BEA, ALI, NOW, TOGETHER), rules.PersonAway),
        (lambda: life.discard(PROPOSED, NOW), rules.NotADraft),
        (lambda: life.accept(DRAFT, NEWCOMER, NOW), rules.NotProposed),
        (lambda: life.accept(DECLINED, VOLUNTEER, NOW), rules.AlreadyDeclined),
        (lambda: life.accept(DECLINED, NEWCOMER, NOW), rules.TooLate),  # who declined is not told to the other
        (lambda: life.accept(EXPIRED, NEWCOMER, NOW), rules.TooLate),
        (lambda: life.accept(ENDED, NEWCOMER, NOW), rules.AlreadyEnded),
        (lambda: life.decline(HALF, VOLUNTEER, "", NOW), rules.AlreadyAccepted),
        (lambda: life.decline(CONFIRMED, VOLUNTEER, "", NOW), rules.AlreadyConfirmed),
        (lambda: life.decline(EXPIRED, VOLUNTEER, "", NOW), rules.TooLate),
        (lambda: life.pause(PROPOSED, NOW), rules.NotRunning),
        (lambda: life.resume(ENDED, NOW), rules.NotRunning),
        (lambda: life.end(PROPOSED, "", NOW), rules.NotRunning),
    ],
)
def test_what_contradicts_the_state_is_refused_with_a_sentence(attempt, rule):
    with pytest.raises(rule) as refused:
        attempt()
    assert str(refused.value) == rule.sentence
    assert str(refused.value).endswith(".")


def test_drafts_publish_nothing():
    assert told(life.discard(DRAFT, NOW)) == []
    assert told(life.withdraw(DRAFT, NOW)) == []
    assert told(life.end_for_safety(DRAFT, NOW)) == []
    assert DUOS.snapshot is not None
    assert DUOS.snapshot(DISCARDED, "duo.proposed.v1") is None


def test_silence_counts_from_the_moment_a_message_really_left():
    assert PROPOSED.expires_at is None
    assert life.expire(PROPOSED, day(365)) is None
    asked = made(life.asked(PROPOSED, NEWCOMER, day(3)))
    assert asked.expires_at == day(7)
    assert life.expire(asked, day(6.99)) is None
    assert told(life.expire(asked, day(7))) == ["duo.expired.v1"]


def test_the_last_message_to_a_side_that_has_not_answered_counts():
    both = made(life.asked(made(life.asked(PROPOSED, NEWCOMER, day(0))), VOLUNTEER, day(2)))
    assert both.expires_at == day(6)
    assert made(life.accept(both, VOLUNTEER, day(3))).expires_at == day(4)
    assert made(life.accept(both, NEWCOMER, day(3))).expires_at == day(6)
    reminded = made(life.asked(both, NEWCOMER, day(5)))
    assert reminded.expires_at == day(9)
    assert life.asked(reminded, NEWCOMER, day(1)) is None


def test_who_accepted_waits_for_the_other_s_message_as_long_as_it_takes():
    asked = made(life.asked(PROPOSED, NEWCOMER, day(0)))
    assert made(life.accept(asked, NEWCOMER, day(1))).expires_at is None


@pytest.mark.parametrize("duo", ALL, ids=lambda duo: duo.status.value)
def test_only_a_duo_that_lives_holds_places_or_is_due(duo):
    assert duo.held == (duo.status in {Status.DRAFT, Status.PROPOSED, Status.CONFIRMED, Status.PAUSED})
    assert duo.held or duo.due_at is None or duo.silent


def test_a_pair_that_ended_declined_or_was_discarded_is_barred_and_an_expired_one_is_not():
    assert [duo.barred for duo in (ENDED, DECLINED, DISCARDED)] == [True] * 3
    assert not EXPIRED.barred
    assert not made(life.withdraw(DRAFT, NOW)).barred
    assert not made(life.withdraw(PROPOSED, NOW)).barred


@pytest.mark.parametrize(
    ("duo", "status", "facts"),
    [
        (DRAFT, Status.DISCARDED, []),
        (PROPOSED, Status.EXPIRED, ["duo.expired.v1"]),
        (CONFIRMED, Status.ENDED, ["duo.ended.v1"]),
        (PAUSED, Status.ENDED, ["duo.ended.v1"]),
    ],
)
def test_when_somebody_leaves(duo, status, facts):
    change = life.leave(duo, NOW, Role.NEWCOMER)
    assert (made(change).status, made(change).closing, told(change)) == (status, Closing.LEFT, facts)


@pytest.mark.parametrize("duo", [CONFIRMED, PAUSED], ids=lambda duo: duo.status.value)
def test_safety_ends_a_duo_at_once_without_a_reason(duo):
    change = life.end_for_safety(duo, NOW)
    assert (made(change).status, made(change).reason, told(change)) == (Status.ENDED, "", ["duo.ended.v1"])


@pytest.mark.parametrize("duo", [PROPOSED, HALF])
def test_a_proposal_stopped_for_safety_looks_like_any_other_that_does_not_go_on(duo):
    change, taken_back = life.end_for_safety(duo, NOW), life.withdraw(duo, NOW)
    assert made(change).barred
    assert made(change).closing is Closing.SAFETY
    assert change is not None
    assert taken_back is not None
    assert change.facts == taken_back.facts


def test_no_fact_says_why_or_who_declined():
    secret = "too busy with my garden"
    for decision in (life.decline(PROPOSED, VOLUNTEER, secret, NOW), life.end(CONFIRMED, secret, NOW)):
        assert made(decision).reason == secret
        assert decision is not None
        for fact in decision.facts:
            assert secret not in fact.model_dump_json()
            assert "declined_by" not in fact.model_dump()


def test_a_duo_goes_on_after_a_break():
    assert told(life.pause(CONFIRMED, NOW)) == ["duo.paused.v1"]
    assert told(life.resume(PAUSED, NOW)) == ["duo.resumed.v1"]
    back = made(life.resume(PAUSED, day(9)))
    assert [(each.begun, each.over) for each in back.breaks] == [(NOW, day(9))]
    assert back.model_copy(update={"breaks": ()}) == CONFIRMED
    again = made(life.end(made(life.pause(back, day(20))), "", day(30)))
    assert [each.over for each in again.breaks] == [day(9), day(30)], "the last break is over when the duo is"


def test_a_no_that_was_a_mistake_is_no_bar_any_more_and_nobody_hears_of_it():
    for refused in (DECLINED, DISCARDED):
        decision = life.allow_again(refused)
        free = made(decision)
        assert (told(decision), free.status, free.barred, free.declined_by, free.reason, free.innocent) == (
            [], refused.status, False, None, "", (),
        )  # fmt: skip
        assert life.allow_again(free) is None
        unsafe = made(life.end_for_safety(refused, NOW))
        assert life.allow_again(unsafe) is None, "who was reported stays away, and nothing says it"
    for duo in (DRAFT, PROPOSED, CONFIRMED, EXPIRED, ENDED):
        with pytest.raises(rules.NotRefused):
            life.allow_again(duo)


def test_what_two_have_in_common_leaves_out_french_and_begins_with_the_evenings():
    one = ALI.model_copy(update={"languages": ("fr", "ar", "ti"), "availability": ("mon_morning", "tue_evening")})
    other = BEA.model_copy(update={"languages": ("fr", "ti"), "availability": ("tue_evening", "mon_morning")})
    ground = common_ground(one, other)
    assert (ground.languages, ground.slots) == (("ti",), ("tue_evening", "mon_morning"))
    assert common_ground(one, BEA).slots == ("tue_evening", "mon_morning")
    assert common_ground(ALI, BEA).slots == ()


def test_republication_tells_the_present_state_under_the_last_fact_s_name():
    assert DUOS.snapshot is not None
    fact = DUOS.snapshot(CONFIRMED, "duo.confirmed.v1")
    assert fact is not None
    assert (fact.fact_name(), fact.model_dump()["status"]) == ("duo.confirmed.v1", "confirmed")
