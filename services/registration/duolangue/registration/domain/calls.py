"""What some coordinators are mailed in the morning: how many duos are worth a call since the last mail. Neither who nor why: the desk says that."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import EntityId

MORNING: Final = time(8)
"""On the association's clocks."""


class CallsNotice(BaseModel):
    """The duos of one morning's mail. Its id is the morning's."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    duos: list[EntityId]
    told: list[EntityId] = []
    """The coordinators who had the mail."""
    due_at: datetime


def morning(now: datetime, timezone: str) -> datetime:
    """The next one."""
    here = now.astimezone(ZoneInfo(timezone))
    day = here.date() + timedelta(days=int(here.time() >= MORNING))
    return datetime.combine(day, MORNING, ZoneInfo(timezone))


def notice(duo: str, due_at: datetime) -> CallsNotice:
    """The first duo of a morning."""
    return CallsNotice(id=f"calls-{due_at.date()}", duos=[duo], due_at=due_at)


def another(known: CallsNotice, duo: str) -> Change[CallsNotice] | None:
    """One more; the same one counts once."""
    return None if duo in known.duos else Change(known.model_copy(update={"duos": [*known.duos, duo]}))


def tell(known: CallsNotice, coordinator: str) -> Change[CallsNotice] | None:
    """A coordinator had the mail."""
    if coordinator in known.told:
        return None
    return Change(known.model_copy(update={"told": [*known.told, coordinator]}))
