"""Seeded pools of any size as arrays, on real Belgian postcodes: most people live around the cities, demand exceeds what is offered."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numpy as np

from duolangue.chassis import places
from duolangue.contracts.vocabulary import SLOTS, Interest
from duolangue.matching.engine.pool import Flags, Pool, Reals, Side, metres_between
from duolangue.matching.engine.traits import ANY_TIME

CITIES: Final = {
    "1000": 30,
    "2000": 14,
    "9000": 8,
    "4000": 10,
    "6000": 9,
    "5000": 4,
    "7000": 5,
    "8000": 3,
    "3000": 4,
    "3500": 4,
}
"""Where people live: a centre's postcode, and its share."""
SPREAD_KM: Final = 9.0
LANGUAGES: Final = 40
ONE_CITY: Final = {"4000": 1}


def crowd(
    newcomers: int,
    volunteers: int,
    *,
    seed: int = 1,
    cities: dict[str, int] | None = None,
    places_each: tuple[float, float, float] = (0.75, 0.18, 0.07),
    apart: float = 0.02,
) -> Pool:
    """A pool. `places_each` are the shares of volunteers with one, two and three places; `apart` of newcomers with a history."""
    random = np.random.default_rng(seed)
    postcodes = tuple(sorted(places.table()))
    chance = _where(tuple((cities or CITIES).items()), postcodes)
    one, other = _side(random, newcomers, chance, 0.35), _side(random, volunteers, chance, 0.25)
    level = random.choice(8, newcomers, p=[0.08, 0.2, 0.27, 0.2, 0.15, 0.06, 0.03, 0.01]).astype(np.int32)
    comfort = random.choice([0, 2, 3, 4, 5], volunteers, p=[0.4, 0.25, 0.2, 0.12, 0.03]).astype(np.int32)
    wishes = random.random(newcomers) < 0.12
    ages = random.random(newcomers) < 0.06
    least = random.integers(18, 45, newcomers)
    many = random.binomial(1, apart, newcomers) if volunteers else np.zeros(newcomers, np.int64)
    start = np.concatenate([[0], np.cumsum(many)]).astype(np.int32)
    return Pool(
        newcomers=one,
        volunteers=other,
        metres=metres_between(postcodes),
        level=level,
        wished_gender=np.where(wishes, one.gender, -1).astype(np.int32),
        least_age=np.where(ages, least, -2).astype(np.int32),
        most_age=np.where(ages, least + 30, 1_000_000).astype(np.int32),
        needs_language=(random.random(newcomers) < 0.3) & (level <= 1),
        days=np.minimum(700, random.exponential(60, newcomers)).astype(np.int64),
        first=random.random(newcomers) < 0.03,
        comfort=comfort,
        same_gender=(random.random(volunteers) < 0.1) & (other.gender != -1),
        capacity=random.choice([1, 2, 3], volunteers, p=places_each).astype(np.int32),
        apart_start=start,
        apart=random.integers(0, max(1, volunteers), int(start[-1])).astype(np.int32),
    )


def _side(random: np.random.Generator, number: int, chance: Reals, at_any_time: float) -> Side:
    told = _some(random, number, len(SLOTS), 0.22)
    slots = _packed(told)
    slots[(random.random(number) < at_any_time) | (slots == 0)] = ANY_TIME
    spoken = 1 / np.arange(1, LANGUAGES + 1)
    return Side(
        people=(),
        age=np.where(random.random(number) < 0.04, -1, random.integers(18, 80, number)).astype(np.int32),
        gender=random.choice([-1, 0, 1, 2], number, p=[0.03, 0.55, 0.41, 0.01]).astype(np.int32),
        place=random.choice(len(chance), number, p=chance).astype(np.int32),
        radius_km=random.choice([5, 10, 15, 30, 50], number, p=[0.1, 0.25, 0.3, 0.3, 0.05]).astype(np.int32),
        interests=_packed(random.random((number, len(Interest))) < 0.25 / np.sqrt(1 + np.arange(len(Interest)) / 4)),
        slots=slots,
        languages=_packed(random.random((number, LANGUAGES)) < 0.3 * spoken).reshape(number, 1),
        zones=np.ones(number, np.uint64),
    )


@cache
def _where(cities: tuple[tuple[str, int], ...], postcodes: tuple[str, ...]) -> Reals:
    table = metres_between(postcodes) / 1000
    chance = np.zeros(len(postcodes))
    for centre, share in cities:
        near = np.exp(-table[postcodes.index(centre)] / SPREAD_KM)
        chance += share * near / near.sum()
    whole: Reals = chance / chance.sum()
    return whole


def _some(random: np.random.Generator, number: int, width: int, share: float) -> Flags:
    found: Flags = random.random((number, width)) < share
    return found


def _packed(flags: Any) -> Any:
    return (flags.astype(np.uint64) << np.arange(flags.shape[1], dtype=np.uint64)).sum(axis=1, dtype=np.uint64)
