"""What figures are called and what they count: complete, and the same in the guide as on the page."""

from __future__ import annotations

import re
from pathlib import Path

from duolangue.sessions.domain.figures import TOPICS, Figure
from duolangue.sessions.impact_words import DEFINITIONS, HOW_COUNTED, LABELS

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
