"""Passkeys (Web Authentication): signing in with what a phone, a computer or a small key signs, beside links and codes."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import EntityId
from duolangue.registration.domain import values
from duolangue.registration.domain.invalid import Invalid, NotNow
from duolangue.registration.domain.sign_in import Place

CHALLENGE_MINUTES: Final = 5
MOST: Final = 10
"""Passkeys of one account."""


class PasskeyRefused(Invalid):
    """The passkey opens nothing. Why stands in the log: whoever tries is told one sentence."""

    status = 403


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """For whom authenticators sign: the platform, by the host of its address."""

    id: str
    origin: str
    """What a browser says where it is: scheme, host, and the port where it is not the usual one."""


class Aim(StrEnum):
    """What a challenge is signed for."""

    ADD = "add"
    SIGN_IN = "sign_in"


class Challenge(BaseModel):
    """Something to be signed once. Its id is the hash of what is signed."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    aim: Aim
    holder: EntityId
    """Who may answer: the account that gets a passkey, or the hash of the cookie of the browser that asked to sign in."""
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """What an authenticator made anew: verified, and not yet anybody's."""

    credential: str
    """The credential's id, in base64url."""
    public_key: bytes
    """A COSE key (RFC 9052)."""
    count: int


class Passkey(BaseModel):
    """One key with which one account signs in. Its id is the hash of the credential's id."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    place: Place
    credential: str
    public_key: bytes
    count: int
    """How often it signed, as it last said; many always say 0."""
    name: str
    added_at: datetime
    used_at: datetime | None = None


def relying_party(public_url: str) -> RelyingParty | None:
    """The platform as authenticators know it; none where browsers offer no passkeys: without HTTPS, or at a bare IP address."""
    parts = urlsplit(public_url)
    host = (parts.hostname or "").lower()
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and host == "localhost")):
        return None
    try:
        ip_address(host)
    except ValueError:
        usual = {"https": 443, "http": 80}[parts.scheme]
        port = "" if parts.port in {None, usual} else f":{parts.port}"
        return RelyingParty(host, f"{parts.scheme}://{host}{port}")
    return None


def passkey_id(credential: str) -> str:
    """By what a passkey is found, whatever the length of the credential's id."""
    return hashlib.sha256(credential.encode("utf-8", "surrogatepass")).hexdigest()


def handle(place: Place) -> bytes:
    """The user handle of an account (Web Authentication, 14.6.1): 32 bytes that tell nothing of whose it is."""
    return hashlib.sha256(f"{place.association}/{place.coordinator}".encode()).digest()


def ask(challenge_id: str, aim: Aim, holder: str, now: datetime) -> Challenge:
    """Something is to be signed, for this aim and by this holder."""
    expires = now + timedelta(minutes=CHALLENGE_MINUTES)
    return Challenge(id=challenge_id, aim=aim, holder=holder, expires_at=expires)


def answer(challenge: Challenge, aim: Aim, holder: str, now: datetime) -> Change[Challenge]:
    """It was signed: once, in time, for what it was made for, and where it was asked for.

    Raises:
        PasskeyRefused: it was not.
    """
    here = hmac.compare_digest(challenge.holder, holder)
    if challenge.used_at is not None or now >= challenge.expires_at or challenge.aim is not aim or not here:
        raise refused()
    return Change(challenge.model_copy(update={"used_at": now}))


def keep(place: Place, signed: Signed, name: str, held: Sequence[Passkey], now: datetime) -> Passkey:
    """An account gets a passkey.

    Raises:
        Invalid: the name cannot be taken.
        NotNow: it has as many as it may have.
    """
    if len(held) >= MOST:
        raise NotNow("passkeys_enough", "There are %(most)s passkeys already. Remove one first.", most=MOST)
    return Passkey(
        id=passkey_id(signed.credential),
        place=place,
        credential=signed.credential,
        public_key=signed.public_key,
        count=signed.count,
        name=values.name(name),
        added_at=now,
    )


def use(passkey: Passkey, count: int, now: datetime) -> Change[Passkey]:
    """It signed somebody in; its count goes on.

    Raises:
        PasskeyRefused: the count does not go on, so that there may be a copy of the key (Web Authentication, 6.1.1).
    """
    if (count or passkey.count) and count <= passkey.count:
        raise refused()
    return Change(passkey.model_copy(update={"count": count, "used_at": now}))


def refused() -> PasskeyRefused:
    """The one sentence for whatever was wrong."""
    return PasskeyRefused("passkey_refused", "This passkey did not work. Try again, or ask for a code by mail.")


def not_lately() -> NotNow:
    """Somebody may sit at another's desk."""
    return NotNow("sign_in_again", "Sign in again first, then add or remove passkeys.")
