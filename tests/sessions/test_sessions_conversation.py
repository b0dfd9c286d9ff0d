"""A conversation told by one side, by both, by the desk: counted once, in believable minutes, on a day that was."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolangue.contracts.facts.sessions import SessionLogged
from duolangue.contracts.vocabulary import Medium, Role
from duolangue.sessions.domain import conversation as conversations
from duolangue.sessions.domain import weeks
from duolangue.sessions.domain.conversation import (
    Conversation,
    DayOutOfBounds,
    Face,
    MinutesOutOfBounds,
    WordTooLong,
)

NOW = datetime(2026, 11, 26, 18, tzinfo=UTC)
TODAY = date(2026, 11, 26)


def begun(side: Role | None = Role.NEWCOMER, minutes: int = 45, key: str = "a") -> Conversation:
    telling = conversations.telling(side, minutes, key, NOW)
    return conversations.told("c", "duo-1", TODAY, Medium.VIDEO, telling).state


def test_a_conversation_tells_its_week_and_who_told_it() -> None:
    change = conversations.told(
        "c", "duo-1", date(2027, 1, 2), Medium.PHONE, conversations.telling(Role.VOLUNTEER, 20, "a", NOW)
    )
    assert change.facts == (
        SessionLogged(
            duo="duo-1",
            held_on=date(2027, 1, 2),
            week="2026-W53",
            minutes=20,
            medium=Medium.PHONE,
            logged_by=Role.VOLUNTEER,
        ),
    )


@given(st.integers(1, 600), st.integers(1, 600))
def test_told_by_both_sides_it_is_one_and_the_shorter_counts(first: int, second: int) -> None:
    change = conversations.told_again(begun(minutes=first), conversations.telling(Role.VOLUNTEER, second, "b", NOW))
    assert change is not None
    assert change.state.minutes == min(first, second)
    assert change.state.logged_by is Role.NEWCOMER
    assert len(change.facts) == (1 if second < first else 0)


def test_the_same_side_or_the_same_form_again_adds_nothing_to_it() -> None:
    assert conversations.told_again(begun(), conversations.telling(Role.NEWCOMER, 10, "b", NOW)) is None
    assert conversations.told_again(begun(), conversations.telling(Role.VOLUNTEER, 10, "a", NOW)) is None


def test_taken_back_it_takes_nothing_more() -> None:
    withdrawn = conversations.withdraw(begun())
    assert withdrawn is not None
    assert conversations.withdraw(withdrawn.state) is None
    assert conversations.told_again(withdrawn.state, conversations.telling(Role.VOLUNTEER, 10, "b", NOW)) is None


@pytest.mark.parametrize("minutes", [-5, 0, 601, 10**6])
def test_minutes_nobody_believes_are_refused(minutes: int) -> None:
    with pytest.raises(MinutesOutOfBounds) as refusal:
        conversations.telling(Role.NEWCOMER, minutes, "a", NOW)
    assert refusal.value.field == "minutes"


@pytest.mark.parametrize("minutes", [1, 600])
def test_the_shortest_and_the_longest_are_believed(minutes: int) -> None:
    assert conversations.telling(None, minutes, "a", NOW).minutes == minutes


def test_a_link_logs_the_days_of_its_week_that_have_come() -> None:
    conversations.day_within(TODAY, TODAY, "2026-W48")
    conversations.day_within(date(2026, 11, 23), TODAY, "2026-W48")
    for day in (date(2026, 11, 27), date(2026, 11, 22), date(2026, 11, 30)):
        with pytest.raises(DayOutOfBounds):
            conversations.day_within(day, TODAY, "2026-W48")


def test_the_form_offers_today_or_the_last_day_of_a_week_that_is_over() -> None:
    days = weeks.days_of("2026-W48")
    assert conversations.offered_days(days, TODAY) == (days[:4], TODAY)
    assert conversations.offered_days(days, date(2026, 12, 1)) == (days, days[-1])
    assert conversations.offered_days(days, date(2026, 11, 20)) == ([], None)


def test_the_desk_logs_no_day_to_come_nor_long_ago_nor_after_the_end() -> None:
    conversations.day_for_desk(date(2026, 11, 1), TODAY, date(2026, 11, 1))
    for day, ended_on in (
        (date(2026, 11, 27), None),
        (date(2025, 11, 24), None),
        (date(2026, 11, 2), date(2026, 11, 1)),
    ):
        with pytest.raises(DayOutOfBounds):
            conversations.day_for_desk(day, TODAY, ended_on)


def test_nobody_logs_a_week_before_the_duo_began_but_the_days_of_that_week() -> None:
    conversations.day_within(date(2026, 11, 23), TODAY, "2026-W48", "2026-W48")
    conversations.day_for_desk(date(2026, 11, 23), TODAY, None, "2026-W48")
    with pytest.raises(DayOutOfBounds, match="began later"):
        conversations.day_within(date(2026, 11, 22), TODAY, "2026-W47", "2026-W48")
    with pytest.raises(DayOutOfBounds, match="began later"):
        conversations.day_for_desk(date(2026, 11, 22), TODAY, None, "2026-W48")


def test_a_word_is_for_the_coordinator_and_never_in_the_fact() -> None:
    telling = conversations.telling(Role.NEWCOMER, 30, "a", NOW, Face.HARD, "  He asked for\x00 my\r\npapers \ud800 ")
    change = conversations.told("c", "duo-1", TODAY, Medium.VIDEO, telling)
    assert change.state.tellings[0].word == "He asked for my\npapers"
    assert change.state.unread
    assert "papers" not in change.facts[0].model_dump_json()
    assert "hard" not in change.facts[0].model_dump_json()
    read = conversations.read(change.state)
    assert read is not None
    assert not read.state.unread
    bare = conversations.wordless(change.state)
    assert bare is not None
    assert (bare.state.tellings[0].word, bare.state.tellings[0].face, bare.state.minutes) == ("", None, 30)
    with pytest.raises(WordTooLong):
        conversations.telling(Role.NEWCOMER, 30, "a", NOW, None, "x" * 501)
