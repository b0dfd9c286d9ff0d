"""What is not ours is named with its version, has its licence beside it, is unchanged, and is in use."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from tests.architecture.sources import MEMBERS, ROOT, templates

WEB = ROOT / "chassis/duolangue/chassis/web"
VENDOR = WEB / "static/vendor"
ICONS = WEB / "templates/icons"
README = (VENDOR / "README.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\S+)` \| (\S+) \| `(\S+)` \| .*?`(\S+)`\) \| `([0-9a-f]{64})` \|$", README, re.MULTILINE)
DRAWN = {"path", "circle", "rect", "line", "polyline", "polygon", "ellipse"}


@pytest.mark.parametrize(("package", "version", "file", "licence", "digest"), ROWS, ids=lambda value: str(value)[:20])
def test_a_vendored_file_is_the_one_that_its_line_tells_of(package, version, file, licence, digest):
    assert re.fullmatch(r"\d+\.\d+\.\d+", version), package
    assert hashlib.sha256((VENDOR / file).read_bytes()).hexdigest() == digest
    assert "Copyright" in (text := (VENDOR / licence).read_text(encoding="utf-8")) or "Permission" in text


def test_every_vendored_file_has_its_line():
    files = {str(file.relative_to(VENDOR)) for file in VENDOR.rglob("*") if file.is_file()}
    assert files == {"README.md"} | {name for row in ROWS for name in (row[2], row[3])}
    assert re.search(r"`lucide-static` \d+\.\d+\.\d+", README)
    assert "ISC License" in (ICONS / "LICENSE").read_text(encoding="utf-8")


def test_icons_are_drawings_alone_and_each_is_used_somewhere():
    used = "\n".join(
        file.read_text(encoding="utf-8")
        for file in (*templates(), *(each for member in MEMBERS for each in (member / "duolangue").rglob("*.py")))
    )
    for icon in ICONS.glob("*.svg"):
        assert set(re.findall(r"<(\w+)", icon.read_text(encoding="utf-8"))) <= DRAWN, icon.name
        assert re.search(rf"""["']{icon.stem}["']|%\}}{icon.stem}\{{%""", used), f"{icon.name} is not used any more"


@pytest.mark.parametrize("template", templates(), ids=lambda file: file.name)
def test_every_icon_that_a_template_names_is_there(template: Path):
    named = re.findall(r"""\bicon\(\s*["']([a-z0-9-]+)["']""", template.read_text(encoding="utf-8"))
    assert [name for name in named if not (ICONS / f"{name}.svg").is_file()] == []


def test_our_style_sheet_knows_no_left_and_no_right():
    sheet = re.sub(r"/\*.*?\*/", "", (WEB / "static/duo.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    physical = (
        r"(?<![\w-])((margin|padding|border|inset|scroll-margin|scroll-padding)-(left|right|top|bottom)"
        r"|left|right|top|bottom|width|height|(min|max)-(width|height))\s*:"
        r"|(?:text-align|float|clear)\s*:\s*(left|right)"
    )
    inside = re.sub(r"@media[^{]*", "", sheet)  # what is asked of a screen has no logical name everywhere
    assert [found.group(0) for found in re.finditer(physical, inside)] == []
