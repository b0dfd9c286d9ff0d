"""The rows of a file that is being imported: kept in parts, with what there is to say about each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import EntityId
from duolangue.registration.domain.imports import Remark
from duolangue.registration.domain.sheet import Row

PART_ROWS: Final = 200
PART_SIGNS: Final = 500_000
"""How much one part holds: far from what a document may hold."""
ROW_SIGNS: Final = 64 * 1024


class Noted(BaseModel):
    """A remark about a row, as it is kept."""

    model_config = ConfigDict(frozen=True)

    row: int
    field: str
    code: str
    template: str
    values: dict[str, str] = {}
    fault: bool
    """Whether the row is not imported for it."""

    @classmethod
    def of(cls, remark: Remark, *, fault: bool) -> Noted:
        """A remark, to be kept."""
        told = {name: str(value) for name, value in remark.fault.values.items()}
        return cls(
            row=remark.row,
            field=remark.field,
            code=remark.code,
            template=remark.fault.template,
            values=told,
            fault=fault,
        )


class Part(BaseModel):
    """Some of the rows."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    batch: EntityId
    number: int
    first: int
    """The number of its first row."""
    rows: list[list[str] | None]
    faulty: bool = False
    """Whether one of its rows cannot be imported."""
    remarked: bool = False
    """Whether there is something to say about one of its rows."""
    noted: list[Noted] = []
    gone: list[int] = []
    """Rows of which nothing is kept any more: of minors, of people erased meanwhile."""

    @property
    def cells(self) -> list[Row]:
        """The rows with their numbers, but for those of which nothing is kept."""
        return [
            Row(number, None if cells is None else tuple(cells))
            for number, cells in enumerate(self.rows, self.first)
            if number not in self.gone
        ]


def fits(cells: tuple[str, ...] | None) -> list[str] | None:
    """A row as it is kept; one that is far too long is a broken one."""
    return None if cells is None or sum(map(len, cells)) > ROW_SIGNS else list(cells)


def marked(part: Part, of_row: Mapping[int, list[Noted]], kept: Part) -> Change[Part] | None:
    """What there is to say about these rows, of which `kept` is what stays."""
    found = [each for row in range(part.first, part.first + len(part.rows)) for each in of_row.get(row, [])]
    told = {"noted": found, "faulty": any(each.fault for each in found), "remarked": bool(found)}
    fresh = kept.model_copy(update=told)
    return None if fresh == part else Change(fresh)


def without_row(part: Part, row: int) -> Change[Part] | None:
    """The person whom a row became is erased: what the row said goes, and what was remarked about it."""
    place = row - part.first
    if not 0 <= place < len(part.rows) or part.rows[place] is None:
        return None
    rows = [None if number == place else cells for number, cells in enumerate(part.rows)]
    noted = [each for each in part.noted if each.row != row]
    return Change(part.model_copy(update={"rows": rows, "noted": noted}))
