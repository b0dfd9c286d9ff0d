"""The people reached, by level, age, gender and municipality, without any cell in which somebody could be recognised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
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
    for side in Role:
        for by in By:
            if by is By.LEVEL and side is Role.VOLUNTEER:
                continue
            cells = _cells(by, known[side])
            rests = [] if by is By.MUNICIPALITY else sight.rests(_every(sight, side, by))
            made.append(_breakdown(side, by, cells, rests))
    return tuple(made)


def _every(sight: Sight, side: Role, by: By) -> Iterator[tuple[str, str]]:
    for key in sight.everybody[side]:
        yield key, _cell(by, sight.known(key))


def _cells(by: By, people: Sequence[Known | None]) -> Counter[str]:
    return Counter(_cell(by, each) for each in people)


def _cell(by: By, person: Known | None) -> str:
    return _TRAITS[by](*person) if person else NOT_TOLD


def _breakdown(side: Role, by: By, cells: Counter[str], rests: Sequence[Counter[str]]) -> Breakdown:
    total = cells.total()
    if by is By.MUNICIPALITY:
        shown, others = suppression.named(cells)
        others += shown.pop(NOT_TOLD, 0)
        rows = [Cell(category=_called(key), people=count) for key, count in shown.items()]
        rows.sort(key=lambda cell: (-(cell.people or 0), cell.category))
        return Breakdown(side=side, by=by, total=total, cells=tuple(rows), others=others)
    told = suppression.told({key: cells[key] for key in CATEGORIES[by]}, rests)
    return Breakdown(
        side=side, by=by, total=total, cells=tuple(Cell(category=key, people=count) for key, count in told.items())
    )


def _called(postcode: str) -> str:
    place = places.find(postcode)
    return place.municipality if place else postcode
