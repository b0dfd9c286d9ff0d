"""What an operator asks of a platform that runs: associations, links, dead letters, republication, a test mail."""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import nats
from nats.js.errors import NotFoundError

from duolangue.chassis import mail
from duolangue.chassis.clock import clock_from
from duolangue.chassis.mail import Mailer
from duolangue.chassis.republish import republish
from duolangue.chassis.service import Foundation
from duolangue.chassis.settings import MailSettings, ServiceSettings
from duolangue.contracts.subjects import DEAD_STREAM, EVENTS_STREAM, retry
from duolangue.provision.apply import root_url
from duolangue.provision.member import Member
from duolangue.provision.nats_permissions import OPERATOR
from duolangue.provision.platform import PLATFORM
from duolangue.provision.secrets import Secrets
from duolangue.registration import commands as registration
from duolangue.standalone.configuration import Configuration, Running
from duolangue.standalone.servers import Servers


class NotRunning(Exception):
    """No platform runs on the folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"no platform runs on {folder}: start it with ./duo up --data {folder}")


def elsewhere(folder: Path) -> Configuration | None:
    """The platform whose servers the environment names (`DUO_NATS_URL`, `DUO_MONGODB_URL` without a user), with its secrets in the folder:
    the one of `docs/containers.md`. None where it names none.
    """
    nats_url, mongodb_url = os.environ.get("DUO_NATS_URL"), os.environ.get("DUO_MONGODB_URL")
    if not nats_url or not mongodb_url:
        return None
    secrets = Secrets(folder / "secrets")
    servers = Servers(nats_url, root_url(mongodb_url, secrets), secrets)
    return Configuration(servers, os.environ.get("DUO_PUBLIC_URL", ServiceSettings.model_fields["public_url"].default))


def find(folder: Path) -> Configuration:
    """The configuration of the platform that runs on a folder, or else of the one that the environment names.

    Raises:
        NotRunning: none does.
    """
    if configuration := elsewhere(folder):
        return configuration
    running = Running.find(folder)
    if running is None:
        raise NotRunning(folder)
    servers = Servers.on_loopback(running.nats_url, running.mongodb_port, Secrets(folder / "secrets"))
    return Configuration(servers, running.url)


def member(name: str) -> Member:
    """A service of the platform by its name."""
    found = {each.name: each for each in PLATFORM}
    if name not in found:
        raise SystemExit(f"no service is called {name!r}; there are {', '.join(found)}")
    return found[name]


@asynccontextmanager
async def foundation(configuration: Configuration, name: str) -> AsyncIterator[Foundation[Any]]:
    """A service's foundation, for a command: its database is open, its bus is not."""
    declaration = member(name).declaration
    made = Foundation(
        declaration, configuration.settings(declaration), clock_from(configuration.clock_file), Mailer(MailSettings())
    )
    try:
        yield made
    finally:
        made.database.close()


async def found_association(
    configuration: Configuration, slug: str, name: str, email: str, language: str = "fr"
) -> None:
    """Create an association with its first administrator, as the platform's operator."""
    async with foundation(configuration, "registration") as made:
        await registration.found_association(made, slug, name=name, language=language, email=email)


async def operator_link(configuration: Configuration, slug: str, email: str) -> str:
    """A link that signs a coordinator in: for ten minutes, once, in any browser."""
    async with foundation(configuration, "registration") as made:
        return await registration.operator_link(made, slug, email)


async def republish_state(configuration: Configuration, name: str, association: str | None) -> int:
    """Tell a service's present state again; returns how many facts."""
    async with foundation(configuration, name) as made:
        await made.bus.start()
        try:
            return await republish(
                made.database, made.declaration.aggregates, made.bus.publish, made.clock, association
            )
        finally:
            await made.bus.stop()


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A fact that a service could not handle."""

    sequence: int
    service: str
    subject: str
    reason: str
    deliveries: str
    since: datetime | None
    body: bytes


@asynccontextmanager
async def operator(servers: Servers) -> AsyncIterator[Any]:
    """The bus, as the operator."""
    client = await nats.connect(
        servers.nats_url,
        user=OPERATOR,
        password=servers.secrets.read("nats-operator"),
        inbox_prefix=f"_INBOX_{OPERATOR}".encode(),
    )
    try:
        yield client
    finally:
        await client.close()


async def dead_letters(client: Any) -> list[DeadLetter]:
    """All dead letters, the oldest first."""
    stream = client.jetstream()
    state = (await stream.stream_info(DEAD_STREAM)).state
    letters: list[DeadLetter] = []
    for sequence in range(state.first_seq, state.last_seq + 1) if state.messages else ():
        try:
            letter = await stream.get_msg(DEAD_STREAM, sequence)
        except NotFoundError:
            continue
        service, _, subject = letter.subject.removeprefix("dead.").partition(".")
        headers = letter.headers or {}
        letters.append(
            DeadLetter(
                sequence,
                service,
                subject,
                headers.get("Duo-Reason", ""),
                headers.get("Duo-Deliveries", ""),
                letter.time,
                letter.data,
            )
        )
    return letters


async def deliver_again(client: Any, letter: DeadLetter) -> None:
    """Deliver a dead letter to the service that failed on it, and to nobody else; then it is gone from the dead letters."""
    stream = client.jetstream()
    headers = {"Nats-Msg-Id": str(uuid.uuid4())}
    await stream.publish(retry(letter.service, letter.subject), letter.body, headers=headers, stream=EVENTS_STREAM)
    await stream.delete_msg(DEAD_STREAM, letter.sequence)


async def fact_counts(servers: Servers) -> dict[str, int]:
    """How many facts of each type the stream holds."""
    async with operator(servers) as client:
        info = await client.jetstream().stream_info(EVENTS_STREAM, subjects_filter="events.>")
    counts: dict[str, int] = {}
    for subject, count in sorted((info.state.subjects or {}).items()):
        _, _, _, entity, fact, version = subject.split(".")
        counts[f"{entity}.{fact}.{version}"] = counts.get(f"{entity}.{fact}.{version}", 0) + count
    return counts


async def mail_test(address: str) -> None:
    """Send one mail with the settings in force, and say what came of it."""
    settings = MailSettings()
    message = EmailMessage()
    message["From"] = settings.sender
    message["To"] = address
    message["Subject"] = "Duolangue: test"
    message.set_content(f"Duolangue can send mail from here. ({datetime.now(UTC):%Y-%m-%d %H:%M} UTC)\n")
    try:
        await Mailer(settings).send(message)
    except mail.Refused as error:
        raise SystemExit(
            f"duo: the mail server {settings.host}:{settings.port} refused for good: {_why(error)}"
        ) from error
    except mail.Unavailable as error:
        raise SystemExit(
            f"duo: no mail could be sent: {_why(error)}. The settings are DUO_MAIL_HOST, DUO_MAIL_PORT, "
            "DUO_MAIL_TLS (none, starttls, tls), DUO_MAIL_USER, DUO_MAIL_PASSWORD and DUO_MAIL_SENDER."
        ) from error
    print(f"the mail server {settings.host}:{settings.port} took a mail for {address}", file=sys.stdout)  # noqa: T201


def _why(error: Exception) -> str:
    """The mail server's own words where it spoke, else ours."""
    return str(error.__cause__ or error).replace("\n", " ")
