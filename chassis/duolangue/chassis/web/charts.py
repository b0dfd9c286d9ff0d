"""Charts as numbers that a template draws: bars side by side, and lines over weeks or months. Mirrored where people read from the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 600
HEIGHT: Final = 180
FULL: Final = 100.0
STEPS: Final = (1, 2, 5)
"""Of a scale: times a power of ten."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, of a hundred units at most."""

    value: float | None
    """None where there is nothing to tell."""
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Lines:
    """Several courses over the same weeks or months."""

    points: tuple[str, ...]
    """For a polyline each."""
    levels: tuple[tuple[float, int], ...]
    """Where a line across stands, and for which number."""
    width: int = WIDTH
    height: int = HEIGHT


def bars(values: Sequence[float | None], *, mirrored: bool, full: float | None = None) -> list[Bar]:
    """Bars from the side where reading begins; the longest is as long as can be, or `full` is."""
    lengths = [value or 0.0 for value in values]
    most = full or max(lengths, default=0.0) or 1.0
    widths = [round(FULL * min(1.0, max(0.0, length) / most), 2) for length in lengths]
    return [
        Bar(value, round(FULL - width, 2) if mirrored else 0.0, width)
        for value, width in zip(values, widths, strict=True)
    ]


def lines(courses: Sequence[Sequence[int]], *, mirrored: bool) -> Lines:
    """A line for each course, from nothing to the next round number above the most."""
    top = _rounded(max((value for course in courses for value in course), default=0))
    weeks = max(1, max(map(len, courses), default=1) - 1)

    def point(week: int, value: int) -> str:
        across = WIDTH * week / weeks
        return f"{WIDTH - across if mirrored else across:.1f},{HEIGHT - HEIGHT * value / top:.1f}"

    drawn = tuple(" ".join(point(week, value) for week, value in enumerate(course)) for course in courses)
    half = ((HEIGHT / 2, top // 2),) if top % 2 == 0 else ()
    return Lines(drawn, ((0.0, top), *half, (float(HEIGHT), 0)))


def _rounded(most: int) -> int:
    unit = 1
    while True:
        for step in STEPS:
            if step * unit >= most:
                return step * unit
        unit *= 10
