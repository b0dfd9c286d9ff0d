"""Which index leads to the people of a list. The database's own planner tries some twenty at every search; we know what is asked for.

A condition that few fulfil leads, whatever the order; else the index of the order is walked until a page is full, which many fill soon.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from duolangue.registration.domain import search
from duolangue.registration.domain.filters import Filters, Mark, Part, Sort
from duolangue.registration.domain.participant import meant_by
from duolangue.registration.store_search import MARKED, begun, long_waiting, told, words

FEW: Final = (1200, 8000, 15_000)
"""As many are read and put in order faster than a whole list is gone through for a page of them: with one condition, with two, with more.
Of a list of N, where each condition leaves a part p, a page of 51 is found after 51 / p^k; so many are p N.
"""
APPLIED: Final = frozenset({Sort.LATEST, Sort.EARLIEST})
BOTH: Final[dict[str, Any]] = {"state.roles.1": {"$exists": True}}
"""Newcomer and volunteer at once."""
MARKS: Final = {Mark.TO_LOOK_AT: "marked", Mark.UNREACHABLE: "unreachable", Mark.ASKED: "asked"}
_FACETS: Final = {"interests": "by_interest", "newcomer.french_oral": "by_level", "languages": "by_language"}
"""Those whose index goes on by the day of applying; the one that usually leaves fewest first."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A condition with the index that finds who fulfils it; a word of the search may have two: a name's, and a town's."""

    ways: tuple[tuple[str, dict[str, Any]], ...]
    word: str = ""
    """The word of the search it stands for."""


def certain(filters: Filters) -> Lead | None:
    """A condition that few fulfil for sure."""
    if filters.mark is not None:
        return Lead(((MARKS[filters.mark], MARKED[filters.mark]),))
    if filters.role is Part.HOST:
        return Lead((("hosts", {"state.host": {"$eq": True}}),))
    newcomers = filters.level or filters.waits or filters.order is Sort.WAITING
    if filters.role is Part.VOLUNTEER and newcomers:
        return Lead((("both", BOTH),))
    return None


def few(leads: Sequence[Lead]) -> int:
    """Up to how many one of these conditions leads."""
    return FEW[min(len(leads), len(FEW)) - 1] if leads else 0


def possible(filters: Filters, now: datetime, *, discreet: bool) -> list[Lead]:
    """Conditions that may lead, if few fulfil them. None where the index of the order holds all that is asked for."""
    facets = [index for name, index in _FACETS.items() if told(filters).get(name)]
    searched = bool(filters.q.strip() or filters.municipality.strip())
    waits = filters.waits is not None and filters.order is not Sort.WAITING
    alone = not facets or (filters.order in APPLIED and filters.status is None)
    if alone and not (searched or waits or len(facets) > 1):
        return []
    pairs = search.pairs(words(filters))
    leads = [Lead((("by_words", begun(pair)),)) for pair in pairs.values()]
    leads += [_word(word) for word in words(filters) if not any(word in pair for pair in pairs)]
    if filters.municipality.strip():
        leads.append(Lead((("by_place", {"state.postcode": {"$in": search.municipality(filters.municipality)}}),)))
    leads += [
        Lead(((_FACETS[name], {f"state.{name}": {"$eq": value}}),))
        for name, value in told(filters).items()
        if name in _FACETS
    ]
    if filters.waits is not None:
        leads.append(Lead((("by_waiting", long_waiting(now - timedelta(days=filters.waits))),)))
    if filters.status is not None:
        meant = [each.value for each in meant_by(filters.status, discreet=discreet)]
        leads.append(Lead((("desk", {"state.status": {"$in": meant}}),)))
    return leads


def walked(filters: Filters) -> str:
    """The index that is gone through in the order asked for."""
    if filters.order is Sort.NAME:
        return "by_name" if filters.status is None else "by_status_name"
    if filters.order is Sort.WAITING:
        return "by_waiting" if filters.status is None else "by_status_waiting"
    facets: Sequence[str] = [index for name, index in _FACETS.items() if told(filters).get(name)]
    if facets:
        return facets[0]
    return "by_applied" if filters.status is None else "desk"


def _word(word: str) -> Lead:
    places = search.postcodes(word)
    towns = (("by_place", {"state.postcode": {"$in": places}}),) if places else ()
    return Lead((("by_words", begun(word)), *towns), word)
