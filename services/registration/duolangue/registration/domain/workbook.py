"""From an Excel workbook (.xlsx) to the rows of its first sheet, read row by row and never larger than stated. Knows nothing of people."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import chain, islice
from typing import IO, Any, BinaryIO, Final, cast
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from openpyxl.reader.excel import ExcelReader
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
_NOT_HELD: Final = re.compile(r"xl/worksheets/[^/]+\.xml|xl/media/.*")
_PIECE: Final = 64 * 1024
_PACKED: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""How parts of a workbook are packed; of any other way what comes out at once has no bound."""
MOST_BLANK: Final = 1_000
"""After so many blank rows the sheet is over: what is below was formatted, not filled."""
_UNREADABLE: Final = (
    zipfile.BadZipFile, InvalidFileException, DefusedXmlException, ParseError, KeyError, ValueError, TypeError, IndexError, AttributeError,
    EOFError, OSError, NotImplementedError, RuntimeError, AssertionError, OverflowError,
)  # fmt: skip
"""What the reader of workbooks raises at one that is damaged or made up."""


class _TooMuch(Exception):
    """More was unpacked than may be."""


class _Counted(zipfile.ZipFile):
    """An archive that gives out no more than may be, counted as it is unpacked: its directory may say anything."""

    _left = MOST_HELD

    def allow(self, most: int) -> None:
        """So many bytes may be unpacked from now on."""
        self._left = most

    def open(self, *args: Any, **options: Any) -> IO[bytes]:
        """One part, unpacked a piece at a time."""
        return cast("IO[bytes]", _Piecewise(super().open(*args, **options), self))

    def count(self, number: int) -> None:
        """So many bytes were unpacked. Raises `_TooMuch`."""
        self._left -= number
        if self._left < 0:
            raise _TooMuch


class _Piecewise(io.BufferedIOBase):
    """One part of an archive, of which never more than a piece is unpacked at once before it is counted."""

    def __init__(self, part: IO[bytes], archive: _Counted) -> None:
        super().__init__()
        self._part = part
        self._archive = archive

    def readable(self) -> bool:
        """Yes."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """At most so many bytes, or all that are left."""
        if size is None or size < 0:
            return b"".join(iter(lambda: self.read(_PIECE), b""))
        piece = self._part.read(min(size, _PIECE))
        self._archive.count(len(piece))
        return piece

    def close(self) -> None:
        """Done with it."""
        self._part.close()
        super().close()


class _Reader(ExcelReader):  # type: ignore[misc]  # untyped library
    """A reader of workbooks that counts: what is held whole is bounded together, then each sheet as it is read."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file, read_only=True, data_only=True, keep_links=False)
        self.archive = _Counted(file)

    def read_chartsheet(self, *_: object) -> None:
        """A sheet that is a picture has no rows."""

    def read_worksheets(self) -> None:
        """Sheets are read a piece at a time: only their beginning now."""
        self.archive.allow(MOST_UNPACKED)
        super().read_worksheets()


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
        reader = _Reader(file)
        reader.read()
        shown = next((each for each in reader.wb.worksheets if each.sheet_state == "visible"), None)
    except NoSheet:
        raise
    except _TooMuch as error:
        raise _too_large() from error
    except _UNREADABLE as error:
        raise _damaged() from error
    if shown is None:
        raise NoSheet("file_empty", "The file has no header: the first line names the columns.")
    reader.archive.allow(MOST_UNPACKED)
    header, rows = sheet.numbered(_records(shown), bounds)
    return Table(header, rows)


def _look_inside(file: BinaryIO) -> None:
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if any(part.compress_type not in _PACKED for part in parts):
            raise _damaged()
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
        held = sum(part.file_size for part in parts if not _NOT_HELD.fullmatch(part.filename))
        sheets = max(part.file_size for part in parts)
        if len(parts) > MOST_PARTS or held > MOST_HELD or sheets > MOST_UNPACKED:
            raise _too_large()


def _records(shown: Any) -> Iterator[tuple[str, ...]]:
    """Rows as texts; blank ones are left out, the blank cells to the right of the header too."""
    blank, width = 0, 0
    rows = shown.iter_rows(max_col=sheet.MOST_COLUMNS + 1, values_only=True)
    while True:
        try:
            cells = tuple(_text(cell) for cell in next(rows))
        except StopIteration:
            return
        except _TooMuch as error:
            raise _too_large() from error
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


def _too_large() -> NoSheet:
    return NoSheet(
        "workbook_too_large",
        "This Excel file unpacks to far more than its size. Copy the list into a new file, without pictures, and save it as CSV.",
    )


def _damaged() -> NoSheet:
    return NoSheet(
        "file_damaged", "This Excel file cannot be read. Open it, save it again as .xlsx or as CSV, and send that."
    )
