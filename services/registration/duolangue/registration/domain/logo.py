"""The picture beside an association's name: which files are taken, known by what is in them and not by what they are called."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.contracts.vocabulary import EntityId
from duolangue.registration.domain.invalid import Invalid

MOST_BYTES: Final = 200 * 1024
MOST_PIXELS: Final = 2000
"""Of a side: a picture that claims more would only make a phone work."""
ONLY: Final = "logo"
"""An association has one; a new one takes its place."""

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_FRAMES: Final = frozenset({*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)})
"""JPEG markers that begin a frame and so tell its size (ITU-T T.81, table B.1)."""


class Logo(BaseModel):
    """A picture, as it was sent."""

    model_config = ConfigDict(frozen=True)

    id: EntityId = ONLY
    fingerprint: str
    kind: str
    """Its media type: image/png, image/jpeg or image/webp."""
    data: bytes
    kept_at: datetime


def taken(data: bytes, now: datetime) -> Logo:
    """A picture that can be shown.

    Raises:
        Invalid: there is none, it is too large, or it is no PNG, JPEG or WebP.
    """
    if not data:
        raise Invalid("file_missing", "Choose a file first.", field="logo")
    if len(data) > MOST_BYTES:
        raise Invalid("logo_too_large", "The picture has at most %(most)s KB.", field="logo", most=MOST_BYTES // 1024)
    for kind, size in (("image/png", _png(data)), ("image/jpeg", _jpeg(data)), ("image/webp", _webp(data))):
        if size is not None:
            if not all(1 <= side <= MOST_PIXELS for side in size):
                raise Invalid(
                    "logo_too_wide",
                    "The picture is at most %(most)s pixels wide and high.",
                    field="logo",
                    most=MOST_PIXELS,
                )
            return Logo(fingerprint=hashlib.sha256(data).hexdigest()[:32], kind=kind, data=data, kept_at=now)
    raise Invalid("logo_unreadable", "This is no PNG, JPEG or WebP picture.", field="logo")


def _png(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG (W3C PNG, 11.2.2: IHDR comes first)."""
    if not data.startswith(_PNG) or data[12:16] != b"IHDR" or b"IEND" not in data[-16:]:
        return None
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """Width and height of a JPEG: those of its first frame."""
    if not data.startswith(b"\xff\xd8\xff"):
        return None
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if marker in _FRAMES:
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        if length < 2:
            return None
        at += 2 + length
    return None


def _webp(data: bytes) -> tuple[int, int] | None:
    """Width and height of a WebP (RFC 9649, 2.5 to 2.7)."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) < 30:
        return None
    if data[12:16] == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if data[12:16] == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
    if data[12:16] == b"VP8L" and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None
