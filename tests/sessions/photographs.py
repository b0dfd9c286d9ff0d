"""Photos as telephones take them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

LIEGE = "Rue Pierreuse 23"


def photo(kind: str = "JPEG", width: int = 40, height: int = 20) -> bytes:
    """A photo taken lying down, green on its left, with all that a telephone writes beside it."""
    picture = Image.new("RGB", (width, height), "white")
    picture.paste("green", (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, LIEGE
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[29] = LIEGE
    file = BytesIO()
    more: dict[str, Any] = {"pnginfo": PngInfo()} if kind == "PNG" else {"xmp": LIEGE.encode()}
    if kind == "PNG":
        more["pnginfo"].add_text("Comment", LIEGE)
    picture.save(file, kind, exif=exif, **more)
    return file.getvalue()


PHOTO = photo()
