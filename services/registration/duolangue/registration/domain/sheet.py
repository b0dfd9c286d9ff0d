"""From the bytes of a file to its rows of cells: encoding, separator, quotes. Knows nothing of people."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from duolangue.registration.domain.invalid import Invalid

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_ROWS: Final = 5_000
MOST_LINES: Final = 20
"""How many lines of the file one row may span, where a quoted cell contains line breaks."""
SEPARATORS: Final = ";,"
MARK: Final = "\ufeff"
"""The byte order mark, as spreadsheets write it before UTF-8."""
MOST_COLUMNS: Final = 200


class NoSheet(Invalid):
    """The whole file cannot be read; nothing of it was imported."""

    def __init__(self, code: str, template: str, **values: object) -> None:
        super().__init__(code, template, field="file", **values)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number (1 is the first person) and its cells, or none where the line itself is broken."""

    number: int
    cells: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's header and rows."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read(body: bytes) -> Sheet:
    """Read a file: UTF-8 with or without a mark, comma or semicolon, any line ends.

    Raises:
        NoSheet: too large, another encoding, no header, too many rows.
    """
    if len(body) > MOST_BYTES:
        raise NoSheet(
            "file_too_large", "The file is larger than %(most)s MB. Split it.", most=MOST_BYTES // 1024 // 1024
        )
    lines = _decoded(body).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    separator, lines = _separator(lines)
    records = _records(lines, separator)
    header = next((cells for cells in records if cells is None or any(cell.strip() for cell in cells)), None)
    if header is None:
        raise NoSheet("file_empty", "The file has no header: the first line names the columns.")
    if len(header) > MOST_COLUMNS:
        raise NoSheet("too_many_columns", "The header has more than %(most)s columns.", most=MOST_COLUMNS)
    rows = []
    for number, cells in enumerate(records, start=1):
        if number > MOST_ROWS:
            raise NoSheet("too_many_rows", "The file has more than %(most)s rows. Split it.", most=MOST_ROWS)
        rows.append(Row(number, cells))
    return Sheet(header, tuple(rows))


def _decoded(body: bytes) -> str:
    beginning = body[:200]
    if body.startswith((b"\xff\xfe", b"\xfe\xff")) or beginning.count(0) * 4 > len(beginning):
        raise NoSheet(
            "encoding_utf16", "The file is saved as UTF-16 (Unicode). Save it as “CSV UTF-8” and send it again."
        )
    try:
        return body.decode("utf-8").removeprefix(MARK)
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise NoSheet(
            "encoding_unknown",
            "The file is not saved as UTF-8 (line %(line)s); perhaps as Windows-1252 or Latin-1. Save it as “CSV UTF-8” and send it again.",
            line=line,
        ) from error


def _separator(lines: list[str]) -> tuple[str, list[str]]:
    if lines and lines[0].strip().lower() in {"sep=;", "sep=,"}:
        return lines[0].strip()[-1], lines[1:]
    first = next((line for line in lines if line.strip(' \t;,"')), "")
    quoted = False
    counts = dict.fromkeys(SEPARATORS, 0)
    for sign in first:
        if sign == '"':
            quoted = not quoted
        elif sign in counts and not quoted:
            counts[sign] += 1
    return max(SEPARATORS, key=lambda sign: counts[sign]), lines


def _records(lines: list[str], separator: str) -> Iterator[tuple[str, ...] | None]:
    """Rows one by one. A quote that is never closed costs its own line and no other."""
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        for span in range(1, min(MOST_LINES, len(lines) - at) + 1):
            cells, unfinished = _cells(lines[at : at + span], separator)
            if not unfinished:
                break
        if cells is None:
            span = 1
        yield cells
        at += span


def _cells(lines: list[str], separator: str) -> tuple[tuple[str, ...] | None, bool]:
    """The cells of these lines as one row (none: broken), and whether a quote is still open."""
    text = "\n".join(lines)
    open_quotes = text.count('"') % 2 == 1
    try:
        found = list(csv.reader([f"{line}\n" for line in lines], delimiter=separator, strict=True))
    except csv.Error:
        return None, open_quotes
    if len(found) != 1:
        return None, False
    return tuple(found[0]), False
