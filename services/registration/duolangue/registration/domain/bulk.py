"""One thing done to many people at once: what was done, what was not and why, and whether it can be taken back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import EntityId

MOST: Final = 200
"""People at once."""
KEPT: Final = timedelta(days=7)
"""For how long the outcome can be looked at again."""


class BulkAct(StrEnum):
    """What can be done to many at once."""

    INTERVIEW = "interview"
    """All passed the first interview."""
    PAUSE = "pause"
    RESUME = "resume"
    LEAVE = "leave"

    @property
    def back(self) -> BulkAct | None:
        """What takes it back; none where life does not allow it: others were told already."""
        return {BulkAct.PAUSE: BulkAct.RESUME, BulkAct.RESUME: BulkAct.PAUSE}.get(self)


class Bulk(BaseModel):
    """What was done, to whom, by whom."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    act: BulkAct
    by: EntityId
    at: datetime
    done: list[EntityId] = []
    same: list[EntityId] = []
    """Those who stood like that already."""
    refused: dict[EntityId, str] = {}
    """Why not, as a message of the catalogues."""
    until: dict[EntityId, date] = {}
    """Of breaks that were ended: the day on which they would have ended by themselves."""
    undone: bool = False
    due_at: datetime | None = None
    """When the outcome is forgotten."""

    @property
    def undo(self) -> BulkAct | None:
        """What takes back what was done, while there is anything to take back."""
        return None if self.undone or not self.done else self.act.back


def taken_back(bulk: Bulk) -> Change[Bulk] | None:
    """What was done was taken back."""
    return None if bulk.undone else Change(bulk.model_copy(update={"undone": True}))
