"""Who came, on paper: a list of everybody who has a place in a meeting, to sign, with empty lines for whoever comes besides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from babel.dates import format_datetime
from fpdf.enums import Align

from duolangue.sessions.domain.activity import Activity
from duolangue.sessions.domain.meeting import Meeting
from duolangue.sessions.impact_words import N_, Words
from duolangue.sessions.paper import HEIGHT, INK, LINE, MARGIN, SOFT, WIDE, Paper, begun

TITLE: Final = N_("Who came")
NAME: Final = N_("Name")
SIGNATURE: Final = N_("Signature")
BY: Final = N_("Signature of whoever gave it:")
ROW: Final = 11.0
"""How high a line to sign on is, in millimetres."""
NUMBER: Final = 10.0
NAMES: Final = 75.0
SPARE: Final = 5
"""Empty lines below the names."""


def draw(
    activity: Activity, meeting: Meeting, names: Sequence[str], association: str, language: str, made: datetime
) -> bytes:
    """The list, in a language. A name in letters that no font here has is left to be written by hand."""
    words = Words(language)
    say = words.say
    paper = begun(say(TITLE), association, language, made)
    paper.sentence(activity.title, 14, bold=True)
    when = format_datetime(meeting.local(activity.zone), "EEEE d MMMM y, HH:mm", locale=paper.language)
    paper.sentence(" · ".join(part for part in (when, meeting.place) if part), 11, colour=SOFT)
    paper.gap(4)
    _row(paper, "", say(NAME), say(SIGNATURE), bold=True)
    for number, name in enumerate((*names, *[""] * SPARE), start=1):
        if paper.get_y() + ROW > HEIGHT - MARGIN:
            paper.add_page()
            _row(paper, "", say(NAME), say(SIGNATURE), bold=True)
        _row(paper, str(number), name if paper.can_write(name) else "", "")
    if paper.get_y() + 3 * ROW > HEIGHT - MARGIN:
        paper.add_page()
    paper.gap(6)
    paper.sentence(say(BY), 11)
    return paper.bytes()


def _row(paper: Paper, number: str, name: str, signature: str, *, bold: bool = False) -> None:
    """A line of the list; its number stands where reading begins."""
    widths = (NUMBER, NAMES, WIDE - NUMBER - NAMES)
    cells = list(zip((number, name, signature), widths, strict=True))
    top = paper.get_y()
    paper.set_draw_color(*LINE)
    paper.set_text_color(*INK)
    left = MARGIN
    for text, wide in reversed(cells) if paper.begins is Align.R else cells:
        paper.letters(text, 11, bold=bold)
        paper.set_xy(left, top)
        paper.cell(wide, ROW, text, border=1, align=paper.begins)
        left += wide
    paper.set_xy(MARGIN, top + ROW)
