"""Hard constraints: which pairs may be at all. One mask each, newcomers by volunteers, true where the constraint is met."""

from __future__ import annotations

from typing import Final

import numpy as np

from duolangue.chassis.places import EARTH_KM
from duolangue.matching.engine.pool import UNKNOWN, Flags, Pool, Reals

ORDER: Final = (
    "no_place",
    "zone",
    "too_far",
    "too_far_for_them",
    "level",
    "wishes",
    "their_wishes",
    "language",
    "history",
)
"""In which the constraints are peeled to say why somebody waits."""


def distances_km(pool: Pool) -> Reals:
    """Great-circle distances in kilometres (haversine formula); NaN where a postcode is unknown."""
    latitude, longitude = pool.newcomers.latitude[:, None], pool.newcomers.longitude[:, None]
    half_latitude = (pool.volunteers.latitude[None, :] - latitude) / 2
    half_longitude = (pool.volunteers.longitude[None, :] - longitude) / 2
    chord = (
        np.sin(half_latitude) ** 2
        + np.cos(latitude) * np.cos(pool.volunteers.latitude[None, :]) * np.sin(half_longitude) ** 2
    )
    kilometres: Reals = 2 * EARTH_KM * np.arcsin(np.minimum(1.0, np.sqrt(chord)))
    return kilometres


def constraints(pool: Pool, kilometres: Reals) -> dict[str, Flags]:
    """The masks by name, in `ORDER`. What is unknown never satisfies an explicit wish: an unknown age lies below any range."""
    newcomers, volunteers = pool.newcomers, pool.volunteers
    age, gender = volunteers.age[None, :], volunteers.gender[None, :]
    same = (newcomers.gender[:, None] == gender) & (gender != UNKNOWN)
    wished_gender = (pool.wished_gender[:, None] == UNKNOWN) | (pool.wished_gender[:, None] == gender)
    in_range = (age >= pool.least_age[:, None]) & (age <= pool.most_age[:, None])
    masks = {
        "zone": _one_zone(pool),
        "no_place": ~np.isnan(kilometres),
        "too_far": kilometres <= newcomers.radius_km[:, None],
        "too_far_for_them": kilometres <= volunteers.radius_km[None, :],
        "level": pool.level[:, None] >= pool.comfort[None, :],
        "wishes": wished_gender & (~pool.wishes_age[:, None] | in_range),
        "their_wishes": ~pool.same_gender[None, :] | same,
        "language": ~pool.needs_language[:, None] | (newcomers.languages @ volunteers.languages.T > 0),
        "history": ~pool.apart,
    }
    return {name: masks[name] for name in ORDER}


def _one_zone(pool: Pool) -> Flags:
    """Where both live in one zone; everywhere for an association without zones."""
    newcomers, volunteers = pool.newcomers.zones, pool.volunteers.zones
    if not newcomers.shape[1]:
        return np.ones((len(newcomers), len(volunteers)), np.bool_)
    together: Flags = newcomers @ volunteers.T > 0
    return together


def feasible(masks: dict[str, Flags]) -> Flags:
    """Where every constraint is met."""
    met: Flags = np.logical_and.reduce(list(masks.values()))
    return met
