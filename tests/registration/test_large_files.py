"""Files of 50 MB and of 200,000 rows: refused in words or read within a bounded memory and time."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from duolangue.registration.domain import workbook
from duolangue.registration.domain.batch import BOUNDS
from duolangue.registration.domain.invalid import NoSheet

READ: str = """
import resource, sys, time
from duolangue.registration.domain import sheet, workbook
from duolangue.registration.domain.batch import BOUNDS
from duolangue.registration.domain.invalid import NoSheet
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began = time.monotonic()
with open(sys.argv[1], "rb") as file:
    try:
        table = (workbook if workbook.is_workbook(file) else sheet).table(file, BOUNDS)
        outcome = sum(1 for _ in table.rows)
    except NoSheet as refusal:
        outcome = refusal.code
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(outcome, grown // 1024, round(time.monotonic() - began, 1))
"""
ROW = "newcomer,Amina,Haddad,amina@example.org,1990,4000,A1,yes\n"
HEADER = "role,first_name,last_name,email,birth_year,postcode,french_level,consent\n"


def read(file: Path) -> tuple[str, int, float]:
    """What came of it, how many MB of memory it took, in how many seconds: measured in a process of its own."""
    told = subprocess.run([sys.executable, "-c", READ, file], capture_output=True, text=True, check=True).stdout
    outcome, megabytes, seconds = told.split()
    return outcome, int(megabytes), float(seconds)


@pytest.mark.parametrize(
    ("body", "encoding", "outcome"),
    [
        (HEADER + ("x" * 99 + "\n") * 500_000, "utf-8", "file_too_large"),
        (HEADER + ROW * 200_000, "utf-8", "too_many_rows"),
        (HEADER + ROW * 20_000, "utf-8", "20000"),
        (HEADER + ROW.replace("Amina", "Aminée") * 20_000, "latin-1", "20000"),
        (HEADER + ROW.replace("Amina", "أمينة") * 20_000, "utf-16", "20000"),
        (HEADER + ROW.replace("Amina", "Aminée") * 200_000, "utf-16", "file_too_large"),
        (HEADER + '"' + "x" * 18_000_000, "utf-8", "1"),
        (HEADER + '"x\n' * 19_999, "utf-8", "19999"),
        ("\n" * 18_000_000, "utf-8", "file_empty"),
    ],
    ids=[
        "50 MB", "200,000 rows", "20,000 rows", "20,000 rows in Latin-1", "20,000 rows in UTF-16", "200,000 rows in UTF-16", "one endless row",
        "a quote opened in every row", "blank lines",
    ],
)  # fmt: skip
def test_a_large_file_costs_bounded_memory_and_time(tmp_path: Path, body: str, encoding: str, outcome: str) -> None:
    (file := tmp_path / "large.csv").write_text(body, encoding=encoding)
    found, megabytes, seconds = read(file)
    assert found == outcome
    assert megabytes < 40
    assert seconds < 15


def crafted(strings: bytes = b"", theme: bytes = b"<x/>") -> bytes:
    """A workbook of one row, whose shared texts stand under a sheet's name, and with a theme that is made up."""
    (book := openpyxl.Workbook()).active.append(["role", "first name"])
    book.save(made := io.BytesIO())
    out = io.BytesIO()
    with zipfile.ZipFile(made) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as again:
        parts = {name: archive.read(name) for name in archive.namelist()}
        types, shared = "[Content_Types].xml", "xl/sharedStrings.xml"
        texts = parts.pop(shared, b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"></sst>')
        kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
        override = b'<Override PartName="/xl/worksheets/sheet9.xml" ContentType="' + kind + b'"/></Types>'
        parts[types] = parts[types].replace(kind, b"text/plain").replace(b"</Types>", override)
        parts["xl/worksheets/sheet9.xml"] = texts.replace(b"</sst>", strings + b"</sst>")
        parts["xl/theme/theme1.xml"] = theme
        for name, content in parts.items():
            again.writestr(name, content)
    return out.getvalue()


def understated(body: bytes, name: str, size: int) -> bytes:
    """The archive, whose directory and part say that the part is this short once it is unpacked."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        content, real = archive.read(name), archive.getinfo(name)
    true = struct.pack("<III", real.CRC, real.compress_size, real.file_size)
    assert body.count(true) == 2
    return body.replace(true, struct.pack("<III", zlib.crc32(content[:size]), real.compress_size, size))


@pytest.mark.parametrize(
    ("make", "outcome"),
    [
        (lambda: crafted(strings=b"<si><t>" + b"x" * 26_000_000 + b"</t></si>"), "workbook_too_large"),
        (lambda: understated(crafted(theme=b" " * 70_000_000), "xl/theme/theme1.xml", 1000), "0"),
        (crafted, "0"),
    ],
    ids=["texts under a sheet's name", "a directory that lies", "an honest one"],
)
def test_a_crafted_workbook_unpacks_to_no_more_than_may_be(make: Callable[[], bytes], outcome: str) -> None:
    body = make()
    assert len(body) < 2_000_000
    tracemalloc.start()
    try:
        found = str(len(list(workbook.table(io.BytesIO(body), BOUNDS).rows)))
    except NoSheet as refusal:
        found = refusal.code
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (found, peak < 50_000_000) == (outcome, True), peak
