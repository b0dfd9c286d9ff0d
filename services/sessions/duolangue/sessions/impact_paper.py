"""A report to hand in: the figures, their definitions and the breakdowns, as pages to print."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal

from duolangue.sessions.domain.figures import TOPICS, Breakdown, Impact
from duolangue.sessions.domain.period import first_day
from duolangue.sessions.impact_sheet import HIDDEN, SIDES
from duolangue.sessions.impact_words import N_, Words
from duolangue.sessions.paper import GREEN, HEIGHT, MARGIN, SOFT, Paper, begun

TITLE: Final = N_("What we did together")
MADE_ON: Final = N_("Figures of {first} to {last}, made on {day}.")
ZONE: Final = N_("People who live in: {zone}.")
COUNTED: Final = N_("How it is counted")
ANSWERS: Final = N_("The three questions, from 1 (not at all) to 5 (very much)")
THEN_NOW: Final = N_("{people} people: {start} at the start, {end} at the end")
TOO_FEW: Final = N_("too few answers")
SAID: Final = N_("What they say")
OTHERS: Final = N_("other municipalities, or not told")
ROOM: Final = 60.0
"""What a title keeps below it, in millimetres, so that it never stands alone at the foot of a page."""


def draw(report: Impact, association: str, language: str, made: datetime) -> bytes:
    """The pages, in a language."""
    words = Words(language)
    say = words.say
    paper = begun(say(TITLE), association, language, made)
    months = {
        name: format_date(first_day(getattr(report, name)), "MMMM y", paper.language) for name in ("first", "last")
    }
    paper.sentence(say(MADE_ON).format(**months, day=format_date(made, "long", paper.language)), 10.5, colour=SOFT)
    if report.zone:
        paper.sentence(say(ZONE).format(zone=report.zone), colour=SOFT)
    for topic, figures in TOPICS.items():
        _title(paper, words.topic(topic))
        for figure in figures:
            value = report.figures[figure]
            paper.pair(words.label(figure), "–" if value is None else format_decimal(value, locale=paper.language))
            paper.sentence(words.definition(figure), 8, colour=SOFT)
            paper.gap(1.2)
    for each in report.breakdowns:
        if each.total:
            _breakdown(paper, each, words)
    _questions(paper, report, words)
    if report.words:
        _title(paper, say(SAID))
        for text in report.words:
            paper.sentence(f"« {text} »")
            paper.gap(2)
    _title(paper, say(COUNTED))
    for sentence in words.how_counted():
        paper.sentence(sentence, 9)
        paper.gap(1)
    return paper.bytes()


def _title(paper: Paper, text: str) -> None:
    if paper.get_y() + ROOM > HEIGHT - MARGIN:
        paper.add_page()
    paper.gap(5)
    paper.sentence(text, 14, bold=True, colour=GREEN)
    paper.gap(1)


def _breakdown(paper: Paper, each: Breakdown, words: Words) -> None:
    _title(paper, f"{words.label(SIDES[each.side])} · {words.by(each.by)}")
    lines = [(words.category(each.by, cell.category), cell.people) for cell in each.cells]
    if each.others:
        lines.append((words.say(OTHERS), each.others))
    for label, people in lines:
        shown = HIDDEN if people is None else format_decimal(people, locale=paper.language)
        paper.pair(label, shown, size=9.5)
        paper.bar((people or 0) / each.total)


def _questions(paper: Paper, report: Impact, words: Words) -> None:
    if not report.people_apart or not any(each.people for each in report.questions):
        return
    _title(paper, words.say(ANSWERS))
    for each in report.questions:
        paper.sentence(words.question(each.question), bold=True)
        if each.start is None or each.end is None:
            paper.sentence(words.say(TOO_FEW), 9, colour=SOFT)
            continue
        start, end = (format_decimal(value, locale=paper.language) for value in (each.start, each.end))
        paper.sentence(words.say(THEN_NOW).format(people=each.people, start=start, end=end), 9.5)
        paper.gap(1.5)
