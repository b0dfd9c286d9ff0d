"""Pictures that people send: decoded and drawn anew, so that nothing of the file itself is ever shown to somebody else's browser."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from duolangue.registration.domain import logo

FORMATS: Final = ("PNG", "JPEG", "WEBP")
KIND: Final = "image/webp"
FAULTY: Final = (OSError, ValueError, SyntaxError, TypeError, IndexError, EOFError, struct.error, zlib.error)
"""What Pillow raises for a file that is no picture, or only its beginning is one."""


def redrawn(data: bytes) -> bytes:
    """The first picture in a file: upright, no larger than a page shows it, and without anything that was written beside it (place, camera,
    scripts).

    Raises:
        Invalid: the file is no picture that can be taken.
    """
    file = BytesIO(logo.sent(data))
    try:
        picture = Image.open(file, formats=FORMATS)
    except (*FAULTY, Image.DecompressionBombError) as error:
        raise logo.unreadable() from error
    logo.measured(*picture.size)
    with picture:
        try:
            upright = ImageOps.exif_transpose(picture)
            drawn = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
            drawn.thumbnail(logo.BOX, Image.Resampling.LANCZOS)
            fresh = BytesIO()
            drawn.save(fresh, "WEBP", quality=90, method=6, exif=b"", icc_profile=b"", xmp=b"")
        except FAULTY as error:
            raise logo.unreadable() from error
    return fresh.getvalue()
