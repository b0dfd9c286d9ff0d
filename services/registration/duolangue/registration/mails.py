"""The mails registration sends itself, to coordinators: a sign-in, an invitation, that a problem was reported."""

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


SIGN_IN_SUBJECT: Final = N_("Your code to sign in to %(association)s")
SIGN_IN_BODY: Final = N_(
    "Hello,\n\nYour code to sign in is:\n\n%(code)s\n\nType it on the page where you asked for it. Or open this link there:\n\n%(url)s\n\n"
    "Both work for ten minutes, once. Give the code to nobody: we never ask for it.\n\n"
    "If you did not ask for it, leave it: nothing happens.\n"
)
HAND_OVER: Final = N_(
    "Hello! This link signs you in to the desk of %(association)s. It works for thirty minutes, once:\n%(url)s\n\n"
    "Or type your telephone number on the sign-in page, then this code: %(code)s"
)
"""Handed over by an administrator, to who has no e-mail."""
INVITATION_SUBJECT: Final = N_("You may use the desk of %(association)s")
INVITATION_BODY: Final = N_(
    "Hello,\n\n%(association)s invites you to its desk. Sign in here with this e-mail address; there is no password:\n\n%(url)s\n"
)
PASSKEY_SUBJECT: Final = N_("A passkey was added to your account at %(association)s")
PASSKEY_BODY: Final = N_(
    "Hello,\n\nA passkey was added to your account. From now on it signs you in without a mail.\n\n"
    "Was that not you? Sign in with a code, remove the passkey, and sign out everywhere:\n\n%(url)s\n"
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
CALLS_SUBJECT: Final = N_("Duos to call at %(association)s")
CALLS_BODY: Final = N_(
    "Hello,\n\nSince the last mail, %(count)s duos of your association came to need a call: they have not begun, they are silent, or they talk less "
    "than they promised. The desk shows who and why:\n\n%(url)s\n"
)
OWN_PAGE_SUBJECT: Final = N_("Your page at %(association)s")
OWN_PAGE_BODY: Final = N_(
    "Hello,\n\nThis link opens your own page. There you see what %(association)s keeps about you; you can correct it, take a break, "
    "leave, or have it erased:\n\n%(url)s\n\nIt works for seven days, and it is for you alone: give it to nobody.\n\n"
    "If you did not ask for it, leave it: nothing happens.\n"
)
RETENTION_SUBJECT: Final = N_("People whose data will be erased at %(association)s")
RETENTION_BODY: Final = N_(
    "Hello,\n\n%(count)s people left long ago, or their application led nowhere. Their data will be erased in the next weeks, "
    "as your association decided. Who and when is shown here:\n\n%(url)s\n"
)


def sign_in(association: str, coordinator: Coordinator, url: str, code: str, sender: str) -> EmailMessage:
    """The mail with a code and a link to sign in."""
    return _mail(SIGN_IN_SUBJECT, SIGN_IN_BODY, association, coordinator, url, sender, code=code)


def invitation(association: str, coordinator: Coordinator, url: str, sender: str) -> EmailMessage:
    """The mail that tells somebody that they may use the desk."""
    return _mail(INVITATION_SUBJECT, INVITATION_BODY, association, coordinator, url, sender)


def passkey_added(association: str, coordinator: Coordinator, url: str, sender: str) -> EmailMessage:
    """The mail that tells somebody that their account opens in one way more."""
    return _mail(PASSKEY_SUBJECT, PASSKEY_BODY, association, coordinator, url, sender)


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


def own_page(association: str, email: str, language: str, url: str, sender: str) -> EmailMessage:
    """The mail with the link to somebody's own page."""
    to = Address(addr_spec=email)
    return _written(OWN_PAGE_SUBJECT, OWN_PAGE_BODY, to, language, {"association": association, "url": url}, sender)


def retention(association: str, coordinator: Coordinator, url: str, count: int, sender: str) -> EmailMessage:
    """The mail that tells an administrator that some people's time is nearly over; it names nobody."""
    return _mail(RETENTION_SUBJECT, RETENTION_BODY, association, coordinator, url, sender, count=str(count))


def calls(association: str, coordinator: Coordinator, url: str, count: int, sender: str) -> EmailMessage:
    """The mail that tells a coordinator that duos are to be called; it names nobody."""
    return _mail(CALLS_SUBJECT, CALLS_BODY, association, coordinator, url, sender, count=str(count))


def _mail(
    subject: str, body: str, association: str, coordinator: Coordinator, url: str, sender: str, **more: str
) -> EmailMessage:
    to = Address(coordinator.name, addr_spec=coordinator.email)
    values = {"association": association, "url": url, **more}
    return _written(subject, body, to, coordinator.language, values, sender)


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
