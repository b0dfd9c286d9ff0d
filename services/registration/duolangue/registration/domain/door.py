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


FORGOTTEN: Final = timedelta(hours=1)
"""When a revocation may be forgotten: tokens are over, and a coordinator who was revoked gets no new ones."""


class Door(BaseModel):
    """The associations in which an e-mail address or a telephone number is a coordinator's. Its id is the hash of the address."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    associations: list[Slug]


class Revocation(BaseModel):
    """A coordinator whose tokens up to then are worth nothing. Its id is theirs."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    revoked_at: datetime

    @property
    def over_at(self) -> datetime:
        """When nothing issued before lives any more."""
        return self.revoked_at + FORGOTTEN


def door_id(address: str) -> str:
    """Under which id the door of an address (e-mail in lower case, or E.164) is kept."""
    return sign_in.hashed(address)


def opened_to(door: Door, association: str) -> Change[Door] | None:
    """The address may sign in there too."""
    if association in door.associations:
        return None
    return Change(door.model_copy(update={"associations": [*door.associations, association]}))


def revoked_again(revocation: Revocation, at: datetime) -> Change[Revocation] | None:
    """Tokens issued since are worth nothing either."""
    return None if at <= revocation.revoked_at else Change(revocation.model_copy(update={"revoked_at": at}))
