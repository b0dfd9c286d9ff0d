"""Who saw or changed whose data, and when: never what it was. Written once, read by administrators, forgotten after two years."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.contracts.vocabulary import EntityId

KEPT: Final = timedelta(days=730)
"""For how long an entry is kept; the database itself takes it away."""
MOST_SUBJECTS: Final = 500
"""People named by one entry; a longer list becomes several."""


class ActorKind(StrEnum):
    """Who acts."""

    COORDINATOR = "coordinator"
    PARTICIPANT = "participant"
    SYSTEM = "system"
    """What happens by itself when its time has come."""
    OPERATOR = "operator"
    """Whoever runs the machine."""


class Act(StrEnum):
    """What kind of thing was done."""

    SAW = "saw"
    CHANGED = "changed"
    EXPORTED = "exported"
    """Took a copy out of the platform."""
    ERASED = "erased"


class Actor(BaseModel):
    """Who did it; only coordinators and participants have an id."""

    model_config = ConfigDict(frozen=True)

    kind: ActorKind
    id: str = ""


SYSTEM: Final = Actor(kind=ActorKind.SYSTEM)


class Entry(BaseModel):
    """One thing that was done."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    at: datetime
    actor: Actor
    act: Act
    what: str = ""
    """Where: the address with names in place of ids, as in `GET /people/{participant_id}`."""
    subjects: list[EntityId] = []
    """Whose data."""


def entries(actor: Actor, act: Act, subjects: Iterable[str], what: str, now: datetime) -> list[Entry]:
    """What is to be written down."""
    named = list(dict.fromkeys(subjects))
    parts = [named[start : start + MOST_SUBJECTS] for start in range(0, len(named), MOST_SUBJECTS)] or [[]]
    return [Entry(id=uuid.uuid4().hex, at=now, actor=actor, act=act, what=what, subjects=part) for part in parts]


def coordinator(coordinator_id: str) -> Actor:
    """Somebody at the desk."""
    return Actor(kind=ActorKind.COORDINATOR, id=coordinator_id)


def participant(participant_id: str) -> Actor:
    """Somebody on their own page."""
    return Actor(kind=ActorKind.PARTICIPANT, id=participant_id)
