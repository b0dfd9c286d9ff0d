"""The three questions as forms have them."""

from __future__ import annotations

from typing import Final

from duolangue.sessions.domain.story import Question

SCALE: Final = (1, 2, 3, 4, 5)
"""From not at all to very much."""


def answers_typed(**typed: str) -> dict[Question, int | None]:
    """The three answers as a form has them: a digit, or nothing. Anything else is none of the five, and refused as such."""
    return {
        Question(name): None if not text else int(text) if text in set("0123456789") else 0
        for name, text in typed.items()
    }
