"""A call for volunteers as a poster to print: one A4 page as PDF, with a QR code to the sign-up."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Final

import segno
from fpdf import FPDF
from fpdf.enums import MethodReturnValue

PAGE: Final = (210.0, 297.0)
"""A4, in millimetres."""
MARGIN: Final = 20.0
WIDE: Final = PAGE[0] - 2 * MARGIN
CODE: Final = 70.0
"""How wide the QR code is, in millimetres: read from two metres away."""
FOOT: Final = 100.0
"""What the code and the address take at the bottom."""
GREEN: Final = (11, 110, 105)
CLAY: Final = (194, 85, 45)
INK: Final = (28, 43, 42)
SIZES: Final = (19, 17, 15, 13, 12, 11, 10, 9, 8)
"""Of the letters, in points: the largest in which the text fits."""
ENCODING: Final = "windows-1252"
"""What the fonts that every reader of PDF has can write: French, Dutch, English."""
FONT: Final = "helvetica"


def draw(title: str, text: str, association: str, address: str, made: datetime, language: str) -> bytes:
    """The poster. Letters that its fonts do not have are written without their marks, or left out; a text that is too long is cut.

    Raises:
        segno.DataOverflowError: the address is longer than a code can hold.
    """
    paper = FPDF(format="A4")
    paper.core_fonts_encoding = ENCODING
    paper.set_auto_page_break(auto=False)
    paper.set_creation_date(made)
    paper.set_title(_written(title))
    paper.set_lang(language)
    paper.add_page()
    _head(paper, _written(association))
    paper.set_xy(MARGIN, 50)
    paper.set_text_color(*GREEN)
    _fitting(paper, _written(title), "B", (34, 30, 26, 22, 18), 42)
    paper.set_xy(MARGIN, paper.get_y() + 7)
    paper.set_text_color(*INK)
    lines = "\n".join(line for line in _written(text).splitlines() if address not in line)
    _fitting(paper, lines, "", SIZES, PAGE[1] - FOOT - 6 - paper.get_y())
    _foot(paper, address)
    return bytes(paper.output())


def _head(paper: FPDF, association: str) -> None:
    """The two who meet, and the association's name."""
    paper.set_fill_color(*CLAY)
    paper.ellipse(MARGIN, 20, 20, 20, style="F")
    with paper.local_context(fill_opacity=0.88):
        paper.set_fill_color(*GREEN)
        paper.ellipse(MARGIN + 12, 20, 20, 20, style="F")
    paper.set_xy(MARGIN + 38, 20)
    paper.set_text_color(*INK)
    size = 20
    paper.set_font(FONT, "B", size)
    while size > SIZES[-1] and paper.get_string_width(association) > WIDE - 40:
        size -= 1
        paper.set_font_size(size)
    paper.cell(WIDE - 38, 20, association)


def _foot(paper: FPDF, address: str) -> None:
    top = PAGE[1] - FOOT
    paper.set_fill_color(*GREEN)
    paper.rect(0, top, PAGE[0], FOOT, style="F")
    left = (PAGE[0] - CODE) / 2
    paper.set_fill_color(255, 255, 255)
    paper.rect(left - 3, top + 7, CODE + 6, CODE + 6, style="F", round_corners=True, corner_radius=4)
    rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix_iter(border=2)]
    side = CODE / len(rows)
    paper.set_fill_color(0, 0, 0)
    for down, row in enumerate(rows):
        across = 0
        while across < len(row):  # neighbours as one bar: no hairline between them in print
            length = 0
            while across + length < len(row) and row[across + length]:
                length += 1
            if length:
                paper.rect(left + across * side, top + 10 + down * side, length * side, side, style="F")
            across += length or 1
    paper.set_text_color(255, 255, 255)
    paper.set_xy(MARGIN, top + CODE + 15)
    _fitting(paper, _written(address), "B", (18, 16, 14, 12, 10, 8), 14, align="C")
    paper.link(left - 3, top + 7, CODE + 6, CODE + 6, address)


def _fitting(paper: FPDF, text: str, style: str, sizes: tuple[int, ...], room: float, align: str = "L") -> None:
    """Write a text in the largest letters in which it takes no more than `room` millimetres; cut it where none do."""
    start = paper.get_y()
    for size in sizes:
        paper.set_font(FONT, style, size)
        high = size * 0.3528 * 1.35
        lines = _lines(paper, text, high)
        if len(lines) * high <= room:
            break
    for number, line in enumerate(lines[: max(1, int(room / high))]):
        paper.set_xy(MARGIN, start + number * high)
        paper.cell(
            WIDE, high, line.encode("latin-1").decode(ENCODING), align=align
        )  # fpdf gives lines back in its own bytes
    paper.set_y(start + min(len(lines), max(1, int(room / high))) * high)


def _lines(paper: FPDF, text: str, high: float) -> list[str]:
    """A text as it breaks over the width, in the letters that are set."""
    lines = paper.multi_cell(WIDE, high, text, dry_run=True, output=MethodReturnValue.LINES)
    assert isinstance(lines, list)
    return lines


def _written(text: str) -> str:
    """A text in letters that the fonts have."""
    return "".join(_letter(each) for each in unicodedata.normalize("NFC", text))


def _letter(letter: str) -> str:
    if letter == "\n":
        return letter
    if letter.isspace():
        return " "
    for form in (letter, unicodedata.normalize("NFKD", letter)):
        known = form.encode(ENCODING, "ignore").decode(ENCODING)
        if known and known.isprintable():
            return known
    return ""
