"""What runs in containers is told as it is: every variable of the compose file with its default, every alert; the Dockerfile is in order."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from duolangue.chassis.metrics import Metrics
from tests.architecture.sources import ROOT

GUIDE = (ROOT / "docs/containers.md").read_text(encoding="utf-8")
COMPOSE = (ROOT / "deploy/compose/compose.yaml").read_text(encoding="utf-8")
ALERTS = (ROOT / "deploy/compose/alerts.yaml").read_text(encoding="utf-8")


def test_every_variable_of_the_compose_file_is_told_with_its_default():
    found: dict[str, set[str]] = {}
    for name, default in re.findall(r"\$\{(DUO_[A-Z_]+):-([^}]*)\}", COMPOSE):
        found.setdefault(name, set()).add(default)
    assert {name for name, defaults in found.items() if len(defaults) > 1} == set()
    told = dict(re.findall(r"^\| `(DUO_[A-Z_]+)` \| (?:`(.*?)`|empty) \|", GUIDE, re.MULTILINE))
    assert told == {name: max(defaults) for name, defaults in found.items()}
    assert set(re.findall(r"^(DUO_[A-Z_]+)=", (ROOT / "deploy/compose/env.example").read_text(), re.MULTILINE)) <= set(
        told
    )


def test_every_alert_is_told_and_counts_what_is_counted():
    rules = set(re.findall(r"alert: (\w+)", ALERTS))
    assert rules == set(re.findall(r"^\| `(Duolangue\w+)` \|", GUIDE, re.MULTILINE))
    counted = {family.name for family in Metrics("x").registry.collect()}
    for name in set(re.findall(r"\bduo_\w+", ALERTS)):
        assert re.sub(r"_(total|count|bucket)$", "", name) in counted, name


def test_no_password_stands_in_the_compose_file_and_no_image_floats_without_a_tag():
    assert not re.findall(r"(PASSWORD|SECRET)(?!_FILE|S\b)\w*: (?!/run/)", COMPOSE)
    for image in re.findall(r"image: (\S+)", COMPOSE):
        assert re.search(r":(-\S+:)?[\w.${}:-]+$", image), image


def test_the_dockerfile_is_in_order():
    linter = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    assert linter is not None, "hadolint comes with the tests' own packages"
    done = subprocess.run([linter, ROOT / "deploy/docker/Dockerfile"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
