"""Every sentence that people may see exists in French and in Dutch, with the same placeholders."""

from __future__ import annotations

import ast
import re
from importlib import resources

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

PACKAGE = resources.files("duolangue.sessions")
OPTIONS = {"trimmed": "true", "encoding": "utf-8"}


def sentences() -> set[str]:
    found: set[str] = set()
    for template in PACKAGE.joinpath("templates", "sessions").iterdir():
        with template.open("rb") as file:
            for _, message, _, _ in extract("jinja2.ext:babel_extract", file, options=OPTIONS):
                found.add(message if isinstance(message, str) else message[0])
    rules = [file for room in (PACKAGE, PACKAGE / "domain") for file in room.iterdir() if file.name.endswith(".py")]
    for module in rules:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                first = node.exc.args[0]
                if (
                    isinstance(first, ast.Constant)
                    and isinstance(first.value, str)
                    and first.value.endswith((".", "?"))
                ):
                    found.add(first.value)
    return found


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_every_sentence_is_translated(language: str) -> None:
    catalogue = read_po(PACKAGE.joinpath("locale", language, "LC_MESSAGES", "messages.po").open("rb"), locale=language)
    wanted = sentences()
    assert len(wanted) > 50
    known = {
        message.id if isinstance(message.id, str) else message.id[0]: message for message in catalogue if message.id
    }
    assert wanted - set(known) == set()
    assert set(known) - wanted == set()
    for name, message in known.items():
        for text in (message.string,) if isinstance(message.string, str) else message.string:
            assert text, name
            assert set(re.findall(r"%\(\w+\)s", text)) <= set(re.findall(r"%\(\w+\)s", str(message.id))), name
