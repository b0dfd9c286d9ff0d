"""The picture beside an association's name: which files are taken. What is shown is drawn anew from it (`pictures`)."""

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
BOX: Final = (480, 144)
"""Width and height within which it is drawn, in pixels: three times as fine as the 36 that pages give it."""
ONLY: Final = "logo"
"""An association has one; a new one takes its place."""


class Logo(BaseModel):
    """A picture, as it is shown."""

    model_config = ConfigDict(frozen=True)

    id: EntityId = ONLY
    fingerprint: str
    kind: str
    """Its media type."""
    data: bytes
    kept_at: datetime


def sent(data: bytes) -> bytes:
    """The bytes of a file, if they are few enough to be looked at.

    Raises:
        Invalid: there are none, or too many.
    """
    if not data:
        raise Invalid("file_missing", "Choose a file first.", field="logo")
    if len(data) > MOST_BYTES:
        raise Invalid("logo_too_large", "The picture has at most %(most)s KB.", field="logo", most=MOST_BYTES // 1024)
    return data


def measured(width: int, height: int) -> None:
    """Refuse what says that it is larger than any logo.

    Raises:
        Invalid: it does.
    """
    if not all(1 <= side <= MOST_PIXELS for side in (width, height)):
        raise Invalid(
            "logo_too_wide", "The picture is at most %(most)s pixels wide and high.", field="logo", most=MOST_PIXELS
        )


def unreadable() -> Invalid:
    """What is told of a file that is no picture."""
    return Invalid("logo_unreadable", "This is no PNG, JPEG or WebP picture.", field="logo")


def kept(drawn: bytes, kind: str, now: datetime) -> Logo:
    """The picture as it was drawn anew."""
    return Logo(fingerprint=hashlib.sha256(drawn).hexdigest()[:32], kind=kind, data=drawn, kept_at=now)
