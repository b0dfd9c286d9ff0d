"""A file that was sent: as the body itself, or in a form's field `file`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import BinaryIO

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
        return await _chosen(form.get("file")).read(sheet.MOST_BYTES + 1)


@asynccontextmanager
async def file_of(request: Request) -> AsyncIterator[tuple[BinaryIO, str]]:
    """The file of a form, on disk when it is not small, and its name.

    Raises:
        sheet.NoSheet: the form holds no file.
    """
    async with request.form(max_files=1, max_fields=10) as form:
        sent = _chosen(form.get("file"))
        yield sent.file, sent.filename or ""


def _chosen(file: object) -> UploadFile:
    if not isinstance(file, UploadFile) or not (file.filename or file.size):
        raise sheet.NoSheet("file_missing", "Choose a file first.")
    return file
