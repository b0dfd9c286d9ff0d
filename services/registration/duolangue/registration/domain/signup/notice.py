"""What coordinators hear of minors who wanted to sign up: on which day how many came, and nothing about anybody."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import EntityId

KEPT: Final = timedelta(days=90)


class MinorsNotice(BaseModel):
    """One day's notice."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    day: date
    count: int = 1
    told: list[EntityId] = []
    """The coordinators who had a mail."""
    mailed: bool = False
    """Whether everybody was told who is to be."""
    due_at: datetime
    """When coordinators are to be told; after that, when it is forgotten."""
    seen: bool = False


def minor(day: date, now: datetime, number: int = 1) -> MinorsNotice:
    """The first minor of a day, or the first of a file."""
    return MinorsNotice(id=notice_id(day), day=day, count=number, due_at=now)


def notice_id(day: date) -> str:
    """Under which id a day's notice is kept."""
    return f"minors-{day}"


def once_more(notice: MinorsNotice, number: int = 1) -> Change[MinorsNotice]:
    """Another one on that day, or so many."""
    return Change(notice.model_copy(update={"count": notice.count + number, "seen": False}))


def tell(notice: MinorsNotice, coordinator: str) -> Change[MinorsNotice] | None:
    """A coordinator had a mail."""
    if coordinator in notice.told:
        return None
    return Change(notice.model_copy(update={"told": [*notice.told, coordinator]}))


def all_told(notice: MinorsNotice, now: datetime) -> Change[MinorsNotice] | None:
    """Nobody else is to be told; it stays for the desk a while."""
    if notice.mailed:
        return None
    return Change(notice.model_copy(update={"mailed": True, "due_at": now + KEPT}))


def see(notice: MinorsNotice) -> Change[MinorsNotice] | None:
    """A coordinator has read it."""
    return None if notice.seen else Change(notice.model_copy(update={"seen": True}))
