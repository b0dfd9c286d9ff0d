"""An import on its way: where it stands, what was decided, and what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import EntityId
from duolangue.registration.domain import headers
from duolangue.registration.domain.batch_rows import Noted
from duolangue.registration.domain.headers import Header
from duolangue.registration.domain.imports import Remark
from duolangue.registration.domain.invalid import Invalid, NoSheet, NotNow
from duolangue.registration.domain.sheet import Bounds

BOUNDS: Final = Bounds(megabytes=20, rows=20_000)
"""How large a file may be that is imported step by step."""
KEPT: Final = timedelta(hours=24)
"""How long a file's rows are kept: a draft nobody starts, and the rows that could not be imported."""
UNDONE_WITHIN: Final = timedelta(days=30)
"""How long an import can be taken back."""
TAKEN_OVER: Final = timedelta(seconds=30)
"""When somebody else goes on with work that a process began and did not end."""
MOST_OPEN: Final = 10
"""How many drafts an association may have at once."""


class BatchStatus(StrEnum):
    """Where an import stands."""

    COLUMNS = "columns"
    """Somebody must say which column is which."""
    CHECKING = "checking"
    READY = "ready"
    """What is wrong is shown; somebody decides."""
    IMPORTING = "importing"
    DONE = "done"
    TAKING_BACK = "taking_back"
    TAKEN_BACK = "taken_back"


OPEN: Final = (BatchStatus.COLUMNS, BatchStatus.CHECKING, BatchStatus.READY, BatchStatus.IMPORTING)
AT_WORK: Final = frozenset({BatchStatus.CHECKING, BatchStatus.IMPORTING, BatchStatus.TAKING_BACK})
"""Those that go on by themselves."""


class Batch(BaseModel):
    """An import."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    status: BatchStatus
    coordinator: EntityId
    file: str
    """The file's name."""
    header: list[str]
    chosen: list[str] = []
    """By hand: which column stands at each place; an empty word for none."""
    notes: list[Noted] = []
    """About the file as a whole."""
    rows: int
    parts: int
    progress: int = 0
    """Rows that are done of what is being done."""
    good: int = 0
    faulty: int = 0
    running: int = 0
    """Duos that ran already."""
    young: int = 0
    """Minors of whom a row told: nothing else of them is kept."""
    accepted: bool = False
    """Whether their first interview took place before."""
    imported: list[int] = []
    """Rows that became participants."""
    paired: dict[EntityId, EntityId] = {}
    """Who was known before and now has a running duo, with whom."""
    uploaded_at: datetime
    finished_at: datetime | None = None
    due_at: datetime | None = None

    def participant(self, row: int) -> str:
        """The id of the participant whom a row becomes: always the same, so that nothing is imported twice."""
        return hashlib.sha256(f"{self.id}/{row}".encode()).hexdigest()[:32]

    def columns(self) -> Header:
        """Which column stands where."""
        return headers.recognise(self.header, self.chosen)

    @property
    def places(self) -> list[str]:
        """The column at each place, an empty word where there is none: as chosen, or as far as names tell."""
        return self.chosen or headers.guessed(self.header)

    @property
    def part_ids(self) -> list[str]:
        """The ids of its parts, in order."""
        return [f"{self.id}-{number}" for number in range(self.parts)]

    @property
    def holds_rows(self) -> bool:
        """Whether the rows of the file are still kept."""
        return self.status is not BatchStatus.TAKEN_BACK and self.parts > 0


def begin(
    batch_id: str, coordinator: str, file: str, header: Iterable[str], remark: Invalid | None, now: datetime
) -> Batch:
    """A file came. Whether its columns are clear is seen at once."""
    names = list(header)
    try:
        clear = not headers.recognise(names).missing
    except NoSheet:
        clear = False
    return Batch(
        id=batch_id,
        status=BatchStatus.CHECKING if clear else BatchStatus.COLUMNS,
        coordinator=coordinator,
        file=file[-100:],
        header=names,
        notes=[Noted.of(Remark(0, remark), fault=False)] if remark else [],
        rows=0,
        parts=0,
        uploaded_at=now,
        due_at=now + TAKEN_OVER if clear else now + KEPT,
    )


def choose(batch: Batch, chosen: list[str], now: datetime) -> Change[Batch]:
    """Somebody said which column is which.

    Raises:
        NotNow: the import has begun.
        Invalid: a column twice, or one that is missing.
    """
    _must_be(batch, BatchStatus.COLUMNS, BatchStatus.READY)
    headers.complete(headers.recognise(batch.header, chosen))
    return Change(
        batch.model_copy(
            update={"status": BatchStatus.CHECKING, "chosen": chosen, "progress": 0, "due_at": now + TAKEN_OVER}
        )
    )


def checked(batch: Batch, good: int, faulty: int, running: int) -> Change[Batch] | None:
    """Every row was looked at; none when somebody else did it."""
    if batch.status is not BatchStatus.CHECKING:
        return None
    told = {"status": BatchStatus.READY, "good": good, "faulty": faulty, "running": running, "progress": batch.rows}
    return Change(batch.model_copy(update={**told, "due_at": batch.uploaded_at + KEPT}))


def start(batch: Batch, now: datetime, *, accepted: bool) -> Change[Batch] | None:
    """The good rows are to be imported; none when that was said before.

    Raises:
        NotNow: the rows were not checked yet, or the import was taken back.
        Invalid: there is no good row.
    """
    if batch.status in {BatchStatus.IMPORTING, BatchStatus.DONE}:
        return None
    _must_be(batch, BatchStatus.READY)
    if not batch.good:
        raise Invalid("nothing_to_import", "No row can be imported.")
    told = {"status": BatchStatus.IMPORTING, "accepted": accepted, "progress": 0, "due_at": now + TAKEN_OVER}
    return Change(batch.model_copy(update=told))


def proceeded(batch: Batch, progress: int) -> Change[Batch] | None:
    """So many rows are done."""
    return Change(batch.model_copy(update={"progress": progress})) if batch.status in AT_WORK else None


def finished(
    batch: Batch, imported: list[int], faulty: int, running: int, paired: dict[str, str], now: datetime
) -> Change[Batch] | None:
    """The good rows are imported."""
    if batch.status is not BatchStatus.IMPORTING:
        return None
    told = {
        "status": BatchStatus.DONE,
        "imported": imported,
        "good": len(imported),
        "faulty": faulty,
        "running": running,
    }
    return Change(
        batch.model_copy(
            update={**told, "paired": paired, "progress": batch.rows, "finished_at": now, "due_at": now + KEPT}
        )
    )


def take_back(batch: Batch, interviewed: int, now: datetime) -> Change[Batch] | None:
    """The import was a mistake: whom it brought goes again. None when that was said before.

    Raises:
        NotNow: it is not done, or somebody of it had a first interview.
    """
    if batch.status in {BatchStatus.TAKING_BACK, BatchStatus.TAKEN_BACK}:
        return None
    _must_be(batch, BatchStatus.DONE)
    if interviewed:
        raise NotNow(
            "import_in_use",
            "This import cannot be taken back any more: somebody of it had the first interview already.",
        )
    return Change(
        batch.model_copy(update={"status": BatchStatus.TAKING_BACK, "progress": 0, "due_at": now + TAKEN_OVER})
    )


def taken_back(batch: Batch, stayed: list[int], now: datetime) -> Change[Batch] | None:
    """Whom the import brought is gone, but for those who were interviewed in this very moment."""
    if batch.status is not BatchStatus.TAKING_BACK:
        return None
    told = {
        "status": BatchStatus.TAKEN_BACK,
        "imported": stayed,
        "finished_at": now,
        "due_at": now + KEPT,
        "paired": {},
    }
    return Change(batch.model_copy(update=told))


def emptied(batch: Batch) -> Change[Batch]:
    """The rows of the file are forgotten; what the import brought can be taken back for a while."""
    over = (batch.finished_at or batch.uploaded_at) + UNDONE_WITHIN
    return Change(batch.model_copy(update={"parts": 0, "notes": [], "file": "", "due_at": over}))


def _must_be(batch: Batch, *statuses: BatchStatus) -> None:
    if batch.status not in statuses:
        raise NotNow("import_elsewhere", "This import has gone on meanwhile: look where it stands.")


def due(batch: Batch, now: datetime) -> Change[Batch] | None:
    """Whoever looks next goes on with it."""
    return Change(batch.model_copy(update={"due_at": now})) if batch.status in AT_WORK else None


def noted(batch: Batch, about_file: list[Noted], young: int) -> Change[Batch]:
    """What there is to say about the columns, and how many more rows were of minors; what was said about how the file was read stays."""
    kept = [each for each in batch.notes if each.field == "file"]
    return Change(batch.model_copy(update={"notes": [*kept, *about_file], "young": batch.young + young}))
