"""What people type in the forms of sessions."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Form

from duolangue.chassis.decision import RuleBroken
from duolangue.sessions.domain.conversation import MinutesOutOfBounds

FormText = Annotated[str, Form(max_length=64)]


class NoDay(RuleBroken):
    """Text that is no day."""

    code = "no_day"


def day_typed(text: str, field: str) -> date:
    """A day as a browser sends it, as in 2026-12-24.

    Raises:
        NoDay: it is none.
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise NoDay("Choose a day.", field=field) from error


def minutes_typed(text: str) -> int:
    """Minutes as somebody typed them; no number is as wrong as too large a one."""
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit()) or len(plain) > len("600"):
        raise MinutesOutOfBounds("A conversation lasts between 1 and 600 minutes.", field="minutes")
    return int(plain)
