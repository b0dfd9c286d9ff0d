"""Somebody asked for the link to their own page: mailed where that reaches them alone, else handed over by a coordinator."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import EntityId

LINK_DAYS: Final = 7
"""For how long the link opens the page."""
ASKED_AGAIN: Final = timedelta(minutes=10)
"""Whoever asks again sooner gets no second mail."""
FORGOTTEN: Final = timedelta(days=30)


class Wish(BaseModel):
    """A wish for a link. Its id is the participant's."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    asked_at: datetime
    open: bool
    """Whether a coordinator is to hand the link over."""
    handed_over_at: datetime | None = None

    @property
    def due_at(self) -> datetime:
        """When it is forgotten."""
        return self.asked_at + FORGOTTEN


def link_expires(now: datetime) -> datetime:
    """Until when a link made now is good."""
    return now + timedelta(days=LINK_DAYS)


def again(wish: Wish, fresh: Wish) -> Change[Wish] | None:
    """Asked once more; none when that was a moment ago."""
    return None if fresh.asked_at - wish.asked_at < ASKED_AGAIN else Change(fresh)


def handed_over(wish: Wish, now: datetime) -> Change[Wish] | None:
    """A coordinator gave the link."""
    return Change(wish.model_copy(update={"open": False, "handed_over_at": now})) if wish.open else None
