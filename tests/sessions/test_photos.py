"""What is kept of a photo that somebody hands in."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from duolangue.sessions import photos
from duolangue.sessions.domain.homework import FileRefused

from .photographs import LIEGE, photo


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_nothing_that_a_telephone_wrote_beside_a_photo_is_kept(kind: str) -> None:
    sent = photo(kind, 4000, 1000)
    assert LIEGE.encode() in sent or kind == "PNG"
    drawn = await photos.drawn_anew(BytesIO(sent), f"image/{kind.lower()}")
    assert LIEGE.encode() not in drawn
    with Image.open(BytesIO(drawn)) as picture:
        assert (picture.size, dict(picture.getexif())) == ((750, 3000), {})
        assert not {"exif", "xmp", "comment", "Comment", "icc_profile"} & picture.info.keys()


async def test_a_photo_that_breaks_off_or_claims_too_much_is_refused() -> None:
    broken = BytesIO(photo()[:200])
    with pytest.raises(FileRefused, match="cannot be read"):
        await photos.drawn_anew(broken, "image/jpeg")
    chunks = (b"IHDR" + struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0), b"IDAT" + zlib.compress(b""), b"IEND")
    framed = (struct.pack(">I", len(each) - 4) + each + struct.pack(">I", zlib.crc32(each)) for each in chunks)
    vast = b"\x89PNG\r\n\x1a\n" + b"".join(framed)
    with pytest.raises(FileRefused, match="too many pixels"):
        await photos.drawn_anew(BytesIO(vast), "image/png")


async def test_a_grey_picture_of_sixteen_bits_keeps_its_greys() -> None:
    scanned = BytesIO()
    Image.new("I;16", (64, 48), 20_000).save(scanned, "PNG")
    drawn = await photos.drawn_anew(BytesIO(scanned.getvalue()), "image/png")
    with Image.open(BytesIO(drawn)) as picture:
        assert picture.convert("L").getpixel((1, 1)) == 20_000 // 256
