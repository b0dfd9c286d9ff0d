"""Paper: A4 pages as PDF whose letters are right in Latin, Cyrillic and Arabic writing. What is written on them is decided elsewhere."""

from __future__ import annotations

import io
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Final, cast

import segno
from fpdf import FPDF
from fpdf.enums import Align, MethodReturnValue, XPos, YPos
from fpdf.fonts import TTFFont

from duolangue.chassis.web import direction, spoken

WIDTH: Final = 210.0
"""Of a page, in millimetres."""
HEIGHT: Final = 297.0
MARGIN: Final = 20.0
WIDE: Final = WIDTH - 2 * MARGIN
GREEN: Final = (11, 110, 105)
CLAY: Final = (194, 85, 45)
INK: Final = (28, 43, 42)
SOFT: Final = (90, 104, 102)
LINE: Final = (217, 222, 220)
ENCODING: Final = "windows-1252"
"""What the fonts that every reader of PDF has can write; any other text takes the fonts below, which travel with the page."""
PLAIN: Final = "helvetica"
WORLD, ARABIC = "noto", "noto-arabic"
LEADING: Final = 1.4
"""Of a line, times the size of its letters."""
BELOW: Final = 9.0
"""What a label keeps below it, in millimetres, for what explains it."""
POINT: Final = 0.3528
"""Millimetres."""
LINES: Final = MethodReturnValue.LINES


class Paper(FPDF):
    """Pages to write on from above; lines begin where reading begins."""

    def __init__(self, title: str, language: str, made: datetime) -> None:
        super().__init__(format="A4")
        self.language = spoken(language)
        self.core_fonts_encoding = ENCODING
        self.add_font(WORLD, "", _font("fontpkg_noto_sans"))
        self.add_font(ARABIC, "", _font("fontpkg_noto_sans_arabic"))
        self.set_fallback_fonts([ARABIC], exact_match=True)
        self.set_text_shaping(use_shaping_engine=True)
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN)
        self.set_creation_date(made)
        self.set_title(title)
        self.set_lang(self.language)
        self.add_page()

    @property
    def begins(self) -> Align:
        """The side on which a line begins."""
        return Align.R if direction(self.language) == "rtl" else Align.L

    @property
    def ends(self) -> Align:
        """The other one."""
        return Align.L if self.begins is Align.R else Align.R

    def can_write(self, text: str) -> bool:
        """Whether its fonts have every letter of a text."""
        known: set[int] = set()
        for name in (WORLD, ARABIC):
            font = self.fonts[name]
            if isinstance(font, TTFFont):
                known |= font.cmap.keys()
        return all(ord(each) in known for each in text)

    def letters(self, text: str, size: float, *, bold: bool = False) -> float:
        """Choose letters for a text; returns the height of a line of them, in millimetres. Only Latin ones are ever bold."""
        if text.encode(ENCODING, "ignore").decode(ENCODING) == text:
            self.set_font(PLAIN, "B" if bold else "", size)
        else:
            self.set_font(WORLD, "", size)
        return size * POINT * LEADING

    def sentence(
        self,
        text: str,
        size: float = 10.5,
        *,
        bold: bool = False,
        colour: tuple[int, int, int] = INK,
        align: Align | None = None,
    ) -> None:
        """Write a text over the whole width, as many lines as it takes."""
        self.set_text_color(*colour)
        high = self.letters(text, size, bold=bold)
        self.multi_cell(WIDE, high, text, align=align or self.begins, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def pair(self, label: str, value: str, *, bold: bool = False, size: float = 10.5) -> None:
        """A label and, where the line ends, its value."""
        self.set_text_color(*INK)
        room = 34.0
        high = self.letters(label, size, bold=bold)
        lines = len(cast("list[str]", self.multi_cell(WIDE - room, high, label, dry_run=True, output=LINES)))
        if self.get_y() + lines * high + BELOW > HEIGHT - MARGIN:
            self.add_page()
        top = self.get_y()
        left = MARGIN + room if self.begins is Align.R else MARGIN
        self.set_x(left)
        self.multi_cell(WIDE - room, high, label, align=self.begins, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        bottom = self.get_y()
        self.set_xy(MARGIN if self.begins is Align.R else MARGIN + WIDE - room, top)
        self.letters(value, size, bold=True)
        self.cell(room, high, value, align=self.ends)
        self.set_xy(MARGIN, bottom)

    def bar(self, share: float) -> None:
        """A bar of a share of the width (0 to 1), from where reading begins."""
        long = WIDE * max(0.0, min(1.0, share))
        self.set_fill_color(*LINE)
        self.rect(MARGIN, self.get_y(), WIDE, 1.6, style="F")
        if long:
            self.set_fill_color(*GREEN)
            self.rect(MARGIN + (WIDE - long if self.begins is Align.R else 0), self.get_y(), long, 1.6, style="F")
        self.ln(3.2)

    def gap(self, millimetres: float) -> None:
        """Leave some room."""
        self.ln(millimetres)

    def head(self, association: str) -> None:
        """The two who meet, and the association's name."""
        self.set_fill_color(*CLAY)
        left = MARGIN if self.begins is Align.L else WIDTH - MARGIN - 18
        self.ellipse(left, 15, 11, 11, style="F")
        with self.local_context(fill_opacity=0.88):
            self.set_fill_color(*GREEN)
            self.ellipse(left + 7, 15, 11, 11, style="F")
        self.set_text_color(*INK)
        self.letters(association, 13, bold=True)
        self.set_xy(MARGIN + (21 if self.begins is Align.L else 0), 15)
        self.cell(WIDE - 21, 11, association, align=self.begins)
        self.set_xy(MARGIN, 34)

    def code(self, address: str, left: float, top: float, side: float) -> None:
        """A QR code of an address, in a square of so many millimetres."""
        image = io.BytesIO()
        segno.make(address, error="l", micro=False, boost_error=False).save(image, kind="png", scale=6, border=2)
        self.image(image, left, top, side, side)
        self.link(left, top, side, side, address)

    def bytes(self) -> bytes:
        """The pages as a file."""
        return bytes(self.output())


def begun(title: str, association: str, language: str, made: datetime, *, size: float = 22, number: str = "") -> Paper:
    """A paper with its head and its title; with its number in the name that readers of PDF show."""
    paper = Paper(f"{title} {number}".strip(), language, made)
    paper.head(association)
    paper.sentence(title, size, bold=True, colour=GREEN)
    return paper


@cache
def _font(package: str) -> str:
    """Where the upright font of a package is."""
    found = [each for each in resources.files(package).joinpath("files").iterdir() if "Italic" not in each.name]
    return str(found[0])
