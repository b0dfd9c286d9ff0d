"""Zones as an association writes them down: postcodes and ranges of them, or a centre and kilometres around it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeVar

from duolangue.chassis import places
from duolangue.contracts.facts.registration import PostcodeRange, Zone
from duolangue.registration.domain import values
from duolangue.registration.domain.invalid import Invalid

MOST_ZONES: Final = 20
MOST_RANGES: Final = 100
MOST_KM: Final = 300
ReadT = TypeVar("ReadT")
_RANGE = re.compile(r"([0-9]{4})(?:\s*(?:-|\u2013|\u2014)\s*([0-9]{4}))?")
_BETWEEN = re.compile(r"[\s,;]*[,;\n][\s,;]*")


def ranges(text: str) -> list[PostcodeRange]:
    """The postcodes somebody wrote down, as in `4000-4032, 4100`.

    Raises:
        Invalid: something else stands there, a range runs backwards, or no postcode lies in it.
    """
    found = []
    for part in (piece for piece in _BETWEEN.split(text.strip()) if piece):
        matched = _RANGE.fullmatch(part.strip())
        if matched is None:
            raise Invalid(
                "zone_postcodes",
                "%(value)s is not a postcode, nor a range of postcodes as in 4000-4032.",
                field="postcodes",
                value=values.shown(part),
            )
        found.append(_range(matched[1], matched[2] or matched[1]))
    if len(found) > MOST_RANGES:
        raise Invalid(
            "zone_too_many", "A zone has at most %(most)s ranges of postcodes.", field="postcodes", most=MOST_RANGES
        )
    return found


def _range(first: str, last: str) -> PostcodeRange:
    if first > last:
        raise Invalid(
            "zone_backwards",
            "%(value)s: the first postcode is the higher one.",
            field="postcodes",
            value=f"{first}-{last}",
        )
    if not any(first <= postcode <= last for postcode in places.table()):
        shown = first if first == last else f"{first}-{last}"
        raise Invalid("zone_empty", "There is no Belgian postcode in %(value)s.", field="postcodes", value=shown)
    return PostcodeRange(first=first, last=last)


def zone(name: str, postcodes: str, centre: str, radius_km: str) -> Zone | None:
    """One zone as it was filled in; none where nothing was.

    Raises:
        Invalid: with the field it is about: `name`, `postcodes`, `centre` or `radius_km`.
    """
    tidy = _of_field("name", values.name, name)
    if not (tidy or postcodes.strip() or centre.strip() or radius_km.strip()):
        return None
    parts = ranges(postcodes)
    middle = _of_field("centre", values.postcode, centre) if centre.strip() else None
    around = _of_field("radius_km", values.whole_number, radius_km) if radius_km.strip() else None
    if around is not None and not 1 <= around <= MOST_KM:
        raise Invalid("zone_radius", "From 1 to %(most)s kilometres.", field="radius_km", most=MOST_KM)
    if (middle is None) != (around is None):
        missing = "centre" if middle is None else "radius_km"
        raise Invalid("zone_half", "A centre and kilometres around it belong together.", field=missing)
    if middle is None and not parts:
        raise Invalid("zone_nothing", "Give postcodes, or a centre and kilometres around it.", field="postcodes")
    return Zone(name=tidy, ranges=parts, centre=middle, radius_km=around)


def checked(zones: list[Zone]) -> list[Zone]:
    """Zones that came ready made (by the interface) are held to the same rules."""
    for each in zones:
        zone(each.name, written(each), each.centre or "", "" if each.radius_km is None else str(each.radius_km))
        if each == Zone(name=each.name):
            raise Invalid("zone_nothing", "Give postcodes, or a centre and kilometres around it.", field="zones")
    return zones


def written(zone: Zone) -> str:
    """A zone's postcodes as somebody would write them."""
    return ", ".join(part.first if part.first == part.last else f"{part.first}-{part.last}" for part in zone.ranges)


def _of_field(field: str, read: Callable[[str], ReadT], text: str) -> ReadT:
    try:
        return read(text)
    except Invalid as error:
        error.field = field
        raise
