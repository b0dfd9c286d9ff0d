"""A coordinator: somebody of the association who may use the desk, until revoked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.facts.registration import CoordinatorRevoked
from duolangue.contracts.vocabulary import EntityId, Language
from duolangue.registration.domain import values
from duolangue.registration.domain.invalid import Invalid


class AccessLevel(StrEnum):
    """What a coordinator may do; each level includes the ones before, but the platform's operators are apart."""

    READ = "read"
    COORDINATE = "coordinate"
    ADMINISTER = "administer"
    OPERATE = "operate"
    """The platform's own: makes associations, and sees no association's people."""


LEVELS: Final = (AccessLevel.READ, AccessLevel.COORDINATE, AccessLevel.ADMINISTER)
"""What an association gives its own people."""


class Coordinator(BaseModel):
    """Somebody of the association, or an operator of the platform."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    email: str = ""
    """Empty for who has none: an administrator hands the sign-in over."""
    phone: str = ""
    """E.164; empty where none was told."""
    name: str = ""
    access: AccessLevel = AccessLevel.COORDINATE
    language: Language = "fr"
    invited_at: datetime
    signed_in_at: datetime | None = None
    """When they last signed in; none before the first time."""
    revoked_at: datetime | None = None
    signed_out_at: datetime | None = None
    """When they last signed out everywhere: no sign-in from before leads here any more."""
    active: bool = True
    """Holds the address: nobody else of the association may have it."""
    due_at: datetime | None = None
    """When the invitation is to be mailed; none once it was."""
    refused_at: datetime | None = None
    """When the address refused a mail for good; none once it took one."""

    @property
    def called(self) -> str:
        """How others see who it is."""
        return self.name or self.email or self.phone


def invite(
    coordinator_id: str,
    email: str,
    name: str,
    access: AccessLevel,
    language: str,
    now: datetime,
    *,
    phone: str = "",
    tell: bool = False,
) -> Coordinator:
    """Somebody may use the desk from now on; `tell` has the invitation mailed.

    Raises:
        Invalid: the address, the number or the name cannot be taken.
    """
    address = _read("email", values.email, email) if email.strip() else ""
    number = _read("phone", values.phone, phone) if phone.strip() else ""
    if not address and not number:
        raise Invalid("address_missing", "An e-mail address or a telephone number is needed.", field="email")
    return Coordinator(
        id=coordinator_id,
        email=address,
        phone=number,
        name=_read("name", values.name, name),
        access=access,
        language=language,
        invited_at=now,
        due_at=now if tell and address else None,
    )


def _read(field: str, read: Callable[[str], str], text: str) -> str:
    try:
        return read(text)
    except Invalid as fault:
        fault.field = field
        raise


def told(coordinator: Coordinator) -> Change[Coordinator] | None:
    """The invitation is on its way."""
    if coordinator.due_at is None:
        return None
    return Change(coordinator.model_copy(update={"due_at": None, "refused_at": None}))


def bounced(coordinator: Coordinator, now: datetime) -> Change[Coordinator] | None:
    """Their address refused a mail for good: whoever administers the association must know. No invitation waits any more."""
    if coordinator.refused_at is not None and coordinator.due_at is None:
        return None
    return Change(coordinator.model_copy(update={"refused_at": coordinator.refused_at or now, "due_at": None}))


def mailed(coordinator: Coordinator) -> Change[Coordinator] | None:
    """Their address took a mail."""
    return None if coordinator.refused_at is None else Change(coordinator.model_copy(update={"refused_at": None}))


def tell_again(coordinator: Coordinator, now: datetime) -> Change[Coordinator] | None:
    """The invitation is to be mailed once more."""
    if not coordinator.active or not coordinator.email or coordinator.due_at is not None:
        return None
    return Change(coordinator.model_copy(update={"due_at": now}))


def admits(coordinator: Coordinator, began_at: datetime) -> bool:
    """Whether a sign-in that began then leads to them: one of another association goes on there, but not past a sign-out everywhere."""
    return coordinator.active and (coordinator.signed_out_at is None or began_at > coordinator.signed_out_at)


def signed_in(coordinator: Coordinator, now: datetime) -> Change[Coordinator] | None:
    """They signed in."""
    return Change(coordinator.model_copy(update={"signed_in_at": now})) if coordinator.active else None


def give(coordinator: Coordinator, access: AccessLevel, now: datetime) -> Change[Coordinator] | None:
    """Somebody may do more or less from now on; tokens that say otherwise are worth nothing. None when that is so already."""
    if not coordinator.active or coordinator.access is access:
        return None
    return Change(coordinator.model_copy(update={"access": access}), (CoordinatorRevoked(revoked_at=now),))


def out_everywhere(coordinator: Coordinator, now: datetime) -> Change[Coordinator] | None:
    """Somebody signs out of every browser: tokens and sign-ins so far are worth nothing; they may sign in anew."""
    if not coordinator.active:
        return None
    return Change(coordinator.model_copy(update={"signed_out_at": now}), (CoordinatorRevoked(revoked_at=now),))


def revoke(coordinator: Coordinator, now: datetime) -> Change[Coordinator] | None:
    """Somebody may not use the desk any more; every token issued before is worth nothing. None when that is so already."""
    if not coordinator.active:
        return None
    gone = coordinator.model_copy(update={"revoked_at": now, "active": False, "due_at": None})
    return Change(gone, (CoordinatorRevoked(revoked_at=now),))
