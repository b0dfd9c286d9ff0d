"""A file that was sent: as the body itself, or in a form's field `file`."""

from __future__ import annotations

from fastapi import Request
from starlette.datastructures import UploadFile

from duolangue.registration.domain import sheet


async def body_of(request: Request) -> bytes:
    """The file's bytes; one byte more than is allowed at most, so that its size is refused in words.

    Raises:
        sheet.NoSheet: the form holds no file.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body()
    async with request.form(max_files=1, max_fields=10) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise sheet.NoSheet("file_missing", "Choose a file first.")
        return await file.read(sheet.MOST_BYTES + 1)
