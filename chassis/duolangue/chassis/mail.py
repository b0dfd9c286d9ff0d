"""Mail over SMTP (aiosmtplib), with two ways to fail: for now, or for good."""

from __future__ import annotations

from email.message import EmailMessage

import aiosmtplib

from duolangue.chassis.settings import MailSettings


class Unavailable(Exception):
    """The server is away, busy or not set: trying again later may help."""


class Refused(Exception):
    """The server will never take this message for this address."""


PERMANENT = 500


class Mailer:
    """Sends one message at a time; a connection each, so that a server's restart harms nobody."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings

    @property
    def sender(self) -> str:
        """The platform's own address, as in `Duolangue <bonjour@...>`."""
        return self._settings.sender

    async def send(self, message: EmailMessage) -> None:
        """Hand a message to the mail server; returns once the server took it.

        Raises:
            Unavailable: not now.
            Refused: never.
        """
        settings = self._settings
        if not settings.host:
            raise Unavailable("no mail server is set (DUO_MAIL_HOST)")
        try:
            await aiosmtplib.send(
                message,
                hostname=settings.host,
                port=settings.port,
                username=settings.user or None,
                password=settings.password.get_secret_value() or None,
                use_tls=settings.tls == "tls",
                start_tls=settings.tls == "starttls",
                timeout=settings.timeout_seconds,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [refused.code for refused in error.recipients]
            raise (Refused if codes and min(codes) >= PERMANENT else Unavailable)("the address was refused") from error
        except aiosmtplib.SMTPResponseException as error:
            account = isinstance(error, aiosmtplib.SMTPAuthenticationError | aiosmtplib.SMTPSenderRefused)
            raise (Refused if error.code >= PERMANENT and not account else Unavailable)(f"SMTP {error.code}") from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise Unavailable(type(error).__name__) from error
