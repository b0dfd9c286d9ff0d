"""What a file is, by its content: what it is called, or said to be, decides nothing. Photos, recordings and plain text are known; no other."""

from __future__ import annotations

import codecs
from typing import BinaryIO, Final

import filetype

from duolangue.sessions.domain.homework import FileRefused, Form

SEEN: Final = 8192
"""How many of its first bytes are looked at; of a text all of them."""
PIECE: Final = 256 * 1024
_FORMS: Final = {
    "image/jpeg": Form.PHOTO,
    "image/png": Form.PHOTO,
    "image/webp": Form.PHOTO,
    "audio/mpeg": Form.AUDIO,
    "audio/mp4": Form.AUDIO,
    "audio/ogg": Form.AUDIO,
    "audio/x-wav": Form.AUDIO,
    "audio/aac": Form.AUDIO,
    "audio/amr": Form.AUDIO,
    "audio/x-flac": Form.AUDIO,
}
_CONTAINERS: Final = {"video/mp4": "audio/mp4", "video/webm": "audio/webm", "video/3gpp": "audio/3gpp"}
"""What phones also write recordings in: taken where it is said to be a recording, and given back as one."""
_UNSAID: Final = frozenset(
    {"", "application/octet-stream", "binary/octet-stream", "application/ogg", "application/mp4"}
)
"""What says nothing of whether it is a photo, a recording or a text."""
_ALLOWED: Final = "\n\r\t\u200c\u200d\u200e\u200f\u2028\u00a0\u202f"
"""Of what is not printable."""
_MARKUP: Final = ("<!doctype", "<html", "<svg", "<?xml", "<script", "<!--", "<head", "<body", "%pdf", "#!", "{\\rtf")
_ENDINGS: Final = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "audio/mpeg": "mp3", "audio/mp4": "m4a",
    "audio/ogg": "ogg", "audio/x-wav": "wav", "audio/aac": "aac", "audio/amr": "amr", "audio/x-flac": "flac", "audio/webm": "webm",
    "audio/3gpp": "3gp", "text/plain": "txt",
}  # fmt: skip
ACCEPTED: Final = "image/jpeg,image/png,image/webp,audio/*,text/plain"
"""What a browser offers to choose: a telephone whose photos are HEIC makes JPEG of them for it."""
HEIC: Final = frozenset({"image/heic", "image/heif", "image/avif"})
"""Photos that are not read here, so that what a telephone wrote in them could not be taken out."""


def examined(beginning: bytes, said: str) -> tuple[Form, str]:
    """In which form a file is handed in, and its media type, from its first `SEEN` bytes; `said` is what the browser calls it.

    Raises:
        FileRefused: it is empty, nothing of what is taken, or not what it says.
    """
    if not beginning:
        raise FileRefused("This file is empty.", field="file")
    form: Form | None = None
    if _plain_text(beginning):
        form, kind = Form.TEXT, "text/plain"
    else:
        found = filetype.guess(beginning[:SEEN])
        kind = found.mime if found is not None else ""
        form = _FORMS.get(kind)
    if kind in _CONTAINERS and said.startswith("audio/"):
        return Form.AUDIO, _CONTAINERS[kind]
    if kind in HEIC:
        raise FileRefused(
            "This kind of photo (HEIC) keeps the place where it was taken. Send it as JPEG, or as a picture of the screen.",
            field="file",
        )
    if form is None:
        raise FileRefused("This is no photo, no recording and no text: choose another file.", field="file")
    if said not in _UNSAID and said.partition("/")[0] != kind.partition("/")[0] and not _ogg(kind, said):
        raise FileRefused("This file is not what its name says: choose another one.", field="file")
    return form, kind


def all_text(file: BinaryIO) -> None:
    """A file that begins as text is text to its end.

    Raises:
        FileRefused: something else follows.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    while piece := file.read(PIECE):
        if (text := _decoded(decoder, piece)) is None or not _readable(text):
            raise FileRefused("This file is not what its name says: choose another one.", field="file")
    file.seek(0)


def ending(media_type: str) -> str:
    """The ending of a file's name when it is given out."""
    return _ENDINGS[media_type]


def _ogg(kind: str, said: str) -> bool:
    """Browsers call a recording in Ogg a video, too."""
    return kind == "audio/ogg" and said == "video/ogg"


def _plain_text(beginning: bytes) -> bool:
    """Whether these bytes are UTF-8 without control characters, and no markup or script. The last letter may be cut in two."""
    text = _decoded(codecs.getincrementaldecoder("utf-8-sig")(), beginning[:SEEN])
    return text is not None and _readable(text) and not text.lstrip().lower().startswith(_MARKUP)


def _decoded(decoder: codecs.IncrementalDecoder, some: bytes) -> str | None:
    try:
        return decoder.decode(some)
    except UnicodeDecodeError:
        return None


def _readable(text: str) -> bool:
    return all(letter.isprintable() or letter in _ALLOWED for letter in text)
