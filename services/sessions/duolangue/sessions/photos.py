"""Photos that people hand in: decoded and drawn anew before they are stored, so that nothing of what a telephone writes in them stays.

A telephone writes where and when a photo was taken, sometimes a name: it concerns nobody, and people may be in danger by it.
"""

from __future__ import annotations

import asyncio
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import BinaryIO, Final

from PIL import Image, ImageOps

from duolangue.sessions.domain.homework import FileRefused

LONG_SIDE: Final = 3000
"""Pixels: handwriting on a whole page can be read, and more than that would only cost storage."""
MOST_PIXELS: Final = 80_000_000
"""Of what is decoded: a file that claims more could only make the service work."""
QUALITY: Final = 88
FORMATS: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_FAULTY: Final = (OSError, ValueError, SyntaxError, TypeError, IndexError, EOFError, struct.error, zlib.error)
"""What Pillow raises for a file that is no picture, or only its beginning is one."""
_HANDS: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="photos")
"""Photos that are drawn at once: a large one takes some 250 MB meanwhile."""


async def drawn_anew(file: BinaryIO, media_type: str) -> bytes:
    """The photo in a file, upright, as a file of the same type with nothing in it but the picture.

    Raises:
        FileRefused: it cannot be read, or claims to be larger than any photo.
    """
    return await asyncio.get_running_loop().run_in_executor(_HANDS, _drawn, file, FORMATS[media_type])


def _drawn(file: BinaryIO, kind: str) -> bytes:
    try:
        picture = Image.open(file, formats=(kind,))
        with picture:
            if kind == "JPEG":
                picture.draft("RGB", (LONG_SIDE, LONG_SIDE))  # decoded at a half or a quarter where that is enough
            if picture.width * picture.height > MOST_PIXELS:
                raise _too_large()
            upright = _eight_bits(ImageOps.exif_transpose(picture))
            plain = upright.convert("RGBA" if kind != "JPEG" and upright.has_transparency_data else "RGB")
            plain.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
            fresh = BytesIO()
            plain.info.clear()  # all that stood beside the picture
            plain.save(fresh, kind, quality=QUALITY)
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except _FAULTY as error:
        raise FileRefused("This photo cannot be read. Take it again, or choose another one.", field="file") from error
    return fresh.getvalue()


def _eight_bits(picture: Image.Image) -> Image.Image:
    """A grey picture of 16 bits, as scanners make them, in the 8 that can be shown; cut off, it would be white."""
    if not picture.mode.startswith("I"):
        return picture
    return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")


def _too_large() -> FileRefused:
    return FileRefused("This photo has too many pixels. Send a smaller one.", field="file")
