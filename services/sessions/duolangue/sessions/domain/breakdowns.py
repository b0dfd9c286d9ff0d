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
from duolangue.sessions.domain.material import Known, Sight

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
    known = {side: [sight.known(key) for key in sight.reached[side]] for side in Role}
    larger = {side: [_living(sight, side, around) for around in sight.around] for side in Role}
    for side in Role:
        for by in By:
            if by is By.LEVEL and side is Role.VOLUNTEER:
                continue
            cells = _cells(by, known[side])
            wholes = [] if by is By.MUNICIPALITY else [_cells(by, each) for each in larger[side]]
            made.append(_breakdown(side, by, cells, wholes))
    return tuple(made)


def _living(sight: Sight, side: Role, around: frozenset[str] | None) -> list[Known | None]:
    """Those who live in a larger zone, or everybody."""
    known = [sight.known(key) for key in sight.everybody[side]]
    return known if around is None else [each for each in known if each and each[1].municipality in around]


def _cells(by: By, people: Sequence[Known | None]) -> Counter[str]:
    trait = _TRAITS[by]
    return Counter(trait(*each) if each else NOT_TOLD for each in people)


def _breakdown(side: Role, by: By, cells: Counter[str], wholes: Sequence[Counter[str]]) -> Breakdown:
    total = cells.total()
    if by is By.MUNICIPALITY:
        shown, others = suppression.named(cells, wholes)
        others += shown.pop(NOT_TOLD, 0)
        rows = [Cell(category=_called(key), people=count) for key, count in shown.items()]
        rows.sort(key=lambda cell: (-(cell.people or 0), cell.category))
        return Breakdown(side=side, by=by, total=total, cells=tuple(rows), others=others)
    told = suppression.told({key: cells[key] for key in CATEGORIES[by]}, wholes)
    return Breakdown(
        side=side, by=by, total=total, cells=tuple(Cell(category=key, people=count) for key, count in told.items())
    )


def _called(postcode: str) -> str:
    place = places.find(postcode)
    return place.municipality if place else postcode
