"""The list of erasures that is kept outside the database: what a restored backup still holds is erased again from it. Opaque ids only."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from duolangue.registration.domain.erasure import Cause


class FileJournal:
    """Lines of JSON in a file that is only added to; without a file nothing is written."""

    def __init__(self, file: Path | None, association: str) -> None:
        self._file = file
        self._association = association

    async def note(self, participant: str, cause: Cause, at: datetime) -> None:
        """Somebody was erased. Returns once it is on the disk.

        Raises:
            OSError: it could not be written; the erasure is then taken up again.
        """
        if self._file is not None:
            line = {
                "association": self._association,
                "participant": participant,
                "cause": cause.value,
                "at": at.isoformat(),
            }
            await asyncio.to_thread(append, self._file, [json.dumps(line)])


def append(file: Path, lines: list[str]) -> None:
    """Add lines, each whole even when several processes write at once."""
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, "".join(f"{line}\n" for line in lines).encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(file: Path) -> Iterator[tuple[str, str]]:
    """Association and participant of each erasure, once each; a line that was cut off by a crash is skipped."""
    seen: set[tuple[str, str]] = set()
    if not file.is_file():
        return
    for text in file.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            line = json.loads(text)
            found = (str(line["association"]), str(line["participant"]))
        except (ValueError, KeyError, TypeError):
            continue
        if found not in seen:
            seen.add(found)
            yield found
