"""From a text file to its rows of cells: separator, quotes, line ends. Reads line by line; knows nothing of people."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, Final

from duolangue.registration.domain import encoding
from duolangue.registration.domain.invalid import Invalid, NoSheet

__all__ = ["MOST_BYTES", "MOST_ROWS", "Bounds", "NoSheet", "Row", "Sheet", "Table", "numbered", "read", "table"]

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_ROWS: Final = 5_000
MOST_LINES: Final = 20
"""How many lines of the file one row may span, where a quoted cell contains line breaks."""
MOST_SPANNED: Final = 8 * 1024
"""How long the lines together may be among which the end of a quoted cell is looked for."""
MOST_SIGNS: Final = 64 * 1024
"""How long a line may be; one that is longer is a broken row."""
MOST_BLANK: Final = 10_000
"""After so many blank lines a file is over."""
SEPARATORS: Final = ";,\t"
MOST_COLUMNS: Final = 200

Cells = tuple[str, ...] | None
"""One row's cells; none where the line itself is broken."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large a file may be."""

    megabytes: int = MOST_BYTES // 1024 // 1024
    rows: int = MOST_ROWS


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number (1 is the first person) and its cells, or none where the line itself is broken."""

    number: int
    cells: Cells


@dataclass(frozen=True, slots=True)
class Table:
    """A file that is being read: its header, and its rows one by one."""

    header: tuple[str, ...]
    rows: Iterator[Row]
    remark: Invalid | None = None
    """What to tell about how the file was read."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's header and rows."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    remark: Invalid | None = None


def read(body: bytes) -> Sheet:
    """Read a whole file at once.

    Raises:
        NoSheet: too large, an encoding that is not clear, no header, too many rows.
    """
    opened = table(io.BytesIO(body), Bounds())
    return Sheet(opened.header, tuple(opened.rows), opened.remark)


def table(file: BinaryIO, bounds: Bounds) -> Table:
    """Begin to read a file: any of the encodings we recognise; semicolon, comma or tab; any line ends.

    Raises:
        NoSheet: as `read`; too many rows shows only as the rows are read.
    """
    if file.seek(0, io.SEEK_END) > bounds.megabytes * 1024 * 1024:
        raise NoSheet("file_too_large", "The file is larger than %(most)s MB. Split it.", most=bounds.megabytes)
    found = encoding.recognise(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=found.codec, newline=None)
    lines = _lines(text)
    beginning = _beginning(lines)
    separator = _separator(beginning)
    records = _records(_chained(beginning, lines), separator)
    header, rows = numbered(records, bounds)
    return Table(header, rows, found.remark)


def numbered(records: Iterator[Cells], bounds: Bounds) -> tuple[tuple[str, ...], Iterator[Row]]:
    """The header, and the rows below it with their numbers.

    Raises:
        NoSheet: no header, too many columns; while rows are read: too many.
    """
    header = next((cells for cells in records if cells is None or any(cell.strip() for cell in cells)), None)
    if header is None:
        raise NoSheet("file_empty", "The file has no header: the first line names the columns.")
    if len(header) > MOST_COLUMNS:
        raise NoSheet("too_many_columns", "The header has more than %(most)s columns.", most=MOST_COLUMNS)
    return header, _counted(records, bounds.rows)


def _counted(records: Iterable[Cells], most: int) -> Iterator[Row]:
    for number, cells in enumerate(records, start=1):
        if number > most:
            raise NoSheet("too_many_rows", "The file has more than %(most)s rows. Split it.", most=most)
        yield Row(number, cells)


def _lines(text: io.TextIOWrapper) -> Iterator[str | None]:
    """The file's lines; none for one that is too long, whose rest is skipped. After very many blank ones the file is over."""
    blank = 0
    while (line := text.readline(MOST_SIGNS)) and blank < MOST_BLANK:
        blank = 0 if line.strip() else blank + 1
        whole = line.endswith("\n")
        if whole or len(line) < MOST_SIGNS:
            yield line.removesuffix("\n")
            continue
        while rest := text.readline(MOST_SIGNS):
            if rest.endswith("\n"):
                break
        yield None


def _beginning(lines: Iterator[str | None]) -> list[str | None]:
    """The lines up to the first that says something."""
    first: list[str | None] = []
    for line in lines:
        first.append(line)
        if line is None or (line.strip(' \t;,"') and not _names_separator(line)):
            break
    return first


def _names_separator(line: str) -> bool:
    return line.strip(" \r\n").lower() in {f"sep={sign}" for sign in SEPARATORS}


def _separator(beginning: list[str | None]) -> str:
    named = next((line for line in beginning if line is not None and _names_separator(line)), None)
    if named is not None:
        beginning.remove(named)
        return named.strip(" \r\n")[-1]
    quoted = False
    counts = dict.fromkeys(SEPARATORS, 0)
    for sign in (beginning[-1] if beginning else None) or "":
        if sign == '"':
            quoted = not quoted
        elif sign in counts and not quoted:
            counts[sign] += 1
    return max(SEPARATORS, key=lambda sign: counts[sign])


def _chained(beginning: list[str | None], lines: Iterator[str | None]) -> Iterator[str | None]:
    yield from beginning
    yield from lines


def _records(lines: Iterator[str | None], separator: str) -> Iterator[Cells]:
    """Rows one by one. A quote that is never closed costs its own line and no other."""
    ahead: deque[str | None] = deque()

    def seen(number: int) -> bool:
        ahead.extend(islice(lines, max(0, number - len(ahead))))
        return len(ahead) >= number

    while seen(1):
        first = ahead[0]
        if first is None or not first.strip():
            ahead.popleft()
            if first is None:
                yield None
            continue
        cells, span, signs = None, 0, 0
        while span < MOST_LINES and seen(span + 1) and (line := ahead[span]) is not None:
            span, signs = span + 1, signs + len(line)
            cells, unfinished = _cells([each or "" for each in islice(ahead, span)], separator)
            if not unfinished or signs > MOST_SPANNED:
                break
        for _ in range(1 if cells is None else span):
            ahead.popleft()
        yield cells


def _cells(lines: list[str], separator: str) -> tuple[Cells, bool]:
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
