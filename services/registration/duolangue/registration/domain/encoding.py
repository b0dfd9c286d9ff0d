"""In which encoding a text file was saved: UTF-8, UTF-16 with its mark, or Windows-1252 where nothing else is likely. Else a sentence."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import BinaryIO, Final

from duolangue.registration.domain.invalid import Invalid, NoSheet

BLOCK: Final = 64 * 1024
_BEGINNINGS: Final = {
    b"\xd0\xcf\x11\xe0": (
        "file_xls",
        "This is an old Excel file (.xls), or one with a password. Open it, save it as .xlsx without a password, and send that.",
    ),
    b"%PDF": ("file_no_table", "This is no CSV and no Excel file."),
    b"\x89PNG": ("file_no_table", "This is no CSV and no Excel file."),
    b"\xff\xd8\xff": ("file_no_table", "This is no CSV and no Excel file."),
    b"GIF8": ("file_no_table", "This is no CSV and no Excel file."),
    b"{\\rtf": ("file_no_table", "This is no CSV and no Excel file."),
    b"\x1f\x8b": ("file_no_table", "This is no CSV and no Excel file."),
}
_LETTERS: Final = "àâäçéèêëîïôöùûüÿœæñáíóúßÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŒÆÑÁÍÓÚ"
_SIGNS: Final = "’‘“”„«»€–—…°²·§µ£½\u00a0"
_UNLIKELY = re.compile(
    rf"[^\x00-\x7f{_LETTERS}{_SIGNS}]|[{_LETTERS}]{{3}}|(?<=[a-zàâäçéèêëîïôöùûüÿœæñáíóúß])[ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŒÆÑÁÍÓÚ]"
)
"""What French, Dutch, English, German and Spanish do not write: other signs, three accented letters in a row, a capital inside a word.
Arabic, Cyrillic, Turkish or Macintosh text read as Windows-1252 shows one of these at once."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes become text, and what to tell whoever sent them."""

    codec: str
    remark: Invalid | None = None


def recognise(file: BinaryIO) -> Encoding:
    """Which encoding a file has, read in blocks from its beginning.

    Raises:
        NoSheet: it is no text, or in an encoding that could only be guessed.
    """
    file.seek(0)
    beginning = file.read(512)
    for magic, (code, template) in _BEGINNINGS.items():
        if beginning.startswith(magic):
            raise NoSheet(code, template)
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _utf16(file)
    if beginning[:200].count(0) * 4 > len(beginning[:200]):
        raise NoSheet(
            "encoding_utf16",
            "The file looks like UTF-16 (Unicode) without its mark. Save it as “CSV UTF-8” and send it again.",
        )
    line = _broken_line(file)
    if line is None:
        return Encoding("utf-8-sig")
    if _western(file):
        return Encoding(
            "cp1252",
            Invalid(
                "encoding_windows",
                "The file is not saved as UTF-8. It was read as Windows-1252 (Latin-1): look whether names with accents are right.",
                field="file",
            ),
        )
    raise NoSheet(
        "encoding_unknown",
        "The file is not saved as UTF-8 (line %(line)s), and what else it is cannot be told for sure. Save it as “CSV UTF-8” and send it again.",
        line=line,
    )


def _utf16(file: BinaryIO) -> Encoding:
    if not _decodes(file, "utf-16"):
        raise NoSheet("file_no_table", "This is no CSV and no Excel file.")
    remark = Invalid("encoding_utf16_read", "The file is saved as UTF-16 (Unicode); it was read as such.", field="file")
    return Encoding("utf-16", remark)


def _decodes(file: BinaryIO, codec: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        while block := file.read(BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _broken_line(file: BinaryIO) -> int | None:
    """The first line that is not UTF-8, or none. Such a line cannot hide: no byte of a sequence is a line's end."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    while block := file.read(BLOCK):
        try:
            decoder.decode(block)
        except UnicodeDecodeError as error:
            return line + block.count(b"\n", 0, max(error.start, 0))
        line += block.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return line
    return None


def _western(file: BinaryIO) -> bool:
    file.seek(0)
    before = ""
    while block := file.read(BLOCK):
        try:
            text = before + block.decode("cp1252")
        except UnicodeDecodeError:
            return False
        if _UNLIKELY.search(text):
            return False
        before = text[-3:]
    return True
