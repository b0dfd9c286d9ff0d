"""The published schemas, generated from the models: one for each fact and request, an index, and the AsyncAPI document.

`python -m duolangue.contracts.schemas write DIR` makes the files anew, unless that would break a published version;
`check DIR` exits with 1 and names each file that is not what the models say.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from inspect import cleandoc
from pathlib import Path
from typing import Any, Final

from duolangue.contracts import facts, requests
from duolangue.contracts.asyncapi import document
from duolangue.contracts.compatibility import breaking
from duolangue.contracts.envelope import Event, Fact, Payload

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
REQUESTS: Final[dict[str, tuple[type[Payload], type[Payload]]]] = {
    requests.PEOPLE: (requests.PeopleQuestion, requests.PeopleAnswer),
    requests.FIND: (requests.FindQuestion, requests.PeopleAnswer),
    requests.CONTACTS: (requests.ContactsQuestion, requests.ContactsAnswer),
    requests.KEYS: (requests.KeysQuestion, requests.KeysAnswer),
    requests.ACTIVITIES: (requests.ActivitiesQuestion, requests.ActivitiesAnswer),
    **dict.fromkeys(requests.TODAY.values(), (requests.TodayQuestion, requests.TodayAnswer)),
    **dict.fromkeys(requests.PERSONAL_DATA.values(), (requests.PersonalDataQuestion, requests.PersonalDataAnswer)),
}
"""What is asked on each subject, and what comes back."""

JsonSchema = dict[str, Any]


def published_facts() -> list[type[Fact]]:
    """Every fact of the contracts, by name."""
    ours = [kind for kind in Fact.registry.values() if kind.__module__.startswith(f"{facts.__name__}.")]
    return sorted(ours, key=lambda kind: kind.fact_name())


def fact_schema(kind: type[Fact]) -> JsonSchema:
    """The whole event as it stands in the stream: the envelope, with the fact as its `data`."""
    schema = Event.model_json_schema()
    inner = kind.model_json_schema()
    schema["$defs"] = {**schema.get("$defs", {}), **inner.pop("$defs", {}), kind.__name__: inner}
    members = schema["properties"]
    members["data"] = {"$ref": f"#/$defs/{kind.__name__}"}
    members["type"] = {**members["type"], "const": kind.event_type()}
    members["source"] = {**members["source"], "pattern": f"^/[a-z0-9-]+/{kind.owner}$"}
    schema["required"] = sorted({*schema["required"], "specversion"})
    return _headed(schema, kind.fact_name(), cleandoc(kind.__doc__ or ""))


def question_schema(subject: str) -> JsonSchema:
    """What is asked on a subject."""
    question = REQUESTS[subject][0]
    return _headed(question.model_json_schema(), f"{subject}.question", cleandoc(question.__doc__ or ""))


def answer_schema(subject: str) -> JsonSchema:
    """What comes back: an answer or a refusal."""
    answer = REQUESTS[subject][1]
    schema, inner = requests.Reply.model_json_schema(), answer.model_json_schema()
    schema["$defs"] = {**schema.get("$defs", {}), **inner.pop("$defs", {}), answer.__name__: inner}
    told = schema["properties"]["answer"]
    told["anyOf"] = [{"$ref": f"#/$defs/{answer.__name__}"}, {"type": "null"}]
    return _headed(schema, f"{subject}.answer", cleandoc(answer.__doc__ or ""))


def schemas() -> dict[str, JsonSchema]:
    """Every schema, by the name of its file without the ending."""
    made = {kind.fact_name(): fact_schema(kind) for kind in published_facts()}
    for subject in REQUESTS:
        made[f"{subject}.question"] = question_schema(subject)
        made[f"{subject}.answer"] = answer_schema(subject)
    return made


def files() -> dict[str, str]:
    """Everything that is published: paths below the folder, and their text."""
    made = {f"schemas/{name}.json": schema for name, schema in schemas().items()}
    return {
        path: json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        for path, content in {
            **made,
            "index.json": _index(),
            "asyncapi.json": document(published_facts(), {name: asked[0] for name, asked in REQUESTS.items()}),
        }.items()
    }


def drift(folder: Path) -> list[str]:
    """Which files of `folder` are not what the models say, one sentence each."""
    wanted = files()
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return sorted(
        [f"missing: {path}" for path in wanted.keys() - found.keys()]
        + [f"surplus: {path}" for path in found.keys() - wanted.keys()]
        + [
            f"drifted: {path}"
            for path in wanted.keys() & found.keys()
            if found[path].read_bytes() != wanted[path].encode()
        ]
    )


def broken_promises(folder: Path) -> list[str]:
    """What the models would break of the versions published in `folder`, one sentence each."""
    fresh = schemas()
    told: list[str] = []
    for file in sorted((folder / "schemas").glob("*.json")):
        if file.stem not in fresh:
            told.append(f"{file.stem}: removed")
            continue
        published = json.loads(file.read_text(encoding="utf-8"))
        told += [f"{file.stem}: {fault}" for fault in breaking(published, fresh[file.stem])]
    return told


def write(folder: Path) -> None:
    """Make the files in `folder` anew, and remove what the models no longer know."""
    wanted = files()
    for path, text in wanted.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    for file in [each for each in folder.rglob("*") if each.is_file()]:
        if file.relative_to(folder).as_posix() not in wanted:
            file.unlink()


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status: 0, or 1 when something is not as it should be."""
    parser = argparse.ArgumentParser(prog="duolangue.contracts.schemas", description="The published schemas")
    parser.add_argument("verb", choices=("write", "check"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--anyway", action="store_true", help="write even what breaks a published version")
    asked = parser.parse_args(argv)
    if asked.verb == "check":
        return _told(drift(asked.folder), "Write them anew: ./duo schemas")
    broken = broken_promises(asked.folder)
    if broken and not asked.anyway:
        return _told(broken, "Only additions may be made to a version: publish the change as the next one beside it.")
    write(asked.folder)
    return 0


def _told(faults: list[str], advice: str) -> int:
    for line in [*faults, advice] if faults else []:
        sys.stderr.write(f"{line}\n")
    return 1 if faults else 0


def _headed(schema: JsonSchema, name: str, description: str) -> JsonSchema:
    return {
        **schema,
        "$schema": DIALECT,
        "$id": f"urn:duolangue:schema:{name}",
        "title": name,
        "description": description,
    }


def _index() -> JsonSchema:
    told = [
        {
            "name": kind.fact_name(),
            "owner": kind.owner,
            "type": kind.event_type(),
            "subject": kind.pattern(),
            "schema": f"schemas/{kind.fact_name()}.json",
            "description": cleandoc(kind.__doc__ or ""),
        }
        for kind in published_facts()
    ]
    asked = [
        {
            "subject": subject,
            "owner": subject.split(".")[1],
            "question": f"schemas/{subject}.question.json",
            "answer": f"schemas/{subject}.answer.json",
            "description": cleandoc(question.__doc__ or ""),
        }
        for subject, (question, _) in sorted(REQUESTS.items())
    ]
    return {"facts": told, "requests": asked}


if __name__ == "__main__":
    raise SystemExit(main())
