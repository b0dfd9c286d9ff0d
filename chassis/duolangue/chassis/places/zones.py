"""In which of an association's zones a postcode lies. Zones may overlap; a postcode may lie in none."""

from __future__ import annotations

from collections.abc import Sequence

from duolangue.chassis import places
from duolangue.contracts.facts.registration import Zone


def containing(postcode: str | None, zones: Sequence[Zone]) -> frozenset[int]:
    """The places in the list of the zones a postcode lies in."""
    if not postcode:
        return frozenset()
    return frozenset(number for number, zone in enumerate(zones) if contains(zone, postcode))


def contains(zone: Zone, postcode: str) -> bool:
    """Whether a postcode lies in a zone: in one of its ranges, or near enough to its centre."""
    if any(part.first <= postcode <= part.last for part in zone.ranges):
        return True
    if zone.centre is None or zone.radius_km is None:
        return False
    centre, place = places.find(zone.centre), places.find(postcode)
    return centre is not None and place is not None and places.distance_km(centre, place) <= zone.radius_km
