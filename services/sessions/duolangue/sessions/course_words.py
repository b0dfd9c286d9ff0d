"""Words of courses that every language has by itself: the days of the week."""

from __future__ import annotations

from babel import Locale

from duolangue.chassis.web import spoken


def weekdays(language: str) -> dict[int, str]:
    """Monday (0) to Sunday (6), as they stand alone."""
    names = Locale.parse(spoken(language)).days["stand-alone"]["wide"]
    return {number: str(names[number]) for number in range(7)}
