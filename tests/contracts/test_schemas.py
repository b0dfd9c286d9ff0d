"""The published schemas: what the models say, nothing lost from a version, and a document with every fact in it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from duolangue.contracts import schemas
from duolangue.contracts.compatibility import breaking
from duolangue.contracts.envelope import Event, Fact
from duolangue.contracts.facts.matching import DuoConfirmed, DuoOrigin, DuoStatus
from duolangue.contracts.facts.registration import NewcomerProfile, ParticipantRegistered, ParticipantStatus
from duolangue.contracts.facts.sessions import CommitmentMissed
from duolangue.contracts.vocabulary import Interest, Level, Role

PUBLISHED = Path(__file__).parents[2] / "contracts" / "published"
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
EXAMPLES: tuple[Fact, ...] = (
    DuoConfirmed(
        newcomer="n-1", volunteer="v-1", status=DuoStatus.CONFIRMED, origin=DuoOrigin.RUN, accepted_by=[Role.NEWCOMER],
        shared_interests=[Interest.COOKING], shared_slots=["tue_evening"], confirmed_at=NOW,
    ),
    ParticipantRegistered(
        status=ParticipantStatus.ACTIVE, roles=[Role.NEWCOMER], birth_year=1990, postcode="4000", languages=["ti"],
        newcomer=NewcomerProfile(french_oral=Level.A0_CANNOT_READ, waiting_since=NOW),
    ),
    CommitmentMissed(
        duo="d-1", newcomer="n-1", volunteer="v-1", week="2026-W48", minutes=5, promised=30, missed_weeks=1
    ),
)  # fmt: skip


def event(fact: Fact, **changes: Any) -> dict[str, Any]:
    made = Event.of(
        fact, event_id="e-1", association="interra", entity_id="x-1", entity_version=3, time=NOW, correlation_id="c"
    )
    return {**json.loads(made.encode()), **changes}


def published(name: str) -> dict[str, Any]:
    return json.loads((PUBLISHED / "schemas" / f"{name}.json").read_text(encoding="utf-8"))


def test_what_is_committed_is_what_the_models_say() -> None:
    assert schemas.drift(PUBLISHED) == []


def test_check_names_each_file_that_drifted_is_missing_or_surplus(tmp_path: Path, capsys: Any) -> None:
    schemas.write(tmp_path)
    assert schemas.main(["check", str(tmp_path)]) == 0
    (tmp_path / "asyncapi.json").unlink()
    (tmp_path / "schemas" / "duo.dreamt.v1.json").write_text("{}")
    drifted = tmp_path / "schemas" / "duo.ended.v1.json"
    drifted.write_text(drifted.read_text() + "\n")
    assert schemas.main(["check", str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert "missing: asyncapi.json" in told
    assert "surplus: schemas/duo.dreamt.v1.json" in told
    assert "drifted: schemas/duo.ended.v1.json" in told
    assert told.count("schemas/duo.ended.v1.json") == 1


def test_write_refuses_to_break_what_is_published_unless_told_to(tmp_path: Path, capsys: Any) -> None:
    schemas.write(tmp_path)
    file = tmp_path / "schemas" / "session.logged.v1.json"
    once = json.loads(file.read_text())
    once["$defs"]["SessionLogged"]["properties"]["mood"] = {"type": "string"}
    file.write_text(json.dumps(once))
    assert schemas.main(["write", str(tmp_path)]) == 1
    assert "session.logged.v1: $.data.mood: removed" in capsys.readouterr().err
    assert json.loads(file.read_text()) == once
    assert schemas.main(["write", str(tmp_path), "--anyway"]) == 0
    assert schemas.main(["check", str(tmp_path)]) == 0


def data(schema: dict[str, Any]) -> dict[str, Any]:
    return schema["$defs"]["ParticipantRegistered"]


def removed(schema: dict[str, Any]) -> None:
    del data(schema)["properties"]["postcode"]


def newly_required(schema: dict[str, Any]) -> None:
    data(schema)["required"].append("gender")


def required_addition(schema: dict[str, Any]) -> None:
    data(schema)["properties"]["shoe_size"] = {"type": "integer"}
    data(schema)["required"].append("shoe_size")


def no_longer_promised(schema: dict[str, Any]) -> None:
    data(schema)["required"].remove("status")


def other_type(schema: dict[str, Any]) -> None:
    data(schema)["properties"]["status"] = {"type": "integer"}


def word_removed(schema: dict[str, Any]) -> None:
    schema["$defs"]["Interest"]["enum"].remove("cooking")


def bound_narrowed(schema: dict[str, Any]) -> None:
    data(schema)["properties"]["birth_year"]["anyOf"][0]["minimum"] = 1920


def bound_new(schema: dict[str, Any]) -> None:
    data(schema)["properties"]["interests"]["maxItems"] = 3


def null_refused(schema: dict[str, Any]) -> None:
    data(schema)["properties"]["postcode"] = data(schema)["properties"]["postcode"]["anyOf"][0]


def null_new(schema: dict[str, Any]) -> None:
    data(schema)["properties"]["status"] = {"anyOf": [data(schema)["properties"]["status"], {"type": "null"}]}


def pattern_changed(schema: dict[str, Any]) -> None:
    data(schema)["properties"]["postcode"]["anyOf"][0]["pattern"] = "^4[0-9]{3}$"


def renamed_event(schema: dict[str, Any]) -> None:
    schema["properties"]["type"]["const"] = "be.duolangue.participant.enlisted.v1"


def deep_inside(schema: dict[str, Any]) -> None:
    del schema["$defs"]["VolunteerProfile"]["properties"]["comfort"]


def other_default(schema: dict[str, Any]) -> None:
    schema["$defs"]["VolunteerProfile"]["properties"]["places"]["default"] = 2


@pytest.mark.parametrize(
    "change",
    [
        removed, newly_required, required_addition, no_longer_promised, other_type, word_removed, bound_narrowed, bound_new,
        null_refused, null_new, pattern_changed, renamed_event, deep_inside, other_default,
    ],
)  # fmt: skip
def test_a_change_that_breaks_a_reader_is_refused(change: Callable[[dict[str, Any]], None]) -> None:
    old = published("participant.registered.v1")
    new = copy.deepcopy(old)
    change(new)
    assert breaking(old, new) != []


def field_added(schema: dict[str, Any]) -> None:
    data(schema)["properties"]["nickname"] = {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}


def word_added(schema: dict[str, Any]) -> None:
    schema["$defs"]["Interest"]["enum"].append("chess")


def bound_widened(schema: dict[str, Any]) -> None:
    schema["$defs"]["VolunteerProfile"]["properties"]["places"]["maximum"] = 9


def said_otherwise(schema: dict[str, Any]) -> None:
    data(schema)["description"] = data(schema)["title"] = "Other words for the same."


@pytest.mark.parametrize("change", [field_added, word_added, bound_widened, said_otherwise])
def test_an_addition_is_allowed(change: Callable[[dict[str, Any]], None]) -> None:
    old = published("participant.registered.v1")
    new = copy.deepcopy(old)
    change(new)
    assert old != new
    assert breaking(old, new) == []


def test_the_models_break_nothing_that_is_committed() -> None:
    assert schemas.broken_promises(PUBLISHED) == []


@pytest.mark.parametrize("fact", EXAMPLES, ids=lambda fact: fact.fact_name())
def test_an_event_as_it_travels_fits_its_schema_and_no_other(fact: Fact) -> None:
    validators = {
        kind.fact_name(): Draft202012Validator(schemas.fact_schema(kind)) for kind in schemas.published_facts()
    }
    Draft202012Validator.check_schema(published(fact.fact_name()))
    assert [name for name, validator in validators.items() if validator.is_valid(event(fact))] == [fact.fact_name()]


@pytest.mark.parametrize(
    "changes",
    [
        {"source": "/interra/matching"},
        {"type": "be.duolangue.duo.confirmed.v1"},
        {"entityversion": 0},
        {"associationid": "Interra Liège"},
        {"specversion": "0.3"},
        {"data": {}},
    ],
)
def test_what_is_not_the_event_does_not_fit(changes: dict[str, Any]) -> None:
    validator = Draft202012Validator(published("commitment.missed.v1"))
    assert validator.is_valid(event(EXAMPLES[2]))
    assert not validator.is_valid(event(EXAMPLES[2], **changes))


def test_the_asyncapi_document_has_every_fact_with_its_parameter_sender_and_payload() -> None:
    document = json.loads((PUBLISHED / "asyncapi.json").read_text(encoding="utf-8"))
    assert document["asyncapi"] == "3.0.0"
    association = document["components"]["parameters"]["association"]
    assert association["description"]
    assert association["examples"]
    facts = schemas.published_facts()
    assert len(facts) >= 23
    for kind in facts:
        name = kind.fact_name()
        channel = document["channels"][name]
        assert channel["address"] == kind.pattern().replace("*", "{association}")
        assert channel["parameters"] == {"association": {"$ref": "#/components/parameters/association"}}
        assert channel["description"]
        assert document["operations"][f"send.{name}"]["action"] == "send"
        assert [tag["name"] for tag in document["operations"][f"send.{name}"]["tags"]] == [kind.owner]
        message = document["components"]["messages"][name]
        assert message["headers"]["required"] == ["Nats-Msg-Id"]
        assert (PUBLISHED / message["payload"]["$ref"]).is_file()


def test_each_request_has_a_channel_to_ask_on_and_one_to_be_answered() -> None:
    document = json.loads((PUBLISHED / "asyncapi.json").read_text(encoding="utf-8"))
    for subject in schemas.REQUESTS:
        operation = document["operations"][f"answer.{subject}"]
        assert operation["action"] == "receive"
        assert document["channels"][subject]["address"] == subject
        reply = document["channels"][operation["reply"]["channel"]["$ref"].removeprefix("#/channels/")]
        assert reply["address"] is None


def test_every_reference_inside_the_document_leads_somewhere() -> None:
    document = json.loads((PUBLISHED / "asyncapi.json").read_text(encoding="utf-8"))

    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if "$ref" in part else []
            return own + [found for value in part.values() for found in references(value)]
        return [found for each in part for found in references(each)] if isinstance(part, list) else []

    told = references(document)
    assert len(told) > 100
    for reference in told:
        found: Any = document
        if reference.startswith("#/"):
            for step in reference[2:].split("/"):
                found = found[step]
        else:
            assert (PUBLISHED / reference).is_file()


def test_the_index_leads_to_every_schema() -> None:
    index = json.loads((PUBLISHED / "index.json").read_text(encoding="utf-8"))
    led = {fact["schema"] for fact in index["facts"]}
    led |= {each[part] for each in index["requests"] for part in ("question", "answer")}
    assert led == {f"schemas/{path.name}" for path in (PUBLISHED / "schemas").iterdir()}
