"""Read from the code: pages escape what people typed and bring no script; logs have no field for a person."""

from __future__ import annotations

import ast
import json
import re

import pytest

from duolangue.chassis.log import ALLOWED
from duolangue.contracts.envelope import Fact
from duolangue.provision.platform import PLATFORM
from tests.architecture.sources import ROOT, modules, templates

LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
OF_STRUCTLOG = {"exc_info", "stack_info"}
HTMX = """<script src="{{ static('htmx.js') }}" defer></script>"""
"""For the desk, from a file of our own; the layout brings it."""
PASSKEYS = """<script src="{{ static('passkeys.js') }}" defer></script>"""
"""For who signs in with a passkey, from a file of our own."""
SCRIPTS = {"layout.html": HTMX, "sign_in.html": PASSKEYS, "account.html": PASSKEYS}
"""All scripts there are, with the templates that bring them: no page for participants does."""
OWN_SENTENCES = "duolangue.chassis.web.sentences"
"""Says it of the catalogues' sentences, and escapes what is put into them."""
MAIL = "mail.html"
"""Mail programs know no style sheets."""


@pytest.mark.parametrize("template", templates(), ids=lambda file: file.name)
def test_no_template_switches_escaping_off_or_brings_a_script_or_a_style(template):
    text = template.read_text(encoding="utf-8")
    text = text.replace(SCRIPTS.get(template.name, "nothing"), "", 1)
    assert not re.search(r"\|\s*safe\b|autoescape\s+false|Markup", text)
    assert not re.search(r"<\s*script|\son[a-z]+\s*=|javascript:", text, re.IGNORECASE)
    if template.name != MAIL:
        assert not re.search(r"<\s*style|\sstyle\s*=", text, re.IGNORECASE)


def test_no_code_calls_text_safe():
    names = {"Markup", "mark_safe", "markupsafe"}
    found = {
        f"{name}:{node.lineno}"
        for name, module in modules()
        if name != OWN_SENTENCES
        for node in ast.walk(module)
        if (isinstance(node, ast.Name) and node.id in names) or (isinstance(node, ast.Attribute) and node.attr in names)
    }
    assert found == set()


def test_log_calls_name_an_event_and_use_allowed_fields_alone():
    wrong, calls = [], 0
    for name, module in modules():
        for node in ast.walk(module):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS):
                continue
            if ast.unparse(node.func.value) not in {"logger", "log", "self._log"}:
                continue
            calls += 1
            event = node.args[0] if len(node.args) == 1 else None
            if not (isinstance(event, ast.Constant) and re.fullmatch(r"[a-z_]+\.[a-z_]+", str(event.value))):
                wrong.append(f"{name}:{node.lineno} is no event")
            wrong += [
                f"{name}:{node.lineno} {keyword.arg}"
                for keyword in node.keywords
                if keyword.arg not in ALLOWED | OF_STRUCTLOG
            ]
    assert calls > 20
    assert wrong == []


def test_no_log_field_could_hold_a_person():
    assert not ALLOWED & {
        "name",
        "first_name",
        "last_name",
        "email",
        "mail",
        "phone",
        "address",
        "token",
        "link",
        "body",
        "text",
    }


OF_THEIR_OWN = {"sessions": {"session.logged", "session.withdrawn", "attendance.recorded", "commitment.milestone"}}
"""Facts to which their owner reacts itself: what a log or an absence means is found after the answer (decisions 37 and 39)."""


@pytest.mark.parametrize("member", PLATFORM, ids=lambda member: member.name)
def test_every_reaction_is_to_a_published_fact_of_another_service_but_for_those_that_are_named(member):
    published = json.loads((ROOT / "contracts/published/index.json").read_text(encoding="utf-8"))
    own = set[str]()
    for fact in member.declaration.reactions.handlers:
        assert Fact.registry[fact.fact_name()] is fact
        if fact.owner == member.name:
            own.add(f"{fact.entity}.{fact.fact}")
        assert fact.fact_name() in json.dumps(published)
    assert own == OF_THEIR_OWN.get(member.name, set())
