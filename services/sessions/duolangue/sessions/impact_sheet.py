"""The figures of a report as rows of a file that a spreadsheet opens well."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from duolangue.chassis.formulas import defused
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain.figures import TOPICS, Breakdown, Figure, Impact
from duolangue.sessions.impact_words import N_, Words

MARK: Final = "\ufeff"
"""So that spreadsheets see that it is UTF-8."""
HIDDEN: Final = "*"
"""Stands for a number that is hidden."""
ORDER: Final = tuple(figure for figures in TOPICS.values() for figure in figures)
SIDES: Final = {Role.NEWCOMER: Figure.NEWCOMERS_REACHED, Role.VOLUNTEER: Figure.VOLUNTEERS_REACHED}
_HEADING: Final = (N_("name"), N_("figure"), N_("number"), N_("what it counts"))
_MONTH: Final = N_("month")
_OTHERS: Final = N_("other municipalities, or not told")


def period(report: Impact, words: Words) -> str:
    """A report: one figure a row, with what it counts; then the breakdowns, a hidden number as a star."""
    rows: list[Sequence[str]] = [[words.say(name) for name in _HEADING]]
    rows += [
        [figure.value, words.label(figure), _number(report.figures[figure]), words.definition(figure)]
        for figure in ORDER
    ]
    for each in report.breakdowns:
        rows += breakdown(each, words)
    for change in report.questions:
        for part, value in (("start", change.start), ("end", change.end), ("better", change.better)):
            shown = HIDDEN if value is None and change.people else _number(value)
            rows.append([f"question_{change.question.value}_{part}", words.question(change.question), shown, ""])
    return _file(rows)


def months(reports: Iterable[Impact], words: Words) -> str:
    """One month a row, one figure a column."""
    rows: list[Sequence[str]] = [[words.say(_MONTH), *(words.label(figure) for figure in ORDER)]]
    rows += [[report.first, *(_number(report.figures[figure]) for figure in ORDER)] for report in reports]
    return _file(rows)


def breakdown(each: Breakdown, words: Words) -> list[Sequence[str]]:
    """The rows of one breakdown."""
    name = f"{SIDES[each.side].value}_by_{each.by.value}"
    title = f"{words.label(SIDES[each.side])}: {words.by(each.by)}"
    rows: list[Sequence[str]] = [
        [name, words.category(each.by, cell.category), HIDDEN if cell.people is None else str(cell.people), title]
        for cell in each.cells
    ]
    if each.others:
        rows.append([name, words.say(_OTHERS), str(each.others), title])
    return rows


def _number(value: float | None) -> str:
    """As a spreadsheet in French, Dutch or German reads it, which also reads the semicolons: with a comma."""
    if not isinstance(value, float):
        return "" if value is None else str(value)
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _file(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([defused(cell) for cell in row] for row in rows)
    return MARK + text.getvalue()
