"""The two mails registration sends itself, to coordinators: a sign-in link, and that a problem was reported."""

from __future__ import annotations

from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid, parseaddr
from typing import Final

from duolangue.chassis.web import translations
from duolangue.registration.domain.coordinator import Coordinator

PACKAGE: Final = "duolangue.registration"


def N_(text: str) -> str:
    """Mark a message for the catalogues."""
    return text


SIGN_IN_SUBJECT: Final = N_("Your link to sign in to %(association)s")
SIGN_IN_BODY: Final = N_(
    "Hello,\n\nOpen this link in the browser in which you asked for it. It works for ten minutes, once:\n\n%(url)s\n\n"
    "If you did not ask for it, leave it: nothing happens.\n"
)
PROBLEM_SUBJECT: Final = N_("A problem was reported at %(association)s")
PROBLEM_BODY: Final = N_(
    "Hello,\n\nSomebody of your association reported a problem. Please read it on the desk as soon as you can:\n\n%(url)s\n"
)
RESUME_SUBJECT: Final = N_("Go on with your sign-up at %(association)s")
RESUME_BODY: Final = N_(
    "Hello,\n\nWith this link you go on with your sign-up, where you stopped, within thirty days:\n\n%(url)s\n\n"
    "It is for you alone: it shows what you told.\n"
)
MINORS_SUBJECT: Final = N_("A minor wanted to sign up at %(association)s")
MINORS_BODY: Final = N_(
    "Hello,\n\nSomebody under 18 wanted to sign up. They were told that duos are for adults; nothing was kept about them. "
    "How many came is shown here:\n\n%(url)s\n"
)


def sign_in(association: str, coordinator: Coordinator, url: str, sender: str) -> EmailMessage:
    """The mail with a sign-in link."""
    return _mail(SIGN_IN_SUBJECT, SIGN_IN_BODY, association, coordinator, url, sender)


def problem(association: str, coordinator: Coordinator, url: str, sender: str) -> EmailMessage:
    """The mail that sends a coordinator to the desk, where the report is."""
    return _mail(PROBLEM_SUBJECT, PROBLEM_BODY, association, coordinator, url, sender)


def minors(association: str, coordinator: Coordinator, url: str, sender: str) -> EmailMessage:
    """The mail that tells a coordinator that a minor came; it holds nothing about anybody."""
    return _mail(MINORS_SUBJECT, MINORS_BODY, association, coordinator, url, sender)


def resume_sign_up(association: str, email: str, language: str, url: str, sender: str) -> EmailMessage:
    """The mail with which somebody goes on with a sign-up another day."""
    to = Address(addr_spec=email)
    return _written(RESUME_SUBJECT, RESUME_BODY, to, language, {"association": association, "url": url}, sender)


def _mail(subject: str, body: str, association: str, coordinator: Coordinator, url: str, sender: str) -> EmailMessage:
    to = Address(coordinator.name, addr_spec=coordinator.email)
    return _written(subject, body, to, coordinator.language, {"association": association, "url": url}, sender)


def _written(
    subject: str, body: str, to: Address, language: str, values: Mapping[str, object], sender: str
) -> EmailMessage:
    words = translations(PACKAGE, language)
    message = EmailMessage()
    message["Subject"] = " ".join((words.gettext(subject) % values).split())
    message["From"] = sender
    message["To"] = to
    message["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].partition("@")[2] or "duolangue.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(words.gettext(body) % values)
    return message
