"""The AsyncAPI 3.0 document: a channel for each fact and request, with the messages that travel on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import cleandoc
from typing import Any, Final

from duolangue.contracts.envelope import CONTENT_TYPE, Event, Fact, Payload
from duolangue.contracts.subjects import EVENTS_STREAM
from duolangue.contracts.vocabulary import SLUG_PATTERN

Part = dict[str, Any]

OWNERS: Final = {
    "registration": "Who takes part: associations, participants, coordinators.",
    "matching": "Who meets whom: runs and duos.",
    "sessions": "What duos do together: conversations and commitments.",
    "notifications": "Who was told what, and who cannot be reached.",
}
_EVENT_HEADERS: Final = {
    "type": "object",
    "required": ["Nats-Msg-Id"],
    "properties": {
        "Nats-Msg-Id": {
            "type": "string",
            "description": "The event's own id: the stream recognises an event it already has by it.",
        },
        "Content-Type": {"type": "string", "const": CONTENT_TYPE},
    },
}


def document(facts: Sequence[type[Fact]], questions: Mapping[str, type[Payload]]) -> Part:
    """The whole document, for these facts and for the questions asked on these subjects."""
    return {
        "asyncapi": "3.0.0",
        "id": "urn:duolangue:bus",
        "info": {
            "title": "Duolangue",
            "version": "1.0.0",
            "description": cleandoc(Event.__doc__ or "")
            + " Facts are in the past tense and carry their entity's whole public state; a reader keeps what has a higher"
            " `entityversion` than what it holds. Fields and words may be added within a version: ignore what you do not know.",
            "tags": [_tag(owner) for owner in OWNERS],
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {
            "bus": {
                "host": "{host}:4222",
                "protocol": "nats",
                "description": f"NATS with JetStream; facts stand in the stream {EVENTS_STREAM}.",
                "variables": {"host": {"default": "localhost", "description": "Where the operator runs the bus."}},
            }
        },
        "channels": {
            **{kind.fact_name(): _fact_channel(kind) for kind in facts},
            **{name: channel for subject in questions for name, channel in _request_channels(subject).items()},
        },
        "operations": {
            **{f"send.{kind.fact_name()}": _sending(kind) for kind in facts},
            **{f"answer.{subject}": _answering(subject, question) for subject, question in questions.items()},
        },
        "components": {
            "parameters": {
                "association": {
                    "description": "The association's immutable slug: lower-case letters and digits, with single hyphens within,"
                    f" 2 to 40 characters ({SLUG_PATTERN}).",
                    "examples": ["interra-liege", "charleroi"],
                    "x-pattern": SLUG_PATTERN,
                }
            },
            "messages": {
                **{kind.fact_name(): _fact_message(kind) for kind in facts},
                **{name: part for subject in questions for name, part in _request_messages(subject).items()},
            },
        },
    }


def _fact_channel(kind: type[Fact]) -> Part:
    name = kind.fact_name()
    return {
        "address": f"events.{{association}}.{kind.owner}.{kind.entity}.{kind.fact}.v{kind.version}",
        "title": name,
        "description": cleandoc(kind.__doc__ or ""),
        "parameters": {"association": {"$ref": "#/components/parameters/association"}},
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "servers": [{"$ref": "#/servers/bus"}],
        "tags": [_tag(kind.owner)],
    }


def _sending(kind: type[Fact]) -> Part:
    name = kind.fact_name()
    return {
        "action": "send",
        "title": f"{kind.owner} tells {name}",
        "channel": {"$ref": f"#/channels/{name}"},
        "messages": [{"$ref": f"#/channels/{name}/messages/{name}"}],
        "tags": [_tag(kind.owner)],
    }


def _fact_message(kind: type[Fact]) -> Part:
    name = kind.fact_name()
    return {
        "name": kind.event_type(),
        "title": name,
        "summary": cleandoc(kind.__doc__ or "").splitlines()[0],
        "contentType": CONTENT_TYPE,
        "headers": _EVENT_HEADERS,
        "payload": {"$ref": f"./schemas/{name}.json"},
        "tags": [_tag(kind.owner)],
    }


def _request_channels(subject: str) -> dict[str, Part]:
    asked, answered = f"{subject}.question", f"{subject}.answer"
    servers = [{"$ref": "#/servers/bus"}]
    tags = [_tag(subject.split(".")[1])]
    return {
        subject: {
            "address": subject,
            "title": subject,
            "description": "Asked by request and reply; replicas of the owner share the questions.",
            "messages": {asked: {"$ref": f"#/components/messages/{asked}"}},
            "servers": servers,
            "tags": tags,
        },
        f"{subject}.reply": {
            "address": None,
            "title": f"{subject}: the reply",
            "description": "The asker's own inbox, which its request names as the reply subject.",
            "messages": {answered: {"$ref": f"#/components/messages/{answered}"}},
            "servers": servers,
            "tags": tags,
        },
    }


def _answering(subject: str, question: type[Payload]) -> Part:
    owner = subject.split(".")[1]
    return {
        "action": "receive",
        "title": f"{owner} answers {subject}",
        "description": cleandoc(question.__doc__ or ""),
        "channel": {"$ref": f"#/channels/{subject}"},
        "messages": [{"$ref": f"#/channels/{subject}/messages/{subject}.question"}],
        "reply": {
            "channel": {"$ref": f"#/channels/{subject}.reply"},
            "messages": [{"$ref": f"#/channels/{subject}.reply/messages/{subject}.answer"}],
        },
        "tags": [_tag(owner)],
    }


def _request_messages(subject: str) -> dict[str, Part]:
    return {
        f"{subject}.{part}": {
            "name": f"{subject}.{part}",
            "title": f"{subject}: the {part}",
            "contentType": "application/json",
            "payload": {"$ref": f"./schemas/{subject}.{part}.json"},
            "tags": [_tag(subject.split(".")[1])],
        }
        for part in ("question", "answer")
    }


def _tag(owner: str) -> Part:
    return {"name": owner, "description": OWNERS[owner]}
