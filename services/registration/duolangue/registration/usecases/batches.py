"""An import step by step: a file comes, its rows are checked, a coordinator decides, the good rows are imported; it may be taken back."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import BinaryIO, Final

from duolangue.chassis import log
from duolangue.chassis.store import Absent
from duolangue.registration.domain import batch as batches
from duolangue.registration.domain import batch_rows, forgotten_rows, headers, imports, life, sheet, workbook
from duolangue.registration.domain.batch import BOUNDS, Batch, BatchStatus
from duolangue.registration.domain.batch_rows import Noted, Part
from duolangue.registration.domain.imports import Reading, Remark
from duolangue.registration.domain.invalid import NotNow
from duolangue.registration.domain.participant import Participant, Status
from duolangue.registration.ports import Ports
from duolangue.registration.usecases import importing
from duolangue.registration.usecases.notes import forget_notes
from duolangue.registration.usecases.signing_up import count_minors

logger = log.get(__name__)

AT_ONCE_ROWS: Final = 500
"""A file this short is checked, and imported, while its sender waits."""


async def upload(file: BinaryIO, name: str, coordinator: str, ports: Ports) -> Batch:
    """A file comes: its rows are kept for a day, and checked.

    Raises:
        NoSheet: the whole file cannot be read.
        NotNow: too many imports are under way.
    """
    if await ports.batches.count({"status": {"$in": [each.value for each in batches.OPEN]}}) >= batches.MOST_OPEN:
        raise NotNow(
            "imports_open", "Too many imports are under way. Finish one of them, or throw it away, and come again."
        )
    table = await asyncio.to_thread(_opened, file)
    fresh = batches.begin(uuid.uuid4().hex, coordinator, name, table.header, table.remark, ports.clock.now())
    parts = 0
    rows = 0
    try:
        while part := await asyncio.to_thread(_part, table.rows, fresh.id, parts, rows + 1):
            await ports.batch_parts.add(part)
            parts, rows = parts + 1, rows + len(part.rows)
    except sheet.NoSheet:
        await _forget_parts(fresh.model_copy(update={"parts": parts}), ports)
        raise
    kept = await ports.batches.add(fresh.model_copy(update={"parts": parts, "rows": rows}))
    logger.info("import.uploaded", association=ports.association)
    return await _checked_soon(kept, ports)


def _opened(file: BinaryIO) -> sheet.Table:
    return workbook.table(file, BOUNDS) if workbook.is_workbook(file) else sheet.table(file, BOUNDS)


def _part(rows: Iterator[sheet.Row], batch_id: str, number: int, first: int) -> Part | None:
    """The next rows, as many as one document holds well; none when there are no more."""
    taken: list[list[str] | None] = []
    signs = 0
    for row in islice(rows, batch_rows.PART_ROWS):
        cells = batch_rows.fits(row.cells)
        taken.append(cells)
        signs += sum(map(len, cells or ()))
        if signs > batch_rows.PART_SIGNS:
            break
    return Part(id=f"{batch_id}-{number}", batch=batch_id, number=number, first=first, rows=taken) if taken else None


async def choose_columns(batch_id: str, chosen: list[str], ports: Ports) -> Batch:
    """Somebody said which column is which; the rows are checked anew.

    Raises:
        Invalid, NotNow: see `domain.batch.choose`.
    """
    now = ports.clock.now()
    return await _checked_soon(
        await ports.batches.update(batch_id, partial(batches.choose, chosen=chosen, now=now)), ports
    )


async def start_import(batch_id: str, accepted: bool, ports: Ports) -> Batch:
    """The good rows are to be imported. Said twice it changes nothing.

    Raises:
        Invalid, NotNow: see `domain.batch.start`.
    """
    now = ports.clock.now()
    begun = await ports.batches.update(batch_id, partial(batches.start, now=now, accepted=accepted))
    if begun.status is BatchStatus.IMPORTING and begun.good <= AT_ONCE_ROWS:
        return await _import(begun, ports)
    return await _now(begun, ports)


async def take_back_import(batch_id: str, ports: Ports) -> Batch:
    """An import was a mistake: whom it brought goes again, as long as nobody of it was interviewed.

    Raises:
        NotNow: somebody was.
    """
    batch, now = await ports.batches.get(batch_id), ports.clock.now()
    interviewed = 0
    for ids in _some(batch):
        interviewed += sum(not _may_go(each) for each in await ports.participants.with_ids(ids))
    begun = await ports.batches.update(batch_id, partial(batches.take_back, interviewed=interviewed, now=now))
    if begun.status is BatchStatus.TAKING_BACK and len(begun.imported) <= AT_ONCE_ROWS:
        return await _take_back(begun, ports)
    return await _now(begun, ports)


async def discard_import(batch_id: str, ports: Ports) -> None:
    """A draft is thrown away with all its rows.

    Raises:
        NotNow: it was imported.
    """
    batch = await ports.batches.get(batch_id)
    if batch.status not in {BatchStatus.COLUMNS, BatchStatus.CHECKING, BatchStatus.READY}:
        raise NotNow("import_elsewhere", "This import has gone on meanwhile: look where it stands.")
    await _forget_parts(batch, ports)
    await ports.batches.forget(batch_id)


async def go_on_with_import(batch_id: str, ports: Ports) -> None:
    """What is due of an import: its next step, or that its rows are forgotten."""
    batch, now = await ports.batches.get(batch_id), ports.clock.now()
    match batch.status:
        case BatchStatus.CHECKING if now < batch.uploaded_at + batches.KEPT:
            await _check(batch, ports)
        case BatchStatus.IMPORTING:
            await _import(batch, ports)
        case BatchStatus.TAKING_BACK:
            await _take_back(batch, ports)
        case BatchStatus.DONE if batch.holds_rows:
            await _forget_parts(batch, ports)
            await ports.batches.update(batch_id, batches.emptied)
        case _:
            await _forget_parts(batch, ports)
            await ports.batches.forget(batch_id)


async def _checked_soon(batch: Batch, ports: Ports) -> Batch:
    if batch.status is BatchStatus.CHECKING and batch.rows <= AT_ONCE_ROWS:
        return await _check(batch, ports)
    return await _now(batch, ports) if batch.status is BatchStatus.CHECKING else batch


async def _now(batch: Batch, ports: Ports) -> Batch:
    """Whoever looks for due work next goes on with it."""
    if batch.status not in batches.AT_WORK:
        return batch
    now = ports.clock.now()
    return await ports.batches.update(batch.id, lambda present: batches.due(present, now))


async def _check(batch: Batch, ports: Ports) -> Batch:
    settled = await importing.settle(await _read(batch, ports, tell=True), batch.participant, ports)
    warnings = [*settled.reading.warnings, *settled.planned.remarks]
    faulty = await _note(batch, settled.reading, settled.reading.rejected, warnings, ports)
    return await ports.batches.update(
        batch.id,
        lambda present: batches.checked(present, len(settled.reading.drafts), faulty, len(settled.planned.pairs)),
    )


async def _import(batch: Batch, ports: Ports) -> Batch:
    """Everything is checked again: people may have registered since."""
    settled = await importing.settle(await _read(batch, ports, tell=False), batch.participant, ports)
    own = await ports.own()

    async def told(progress: int) -> None:
        await ports.batches.update(batch.id, lambda present: batches.proceeded(present, progress))

    done = await importing.keep(settled, own, ports, accepted=batch.accepted, told=told)
    faulty = await _note(batch, settled.reading, done.rejected, done.warnings, ports)
    rows, now = [row for row, _, _ in done.imported], ports.clock.now()
    logger.info("import.done", association=ports.association)
    return await ports.batches.update(
        batch.id, lambda present: batches.finished(present, rows, faulty, done.running, done.paired, now)
    )


async def _take_back(batch: Batch, ports: Ports) -> Batch:
    stayed = []
    for number, row in enumerate(batch.imported, start=1):
        person = batch.participant(row)
        if await ports.participants.forget(person, _may_go):
            await _forget_beside(person, ports)
        else:
            stayed.append(row)
        if number % importing.TOLD_EVERY == 0:
            progress = number
            await ports.batches.update(batch.id, lambda present, at=progress: batches.proceeded(present, at))  # type: ignore[misc]
    for participant, partner in batch.paired.items():
        try:
            await ports.participants.update(participant, partial(life.part_from, partner=partner))
        except Absent:
            continue
    await _forget_parts(batch, ports)
    now = ports.clock.now()
    logger.info("import.taken_back", association=ports.association)
    return await ports.batches.update(batch.id, lambda present: batches.taken_back(present, stayed, now))


async def _forget_beside(person: str, ports: Ports) -> None:
    """What was written about somebody who is not there any more goes with them."""
    await forget_notes(person, ports)
    await ports.wishes.forget(person)


def _may_go(participant: Participant) -> bool:
    """Of whom no other service heard, and about whom nobody decided."""
    quiet = participant.status in {Status.APPLIED, Status.LEFT} and participant.interviewed_at is None
    return quiet and participant.merged_into is None


def _some(batch: Batch) -> Iterator[list[str]]:
    for start in range(0, len(batch.imported), importing.LOOKED_UP):
        yield [batch.participant(row) for row in batch.imported[start : start + importing.LOOKED_UP]]


async def _read(batch: Batch, ports: Ports, *, tell: bool) -> Reading:
    """Every row, read by itself; one part of the file in memory at a time."""
    own, now = await ports.own(), ports.clock.now()
    header, reading = headers.complete(batch.columns()), Reading()
    reading.warnings.extend(imports.strange(header))
    for part_id in batch.part_ids:
        part = await ports.batch_parts.get(part_id)
        await asyncio.to_thread(imports.take, reading, part.cells, header, own, own.today(now))
        if tell and part.number % 5 == 4:
            progress = part.first + len(part.rows) - 1
            await ports.batches.update(batch.id, partial(batches.proceeded, progress=progress))
    return reading


async def _note(batch: Batch, reading: Reading, rejected: list[Remark], warnings: list[Remark], ports: Ports) -> int:
    """Write each remark where its row is; of minors nothing stays but how many they are. Returns how many rows are faulty."""
    young = imports.minors(reading)
    named = {address for address, row in reading.rejected_emails.items() if row in young}
    noted = [Noted.of(remark, fault=True) for remark in rejected if remark.row not in young]
    noted += [Noted.of(remark, fault=False) for remark in warnings if remark.row not in young]
    of_row: dict[int, list[Noted]] = {}
    for each in noted:
        of_row.setdefault(each.row, []).append(each)
    about_file = of_row.get(0, [])
    for part_id in batch.part_ids:
        await ports.batch_parts.update(
            part_id,
            lambda part: batch_rows.marked(part, of_row, forgotten_rows.without(part, young, named, batch.places)),
        )
    await ports.batches.update(batch.id, lambda present: batches.noted(present, about_file, len(young)))
    await count_minors(len(young), ports)
    return len({remark.row for remark in rejected} - young)


async def _forget_parts(batch: Batch, ports: Ports) -> None:
    for part_id in batch.part_ids:
        await ports.batch_parts.forget(part_id)
