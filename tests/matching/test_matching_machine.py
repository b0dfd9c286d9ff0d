"""The life of a duo as a machine that hypothesis drives anywhere it can go: what must hold in every state, however it was reached."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from duolangue.contracts.facts.matching import DuoState, DuoUnanswered
from duolangue.contracts.facts.registration import NewcomerProfile, ParticipantStatus, VolunteerProfile
from duolangue.contracts.vocabulary import Level, Role
from duolangue.matching.domain import life
from duolangue.matching.domain.duo import HELD, RUNNING, Closing, Duo, Status
from duolangue.matching.domain.people import Person
from duolangue.matching.domain.policy import AskOrder, Policy
from duolangue.matching.domain.reasons import Ground
from duolangue.matching.domain.rules import Refused

START = datetime(2026, 11, 18, 10, tzinfo=UTC)
ALI = Person(
    id="ali",
    status=ParticipantStatus.ACTIVE,
    roles=(Role.NEWCOMER,),
    newcomer=NewcomerProfile(french_oral=Level.A1, waiting_since=START),
)
BEA = Person(id="bea", status=ParticipantStatus.ACTIVE, roles=(Role.VOLUNTEER,), volunteer=VolunteerProfile())
SIDES = st.sampled_from(Role)


class LifeOfADuo(RuleBasedStateMachine):
    """Coordinators, participants and time do to one duo what they like."""

    duo: Duo
    now: datetime
    told: list[DuoState]
    left: set[Role]
    """For whom the proposal's message really left."""

    @initialize(
        order=st.sampled_from(AskOrder), reminder=st.integers(1, 3), expiry=st.integers(4, 9), places=st.integers(1, 3)
    )
    def begin(self, order: AskOrder, reminder: int, expiry: int, places: int) -> None:
        self.policy = Policy(ask_order=order, reminder_days=reminder, expiry_days=expiry)
        self.now, self.told, self.left = START, [], set()
        self.duo = life.draft("d", "ali", "bea", places, START, ground=Ground())

    def decide(self, decision: Callable[[], life.Decision]) -> bool:
        """Take a decision where the domain lets it; a refusal changes nothing, and neither does taking it twice."""
        before = self.duo
        try:
            change = decision()
        except Refused:
            assert self.duo is before
            return False
        if change is None:
            return False
        self.duo = change.state
        self.told += [fact for fact in change.facts if isinstance(fact, DuoState)]
        return True

    @rule(hours=st.integers(1, 100))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        due = self.duo.due_at
        if due is None or due > self.now:
            return
        self.decide(lambda: life.expire(self.duo, self.now)) or self.decide(lambda: life.remind(self.duo, self.now))
        self.decide(lambda: life.count_silence(self.duo))
        assert self.duo.due_at is None or self.duo.due_at > self.now

    @rule()
    def approve(self) -> None:
        self.decide(lambda: life.approve(self.duo, ALI, BEA, self.now, self.policy, "c"))

    @rule(side=SIDES)
    def message_leaves(self, side: Role) -> None:
        if side in self.duo.asking:  # nobody else is written to
            self.left.add(side)
            self.decide(lambda: life.asked(self.duo, side, self.now))

    @rule(side=SIDES)
    def yes(self, side: Role) -> None:
        before = self.duo.accepted_by
        if self.decide(lambda: life.accept(self.duo, side, self.now)):
            assert set(self.duo.accepted_by) == {*before, side}

    @rule(side=SIDES)
    def no(self, side: Role) -> None:
        if self.decide(lambda: life.decline(self.duo, side, "", self.now)):
            assert self.duo.innocent == (side.other,)

    @rule(
        which=st.sampled_from(
            ["discard", "withdraw", "make_way", "pause", "end", "safety", "leave", "rest", "erase", "allow_again"]
        )
    )
    def something_else(self, which: str) -> None:
        decisions: dict[str, Callable[[], life.Decision]] = {
            "discard": lambda: life.discard(self.duo, self.now),
            "withdraw": lambda: life.withdraw(self.duo, self.now),
            "make_way": lambda: life.make_way(self.duo, self.now, "r1"),
            "pause": lambda: life.pause(self.duo, self.now),
            "end": lambda: life.end(self.duo, "", self.now),
            "safety": lambda: life.end_for_safety(self.duo, self.now),
            "leave": lambda: life.leave(self.duo, self.now, Role.NEWCOMER),
            "rest": lambda: life.rest(self.duo, self.now, Role.VOLUNTEER),
            "allow_again": lambda: life.allow_again(self.duo),
            "erase": lambda: life.erase(self.duo, self.now, Role.NEWCOMER),
        }
        self.decide(decisions[which])

    @rule()
    def resume(self) -> None:
        self.decide(lambda: life.resume(self.duo, self.now))

    @invariant()
    def it_holds_places_as_long_as_it_lives_and_never_again(self) -> None:
        assert self.duo.held == (self.duo.status in HELD)
        assert (self.duo.ended_at is None) == self.duo.held

    @invariant()
    def nobody_hears_of_a_draft(self) -> None:
        assert self.duo.public == bool(self.told)

    @invariant()
    def what_others_know_is_how_it_stands(self) -> None:
        if self.told:
            last = self.told[-1]
            assert (last.status.value, last.accepted_by) == (self.duo.status.value, list(self.duo.accepted_by))
            assert last.asking == list(self.duo.asking)

    @invariant()
    def it_runs_only_when_both_said_yes(self) -> None:
        assert self.duo.status not in RUNNING or set(self.duo.accepted_by) == set(Role)

    @invariant()
    def the_newcomer_is_asked_second_where_the_volunteer_goes_first(self) -> None:
        if self.duo.order is AskOrder.VOLUNTEER_FIRST and Role.NEWCOMER in self.duo.asking:
            assert Role.VOLUNTEER in self.duo.accepted_by

    @invariant()
    def only_who_was_really_written_to_can_be_silent_or_reminded(self) -> None:
        assert set(self.duo.silent) | set(self.duo.reminded) <= self.left
        assert (self.duo.closing is Closing.SILENCE) == bool(self.duo.silent)
        assert not set(self.duo.silent) & set(self.duo.innocent)
        reminders = [side for fact in self.told if isinstance(fact, DuoUnanswered) for side in fact.silent]
        assert len(reminders) == len(set(reminders))

    @invariant()
    def it_is_proposed_confirmed_and_closed_once(self) -> None:
        names = [fact.fact for fact in self.told]
        for once in ("proposed", "confirmed"):
            assert names.count(once) <= 1
        closed = [name for name in names if name in {"declined", "expired", "ended"}]
        assert len(closed) <= 1
        assert not closed or names[-1] == closed[0]


LifeOfADuo.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestLifeOfADuo = LifeOfADuo.TestCase


def test_a_newcomer_who_waits_for_the_volunteers_answer_is_not_silent():
    draft = life.draft("d", "ali", "bea", 1, START, ground=Ground())
    proposed = life.approve(draft, ALI, BEA, START, Policy())
    assert proposed is not None
    asked = life.asked(proposed.state, Role.VOLUNTEER, START)
    assert asked is not None
    expired = life.expire(asked.state, START + timedelta(days=4))
    assert expired is not None
    assert (expired.state.status, expired.state.silent) == (Status.EXPIRED, (Role.VOLUNTEER,))
    assert expired.state.innocent == (Role.NEWCOMER,)
