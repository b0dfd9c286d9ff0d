"""The two mails registration sends itself, to coordinators: a sign-in link, and that a problem was reported."""

from __future__ import annotations

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


def sign_in(association: str, coordinator: Coordinator, url: str, sender: str) -> EmailMessage:
    """The mail with a sign-in link."""
    return _mail(SIGN_IN_SUBJECT, SIGN_IN_BODY, association, coordinator, url, sender)


def problem(association: str, coordinator: Coordinator, url: str, sender: str) -> EmailMessage:
    """The mail that sends a coordinator to the desk, where the report is."""
    return _mail(PROBLEM_SUBJECT, PROBLEM_BODY, association, coordinator, url, sender)


def _mail(subject: str, body: str, association: str, coordinator: Coordinator, url: str, sender: str) -> EmailMessage:
    words = translations(PACKAGE, coordinator.language)
    values = {"association": association, "url": url}
    message = EmailMessage()
    message["Subject"] = " ".join((words.gettext(subject) % values).split())
    message["From"] = sender
    message["To"] = Address(coordinator.name, addr_spec=coordinator.email)
    message["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].partition("@")[2] or "duolangue.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(words.gettext(body) % values)
    return message
