"""An attestation on paper: who, how many hours of what, between which days, its number, a code that confirms it, room to sign."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal
from fpdf.enums import Align

from duolangue.sessions.domain.attestation import Work
from duolangue.sessions.impact_words import N_, Words
from duolangue.sessions.paper import HEIGHT, INK, MARGIN, SOFT, WIDE, Paper, begun
from duolangue.sessions.usecases.attestations import Paper as Written

WORK: Final = {
    Work.DUO: N_("Conversations in a duo, in French"),
    Work.WORKSHOP: N_("Workshops"),
    Work.COURSE: N_("French courses"),
    Work.LESSON: N_("Individual French lessons"),
    Work.OUTING: N_("Cultural outings"),
    Work.MODULE: N_("Activation modules"),
    Work.GIVEN: N_("Workshops and activities given"),
}
TITLE: Final = N_("Attestation of participation")
CERTIFIES: Final = N_("{association} attests that")
TOOK_PART: Final = N_("took part from {since} to {until}:")
TOTAL: Final = N_("In all")
HOURS: Final = N_("{hours} h")
NUMBER: Final = N_("Number: {number}")
ISSUED: Final = N_("Issued on {day}")
SIGNATURE: Final = N_("Signature and stamp of the association")
CONFIRM: Final = N_("Point a phone at this code to see that this paper is genuine, or write its number at {address}")
TOLD: Final = N_(
    "Hours of conversation are those that the two people told; the other hours are those for which presence was noted."
)
CODE: Final = 42.0
"""How wide the code is, in millimetres."""


def where_confirmed(public_url: str, association: str) -> str:
    """The whole address at which a number of an association is confirmed."""
    return f"{public_url.rstrip('/')}/sessions/attested/{association}"


def draw(written: Written, address: str, language: str, made: datetime) -> bytes:
    """The page, in a language. `address`: where a number is confirmed. A name in letters that no font here has is left to be written by hand."""
    known, words = written.attestation, Words(language)
    say = words.say
    paper = begun(say(TITLE), written.association, language, made, size=24, number=known.id)
    paper.gap(8)
    paper.sentence(say(CERTIFIES).format(association=written.association), 12)
    paper.gap(3)
    name = written.name if paper.can_write(written.name) else "." * 60
    paper.sentence(name, 20, bold=True)
    paper.gap(3)
    days = {part: format_date(getattr(known, part), "long", paper.language) for part in ("since", "until")}
    paper.sentence(say(TOOK_PART).format(**days), 12)
    paper.gap(6)
    for work, minutes in known.minutes.items():
        paper.pair(say(WORK[work]), _hours(minutes, words, paper.language), size=12)
        paper.gap(2)
    paper.set_fill_color(*INK)
    paper.rect(MARGIN, paper.get_y() + 1, WIDE, 0.2, style="F")
    paper.gap(4)
    paper.pair(say(TOTAL), _hours(known.total, words, paper.language), bold=True, size=14)
    paper.gap(4)
    paper.sentence(say(TOLD), 8.5, colour=SOFT)
    paper.gap(10)
    paper.sentence(say(ISSUED).format(day=format_date(known.issued_on, "long", paper.language)), 11)
    paper.sentence(say(SIGNATURE), 9, colour=SOFT)
    _foot(paper, written, address, words)
    return paper.bytes()


def _foot(paper: Paper, written: Written, address: str, words: Words) -> None:
    paper.set_auto_page_break(auto=False)
    top = HEIGHT - MARGIN - CODE
    left = MARGIN if paper.begins is Align.L else MARGIN + WIDE - CODE
    paper.code(written.link or f"{address}?number={written.attestation.id}", left, top, CODE)
    paper.set_xy(MARGIN, top + 4)
    text_left = MARGIN + CODE + 6 if paper.begins is Align.L else MARGIN
    for text, size, bold in (
        (words.say(NUMBER).format(number=written.attestation.id), 12, True),
        (words.say(CONFIRM).format(address=address), 9, False),
    ):
        paper.set_x(text_left)
        paper.set_text_color(*(INK if bold else SOFT))
        high = paper.letters(text, size, bold=bold)
        paper.multi_cell(WIDE - CODE - 6, high, text, align=paper.begins)
        paper.ln(high + 1 if bold else 0)


def _hours(minutes: int, words: Words, language: str) -> str:
    return words.say(HOURS).format(hours=format_decimal(round(minutes / 60, 1), locale=language))
