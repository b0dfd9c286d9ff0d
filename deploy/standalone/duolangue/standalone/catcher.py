"""A local SMTP server that takes every mail and keeps it, until it ends: for the demonstration and for tests.

`python -m duolangue.standalone.catcher` is one for others: at `/` it shows what it caught, the newest first, and at `/mails?after=N` it
tells programs. Whoever reaches it reads every mail: it is for trying out alone.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from duolangue.standalone.host import listen, serving
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
        message = message_of(cast("bytes", envelope.content))
        self.mails.extend((address, message) for address in envelope.rcpt_tos)
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """What one address received."""
        return [message for recipient, message in self.mails if recipient.casefold() == address.casefold()]


@asynccontextmanager
async def catching(port: int = 0, host: str = "127.0.0.1") -> AsyncIterator[Catcher]:
    """Run a catcher until the end of the block; port 0 means any free one."""
    catcher = Catcher()
    controller: Any = Controller(catcher, hostname=host, port=port or free_port(), ready_timeout=10)
    controller.start()
    catcher.port = controller.port
    try:
        yield catcher
    finally:
        controller.stop()


def message_of(content: bytes) -> EmailMessage:
    """A mail as it came over the wire."""
    message: EmailMessage = message_from_bytes(content, policy=policy.default)
    return message


def text_of(message: EmailMessage) -> str:
    """The plain-text part of a mail."""
    part = message.get_body(("plain",))
    return "" if part is None else str(part.get_content())


def shown(catcher: Catcher) -> Starlette:
    """What was caught, for people and for programs."""

    def page(_: Request) -> PlainTextResponse:
        mails = [f"To: {to}\nSubject: {mail['Subject']}\n\n{text_of(mail)}" for to, mail in reversed(catcher.mails)]
        return PlainTextResponse(f"\n{'-' * 72}\n".join(mails) or "No mail yet.\n")

    def mails(request: Request) -> JSONResponse:
        known, after = list(catcher.mails), int(request.query_params.get("after", 0))
        told = [{"to": to, "raw": mail.as_bytes().decode("latin-1")} for to, mail in known[after:]]
        return JSONResponse({"count": len(known), "mails": told})

    return Starlette(routes=[Route("/", page), Route("/mails", mails)])


async def _catch(host: str, smtp_port: int, http_port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with catching(smtp_port, host) as catcher, serving(shown(catcher), listen(host, http_port)):
        await stop.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="catcher", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--smtp-port", type=int, default=1025)
    parser.add_argument("--http-port", type=int, default=8025)
    asked = parser.parse_args()
    asyncio.run(_catch(asked.host, asked.smtp_port, asked.http_port))
