"""A copy of everything that is kept about one person: a ZIP with JSON and CSV, one folder for each service."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any, Final

from duolangue.chassis import formulas
from duolangue.registration.usecases.personal_data import Copy, Rows

MEDIA_TYPE: Final = "application/zip"


def packed(copy: Copy, read_me: str) -> bytes:
    """The archive; `read_me` says in the reader's language what is in it and what is not."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", read_me)
        for service, tables in copy.parts.items():
            archive.writestr(f"{service}/{service}.json", json.dumps(tables, indent=2, ensure_ascii=False, default=str))
            for name, rows in tables.items():
                archive.writestr(f"{service}/{name}.csv", "\ufeff" + _sheet(rows))
    return file.getvalue()


def _sheet(rows: Rows) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_defused(row.get(name)) for name in columns])
    return text.getvalue()


def _defused(value: Any) -> str:
    return "" if value is None else formulas.defused(str(value))
