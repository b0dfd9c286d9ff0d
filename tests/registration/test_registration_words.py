"""Whatever registration says to people exists in French and in Dutch."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from importlib import resources

import pytest
from babel.messages.pofile import read_po

PACKAGE = resources.files("duolangue.registration")
IN_TEMPLATES = re.compile(r'\b(?:_|ngettext)\("([^"]+)"')


def said() -> Iterator[str]:
    for template in PACKAGE.joinpath("templates", "registration").iterdir():
        yield from IN_TEMPLATES.findall(template.read_text(encoding="utf-8"))


def catalogue(language: str) -> dict[str, tuple[str, ...]]:
    file = PACKAGE.joinpath("locale", language, "LC_MESSAGES", "messages.po")
    messages = read_po(io.BytesIO(file.read_bytes()), locale=language)
    return {
        (message.id if isinstance(message.id, str) else message.id[0]): (
            (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        )
        for message in messages
        if message.id
    }


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_every_word_of_the_pages_is_translated(language: str) -> None:
    known = catalogue(language)
    words = set(said())
    assert len(words) > 80
    assert {word for word in words if not all(known.get(word, ("",)))} == set()


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_every_reason_for_a_refusal_is_translated(language: str) -> None:
    known = catalogue(language)
    reasons = set()
    for module in PACKAGE.joinpath("domain").iterdir():
        if not module.name.endswith(".py"):
            continue
        for code, reason in re.findall(
            r'(?:Invalid|NotNow|AlreadyKnown|NoSheet|LinkRefused|_remark)\(\s*"(\w+)",\s*"([^"]+)"',
            module.read_text(encoding="utf-8"),
        ):
            assert code
            reasons.add(reason)
    assert len(reasons) > 40
    assert reasons - set(known) == set()


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_translation_keeps_the_values_of_its_message(language: str) -> None:
    named = re.compile(r"%\(\w+\)s")
    for message, translated in catalogue(language).items():
        for each in translated:
            assert set(named.findall(each)) == set(named.findall(message)), message
