"""Free text that people type: trimmed, bounded, without control characters."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def _printable(text: str) -> str:
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t":
            raise ValueError("a character that cannot be shown")
    return text


def _one_line(text: str) -> str:
    if any(character in text for character in "\n\t\r"):
        raise ValueError("one line only")
    return _printable(text)


def _normal_breaks(text: str) -> str:
    return _printable(text.replace("\r\n", "\n").replace("\r", "\n"))


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_one_line)]
"""One line, 1 to 200 characters."""

Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), AfterValidator(_normal_breaks)]
"""Some lines, up to 2,000 characters; may be empty."""
