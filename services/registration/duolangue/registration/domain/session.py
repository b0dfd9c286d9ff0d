"""A browser that signed in: for twelve hours, or until somebody ends it. Only the hash of its cookie is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import EntityId
from duolangue.registration.domain.sign_in import Place, hashed

SESSION_HOURS: Final = 12
LATELY: Final = timedelta(minutes=15)
BROWSERS: Final = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"), ("Chromium", "Chromium"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS: Final = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)  # fmt: skip


class Session(BaseModel):
    """A browser that signed in. Its id is the hash of its cookie."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    coordinator: EntityId | None = None
    """As whom; none while somebody still chooses between several associations."""
    places: list[Place] = []
    """Everywhere the same sign-in may lead."""
    device: str = ""
    """The browser and the system, as in Firefox, Android: so that people recognise their own."""
    began_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it still opens the desk."""
        return self.ended_at is None and now < self.expires_at


def young(session: Session, now: datetime) -> bool:
    """Whether it holds, and somebody signed in for it a short while ago: whoever changes how they sign in must be there."""
    return session.holds(now) and now - session.began_at <= LATELY


def begin(
    secret: str, coordinator: str | None, now: datetime, *, places: Sequence[Place] = (), device: str = ""
) -> Session:
    """A session begins."""
    return Session(
        id=hashed(secret),
        coordinator=coordinator,
        places=list(places),
        device=device,
        began_at=now,
        expires_at=now + timedelta(hours=SESSION_HOURS),
    )


def go_on(present: Session, secret: str, coordinator: str) -> Session:
    """The same sign-in goes on in another association; it ends no later for that."""
    return present.model_copy(update={"id": hashed(secret), "coordinator": coordinator})


def end(session: Session, now: datetime) -> Change[Session] | None:
    """Somebody signed out."""
    return None if session.ended_at else Change(session.model_copy(update={"ended_at": now}))


def device(user_agent: str) -> str:
    """A browser as its owner knows it, from what it says of itself; nothing that would tell two of them apart."""
    found = [next((name for mark, name in known if mark in user_agent), "") for known in (BROWSERS, SYSTEMS)]
    return ", ".join(each for each in found if each)
