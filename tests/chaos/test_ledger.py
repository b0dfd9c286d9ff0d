"""The ledger of the crash test sees each kind of harm that it is there for."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from duolangue.contracts.envelope import Event, Fact
from duolangue.contracts.facts.registration import ParticipantPaused, ParticipantRegistered, ParticipantStatus
from duolangue.contracts.vocabulary import Role
from duolangue.provision.platform import PLATFORM
from tests.chaos.ledger import Findings, Ledger

NOW = datetime(2026, 11, 18, 10, 0, 0, 123456, tzinfo=UTC)


def told(fact: Fact, version: int, event_id: str = "") -> Event:
    return Event.of(
        fact, event_id=event_id or f"e{version}", association="liege", entity_id="ali", entity_version=version, time=NOW
    )


@pytest.fixture
def ledger() -> Ledger:
    """Ali was registered, then paused; all others know, and Ali was welcomed."""
    documents: dict[tuple[str, str], list[Any]] = {
        (member.name, kind.name): [] for member in PLATFORM for kind in member.declaration.kinds
    }
    key = {"_id": "liege/ali", "association": "liege"}
    state = {"id": "ali", "status": "paused", "roles": ["newcomer"]}
    documents["registration", "participants"] = [
        {**key, "version": 2, "outbox": [], "seen": ["x"], "state": {"id": "ali"}}
    ]
    documents["matching", "people"] = [{**key, "version": 2, "state": dict(state)}]
    documents["notifications", "participants"] = [{**key, "version": 2, "state": dict(state)}]
    documents["sessions", "participants"] = [{**key, "version": 2, "state": dict(state)}]
    welcome = {"id": "m", "kind": "welcome", "about": "ali", "recipient": "ali", "status": "sent"}
    documents["notifications", "messages"] = [
        {**key, "_id": "liege/m", "version": 0, "outbox": [], "seen": [], "state": welcome}
    ]
    facts = (
        ParticipantRegistered(status=ParticipantStatus.ACTIVE, roles=[Role.NEWCOMER]),
        ParticipantPaused(status=ParticipantStatus.PAUSED, roles=[Role.NEWCOMER]),
    )
    return Ledger(PLATFORM, documents, [told(fact, number) for number, fact in enumerate(facts, start=1)])


def test_all_is_well(ledger: Ledger) -> None:
    found = ledger.findings()
    assert (found.lost, found.twice, found.wrong) == ([], [], [])
    assert found.applied == 7


def lose_fact(ledger: Ledger) -> None:
    del ledger.events[0]


def keep_in_outbox(ledger: Ledger) -> None:
    ledger.documents["registration", "participants"][0]["outbox"].append({"id": "e3"})


def forget_projection(ledger: Ledger) -> None:
    ledger.documents["matching", "people"].clear()


def lag_behind(ledger: Ledger) -> None:
    ledger.documents["matching", "people"][0]["version"] = 1


def welcome_nobody(ledger: Ledger) -> None:
    ledger.documents["notifications", "messages"].clear()


def tell_twice(ledger: Ledger) -> None:
    ledger.events.append(ledger.events[0])


def tell_two_facts_of_one_version(ledger: Ledger) -> None:
    ledger.events.append(ledger.events[0].model_copy(update={"id": "other"}))


def answer_twice(ledger: Ledger) -> None:
    ledger.documents["registration", "participants"][0]["seen"].append("x")


def welcome_twice(ledger: Ledger) -> None:
    messages = ledger.documents["notifications", "messages"]
    messages.append(deepcopy(messages[0]))


def draft_twice(ledger: Ledger) -> None:
    duo = {"id": "d", "newcomer": "ali", "volunteer": "bea", "status": "draft"}
    document = {"_id": "liege/d", "association": "liege", "version": 0, "outbox": [], "state": duo}
    ledger.documents["matching", "duos"] += [document, document]
    ledger.documents["matching", "people"][0]["state"]["volunteer"] = None


def tell_what_is_not_stored(ledger: Ledger) -> None:
    ledger.events.append(ledger.events[0].model_copy(update={"id": "e9", "subject": "nobody"}))


def know_something_else(ledger: Ledger) -> None:
    ledger.documents["matching", "people"][0]["state"]["status"] = "active"


@pytest.mark.parametrize("harm", [lose_fact, keep_in_outbox, forget_projection, lag_behind, welcome_nobody])
def test_what_is_lost_is_seen(ledger: Ledger, harm: Callable[[Ledger], None]) -> None:
    assert after(harm, ledger).lost


@pytest.mark.parametrize("harm", [tell_twice, tell_two_facts_of_one_version, answer_twice, welcome_twice, draft_twice])
def test_what_counts_twice_is_seen(ledger: Ledger, harm: Callable[[Ledger], None]) -> None:
    assert after(harm, ledger).twice


@pytest.mark.parametrize("harm", [tell_what_is_not_stored, know_something_else])
def test_what_nobody_told_is_seen(ledger: Ledger, harm: Callable[[Ledger], None]) -> None:
    assert after(harm, ledger).wrong


def after(harm: Callable[[Ledger], None], ledger: Ledger) -> Findings:
    harm(ledger)
    return ledger.findings()
