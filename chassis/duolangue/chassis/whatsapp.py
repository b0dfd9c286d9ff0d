"""Messages to hand over: links that open WhatsApp (https://faq.whatsapp.com/5913398998672934), and codes to show or print."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import segno

QUIET: Final = 4
"""The empty modules that ISO/IEC 18004 wants around a code."""


def wa_me(phone: str, text: str = "") -> str:
    """The address that opens a chat with a number (E.164), with a text ready to send."""
    digits = re.sub(r"\D", "", phone)
    return f"https://wa.me/{digits}" + (f"?text={quote(text, safe='')}" if text else "")


def qr_svg(address: str) -> bytes:
    """A QR code of an address, as an SVG image that needs nothing else.

    Raises:
        segno.DataOverflowError: the address is longer than a code can hold.
    """
    image = io.BytesIO()
    segno.make(address, error="l", micro=False, boost_error=False).save(
        image, kind="svg", scale=4, border=4, light="#fff"
    )
    return image.getvalue()


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code as a page draws it: `<svg viewBox="0 0 size size"><path d="..."/></svg>`, in modules."""

    size: int
    path: str


@dataclass(frozen=True, slots=True)
class ReadyMessage:
    """A message that a coordinator hands over: as a chat to open, as text to copy, as a code to show."""

    text: str
    whatsapp: str
    """Empty where there is no telephone number."""
    code: Code
    """Opens the message's link."""


def drawn(address: str) -> Code:
    """A QR code of an address, for a page that keeps it nowhere.

    Raises:
        segno.DataOverflowError: the address is longer than a code can hold.
    """
    made = segno.make(address, error="l", micro=False, boost_error=False)
    rows = [list(row) for row in made.matrix_iter(border=QUIET)]
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return Code(len(rows), path)


def ready_message(text: str, link: str, phone: str = "") -> ReadyMessage:
    """A message that holds a link, ready to be handed over to whoever has this number (E.164), if any."""
    return ReadyMessage(text, wa_me(phone, text) if phone else "", drawn(link))
