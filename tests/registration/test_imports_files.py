"""Which files are read as a list of people, and the clear answer that others get."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest

from duolangue.registration.domain import sheet, workbook
from duolangue.registration.domain.batch import BOUNDS
from duolangue.registration.domain.invalid import NoSheet
from tests.registration.conftest import World
from tests.registration.importing import HEADER, everybody, file_of, pressed, sent, workbook_of


async def test_an_excel_file_is_read_like_any_other(world: World) -> None:
    body = workbook_of(
        ["Rol", "Voornaam", "Naam", "E-mail", "Gsm", "Geboortejaar", "Postcode", "Niveau Frans", "Aangekomen op", "Toestemming"],
        ["nieuwkomer", "Selam", "T", None, 32470123456, 1992, 4000, "A1", datetime(2025, 3, 1, tzinfo=UTC).replace(tzinfo=None), "ja"],
        [None] * 10,
        ["vrijwilliger", "Jan", "J", "jan@example.org", None, 1960.0, "1000", None, None, True],
    )  # fmt: skip
    page = await sent(world, body, "lijst.xlsx")
    assert "Every row is right." in page.text, page.text
    await pressed(world, page, "start")
    selam = next(each for each in await everybody(world) if each["first_name"] == "Selam")
    assert (selam["phone"], selam["birth_year"], selam["arrived_on"]) == ("+32470123456", 1992, "2025-03-01")


def zipped(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return made.getvalue()


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel file (.xls)"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "LibreOffice (.ods)"),
        (zipped(xl__workbook_xml=b"<x/>"), "This Excel file cannot be read."),
        (zipped(xl__workbook_xml=BOMB), "This Excel file cannot be read."),
        (zipped(xl__workbook_xml=b"<x/>", xl__sharedStrings_xml=b" " * 30_000_000), "unpacks to far more"),
        (zipped(hello=b"x"), "This is no CSV and no Excel file."),
        (b"PK\x03\x04 and nothing else", "This Excel file cannot be read."),
        (b"%PDF-1.7 ...", "This is no CSV and no Excel file."),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "This is no CSV and no Excel file."),
        (b"x" * (20 * 1024 * 1024 + 1), "larger than 20 MB"),
        ((HEADER + "\n" + "x\n" * 20_001).encode(), "more than 20000 rows"),
        ("rôle;prénom".encode("utf-16-le"), "UTF-16"),
        ("роль;имя;фамилия".encode("cp1251"), "not saved as UTF-8 (line 1)"),
        (b"", "The file has no header"),
    ],
)  # fmt: skip
async def test_what_is_no_list_of_people_gets_a_clear_answer(world: World, body: bytes, words: str) -> None:
    page = await sent(world, body)
    assert page.status_code == 422
    assert words in page.text
    assert await world.ports.batch_parts.count() == 0


@pytest.mark.parametrize(
    ("codec", "remark"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", "saved as UTF-16"),
        ("cp1252", "read as Windows-1252"),
        ("latin-1", "read as Windows-1252"),
    ],
)
@pytest.mark.parametrize("separator", [";", ",", "\t"])
async def test_the_usual_encodings_and_separators_are_recognised_and_said(
    world: World, codec: str, remark: str, separator: str
) -> None:
    body = file_of("bénévole;Hélène;Noël;h@example.org;1980;4000;;oui").decode().replace(";", separator)
    page = await sent(world, body.encode(codec))
    assert "Every row is right." in page.text
    assert remark in page.text
    await pressed(world, page, "start")
    assert (await everybody(world))[0]["first_name"] == "Hélène"


def test_a_sheet_formatted_far_below_its_rows_ends_with_them() -> None:
    book = openpyxl.Workbook()
    book.active.append(["role"])
    book.active["A900000"].number_format = "0.00"
    book.save(made := io.BytesIO())
    assert list(workbook.table(made, BOUNDS).rows) == []


def test_too_many_rows_end_the_reading_there() -> None:
    endless = (HEADER + "\n" + "x\n" * 300_000).encode()
    rows = sheet.table(io.BytesIO(endless), BOUNDS).rows
    with pytest.raises(NoSheet, match="20000"):
        list(rows)
