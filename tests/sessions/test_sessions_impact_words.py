"""What figures are called and what they count: complete, and the same in the guide as on the page."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from duolangue.sessions import impact_sheet
from duolangue.sessions.domain.figures import TOPICS, Figure, Impact
from duolangue.sessions.impact_words import DEFINITIONS, HOW_COUNTED, LABELS, Words

GUIDE = (Path(__file__).parents[2] / "docs/impact.md").read_text(encoding="utf-8")


def test_every_figure_stands_under_one_topic_with_a_name_of_its_own_and_a_definition() -> None:
    placed = [figure for figures in TOPICS.values() for figure in figures]
    assert sorted(placed) == sorted(Figure)
    assert set(LABELS) == set(DEFINITIONS) == set(Figure)
    assert len(set(LABELS.values())) == len(Figure)


def test_the_guide_says_of_each_figure_what_the_page_says() -> None:
    rows = dict(re.findall(r"^\| .* \| `([a-z_]+)` \| (.*) \|$", GUIDE, re.MULTILINE))
    assert rows == {figure.value: DEFINITIONS[figure] for figure in Figure}
    assert all(sentence in GUIDE for sentence in HOW_COUNTED)


@pytest.mark.parametrize(
    ("hours", "written"),
    [(None, ""), (0.0, "0"), (0.004, "0"), (3, "3"), (40.5, "40,5"), (1234567.5, "1234567,5"), (1e7, "10000000")],
)
def test_a_number_in_a_file_has_a_comma_and_never_a_power_of_ten(hours: float | None, written: str) -> None:
    figures = {**dict.fromkeys(Figure), Figure.COURSE_HOURS: hours}
    report = Impact(first="2026-09", last="2026-09", figures=figures)
    period, months = (
        list(csv.reader(io.StringIO(text), delimiter=";"))
        for text in (impact_sheet.period(report, Words("en")), impact_sheet.months([report], Words("en")))
    )
    assert next(row[2] for row in period if row[0] == Figure.COURSE_HOURS) == written
    assert months[1][1 + impact_sheet.ORDER.index(Figure.COURSE_HOURS)] == written
