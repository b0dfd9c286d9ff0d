"""A letter as a mail: MIME with plain text and HTML. Whatever people typed stays text: no header, no markup comes of it."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from duolangue.notifications.writing.letter import Action, Letter, Lines, Note


class NotAnAddress(ValueError):
    """No mail can go to this."""


def mail(
    letter: Letter, *, sender: str, association: str, name: str, address: str, message_id: str, now: datetime
) -> EmailMessage:
    """The message for the mail server.

    Args:
        sender: the platform's own address; the association's name stands before it.
        name: the recipient's.
        message_id: the same message always has the same, so that a second copy can be recognised.

    Raises:
        NotAnAddress: `address` cannot be one.
    """
    own = parseaddr(sender)[1]
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(association, own)
    message["To"] = _address(name, address)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{message_id}@{own.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(as_text(letter))
    message.add_alternative(as_html(letter), subtype="html")
    message["Content-Language"] = letter.language  # after the content, which clears what is said of it
    return message


def as_text(letter: Letter) -> str:
    """The letter as plain text."""
    shown = [letter.greeting]
    for part in letter.parts:
        match part:
            case Note(text):
                shown.append(text)
            case Lines(title, lines):
                shown.append("\n".join((title, *(f"- {line}" for line in lines))))
            case Action(label, url):
                shown.append(f"{label}\n{url}")
    shown.append(letter.closing)
    shown.append(f"{letter.problem.label}\n{letter.problem.url}")
    return "\n\n".join(shown) + "\n"


def as_html(letter: Letter) -> str:
    """The letter as a page without anything from elsewhere."""
    return _template().render(letter=letter)


def one_line(text: str) -> str:
    """Text for a header: no line break, no control character, at most 200 characters."""
    return " ".join("".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in text).split())[:200]


def _address(name: str, address: str) -> Address:
    if one_line(address) != address or " " in address or not address.isascii():
        raise NotAnAddress("an address has no spaces, no line breaks and, until every server takes them, no accents")
    try:
        return Address(display_name=one_line(name), addr_spec=address)
    except (ValueError, IndexError, MessageError) as error:
        raise NotAnAddress("no mail address") from error


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("duolangue.notifications"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["kind"] = lambda part: type(part).__name__
    return environment.get_template("notifications/mail.html")
