"""Administrators who are about to stop. They stand in one document before anything is done, so that of two who would go at once, each
counting on the other, the second is refused.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import EntityId
from duolangue.registration.domain.invalid import NotNow

LASTS: Final = timedelta(minutes=2)
"""For how long somebody counts as going: afterwards it was done, or its process died before."""
WITHIN: Final = timedelta(minutes=1)
"""In which time it is to be done; then it is too late for it."""


class Departures(BaseModel):
    """Who is about to stop administering one association. Its id is the association's."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    going: dict[EntityId, datetime] = {}
    """Since when."""


def go(present: Departures, one: str, administrators: Collection[str], now: datetime) -> Change[Departures]:
    """Somebody is about to stop. `administrators`: who administers the association, as read before `present` was; whoever stopped since
    stands among those who go.

    Raises:
        NotNow: nobody would be left.
    """
    going = {each: since for each, since in present.going.items() if now < since + LASTS}
    if not set(administrators) - set(going) - {one}:
        raise NotNow(
            "last_administrator", "Nobody would be left who administers the association: invite somebody first."
        )
    return Change(present.model_copy(update={"going": {**going, one: now}}))


def in_time(since: datetime, now: datetime) -> None:
    """Raises `NotNow` when it was said too long ago that somebody goes: by now others may count on them."""
    if now >= since + WITHIN:
        raise NotNow("too_slow", "This took too long. Please try again.")
