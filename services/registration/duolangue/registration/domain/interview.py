"""The first interview: what is gone through, what came of it, and the kind reasons for which somebody is not taken."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from duolangue.contracts.vocabulary import EntityId


class Item(StrEnum):
    """What a coordinator goes through with somebody. No papers are asked for, ever."""

    VOICE = "voice"
    """They spoke with each other: the person is who they say, by voice, not by papers."""
    LEVEL = "level"
    AVAILABILITY = "availability"
    CHARTER = "charter"
    SAFETY = "safety"
    WHATSAPP = "whatsapp"
    CONSENT = "consent"


class Tick(BaseModel):
    """An item that was gone through: by whom and when."""

    model_config = ConfigDict(frozen=True)

    item: Item
    by: EntityId
    at: datetime


class RefusalReason(StrEnum):
    """Why somebody is not taken; coordinators alone read it."""

    OUTSIDE = "outside"
    """Lives too far away."""
    SPEAKS_WELL = "speaks_well"
    """Speaks French so well that a duo brings nothing."""
    ELSEWHERE = "elsewhere"
    """Another association fits better, and was named."""
    NO_TIME = "no_time"
    NOT_REACHED = "not_reached"
    CHANGED_MIND = "changed_mind"
    SAFETY = "safety"
    OTHER = "other"


def ticked(present: list[Tick], items: frozenset[Item], by: str, now: datetime) -> list[Tick]:
    """The checklist with exactly these items ticked; who ticked one first, and when, is kept."""
    known = {tick.item: tick for tick in present}
    return [known.get(item) or Tick(item=item, by=by, at=now) for item in Item if item in items]
