"""How a list of people is asked of the database: each condition on an index, each page begun where the last one ended."""

from __future__ import annotations

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
LAST: Final = "\U0010ffff"


def conditions(filters: Filters, now: datetime, *, discreet: bool = False) -> list[dict[str, Any]]:
    """What each of those listed must fulfil; `discreet` as in `participant.meant_by`."""
    whole = {"state.merged_into": {"$eq": None}}
    return [
        whole,
        *(_word(word) for word in search.words(filters.q)),
        *_standing(filters, discreet=discreet),
        *_told(filters),
        *_waiting(filters, now),
    ]


def _standing(filters: Filters, *, discreet: bool) -> list[dict[str, Any]]:
    marked = [MARKED[filters.mark]] if filters.mark else []
    if filters.status is not None:
        meant = [each.value for each in meant_by(filters.status, discreet=discreet)]
        return [{"state.status": {"$eq": meant[0]} if len(meant) == 1 else {"$in": meant}}, *marked]
    return [{"state.status": {"$ne": Status.ERASED.value}}, *marked]


def _told(filters: Filters) -> list[dict[str, Any]]:
    """What somebody told of themselves: an equal value, or a list that holds it."""
    values: dict[str, Any] = {
        "host": True if filters.role is Part.HOST else None,
        "roles": filters.role.role if filters.role else None,
        "newcomer.french_oral": filters.level,
        "languages": filters.language,
        "interests": filters.interest,
    }
    wanted = [{f"state.{name}": {"$eq": getattr(value, "value", value)}} for name, value in values.items() if value]
    if filters.municipality.strip():
        wanted.append({"state.postcode": {"$in": search.municipality(filters.municipality)}})
    return wanted


def _waiting(filters: Filters, now: datetime) -> list[dict[str, Any]]:
    if filters.waits is None:
        return [{"state.newcomer.waiting_since": {"$type": "date"}}] if filters.order is Sort.WAITING else []
    long = {"state.newcomer.waiting_since": {"$lte": now - timedelta(days=filters.waits)}}
    if filters.status is not None:
        return [long]
    return [long, {"state.status": {"$in": [Status.APPLIED.value, Status.ACTIVE.value, Status.PAUSED.value]}}]


def beyond(order: Sort, anchor: Participant, *, back: bool) -> dict[str, Any]:
    """Who comes after somebody in an order, or before."""
    field, way = ORDERS[order]
    up = (way == 1) != back
    value: Any = anchor
    for part in field.split("."):
        value = getattr(value, part, None)
    inside, outside = ("$gte", "$gt") if up else ("$lte", "$lt")
    return {
        f"state.{field}": {inside: value},
        "$or": [{f"state.{field}": {outside: value}}, {"state.id": {outside: anchor.id}}],
    }


def _word(word: str) -> dict[str, Any]:
    """A word begins one of the person's terms, or names where they live."""
    begun = {"state.search": {"$elemMatch": {"$gte": word, "$lt": word + LAST}}}
    if not (postcodes := search.postcodes(word)):
        return begun
    return {"$or": [begun, {"state.postcode": {"$in": postcodes}}]}
