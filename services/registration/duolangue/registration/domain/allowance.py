"""How often something may be asked: so many times in a span of time, counted without knowing by whom."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import EntityId


class UsedUp(Exception):
    """The span's allowance is used up."""


class Allowance(BaseModel):
    """What was taken in one span of time. Its id is a hash: whose address or network it counts is not kept."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    taken: int = 0
    until: datetime
    """When the span is over, and the count may be forgotten."""


def first(what: str, span: timedelta, now: datetime) -> Allowance:
    """The count of the span in which `now` lies, with the first one taken."""
    seconds = int(span.total_seconds())
    number = int(now.timestamp()) // seconds
    name = hashlib.sha256(f"{what}\n{seconds}\n{number}".encode("utf-8", "surrogatepass")).hexdigest()
    return Allowance(id=name, taken=1, until=datetime.fromtimestamp((number + 1) * seconds, now.tzinfo))


def take(allowance: Allowance, most: int) -> Change[Allowance]:
    """Take one more.

    Raises:
        UsedUp: `most` were taken.
    """
    if allowance.taken >= most:
        raise UsedUp
    return Change(allowance.model_copy(update={"taken": allowance.taken + 1}))
