"""Two records that may be one person: the same telephone, or the same year of birth with names that are one slip apart."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import EntityId
from duolangue.registration.domain.search import parted, pieces, plain

FEW: Final = 3
"""A telephone that more people share is a house's, and says nothing by itself."""
SHORTEST: Final = 4
"""Names of fewer letters must be the same: one slip makes another name of them."""
_NAMESPACE: Final = uuid.UUID("0b5a9f6c-6f0c-4e0b-9e37-6a1c1a0d5a11")


class Why(StrEnum):
    """What two records have in common."""

    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Known:
    """As much of a person as is needed to compare."""

    id: str
    name: str
    """The names as they are compared, in the order of the alphabet: first and last are easily swapped."""
    birth_year: int
    phone: str | None
    keys: tuple[str, ...]
    """Under what others look for this person."""


def known(person: str, sort_name: str, birth_year: int, phone: str | None, keys: Iterable[str]) -> Known:
    """A person to compare, from their name as lists are sorted by it."""
    return Known(person, " ".join(sorted(parted(sort_name))), birth_year, phone, tuple(keys))


class Pair(BaseModel):
    """Two records that look like one person, until somebody says they are two or makes one of them."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    one: EntityId
    other: EntityId
    why: list[Why]
    found_at: datetime
    open: bool = True
    dismissed_by: EntityId | None = None
    dismissed_at: datetime | None = None

    def beside(self, person: str) -> str:
        """The one who is not this."""
        return self.other if person == self.one else self.one


def keys(first_name: str, last_name: str, birth_year: int, phone: str | None) -> list[str]:
    """Under what a record is looked for by another: whoever is alike shares at least one key. A slip spoils one name, not both."""
    names = dict.fromkeys(pieces(first_name) + pieces(last_name))
    by_name = [f"{name}|{birth_year}" for name in names]
    return [*by_name, *([phone] if phone else [])]


def alike(one: Known, other: Known, *, sharing: int = 2) -> list[Why]:
    """What two records have in common that one person would; `sharing` is how many have the telephone of both."""
    same_year, same_phone = one.birth_year == other.birth_year, bool(one.phone) and one.phone == other.phone
    if not (same_year or same_phone):
        return []
    close_names = near(one.name, other.name)
    found: list[Why] = []
    if same_phone and (sharing <= FEW or close_names or same_year):
        found.append(Why.PHONE)
    if close_names and same_year:
        found.append(Why.NAME)
    return found


def pair_id(one: str, other: str) -> str:
    """The one id of a pair, whichever is found first."""
    return uuid.uuid5(_NAMESPACE, "/".join(sorted((one, other)))).hex


def found(one: str, other: str, why: Iterable[Why], now: datetime) -> Pair:
    """Two that look alike."""
    first, second = sorted((one, other))
    return Pair(id=pair_id(one, other), one=first, other=second, why=list(why), found_at=now)


def dismiss(pair: Pair, by: str, now: datetime) -> Change[Pair] | None:
    """They are two people: this pair is not shown again."""
    if pair.dismissed_at is not None:
        return None
    return Change(pair.model_copy(update={"open": False, "dismissed_by": by, "dismissed_at": now}))


def close(pair: Pair) -> Change[Pair] | None:
    """They are one by now, or do not look alike any more."""
    return Change(pair.model_copy(update={"open": False})) if pair.open else None


def seen_again(pair: Pair, why: Iterable[Why]) -> Change[Pair] | None:
    """They still look alike; a pair that was dismissed stays so."""
    fresh = pair.model_copy(update={"why": list(why), "open": pair.dismissed_at is None})
    return None if fresh == pair else Change(fresh)


def near(one: str, other: str) -> bool:
    """Whether two names are the same, or one letter apart: changed, added, left out, or swapped with its neighbour."""
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    if len(longer) - len(shorter) > 1 or len(shorter) < SHORTEST:
        return False
    at = next((place for place, sign in enumerate(shorter) if sign != longer[place]), len(shorter))
    if len(shorter) < len(longer):
        return shorter[at:] == longer[at + 1 :]
    swapped = shorter[at : at + 2] == longer[at : at + 2][::-1] and shorter[at + 2 :] == longer[at + 2 :]
    return shorter[at + 1 :] == longer[at + 1 :] or swapped


class Lookout(BaseModel):
    """How far the search for duplicates has come in an association; its id is the association's slug."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    until: datetime | None = None
    """Everybody named before has been compared."""
    due_at: datetime | None = None


def awaited(lookout: Lookout, now: datetime) -> Change[Lookout] | None:
    """Somebody new is to be compared."""
    return None if lookout.due_at is not None else Change(lookout.model_copy(update={"due_at": now}))


def caught_up(lookout: Lookout, until: datetime | None) -> Change[Lookout] | None:
    """Everybody up to a moment was compared."""
    later = until if lookout.until is None or (until is not None and until > lookout.until) else lookout.until
    fresh = lookout.model_copy(update={"due_at": None, "until": later})
    return None if fresh == lookout else Change(fresh)


def sortable(first_name: str, last_name: str) -> str:
    """The name as lists are sorted by it."""
    return plain(f"{first_name} {last_name}").strip()
