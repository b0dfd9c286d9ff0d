"""Files of 50 MB and of 200,000 rows: refused in words or read within a bounded memory and time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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
    ("body", "outcome"),
    [
        ((HEADER + "x" * 80 + "\n") * 1 + ("x" * 99 + "\n") * 500_000, "file_too_large"),
        (HEADER + ROW * 200_000, "too_many_rows"),
        (HEADER + ROW * 20_000, "20000"),
        (HEADER + '"' + "x" * 18_000_000, "1"),
        (HEADER + '"x\n' * 19_999, "19999"),
        ("\n" * 18_000_000, "file_empty"),
    ],
    ids=["50 MB", "200,000 rows", "20,000 rows", "one endless row", "a quote opened in every row", "blank lines"],
)
def test_a_large_file_costs_bounded_memory_and_time(tmp_path: Path, body: str, outcome: str) -> None:
    (file := tmp_path / "large.csv").write_text(body)
    found, megabytes, seconds = read(file)
    assert found == outcome
    assert megabytes < 40
    assert seconds < 15
