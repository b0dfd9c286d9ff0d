"""What registration keeps in a browser: out of reach of scripts and of other sites, and for HTTPS alone where the platform has it."""

from __future__ import annotations

from typing import Final

from fastapi import Request
from fastapi.responses import Response

from duolangue.chassis.identity.tokens import ACCESS_MINUTES
from duolangue.chassis.web.access import ACCESS_COOKIE
from duolangue.registration.domain.session import SESSION_HOURS
from duolangue.registration.usecases.sessions import SignedIn

SESSION_COOKIE: Final = "duo_session"
BROWSER_COOKIE: Final = "duo_browser"
KNOWN_COOKIE: Final = "duo_known"
KNOWN_SECONDS: Final = 365 * 24 * 3600


def keep(request: Request, answer: Response, name: str, value: str, seconds: int) -> None:
    """Have the browser keep something for so many seconds."""
    secure = request.app.state.foundation.settings.public_url.startswith("https:")
    answer.set_cookie(name, value, max_age=seconds, httponly=True, samesite="lax", secure=secure)


def keep_signed_in(request: Request, answer: Response, signed_in: SignedIn) -> None:
    """Have the browser keep what it holds after signing in."""
    keep(request, answer, SESSION_COOKIE, signed_in.session, SESSION_HOURS * 3600)
    if signed_in.access:
        keep(request, answer, ACCESS_COOKIE, signed_in.access, ACCESS_MINUTES * 60)
    else:
        answer.delete_cookie(ACCESS_COOKIE)
    if signed_in.known:
        keep(request, answer, KNOWN_COOKIE, signed_in.known, KNOWN_SECONDS)


def forget_signed_in(answer: Response) -> None:
    """Have the browser forget it."""
    answer.delete_cookie(SESSION_COOKIE)
    answer.delete_cookie(ACCESS_COOKIE)
