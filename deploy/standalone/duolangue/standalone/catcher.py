"""A local SMTP server that takes every mail and keeps it: for the demonstration and for tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from duolangue.standalone.servers import free_port


@dataclass
class Catcher:
    """What arrived, in order."""

    port: int = 0
    mails: list[tuple[str, EmailMessage]] = field(default_factory=list)
    """Recipient and message."""
    refuses: set[str] = field(default_factory=set)
    """Addresses that do not exist here: refused for good."""

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        if address in self.refuses:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keep a message."""
        message: EmailMessage = message_from_bytes(cast("bytes", envelope.content), policy=policy.default)
        self.mails.extend((address, message) for address in envelope.rcpt_tos)
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """What one address received."""
        return [message for recipient, message in self.mails if recipient.casefold() == address.casefold()]


@asynccontextmanager
async def catching(port: int = 0) -> AsyncIterator[Catcher]:
    """Run a catcher on loopback until the end of the block; port 0 means any free one."""
    catcher = Catcher()
    controller: Any = Controller(catcher, hostname="127.0.0.1", port=port or free_port(), ready_timeout=10)
    controller.start()
    catcher.port = controller.port
    try:
        yield catcher
    finally:
        controller.stop()


def text_of(message: EmailMessage) -> str:
    """The plain-text part of a mail."""
    part = message.get_body(("plain",))
    return "" if part is None else str(part.get_content())
