"""The people reached, by level, age, gender and municipality, without any cell in which somebody could be recognised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from duolangue.chassis import places
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain import suppression
from duolangue.sessions.domain.counted import AGE_BANDS, GENDERS, LEVELS, NOT_TOLD, OLDEST, Counted, Told
from duolangue.sessions.domain.figures import Breakdown, By, Cell
from duolangue.sessions.domain.material import Sight

BANDS: Final = (*(f"{least}-{most}" for least, most in AGE_BANDS), OLDEST)
CATEGORIES: Final[dict[By, tuple[str, ...]]] = {
    By.LEVEL: (*LEVELS, NOT_TOLD),
    By.AGE: (*BANDS, NOT_TOLD),
    By.GENDER: (*GENDERS, NOT_TOLD),
}
_TRAITS: Final[dict[By, Callable[[Counted, Told], str]]] = {
    By.LEVEL: lambda _, told: told.level,
    By.AGE: lambda person, _: person.age_band,
    By.GENDER: lambda _, told: told.gender,
    By.MUNICIPALITY: lambda _, told: told.municipality,
}


def breakdowns(sight: Sight) -> tuple[Breakdown, ...]:
    """Those of newcomers, then those of volunteers."""
    made = []
    for side in Role:
        for by in By:
            if by is By.LEVEL and side is Role.VOLUNTEER:
                continue
            cells = Counter(_trait(sight, key, by) for key in sight.reached[side])
            wholes = [] if by is By.MUNICIPALITY else [_cells(sight, side, by, around) for around in sight.around]
            made.append(_breakdown(side, by, cells, wholes))
    return tuple(made)


def _cells(sight: Sight, side: Role, by: By, around: frozenset[str] | None) -> Counter[str]:
    """The cells of those who live in a larger zone, or of everybody."""
    return Counter(
        _trait(sight, key, by)
        for key in sight.everybody[side]
        if around is None or _trait(sight, key, By.MUNICIPALITY) in around
    )


def _breakdown(side: Role, by: By, cells: Counter[str], wholes: Sequence[Counter[str]]) -> Breakdown:
    total = cells.total()
    if by is By.MUNICIPALITY:
        shown, others = suppression.named({key: count for key, count in cells.items() if key}, wholes)
        rows = [Cell(category=_called(key), people=count) for key, count in shown.items()]
        rows.sort(key=lambda cell: (-(cell.people or 0), cell.category))
        return Breakdown(side=side, by=by, total=total, cells=tuple(rows), others=others + cells[NOT_TOLD])
    told = suppression.told({key: cells[key] for key in CATEGORIES[by]}, wholes)
    return Breakdown(
        side=side, by=by, total=total, cells=tuple(Cell(category=key, people=count) for key, count in told.items())
    )


def _called(postcode: str) -> str:
    place = places.find(postcode)
    return place.municipality if place else postcode


def _trait(sight: Sight, key: str, by: By) -> str:
    person, told = sight.material.people.get(key), sight.standing.get(key)
    if person is None or told is None:
        return NOT_TOLD
    return _TRAITS[by](person, told)
