"""From an Excel workbook (.xlsx) to the rows of its first sheet, read row by row and never larger than stated. Knows nothing of people."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import chain, islice
from typing import Any, BinaryIO, Final
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException

from duolangue.registration.domain import sheet
from duolangue.registration.domain.invalid import NoSheet
from duolangue.registration.domain.sheet import Bounds, Table

ZIP: Final = b"PK\x03\x04"
MOST_PARTS: Final = 500
"""Files inside a workbook."""
MOST_UNPACKED: Final = 64 * 1024 * 1024
"""Bytes of one sheet, unpacked: it is read as it is unpacked, so they cost time alone."""
MOST_HELD: Final = 24 * 1024 * 1024
"""Bytes of what is held in memory whole, unpacked: shared texts, styles, relations."""
_NOT_HELD: Final = ("xl/worksheets/sheet", "xl/media/")
MOST_BLANK: Final = 1_000
"""After so many blank rows the sheet is over: what is below was formatted, not filled."""
_UNREADABLE: Final = (
    zipfile.BadZipFile, InvalidFileException, DefusedXmlException, ParseError, KeyError, ValueError, TypeError, IndexError, AttributeError,
    EOFError, OSError, NotImplementedError, RuntimeError, AssertionError, OverflowError,
)  # fmt: skip
"""What the reader of workbooks raises at one that is damaged or made up."""


def is_workbook(file: BinaryIO) -> bool:
    """Whether the file is a ZIP archive, as workbooks are."""
    file.seek(0)
    return file.read(len(ZIP)) == ZIP


def table(file: BinaryIO, bounds: Bounds) -> Table:
    """Begin to read a workbook's first sheet that shows.

    Raises:
        NoSheet: it is no workbook, too large, damaged; too many rows shows only as the rows are read.
    """
    if file.seek(0, io.SEEK_END) > bounds.megabytes * 1024 * 1024:
        raise NoSheet("file_too_large", "The file is larger than %(most)s MB. Split it.", most=bounds.megabytes)
    try:
        _look_inside(file)
        file.seek(0)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        shown = next((each for each in book.worksheets if each.sheet_state == "visible"), None)
    except NoSheet:
        raise
    except _UNREADABLE as error:
        raise _damaged() from error
    if shown is None:
        raise NoSheet("file_empty", "The file has no header: the first line names the columns.")
    header, rows = sheet.numbered(_records(shown), bounds)
    return Table(header, rows)


def _look_inside(file: BinaryIO) -> None:
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if "mimetype" in names and b"opendocument" in archive.open("mimetype").read(200):
            raise NoSheet(
                "file_ods", "This is a file of LibreOffice (.ods). Save it as .xlsx or as CSV, and send that."
            )
        if "xl/workbook.bin" in names:
            raise NoSheet(
                "file_xlsb", "This is a binary Excel file (.xlsb). Save it as .xlsx or as CSV, and send that."
            )
        if "xl/workbook.xml" not in names:
            raise NoSheet("file_no_table", "This is no CSV and no Excel file.")
        held = sum(part.file_size for part in parts if not part.filename.startswith(_NOT_HELD))
        sheets = max(part.file_size for part in parts)
        if len(parts) > MOST_PARTS or held > MOST_HELD or sheets > MOST_UNPACKED:
            raise NoSheet(
                "workbook_too_large",
                "This Excel file unpacks to far more than its size. Copy the list into a new file, without pictures, and save it as CSV.",
            )


def _records(shown: Any) -> Iterator[tuple[str, ...]]:
    """Rows as texts; blank ones are left out, the blank cells to the right of the header too."""
    blank, width = 0, 0
    rows = shown.iter_rows(max_col=sheet.MOST_COLUMNS + 1, values_only=True)
    while True:
        try:
            cells = tuple(_text(cell) for cell in next(rows))
        except StopIteration:
            return
        except _UNREADABLE as error:
            raise _damaged() from error
        if not any(cells):
            blank += 1
            if blank > MOST_BLANK:
                return
            continue
        blank = 0
        filled = len(cells) - next(number for number, cell in enumerate(reversed(cells)) if cell)
        width = width or filled
        yield tuple(islice(chain(cells[:filled], ("",) * width), max(width, filled)))


def _text(cell: object) -> str:
    """A cell as somebody would have written it into a CSV file."""
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat()
    return str(cell).strip()[: sheet.MOST_SIGNS]


def _damaged() -> NoSheet:
    return NoSheet(
        "file_damaged", "This Excel file cannot be read. Open it, save it again as .xlsx or as CSV, and send that."
    )
