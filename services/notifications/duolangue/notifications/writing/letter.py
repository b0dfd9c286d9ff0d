"""A message as parts, before it takes the shape of a mail or of a text to hand over."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence or two."""

    text: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Short lines that belong together, with a word before them."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """Something to press."""

    label: str
    url: str
    second: bool = False
    """Not what most people will press."""


Part = Note | Lines | Action


@dataclass(frozen=True, slots=True)
class Letter:
    """One message in one language."""

    language: str
    subject: str
    greeting: str
    parts: tuple[Part, ...]
    closing: str
    problem: Action
    """Stands in every message."""
    short: str
    """The same for WhatsApp: one text."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What differs from one kind of message to the next."""

    subject: str
    parts: tuple[Part, ...]
    short: str
    """The sentences of the WhatsApp text, between the greeting and the link about a problem."""
