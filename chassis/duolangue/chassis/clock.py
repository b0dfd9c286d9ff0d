"""What time it is. Passed in everywhere, so that the demo and the tests can move it, in all processes alike."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

LOOK_SECONDS: Final = 0.02
"""How often the file of a shifted clock is looked at."""


class Clock(Protocol):
    """Tells the time, in UTC."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)


class ShiftedClock:
    """The machine's clock plus a number of seconds kept in a file, so that several processes move together.

    The file holds one decimal number; an absent file means no shift.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: tuple[int, float] = (-1, 0.0)
        self._looked = -LOOK_SECONDS

    def now(self) -> datetime:
        """The present moment, moved by what the file says."""
        return datetime.now(UTC) + timedelta(seconds=self._offset())

    def move_to(self, moment: datetime) -> None:
        """Move every clock on this file to `moment`; time then runs on from there."""
        offset = (moment - datetime.now(UTC)).total_seconds()
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{offset:.3f}")
        fresh.replace(self._file)
        self._looked = -LOOK_SECONDS

    def _offset(self) -> float:
        if time.monotonic() - self._looked < LOOK_SECONDS:
            return self._seen[1]
        self._looked = time.monotonic()
        try:
            stamp = self._file.stat().st_mtime_ns
        except FileNotFoundError:
            return 0.0
        if stamp != self._seen[0]:
            self._seen = (stamp, float(self._file.read_text() or 0))
        return self._seen[1]


def clock_from(file: Path | None) -> Clock:
    """The clock a service uses: the machine's, or a shifted one where a file is set."""
    return ShiftedClock(file) if file else SystemClock()
