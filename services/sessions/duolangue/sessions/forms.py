"""What people type in the forms of sessions."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form

from duolangue.sessions.domain.conversation import MinutesOutOfBounds

FormText = Annotated[str, Form(max_length=64)]


def minutes_typed(text: str) -> int:
    """Minutes as somebody typed them; no number is as wrong as too large a one."""
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit()) or len(plain) > len("600"):
        raise MinutesOutOfBounds("A conversation lasts between 1 and 600 minutes.", field="minutes")
    return int(plain)
