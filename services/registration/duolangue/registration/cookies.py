"""What registration keeps in a browser that signs in."""

from __future__ import annotations

from typing import Final

from fastapi import Request
from fastapi.responses import Response

from duolangue.chassis.identity.tokens import ACCESS_MINUTES
from duolangue.chassis.web.access import ACCESS_COOKIE, SESSION_COOKIE
from duolangue.chassis.web.cookies import forget, keep, kept
from duolangue.registration.domain.session import SESSION_HOURS
from duolangue.registration.usecases.sessions import SignedIn

BROWSER_COOKIE: Final = "duo_browser"
KNOWN_COOKIE: Final = "duo_known"
KNOWN_SECONDS: Final = 365 * 24 * 3600


def session_of(request: Request) -> str:
    """The session's token; empty for who is not signed in."""
    return kept(request, SESSION_COOKIE)


def keep_signed_in(request: Request, answer: Response, signed_in: SignedIn) -> None:
    """Have the browser keep what it holds after signing in."""
    keep(request, answer, SESSION_COOKIE, signed_in.session, SESSION_HOURS * 3600)
    if signed_in.access:
        keep(request, answer, ACCESS_COOKIE, signed_in.access, ACCESS_MINUTES * 60)
    else:
        forget(request, answer, ACCESS_COOKIE)
    if signed_in.known:
        keep(request, answer, KNOWN_COOKIE, signed_in.known, KNOWN_SECONDS)


def forget_signed_in(request: Request, answer: Response) -> None:
    """Have the browser forget it."""
    forget(request, answer, SESSION_COOKIE)
    forget(request, answer, ACCESS_COOKIE)
