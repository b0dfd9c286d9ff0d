"""How a list of people is asked of the database: each condition on an index, each page begun where the last one ended."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, Final

from duolangue.registration.domain import search
from duolangue.registration.domain.filters import Filters, Mark, Part, Sort
from duolangue.registration.domain.participant import Participant, Status, meant_by

ORDERS: Final[dict[Sort, tuple[str, int]]] = {
    Sort.LATEST: ("applied_at", -1),
    Sort.EARLIEST: ("applied_at", 1),
    Sort.NAME: ("sort_name", 1),
    Sort.WAITING: ("newcomer.waiting_since", 1),
}
"""The field of the state each order goes by, and which way."""
MARKED: Final[dict[Mark, dict[str, Any]]] = {
    Mark.TO_LOOK_AT: {"state.to_look_at.0": {"$exists": True}},
    Mark.UNREACHABLE: {
        "state.unreachable_since": {"$type": "date"},
        "state.status": {"$in": [Status.ACTIVE.value, Status.PAUSED.value]},
    },
    Mark.ASKED: {"state.asked_at": {"$type": "date"}},
}


def conditions(
    filters: Filters, now: datetime, *, discreet: bool = False, but: str | None = None
) -> list[dict[str, Any]]:
    """What each of those listed must fulfil, `but` for one word of the search; `discreet` as in `participant.meant_by`."""
    whole = {"state.merged_into": {"$eq": None}}
    return [
        whole,
        *(_word(word) for word in words(filters) if word != but),
        *_standing(filters, discreet=discreet),
        *_told(filters),
        *_waiting(filters, now),
    ]


def words(filters: Filters) -> list[str]:
    """The words that are searched."""
    return search.words(filters.q)


def _standing(filters: Filters, *, discreet: bool) -> list[dict[str, Any]]:
    marked = [MARKED[filters.mark]] if filters.mark else []
    if filters.status is not None:
        meant = [each.value for each in meant_by(filters.status, discreet=discreet)]
        return [{"state.status": {"$eq": meant[0]} if len(meant) == 1 else {"$in": meant}}, *marked]
    return [{"state.status": {"$ne": Status.ERASED.value}}, *marked]


def told(filters: Filters) -> dict[str, Any]:
    """What somebody told of themselves: the field of the state, and the value that it is or holds."""
    values: dict[str, Any] = {
        "host": True if filters.role is Part.HOST else None,
        "roles": filters.role.role if filters.role else None,
        "newcomer.french_oral": filters.level,
        "languages": filters.language,
        "interests": filters.interest,
    }
    return {name: getattr(value, "value", value) for name, value in values.items() if value}


def _told(filters: Filters) -> list[dict[str, Any]]:
    wanted: list[dict[str, Any]] = [{f"state.{name}": {"$eq": value}} for name, value in told(filters).items()]
    if filters.municipality.strip():
        wanted.append({"state.postcode": {"$in": search.municipality(filters.municipality)}})
    return wanted


def _waiting(filters: Filters, now: datetime) -> list[dict[str, Any]]:
    if filters.waits is None:
        return [{"state.newcomer.waiting_since": {"$type": "date"}}] if filters.order is Sort.WAITING else []
    long = long_waiting(now - timedelta(days=filters.waits))
    if filters.status is not None:
        return [long]
    return [long, {"state.status": {"$in": [Status.APPLIED.value, Status.ACTIVE.value, Status.PAUSED.value]}}]


def long_waiting(since: datetime) -> dict[str, Any]:
    """Who has waited for a partner since a moment or longer."""
    return {"state.newcomer.waiting_since": {"$lte": since}}


def placed(order: Sort, one: Participant) -> Any:
    """Where somebody stands in an order."""
    value: Any = one
    for part in ORDERS[order][0].split("."):
        value = getattr(value, part, None)
    return value


def beyond(order: Sort, anchor: Participant, *, back: bool) -> dict[str, Any]:
    """Who comes after somebody in an order, or before."""
    field, way = ORDERS[order]
    up = (way == 1) != back
    value = placed(order, anchor)
    inside, outside = ("$gte", "$gt") if up else ("$lte", "$lt")
    return {
        f"state.{field}": {inside: value},
        "$or": [{f"state.{field}": {outside: value}}, {"state.id": {outside: anchor.id}}],
    }


def begun(word: str) -> dict[str, Any]:
    """A word begins one of the person's terms: the beginning of a text is a range on the index, and nothing but that."""
    return {"state.search": {"$regex": f"^{re.escape(word)}"}}


def _word(word: str) -> dict[str, Any]:
    """A word begins one of the person's terms, or names where they live. Said with two negations: an index of terms has one range at a
    time, which is that of the condition that leads, and the database would take any.
    """
    towns = search.postcodes(word)
    return {"$nor": [{"$nor": [begun(word), *([{"state.postcode": {"$in": towns}}] if towns else [])]}]}
