"""What is written for people holds: verbs, options, links, settings, button names, decisions; and no machine is named."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
from collections.abc import Iterator
from datetime import time
from typing import Any

import pytest
from babel.messages.pofile import read_po
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from duolangue.chassis.settings import MailSettings, ServiceSettings
from duolangue.provision.platform import PLATFORM
from duolangue.standalone.cli import _parser
from tests.architecture.sources import MEMBERS, ROOT

PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "services").glob("*/README.md")),
    *sorted((ROOT / "chassis").rglob("LICENCE.md")),
]
OPERATORS = (ROOT / "docs/operators.md").read_text(encoding="utf-8")
NOT_SETTINGS = {
    "DUO_LOG_LEVEL",
    "DUO_NATS_URL",
    "DUO_MONGODB_ROOT_URL",
    "DUO_NATS_IMAGE",
    "DUO_MONGODB_IMAGE",
    "DUO_CHROMIUM",
}
"""Read by a command or a test, not by a service."""


def by_name(file: Any) -> str:
    return str(file.relative_to(ROOT))


def verbs() -> set[str]:
    told = subprocess.run([ROOT / "duo", "--help"], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^  ([a-z][a-z-]*)  ", told, re.MULTILINE))


def options() -> dict[str, set[str]]:
    actions = _parser()._subparsers._group_actions
    choices = next(action.choices for action in actions if isinstance(action, argparse._SubParsersAction))
    return {verb: set(parser._option_string_actions) for verb, parser in choices.items()}


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_every_verb_and_option_exists(page):
    known, taken = verbs(), options()
    for verb, rest in re.findall(r"\./duo ([a-z][a-z-]*)([^`#\n]*)", page.read_text(encoding="utf-8")):
        assert verb in known
        if verb in taken:
            assert set(re.findall(r"(?<!\w)--[a-z][a-z-]*", rest)) <= taken[verb], verb


def test_the_operators_guide_names_every_verb():
    assert verbs() <= set(re.findall(r"\./duo ([a-z][a-z-]*)", OPERATORS))


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_every_relative_link_leads_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}, target


def rows(text: str) -> dict[str, str]:
    """The first two cells of the tables whose rows begin with a name in capitals."""
    return dict(re.findall(r"^\| `([A-Z][A-Z_]+)` \| (.*?) \|", text, re.MULTILINE))


def told(field: FieldInfo) -> str:
    """A default as the guide writes it."""
    default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    if field.is_required():
        return "required"
    match default:
        case None:
            return "none"
        case "":
            return "empty"
        case time():
            return f"{default:%H:%M}"
        case tuple():
            return json.dumps(default)
        case float():
            return str(float(default))
    return str(default)


def settings() -> Iterator[tuple[str, FieldInfo]]:
    """Every setting: those of all services without their prefix."""
    for name, field in ServiceSettings.model_fields.items():
        yield name.upper(), field
    for kind in (MailSettings, *(member.declaration.settings for member in PLATFORM)):
        for name, field in kind.model_fields.items():
            if name not in ServiceSettings.model_fields or not issubclass(kind, ServiceSettings):
                yield f"{kind.model_config['env_prefix']}{name.upper()}", field


def test_the_operators_guide_tells_every_setting_with_its_default():
    expected = dict(settings())
    documented = rows(OPERATORS)
    assert set(documented) == set(expected)
    for name, field in expected.items():
        if isinstance(field.default, float | int) and not isinstance(field.default, bool):
            assert float(documented[name]) == float(field.default), name
        else:
            assert documented[name] == told(field), name


@pytest.mark.parametrize("member", PLATFORM, ids=lambda member: member.name)
def test_the_readme_of_a_service_tells_its_own_settings(member):
    kind = member.declaration.settings
    page = (ROOT / "services" / member.name / "README.md").read_text(encoding="utf-8")
    for name in set(kind.model_fields) - set(ServiceSettings.model_fields):
        assert f"`{kind.model_config['env_prefix']}{name.upper()}`" in page


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_every_variable_that_is_named_is_read(page):
    text = page.read_text(encoding="utf-8")
    own = {f"DUO_{member.name.upper()}_{name.upper()}" for member in PLATFORM for name in ServiceSettings.model_fields}
    known = own | NOT_SETTINGS | {name for name, _ in settings() if name.startswith("DUO_")}
    known |= {f"{name}_FILE" for name in known}
    known |= set(re.findall(r"DUO_[A-Z_]*[A-Z]", (ROOT / "deploy/compose/compose.yaml").read_text(encoding="utf-8")))
    named = set(re.findall(r"\bDUO_[A-Z_]*[A-Z]\b(?![_.]*\*|_?\.\.\.)", text))
    assert {name for name in named if not name.startswith("DUO_TEST_")} <= known


def test_every_figure_that_is_named_is_counted():
    source = (ROOT / "chassis/duolangue/chassis/metrics.py").read_text(encoding="utf-8")
    for name in re.findall(r"`(duo_[a-z_]+)`", OPERATORS):
        assert f'"{name.removesuffix("_total")}"' in source


@pytest.mark.parametrize(
    ("guide", "language", "quoted"),
    [("coordinators.md", "fr", r"« ([^»]+?) »"), ("coordinators.nl.md", "nl", r"“([^”]+)”")],
)
def test_the_guides_for_coordinators_name_pages_and_buttons_as_they_are(guide, language, quoted):
    shown: set[str] = {"guillemets", "aanhalingstekens"}
    for catalogue in (
        file
        for member in MEMBERS
        for file in (member / "duolangue").rglob(f"locale/{language}/LC_MESSAGES/messages.po")
    ):
        with catalogue.open("rb") as file:
            for message in read_po(file):
                words = [message.string] if isinstance(message.string, str) else message.string
                shown |= {re.sub(r"%\(\w+\)s", "…", each) for each in words}
    text = (ROOT / "docs" / guide).read_text(encoding="utf-8")
    flat = {" ".join(each.replace("\xa0", " ").replace("\u202f", " ").split()) for each in shown}
    assert {" ".join(each.split()) for each in re.findall(quoted, text)} <= flat


def test_a_decision_has_its_three_parts_and_half_a_page():
    files = sorted((ROOT / "docs/decisions").iterdir())
    assert [file.name[:4] for file in files] == [f"{number:04}" for number in range(1, len(files) + 1)]
    for number, file in enumerate(files, start=1):
        text = file.read_text(encoding="utf-8")
        assert text.startswith(f"# {number}. ")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
        assert len(text.split()) < 300, file.name


def test_decisions_named_in_the_code_exist():
    numbers = {file.name[:4] for file in (ROOT / "docs/decisions").iterdir()}
    for folder in ("contracts", "chassis", "services", "deploy"):
        for file in (ROOT / folder).rglob("*.py"):
            assert set(re.findall(r"docs/decisions/(\d{4})", file.read_text(encoding="utf-8"))) <= numbers


def test_the_driver_and_its_decision_find_each_other():
    driver = (ROOT / "chassis/duolangue/chassis/store/driver.py").read_text(encoding="utf-8")
    number = re.search(r"docs/decisions/(\d{4})", driver)[1]
    assert "Motor" in next((ROOT / "docs/decisions").glob(f"{number}-*.md")).read_text(encoding="utf-8").splitlines()[0]


def test_the_repository_names_no_machine():
    kept = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = [name for name in kept.stdout.split("\0") if name and (ROOT / name).is_file()]
    if not names:
        pytest.skip("this is no clone, so nothing tells what belongs to the repository")
    somewhere = re.compile(r"(?<![\w.~/-])/(?:root|home/\w+|Users/\w+|work|mnt|opt/\w+)/[\w.]")
    found = {
        f"{name}: {match[0]}"
        for name in names
        for match in somewhere.finditer((ROOT / name).read_text(encoding="utf-8", errors="replace"))
    }
    assert found == set()
