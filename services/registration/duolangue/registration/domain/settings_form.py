"""An association's settings as somebody fills them in: every fault is found at once and named by its field."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from annotated_types import Ge, Le

from duolangue.contracts.facts.registration import Zone
from duolangue.registration.domain import values, zones
from duolangue.registration.domain.association import AssociationSettings, known_timezone, named
from duolangue.registration.domain.invalid import Invalid

NUMBERS: Final = (
    "commitment_minutes", "newcomer_years", "radius_km", "exclusion_months", "retention_months", "application_months",
)  # fmt: skip
LISTS: Final = ("languages", "safeguarding", "minors_to", "calls_to")
EMPTY_ZONES: Final = 2
"""Rows that wait for another zone."""
ReadT = TypeVar("ReadT")


@dataclass(slots=True)
class ZoneRow:
    """A zone as it was typed."""

    name: str = ""
    postcodes: str = ""
    centre: str = ""
    radius_km: str = ""


@dataclass(slots=True)
class Filled:
    """What was read of a form."""

    changes: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, Invalid] = field(default_factory=dict)
    """By field; a zone's are named as in `zones-0-postcodes`."""

    def take(self, name: str, read: Callable[[str], ReadT], text: str) -> None:
        """Read one field; what is wrong with it stands under its name."""
        try:
            self.changes[name] = read(text)
        except Invalid as fault:
            self.faults[name] = fault


def read(
    told: Mapping[str, str], lists: Mapping[str, Sequence[str]], rows: Sequence[ZoneRow], offered: Collection[str]
) -> Filled:
    """The settings somebody filled in. All languages that are `offered` at once mean those to come too."""
    filled = Filled()
    filled.take("name", named, told.get("name", ""))
    filled.take("language", values.language, told.get("language", ""))
    filled.take("timezone", known_timezone, told.get("timezone", ""))
    filled.take("phone", _phone, told.get("phone", ""))
    filled.take("feeds", _lines, told.get("feeds", ""))
    for name in NUMBERS:
        filled.take(name, _number(name), told.get(name, ""))
    for name in LISTS:
        filled.changes[name] = list(dict.fromkeys(lists.get(name, ())))
    chosen = [code for code in filled.changes["languages"] if code in offered]
    filled.changes["languages"] = [] if len(chosen) == len(offered) else chosen
    if not chosen:
        filled.faults["languages"] = Invalid("language_missing", "Choose at least one language.")
    found: list[Zone] = []
    for number, row in enumerate(rows[: zones.MOST_ZONES]):
        try:
            zone = zones.zone(row.name, row.postcodes, row.centre, row.radius_km)
        except Invalid as fault:
            filled.faults[f"zones-{number}-{fault.field}"] = fault
        else:
            found += [zone] if zone else []
    filled.changes["zones"] = found
    return filled


def rows_of(found: Sequence[Zone]) -> list[ZoneRow]:
    """Zones as they are shown to be changed, with some empty rows below."""
    shown = [
        ZoneRow(
            zone.name, zones.written(zone), zone.centre or "", "" if zone.radius_km is None else str(zone.radius_km)
        )
        for zone in found
    ]
    return [*shown, *(ZoneRow() for _ in range(EMPTY_ZONES))][: zones.MOST_ZONES]


def bounds(name: str) -> tuple[int, int]:
    """The least and the most a number may be."""
    told = AssociationSettings.model_fields[name].metadata
    least = next(each.ge for each in told if isinstance(each, Ge))
    most = next(each.le for each in told if isinstance(each, Le))
    return int(str(least)), int(str(most))


def _number(name: str) -> Callable[[str], int]:
    least, most = bounds(name)

    def number(text: str) -> int:
        found = values.whole_number(text)
        if not least <= found <= most:
            raise Invalid("number_range", "A whole number from %(least)s to %(most)s.", least=least, most=most)
        return found

    return number


def _phone(text: str) -> str | None:
    return values.phone(text) if text.strip() else None


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(named(line) for line in text.splitlines() if line.strip()))
