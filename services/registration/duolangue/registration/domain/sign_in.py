"""Signing in: by a link or a typed code, in time and once. Only hashes are kept of either; sessions are next door."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import EntityId, Slug
from duolangue.registration.domain.invalid import Invalid

LINK_MINUTES: Final = 10
HANDED_MINUTES: Final = 30
"""For how long what somebody hands over works: they must meet, call or write first."""
MOST_LINKS: Final = 5
"""Mails to one address in ten minutes, asked for from one network: more requests are left unanswered."""
MOST_TRIES: Final = 5
"""Codes that may be tried; then the code opens nothing any more."""
CODE_DIGITS: Final = 6
SECRET_BYTES: Final = 32
"""256 bits."""


class LinkRefused(Invalid):
    """The sign-in link opens nothing: used, expired, or another browser asked for it."""

    status = 403


class CodeRefused(Invalid):
    """The code opens nothing: wrong, used, too old, or tried too often."""


class Place(BaseModel):
    """Where somebody may sign in, and as whom."""

    model_config = ConfigDict(frozen=True)

    association: Slug
    coordinator: EntityId


class SignIn(BaseModel):
    """One sign-in that was asked for, with its link and its code. Its id is the hash of the link's secret.

    It is kept whether or not the address is somebody's: without any place it opens nothing, and nobody can tell.
    """

    model_config = ConfigDict(frozen=True)

    id: EntityId
    places: list[Place] = []
    browser: str | None = None
    """The hash of the cookie of the browser that asked; none where somebody hands it over."""
    code: str = ""
    """The keyed hash of the code; empty where there is none."""
    tries: int = 0
    expires_at: datetime
    used_at: datetime | None = None

    def open(self, now: datetime) -> bool:
        """Whether its code may still be tried."""
        return self.used_at is None and now < self.expires_at and self.tries < MOST_TRIES


def fresh_secret() -> str:
    """Something nobody can guess."""
    return secrets.token_urlsafe(SECRET_BYTES)


def fresh_code() -> str:
    """Six digits: few enough to type, and enough for five tries in ten minutes (1 in 200,000)."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def hashed(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def hashed_code(sign_in_id: str, code: str) -> str:
    """What is kept of a code: a hash that says nothing about another sign-in's code."""
    return hmac.new(sign_in_id.encode(), code.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def typed(code: str) -> str:
    """A code as somebody types it: in any script's digits, with spaces or dashes between."""
    return "".join(str(int(sign)) for sign in code if sign.isdecimal())[: CODE_DIGITS + 1]


def tagged(association: str, secret: str) -> str:
    """A secret as it travels: the association whose it is stands before it, so that it can be looked up."""
    return f"{association}.{secret}"


def untagged(token: str) -> tuple[str, str]:
    """The association and the secret of a travelling token; both may be anything."""
    association, _, secret = token.partition(".")
    return association, secret


def asked(
    secret: str, code: str, browser: str, places: Sequence[Place], now: datetime, *, minutes: int = LINK_MINUTES
) -> SignIn:
    """A sign-in somebody asked for, in the browser whose cookie holds the secret `browser`."""
    found = hashed(secret)
    return SignIn(
        id=found,
        places=list(places),
        browser=hashed(browser),
        code=hashed_code(found, code),
        expires_at=now + timedelta(minutes=minutes),
    )


def handed(secret: str, place: Place, now: datetime, *, code: str = "", minutes: int = LINK_MINUTES) -> SignIn:
    """A sign-in that somebody else hands over: whoever runs the machine, or an administrator to one without e-mail."""
    found = hashed(secret)
    return SignIn(
        id=found,
        places=[place],
        code=hashed_code(found, code) if code else "",
        expires_at=now + timedelta(minutes=minutes),
    )


def use(sign_in: SignIn, browser: str | None, now: datetime) -> Change[SignIn]:
    """The link is used: once, in time, and where it was asked for.

    Raises:
        LinkRefused: it is not.
    """
    if sign_in.used_at is not None:
        raise LinkRefused("link_used", "This link was used already. Ask for a new one.")
    if now >= sign_in.expires_at:
        raise LinkRefused("link_expired", "This link is too old. Ask for a new one.")
    if sign_in.browser is not None and not hmac.compare_digest(sign_in.browser, hashed(browser or "")):
        raise LinkRefused(
            "link_elsewhere", "Open this link in the browser in which you asked for it, or ask for a new one here."
        )
    return Change(sign_in.model_copy(update={"used_at": now}))


def void(sign_in: SignIn, coordinator: str, now: datetime) -> Change[SignIn] | None:
    """It leads to this coordinator no more; and opens nothing where it led nowhere else."""
    left = [place for place in sign_in.places if place.coordinator != coordinator]
    if sign_in.used_at is not None or left == sign_in.places:
        return None
    return Change(sign_in.model_copy(update={"places": left, "used_at": None if left else now}))


def try_code(sign_in: SignIn, code: str, now: datetime) -> Change[SignIn] | None:
    """A code is tried: the right one uses the sign-in, any other counts; none when nothing may be tried any more."""
    if not sign_in.open(now):
        return None
    right = bool(sign_in.code) and hmac.compare_digest(sign_in.code, hashed_code(sign_in.id, code))
    return Change(sign_in.model_copy(update={"used_at": now} if right else {"tries": sign_in.tries + 1}))
