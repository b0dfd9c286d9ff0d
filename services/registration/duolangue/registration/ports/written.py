"""What the use cases write that is read elsewhere: mails, the log of who saw what, the list of erasures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.message import EmailMessage
from typing import Protocol

from duolangue.registration.domain import audit
from duolangue.registration.domain.audit import Act, Actor
from duolangue.registration.domain.erasure import Cause


class Mails(Protocol):
    """Hands mails to a mail server; raises `mail.Unavailable` or `mail.Refused`."""

    @property
    def sender(self) -> str:
        """The platform's own address."""
        ...

    async def send(self, message: EmailMessage) -> None:
        """Send one."""
        ...


class AuditLog(Protocol):
    """Who saw or changed whose data: written once, never changed."""

    async def record(self, actor: Actor, act: Act, subjects: Iterable[str], what: str = "") -> None:
        """Write down that this was done."""
        ...

    async def latest(self, subject: str | None, before: datetime | None, limit: int) -> list[audit.Entry]:
        """The latest first: of everybody, or about one person; those before a moment where one is given."""
        ...


class Journal(Protocol):
    """The list of erasures outside the database."""

    async def note(self, participant: str, cause: Cause, at: datetime) -> None:
        """Somebody was erased."""
        ...
