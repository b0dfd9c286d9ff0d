"""A coordinator: somebody of the association who may use the desk, until revoked."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.facts.registration import CoordinatorRevoked
from duolangue.contracts.vocabulary import EntityId, Language
from duolangue.registration.domain import values


class AccessLevel(StrEnum):
    """What a coordinator may do; each level includes the ones before."""

    READ = "read"
    COORDINATE = "coordinate"
    ADMINISTER = "administer"


class Coordinator(BaseModel):
    """Somebody of the association."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    email: str
    name: str = ""
    access: AccessLevel = AccessLevel.COORDINATE
    language: Language = "fr"
    invited_at: datetime
    revoked_at: datetime | None = None
    active: bool = True
    """Holds the address: nobody else of the association may have it."""


def invite(
    coordinator_id: str, email: str, name: str, access: AccessLevel, language: str, now: datetime
) -> Coordinator:
    """Somebody may use the desk from now on.

    Raises:
        Invalid: the address or the name cannot be taken.
    """
    return Coordinator(
        id=coordinator_id,
        email=values.email(email),
        name=values.name(name),
        access=access,
        language=language,
        invited_at=now,
    )


def revoke(coordinator: Coordinator, now: datetime) -> Change[Coordinator] | None:
    """Somebody may not use the desk any more; every token issued before is worth nothing. None when that is so already."""
    if not coordinator.active:
        return None
    gone = coordinator.model_copy(update={"revoked_at": now, "active": False})
    return Change(gone, (CoordinatorRevoked(revoked_at=now),))
