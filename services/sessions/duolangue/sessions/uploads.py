"""A form with a file in it, and a file that is given out: always to be kept, never shown within a page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from fastapi import Request
from fastapi.responses import Response, StreamingResponse
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from duolangue.sessions import file_types, photos
from duolangue.sessions.domain.homework import MOST_BYTES, FileRefused, Form, Part
from duolangue.sessions.usecases.homework import FileSent

LARGEST: Final = MOST_BYTES + 64 * 1024
"""Of a request with a file: the file, and what a form needs around it. More is refused while it comes, before anything is stored."""
MOST_FIELDS: Final = 10


@dataclass(slots=True)
class FormSent:
    """The fields of a form, and its file; none where nobody chose one."""

    texts: dict[str, str] = field(default_factory=dict)
    file: FileSent | None = None


@asynccontextmanager
async def form_of(request: Request) -> AsyncIterator[FormSent]:
    """A form that may have a file in it, in its field `file`.

    Raises:
        FileRefused: the file is too large, empty, nothing that is taken, or not what it says.
    """
    try:
        sent = request.form(max_files=1, max_fields=MOST_FIELDS)
        async with sent as form:
            texts = {name: value for name, value in form.items() if isinstance(value, str)}
            file = form.get("file")
            chosen = file if isinstance(file, UploadFile) and (file.filename or file.size) else None
            yield FormSent(texts, await _examined(chosen) if chosen else None)
    except HTTPException as error:
        if error.status_code != 413:
            raise
        raise too_large() from error


def too_large() -> FileRefused:
    """The sentence for a file of more than 20 MB."""
    return FileRefused(
        "This file is too large: 20 MB at most. A shorter recording or a smaller photo is fine.", field="file"
    )


def given_out(part: Part, pieces: AsyncIterator[bytes]) -> Response:
    """A file to keep: whatever it is, a browser stores it and runs nothing of it."""
    name = f"homework-{part.at:%Y-%m-%d}.{file_types.ending(part.media_type)}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(part.bytes),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    kind = f"{part.media_type}; charset=utf-8" if part.media_type == "text/plain" else part.media_type
    return StreamingResponse(pieces, media_type=kind, headers=headers)


async def _examined(file: UploadFile) -> FileSent:
    if (file.size or 0) > MOST_BYTES:
        raise too_large()
    beginning = await file.read(file_types.SEEN)
    form, kind = file_types.examined(beginning, file.content_type or "")
    await file.seek(0)
    if kind in photos.FORMATS:
        drawn = await photos.drawn_anew(file.file, kind)
        return FileSent(form, kind, _whole(drawn))
    if form is Form.TEXT:
        await asyncio.to_thread(file_types.all_text, file.file)
    return FileSent(form, kind, _pieces(file))


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(file_types.PIECE):
        yield piece
