"""What the platform must know before it knows the association: where an address may sign in, and who was revoked just now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import EntityId, Slug
from duolangue.registration.domain import sign_in

REMEMBERED: Final = timedelta(minutes=10)
"""For how long a revocation is told with the keys: longer than any token lives."""


class Door(BaseModel):
    """The associations in which an e-mail address is a coordinator's. Its id is the hash of the address."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    associations: list[Slug]


class Revocation(BaseModel):
    """A coordinator who was revoked. Its id is theirs."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    revoked_at: datetime


def door_id(email: str) -> str:
    """Under which id the door of an address (in lower case) is kept."""
    return sign_in.hashed(email)


def opened_to(door: Door, association: str) -> Change[Door] | None:
    """The address may sign in there too."""
    if association in door.associations:
        return None
    return Change(door.model_copy(update={"associations": [*door.associations, association]}))
