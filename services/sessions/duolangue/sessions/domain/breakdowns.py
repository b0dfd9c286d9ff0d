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
    around = sight.around()
    return tuple(
        _municipalities(sight, around, side) if by is By.MUNICIPALITY else _by(sight, around, side, by)
        for side in Role
        for by in By
        if by is not By.LEVEL or side is Role.NEWCOMER
    )


def _by(sight: Sight, around: Sequence[Sight], side: Role, by: By) -> Breakdown:
    cells = tuple(Cell(category=key, people=count) for key, count in _told(sight, around, side, by).items())
    return Breakdown(side=side, by=by, total=len(sight.reached[side]), cells=cells)


def _told(sight: Sight, around: Sequence[Sight], side: Role, by: By) -> dict[str, int | None]:
    """The cells, with those hidden that the reports around hide."""
    counted = _cells(sight, side, by)
    everybody = ((key, _cell(by, sight.known(key))) for key in sight.everybody[side])
    hidden = {
        key
        for wide in around
        for key, count in _told(wide, [each for each in around if each.holds(wide)], side, by).items()
        if count is None
    }
    return suppression.told({key: counted[key] for key in CATEGORIES[by]}, sight.rests(everybody), hidden)


def _municipalities(sight: Sight, around: Sequence[Sight], side: Role) -> Breakdown:
    shown, total = _named(sight, around, side), len(sight.reached[side])
    rows = [Cell(category=_called(key), people=count) for key, count in shown.items()]
    rows.sort(key=lambda cell: (-(cell.people or 0), cell.category))
    others = total - sum(shown.values())
    return Breakdown(side=side, by=By.MUNICIPALITY, total=total, cells=tuple(rows), others=others)


def _named(sight: Sight, around: Sequence[Sight], side: Role) -> dict[str, int]:
    """Municipalities that may be named here, and are named in the reports around."""
    shown = suppression.named(_cells(sight, side, By.MUNICIPALITY), sight.parts(), {NOT_TOLD})
    for wide in around:
        there = _named(wide, [each for each in around if each.holds(wide)], side)
        shown = {key: count for key, count in shown.items() if key in there}
    return shown


def _cells(sight: Sight, side: Role, by: By) -> Counter[str]:
    return Counter(_cell(by, sight.known(key)) for key in sight.reached[side])


def _cell(by: By, person: Known | None) -> str:
    return _TRAITS[by](*person) if person else NOT_TOLD


def _called(postcode: str) -> str:
    place = places.find(postcode)
    return place.municipality if place else postcode
