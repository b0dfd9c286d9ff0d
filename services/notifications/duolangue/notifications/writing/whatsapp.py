"""Links that open WhatsApp (https://faq.whatsapp.com/5913398998672934), and codes to print."""

from __future__ import annotations

import io
import re
from urllib.parse import quote

import segno


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
