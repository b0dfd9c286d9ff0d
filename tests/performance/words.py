"""What the benches print with."""

from __future__ import annotations

import os


def say(line: str) -> None:
    """A line, at once."""
    print(line, flush=True)  # noqa: T201


def word(met: bool) -> str:
    """Whether a bar is met."""
    return "met" if met else "MISSED"


def load() -> str:
    """How busy the machine is, by whoever."""
    return f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
