"""A private note about somebody, for coordinators. The restricted notes of safeguarding live elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import EntityId

MOST_LETTERS: Final = 2000


class Note(BaseModel):
    """A note: who wrote it about whom, when. A removed one keeps no words."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    person: EntityId
    author: EntityId
    words: str
    written_at: datetime
    removed_at: datetime | None = None
    removed_by: EntityId | None = None


def remove(note: Note, by: str, now: datetime) -> Change[Note] | None:
    """Take the words away; who removed them, and when, stays."""
    if note.removed_at is not None:
        return None
    return Change(note.model_copy(update={"words": "", "removed_at": now, "removed_by": by}))


def move(note: Note, person: str) -> Change[Note] | None:
    """The note is about somebody who turned out to be this person."""
    return None if note.person == person else Change(note.model_copy(update={"person": person}))
