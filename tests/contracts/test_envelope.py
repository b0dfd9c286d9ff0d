"""An event on the bus: what goes in comes out, and what is broken, foreign or mistyped is said to be unreadable."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolangue.contracts.envelope import Event, Unreadable
from duolangue.contracts.facts.sessions import SessionLogged
from duolangue.contracts.subjects import FactSubject, NotASubject, dead, retry
from duolangue.contracts.vocabulary import Medium, Role

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
IDS = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)
SLUGS = st.from_regex(r"[a-z0-9]{2,12}(-[a-z0-9]{1,12}){0,2}", fullmatch=True)
FACTS = st.builds(
    SessionLogged,
    duo=IDS,
    held_on=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    week=st.from_regex(r"[0-9]{4}-W[0-9]{2}", fullmatch=True),
    minutes=st.integers(1, 600),
    medium=st.sampled_from(Medium),
    logged_by=st.none() | st.sampled_from(Role),
)
FACT = SessionLogged(duo="d-1", held_on=date(2026, 11, 20), week="2026-W47", minutes=30, medium=Medium.VIDEO)
SUBJECT = SessionLogged.subject("interra")


def body(**changes: Any) -> bytes:
    made = Event.of(FACT, event_id="e-1", association="interra", entity_id="c-1", entity_version=1, time=NOW)
    return json.dumps({**json.loads(made.encode()), **changes}).encode()


@given(
    FACTS,
    SLUGS,
    IDS,
    st.integers(1, 2**31),
    st.datetimes(timezones=st.just(UTC)),
    st.text(max_size=50),
    st.none() | st.text(max_size=60),
    st.booleans(),
)
def test_what_goes_in_comes_out(
    fact: SessionLogged,
    association: str,
    entity: str,
    version: int,
    time: datetime,
    chain: str,
    trace: str | None,
    replayed: bool,
) -> None:
    event = Event.of(
        fact, event_id="e-1", association=association, entity_id=entity, entity_version=version, time=time,
        correlation_id=chain, causation_id=chain, traceparent=trace, replayed=replayed,
    )  # fmt: skip
    read = Event.decode(event.encode(), FactSubject.parse(str(SessionLogged.subject(association))))
    assert read == event
    assert read.fact(SessionLogged) == fact


@given(st.binary(max_size=200))
def test_bytes_that_are_no_event_are_unreadable(noise: bytes) -> None:
    with pytest.raises(Unreadable):
        Event.decode(noise, SUBJECT)


@given(st.integers(0, 400))
def test_an_event_cut_short_is_unreadable(length: int) -> None:
    whole = body()
    with pytest.raises(Unreadable):
        Event.decode(whole[: min(length, len(whole) - 1)], SUBJECT)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"associationid": "another"}, "associationid"),
        ({"source": "/interra/matching"}, "source"),
        ({"source": "/another/sessions"}, "source"),
        ({"type": "be.duolangue.session.logged.v2"}, "type"),
        ({"type": "be.duolangue.commitment.missed.v1"}, "type"),
        ({"specversion": "0.3"}, "specversion"),
        ({"entityversion": 0}, "entityversion"),
        ({"entityversion": "first"}, "entityversion"),
        ({"time": "2026-11-22T09:30:00"}, "time"),
        ({"time": "yesterday"}, "time"),
        ({"subject": "a name with spaces"}, "subject"),
        ({"id": ""}, "id"),
        ({"data": None}, "data"),
        ({"data": [1]}, "data"),
    ],
)
def test_an_envelope_that_lies_or_is_mistyped_is_unreadable_and_names_the_field(
    changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Unreadable, match=rf"^{field}: "):
        Event.decode(body(**changes), SUBJECT)


@pytest.mark.parametrize("field", ["id", "type", "source", "subject", "time", "associationid", "entityversion", "data"])
def test_a_missing_field_is_named(field: str) -> None:
    told = json.loads(body())
    del told[field]
    with pytest.raises(Unreadable, match=rf"^{field}: "):
        Event.decode(json.dumps(told).encode(), SUBJECT)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("minutes", 0),
        ("minutes", 601),
        ("minutes", "long"),
        ("medium", "telepathy"),
        ("held_on", "2026-02-30"),
        ("duo", ""),
    ],
)
def test_a_mistyped_field_of_the_fact_is_named(field: str, value: Any) -> None:
    event = Event.decode(body(data={**FACT.model_dump(mode="json"), field: value}), SUBJECT)
    with pytest.raises(Unreadable, match=rf"^{field}: "):
        event.fact(SessionLogged)


def test_what_is_wrong_is_told_without_quoting_what_was_sent() -> None:
    event = Event.decode(body(data={**FACT.model_dump(mode="json"), "minutes": "Amina Diallo"}), SUBJECT)
    with pytest.raises(Unreadable) as refusal:
        event.fact(SessionLogged)
    assert "Amina" not in str(refusal.value)


def test_an_unknown_field_is_no_fault() -> None:
    event = Event.decode(body(mood="sunny", data={**FACT.model_dump(mode="json"), "mood": "sunny"}), SUBJECT)
    assert event.fact(SessionLogged) == FACT


@given(SLUGS)
def test_a_subject_reads_back_also_from_the_dead_and_on_its_second_try(association: str) -> None:
    subject = SessionLogged.subject(association)
    dead_letter = dead("matching", str(subject))
    assert FactSubject.parse(dead_letter) == subject
    assert FactSubject.parse(retry("matching", dead_letter)) == subject
    assert retry("matching", dead_letter) == f"retry.matching.{subject}"


@pytest.mark.parametrize(
    "text",
    ["", "events", "events.interra.sessions.session.logged", "events.Interra.sessions.session.logged.v1", "events.a.b.c.d.v1.x",
     "other.interra.sessions.session.logged.v1", "events.*.sessions.session.logged.v1"],
)  # fmt: skip
def test_what_is_no_subject_is_refused(text: str) -> None:
    with pytest.raises(NotASubject):
        FactSubject.parse(text)
