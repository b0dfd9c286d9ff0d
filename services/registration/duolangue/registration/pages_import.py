"""Pages of an import: choose a file, say which column is which, see what is wrong, decide, watch, take back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page
from duolangue.chassis.web.languages import translations
from duolangue.registration import uploads, usecases
from duolangue.registration.auditing import Audited
from duolangue.registration.domain import headers
from duolangue.registration.domain.batch import AT_WORK, BOUNDS, Batch, BatchStatus
from duolangue.registration.domain.batch_rows import Noted, Part
from duolangue.registration.domain.headers import NAMES, NEEDED
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.pages_export import download
from duolangue.registration.ports import Ports

router = APIRouter(tags=["pages"], include_in_schema=False, route_class=Audited)
At = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
SHOWN: Final = 50
"""Rows on a page, at least, where there are as many."""
LATEST: Final = 10
LOOK_AGAIN: Final = {"Refresh": "2"}
"""The browser asks again after two seconds, without any script."""
LARGE: Final = {"/people/import": 64 * 1024 * 1024}
"""A file that is too large is refused in words on the page, so the page takes more than it imports."""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row with something to say about it."""

    number: int
    cells: dict[str, str]
    faults: dict[str, list[Noted]]
    """By column."""
    beside: list[Noted]
    """What is about no column of the file."""


@router.get("/people/import")
async def import_form(request: Request, at: At) -> HTMLResponse:
    """Choose a file to import; the latest imports."""
    return await _chooser(request, at)


@router.post("/people/import", response_model=None)
async def import_file(request: Request, at: At) -> HTMLResponse | RedirectResponse:
    """A file comes; its own page shows what is in it."""
    try:
        async with uploads.file_of(request) as (file, name):
            batch = await usecases.batches.upload(file, name, at.coordinator.id, at.ports)
    except Invalid as fault:
        return await _chooser(request, at, fault=fault)
    return _to(batch.id)


@router.get("/people/import/{batch_id}")
async def import_page(
    request: Request,
    batch_id: str,
    at: At,
    after: Annotated[int, Query(ge=-1, le=100_000)] = -1,
    show: Annotated[str, Query(pattern="^(faulty|remarked|columns)$")] = "faulty",
) -> HTMLResponse:
    """Where an import stands: what is wrong in its rows, how far it is, what came of it."""
    batch = await at.ports.batches.get(batch_id)
    if batch.status is BatchStatus.COLUMNS or (show == "columns" and batch.status is BatchStatus.READY):
        return await _columns(request, at, batch)
    rows, following = ([], None) if batch.status in AT_WORK else await _rows(batch, show, after, at.ports)
    answer = page(
        request,
        "registration/import_one.html",
        at.language,
        batch=batch,
        rows=rows,
        shown=_worth_showing(rows),
        following=following,
        after=after,
        show=show,
        heading=headers.headings(at.language),
    )
    if batch.status in AT_WORK:
        answer.headers.update(LOOK_AGAIN)
    return answer


@router.post("/people/import/{batch_id}/columns", response_model=None)
async def choose_columns(request: Request, batch_id: str, at: At) -> HTMLResponse | RedirectResponse:
    """Somebody says which column is which."""
    batch = await at.ports.batches.get(batch_id)
    async with request.form(max_files=0, max_fields=len(batch.header) + 1) as form:
        chosen = [str(form.get(f"c{place}", "")) for place in range(len(batch.header))]
    try:
        await usecases.batches.choose_columns(batch_id, chosen, at.ports)
    except Invalid as fault:
        return await _columns(request, at, batch, chosen=chosen, fault=fault)
    return _to(batch_id)


@router.post("/people/import/{batch_id}/start")
async def start(batch_id: str, at: At, accepted: Annotated[bool, Form()] = False) -> RedirectResponse:
    """The good rows are imported."""
    await usecases.batches.start_import(batch_id, accepted, at.ports)
    return _to(batch_id)


@router.post("/people/import/{batch_id}/take-back")
async def take_back(batch_id: str, at: At) -> RedirectResponse:
    """The import was a mistake."""
    await usecases.batches.take_back_import(batch_id, at.ports)
    return _to(batch_id)


@router.post("/people/import/{batch_id}/discard")
async def discard(batch_id: str, at: At) -> RedirectResponse:
    """A draft is thrown away."""
    await usecases.batches.discard_import(batch_id, at.ports)
    return RedirectResponse("/people/import", 303)


@router.get("/people/import/{batch_id}/faulty.csv")
async def faulty(request: Request, batch_id: str, at: At) -> StreamingResponse:
    """The rows that cannot be imported, to be corrected and sent again."""
    batch = await at.ports.batches.get(batch_id)
    translated = translations(request.app.state.package, at.language).gettext
    return download("to-correct.csv", usecases.exporting.faulty_rows(batch, at.language, translated, at.ports))


async def _chooser(request: Request, at: Desk[Ports], fault: Invalid | None = None) -> HTMLResponse:
    latest = await at.ports.batches.select(sort=[("uploaded_at", -1)], limit=LATEST)
    return page(
        request,
        "registration/import.html",
        at.language,
        status=422 if fault else 200,
        fault=fault,
        latest=latest,
        needed=("role", *NEEDED),
        columns=NAMES,
        heading=headers.headings(at.language),
        bounds=BOUNDS,
    )


async def _columns(
    request: Request, at: Desk[Ports], batch: Batch, chosen: list[str] | None = None, fault: Invalid | None = None
) -> HTMLResponse:
    first = await at.ports.batch_parts.find(f"{batch.id}-0")
    samples = [cells for cells in (first.rows if first else [])[:20] if cells]
    named = headers.headings(at.language)
    missing = [named[column] for column in headers.missing(chosen or batch.places)]
    return page(
        request,
        "registration/import_columns.html",
        at.language,
        status=422 if fault else 200,
        batch=batch,
        chosen=chosen or batch.places,
        fault=fault,
        missing=missing,
        heading={column: named[column] for column in NAMES},
        needed=("role", *NEEDED),
        samples=[
            [cells[place] for cells in samples if place < len(cells) and cells[place].strip()][:3]
            for place in range(len(batch.header))
        ],
    )


async def _rows(batch: Batch, show: str, after: int, ports: Ports) -> tuple[list[ShownRow], int | None]:
    """Rows with something to say about them, and after which part to go on."""
    if not batch.holds_rows:
        return [], None
    wanted: dict[str, Any] = {"batch": {"$eq": batch.id}, "remarked" if show == "remarked" else "faulty": True}
    rows: list[ShownRow] = []
    while True:
        found = await ports.batch_parts.select({**wanted, "number": {"$gt": after}}, sort=[("number", 1)], limit=2)
        if not found:
            return rows, None
        rows += _of_part(found[0], batch.places, faults=show != "remarked")
        after = found[0].number
        if len(rows) >= SHOWN:
            return rows, after if len(found) > 1 else None


def _of_part(part: Part, places: list[str], *, faults: bool) -> list[ShownRow]:
    of_row: dict[int, list[Noted]] = {}
    for each in part.noted:
        if each.fault == faults:
            of_row.setdefault(each.row, []).append(each)
    shown = []
    for row in part.cells:
        if row.number not in of_row:
            continue
        cells = {column: cell for column, cell in zip(places, row.cells or (), strict=False) if column}
        by_column: dict[str, list[Noted]] = {}
        beside = []
        for each in of_row[row.number]:
            if each.field in cells:
                by_column.setdefault(each.field, []).append(each)
            else:
                beside.append(each)
        shown.append(ShownRow(row.number, cells, by_column, beside))
    return shown


def _worth_showing(rows: list[ShownRow]) -> list[str]:
    """The columns to show: the name, and those in which something is to be looked at."""
    marked = {column for row in rows for column in row.faults}
    return [column for column in NAMES if column in {"first_name", "last_name"} | marked]


def _to(batch_id: str) -> RedirectResponse:
    return RedirectResponse(f"/people/import/{batch_id}", 303)
