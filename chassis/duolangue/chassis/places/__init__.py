"""Belgian postcodes: which exist, where they are, how far apart. The table's origin and licence are in LICENCE.md beside it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import asin, cos, radians, sin, sqrt
from typing import Final

EARTH_KM: Final = 6371.0088
"""Mean radius of the Earth, in kilometres (IUGG)."""


@dataclass(frozen=True, slots=True)
class Place:
    """A postcode's place: coordinates in degrees, names as people there say them."""

    postcode: str
    locality: str
    municipality: str
    municipality_nl: str
    latitude: float
    longitude: float


@cache
def table() -> dict[str, Place]:
    """All Belgian postcodes."""
    text = resources.files(__package__).joinpath("postcodes.csv").read_text(encoding="utf-8")
    return {
        row["postcode"]: Place(
            row["postcode"],
            row["locality"],
            row["municipality_fr"],
            row["municipality_nl"],
            float(row["latitude"]),
            float(row["longitude"]),
        )
        for row in csv.DictReader(text.splitlines())
    }


def find(postcode: str) -> Place | None:
    """The place of a postcode, or none where no such Belgian postcode exists."""
    return table().get(postcode.strip())


def distance_km(one: Place, other: Place) -> float:
    """The great-circle distance between two places, in kilometres (haversine formula)."""
    lat_one, lat_other = radians(one.latitude), radians(other.latitude)
    half_lat = (lat_other - lat_one) / 2
    half_lon = radians(other.longitude - one.longitude) / 2
    chord = sin(half_lat) ** 2 + cos(lat_one) * cos(lat_other) * sin(half_lon) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(chord)))
