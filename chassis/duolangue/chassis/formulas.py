"""Cells that a spreadsheet would take for a formula: written so that they stay text, and read back as they were meant."""

from __future__ import annotations

import re
from typing import Final

GUARD: Final = "'"
"""An apostrophe in front: spreadsheets show such a cell as text."""
_DANGEROUS = re.compile(r"[\s']*[=+\-@\t\r\n\0＝＋－＠]")
"""What begins a formula, full-width signs included; blanks and apostrophes in front are skipped, as some programs skip them."""


def defused(text: str) -> str:
    """The cell as it may be written into a file that a spreadsheet opens.

    Source: OWASP, CSV Injection.
    """
    return f"{GUARD}{text}" if _DANGEROUS.match(text) else text


def as_meant(cell: str) -> str:
    """What a cell said before it was defused; any other cell as it is."""
    return cell[1:] if cell.startswith(GUARD) and _DANGEROUS.match(cell[1:]) else cell
