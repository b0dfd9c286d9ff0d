"""Signing in: a link by mail for ten minutes and one use, then a session for twelve hours. Only hashes are kept of either."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import EntityId
from duolangue.registration.domain.invalid import Invalid

LINK_MINUTES: Final = 10
MOST_LINKS: Final = 5
"""Links mailed to one coordinator in ten minutes: more requests are left unanswered."""
SESSION_HOURS: Final = 12
SECRET_BYTES: Final = 32
"""256 bits."""


class LinkRefused(Invalid):
    """The sign-in link opens nothing: used, expired, or another browser asked for it."""

    status = 403


class SignIn(BaseModel):
    """One sign-in link. Its id is the hash of its secret."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    coordinator: EntityId
    browser: str | None = None
    """The hash of the cookie of the browser that asked; none for a link an operator made."""
    slot: str
    """Which of a coordinator's links of those ten minutes it is, each there once; an operator's link is a slot of its own."""
    expires_at: datetime
    used_at: datetime | None = None


class Session(BaseModel):
    """A browser that signed in. Its id is the hash of its cookie."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    coordinator: EntityId
    began_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it still opens the desk."""
        return self.ended_at is None and now < self.expires_at


def fresh_secret() -> str:
    """Something nobody can guess."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hashed(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def tagged(association: str, secret: str) -> str:
    """A secret as it travels: the association whose it is stands before it, so that it can be looked up."""
    return f"{association}.{secret}"


def untagged(token: str) -> tuple[str, str]:
    """The association and the secret of a travelling token; both may be anything."""
    association, _, secret = token.partition(".")
    return association, secret


def link(secret: str, coordinator: str, now: datetime, browser: str | None = None, number: int = 1) -> SignIn:
    """A sign-in link for a coordinator; `browser` is the secret in the cookie of the browser that asked for it, the `number`-th."""
    return SignIn(
        id=hashed(secret),
        coordinator=coordinator,
        browser=hashed(browser) if browser is not None else None,
        slot=f"{int(now.timestamp()) // (LINK_MINUTES * 60)}/{number}" if browser is not None else hashed(secret),
        expires_at=now + timedelta(minutes=LINK_MINUTES),
    )


def use(sign_in: SignIn, browser: str | None, now: datetime) -> Change[SignIn]:
    """The link is used: once, in time, and where it was asked for.

    Raises:
        LinkRefused: it is not.
    """
    if sign_in.used_at is not None:
        raise LinkRefused("link_used", "This link was used already. Ask for a new one.")
    if now >= sign_in.expires_at:
        raise LinkRefused("link_expired", "This link is too old: it works for ten minutes. Ask for a new one.")
    if sign_in.browser is not None and not hmac.compare_digest(sign_in.browser, hashed(browser or "")):
        raise LinkRefused(
            "link_elsewhere", "Open this link in the browser in which you asked for it, or ask for a new one here."
        )
    return Change(sign_in.model_copy(update={"used_at": now}))


def begin(secret: str, coordinator: str, now: datetime) -> Session:
    """A session begins."""
    return Session(
        id=hashed(secret), coordinator=coordinator, began_at=now, expires_at=now + timedelta(hours=SESSION_HOURS)
    )


def end(session: Session, now: datetime) -> Change[Session] | None:
    """Somebody signed out."""
    return None if session.ended_at else Change(session.model_copy(update={"ended_at": now}))
