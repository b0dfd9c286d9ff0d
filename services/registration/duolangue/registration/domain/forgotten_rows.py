"""What is forgotten of an import's rows while they wait in a draft: minors' rows, and people who are erased meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from duolangue.chassis import formulas
from duolangue.chassis.decision import Change
from duolangue.registration.domain import values
from duolangue.registration.domain.batch_rows import Part
from duolangue.registration.domain.invalid import Invalid

PARTNER = "current_partner"


@dataclass(frozen=True, slots=True)
class Erased:
    """By what a row shows that it is about somebody, or names them."""

    first_name: str
    addresses: frozenset[str]
    """E-mail address and telephone number, as `values` writes them."""


def without(part: Part, rows: Collection[int], named: Collection[str], places: Sequence[str]) -> Part:
    """The part with nothing of these rows, and without these addresses where another row names its partner by one. `places` gives the
    column at each place, an empty word where it is not known.
    """
    gone = [number for number in range(part.first, part.first + len(part.rows)) if number in rows]
    kept = [
        [] if number in gone else cells and _unnamed(cells, named, places)
        for number, cells in enumerate(part.rows, part.first)
    ]
    noted = [each for each in part.noted if each.row not in gone]
    return part.model_copy(update={"rows": kept, "noted": noted, "gone": sorted({*part.gone, *gone})})


def without_person(part: Part, person: Erased, places: Sequence[str]) -> Change[Part] | None:
    """The part without the rows that are about somebody who is erased, whom no other row names any more; none where nothing did."""
    theirs = [
        number for number, cells in enumerate(part.rows, part.first) if cells and _is_about(cells, person, places)
    ]
    fresh = without(part, theirs, person.addresses, places)
    return None if fresh == part else Change(fresh)


def _unnamed(cells: list[str], named: Collection[str], places: Sequence[str]) -> list[str]:
    if not named:
        return cells
    columns = [*places, *[""] * len(cells)]
    return [
        "" if "@" in cell and columns[place] in {PARTNER, ""} and _address(cell) in named else cell
        for place, cell in enumerate(cells)
    ]


def _is_about(cells: list[str], person: Erased, places: Sequence[str]) -> bool:
    told = dict(zip(places, cells, strict=False))
    same_name = values.folded(_meant(told.get("first_name", ""))) == values.folded(person.first_name)
    return same_name and any(_address(told.get(column, "")) in person.addresses for column in ("email", "phone"))


def _address(cell: str) -> str:
    """An address as `values` writes it; empty where the cell holds none."""
    text = _meant(cell)
    try:
        return "" if not text else values.email(text) if "@" in text else values.phone(text)
    except Invalid:
        return ""


def _meant(cell: str) -> str:
    return formulas.as_meant(cell.strip()).strip()
