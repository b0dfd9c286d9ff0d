"""Hard constraints: which pairs may be at all, as arrays of some newcomers by all volunteers. Written to be read;
the compiled kernels state the same rules once more, and tests hold the two against each other.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from duolangue.matching.domain.policy import Policy
from duolangue.matching.engine.pool import ALL, Bits, Flags, Numbers, Pool, Reals, Rows
from duolangue.matching.engine.traits import UNKNOWN

ORDER: Final = (
    "no_place",
    "zone",
    "too_far",
    "too_far_for_them",
    "level",
    "wishes",
    "their_wishes",
    "language",
    "common_time",
    "history",
)
"""In which the constraints are peeled to say why somebody waits."""
FAR: Final = 1_000_000_000
"""Metres to an unknown place."""


def metres(pool: Pool, rows: Rows = ALL) -> Numbers:
    """Great-circle distances in whole metres; `FAR` where a postcode is unknown."""
    one, other = pool.newcomers.place[rows, None], pool.volunteers.place[None, :]
    if not pool.metres.size:
        return np.full((len(one), other.shape[1]), FAR, np.int64)
    return np.where((one == UNKNOWN) | (other == UNKNOWN), FAR, pool.metres[one, other].astype(np.int64))


def distances_km(pool: Pool, rows: Rows = ALL) -> Reals:
    """Great-circle distances in kilometres, to the metre; NaN where a postcode is unknown."""
    found = metres(pool, rows)
    kilometres: Reals = np.where(found == FAR, np.nan, found / 1000)
    return kilometres


def constraints(pool: Pool, kilometres: Reals, rows: Rows = ALL, policy: Policy | None = None) -> dict[str, Flags]:
    """The masks by name, in `ORDER`, true where a constraint is met.

    What is unknown never satisfies an explicit wish: an unknown age lies below any range. `kilometres` are those of the
    same rows. Without a policy nobody asks for a common moment.
    """
    newcomers, volunteers = pool.newcomers, pool.volunteers
    age, gender, wished = volunteers.age[None, :], volunteers.gender[None, :], pool.wished_gender[rows, None]
    same = (newcomers.gender[rows, None] == gender) & (gender != UNKNOWN)
    in_range = (age >= pool.least_age[rows, None]) & (age <= pool.most_age[rows, None])
    together = np.full(kilometres.shape, fill_value=True, dtype=np.bool_)
    if policy is not None and policy.common_time:
        together = (newcomers.slots[rows, None] & volunteers.slots[None, :]) != 0
    masks = {
        "no_place": ~np.isnan(kilometres),
        "zone": (newcomers.zones[rows, None] & volunteers.zones[None, :]) != 0,
        "too_far": kilometres <= newcomers.radius_km[rows, None],
        "too_far_for_them": kilometres <= volunteers.radius_km[None, :],
        "level": pool.level[rows, None] >= pool.comfort[None, :],
        "wishes": ((wished == UNKNOWN) | (wished == gender)) & in_range,
        "their_wishes": ~pool.same_gender[None, :] | same,
        "language": ~pool.needs_language[rows, None] | share(newcomers.languages[rows], volunteers.languages),
        "common_time": together,
        "history": ~_apart(pool, rows),
    }
    return {name: masks[name] for name in ORDER}


def feasible(masks: dict[str, Flags]) -> Flags:
    """Where every constraint is met."""
    met: Flags = np.logical_and.reduce(list(masks.values()))
    return met


def share(one: Bits, other: Bits) -> Flags:
    """Where two people have a bit in common; both sides are people by words."""
    found = np.zeros((len(one), len(other)), np.bool_)
    for word in range(one.shape[1]):
        found |= (one[:, word, None] & other[None, :, word]) != 0
    return found


def _apart(pool: Pool, rows: Rows) -> Flags:
    numbers = np.arange(len(pool.newcomers))[rows]
    found = np.zeros((len(numbers), len(pool.volunteers)), np.bool_)
    for position in np.flatnonzero(np.diff(pool.apart_start)[numbers]).tolist():
        found[position, pool.apart_from(numbers[position])] = True
    return found
