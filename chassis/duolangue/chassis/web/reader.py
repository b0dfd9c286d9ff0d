"""Which language somebody reads: what they chose by hand first, then what we know of them, then what their browser says."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse

from duolangue.chassis.web import cookies
from duolangue.chassis.web.languages import LANGUAGES, spoken

LANGUAGE_COOKIE: Final = "duo_language"
YEAR_SECONDS: Final = 365 * 24 * 3600
_LONGEST: Final = 2000


def chosen_language(request: Request) -> str:
    """The language somebody chose by hand in this browser; empty if none."""
    chosen = cookies.kept(request, LANGUAGE_COOKIE)
    return chosen if chosen in LANGUAGES else ""


def reader_language(request: Request) -> str:
    """The language of a page: chosen by hand, known of the person, asked for in the address, or by the browser."""
    known = getattr(request.state, "language", "")
    asked = request.query_params.get("lang", "")
    accepted = [
        part.split(";")[0].split("-")[0].strip() for part in request.headers.get("accept-language", "").split(",")
    ]
    return spoken(chosen_language(request), known, asked, *accepted)


def here(request: Request) -> str:
    """Where to come back to after the choice of a language: this page, or the one whose form was sent."""
    place = request.url
    if request.method not in {"GET", "HEAD"}:
        return local_path(request.headers.get("referer", "")) or place.path
    kept = [(name, value) for name, value in parse_qsl(place.query, keep_blank_values=True) if name != "lang"]
    return place.path + (f"?{urlencode(kept)}" if kept else "")


def local_path(wanted: str) -> str:
    """Path and query of an address on this very host; empty for anything a browser could take for another host."""
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return ""
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    printable = path.isascii() and path.isprintable() and "\\" not in path and " " not in path
    return path if printable and path.startswith("/") and not path.startswith("//") and len(path) < _LONGEST else ""


def router(prefix: str) -> APIRouter:
    """`<prefix>/language`: keep the choice for a year, and go back."""
    routes = APIRouter(include_in_schema=False)

    @routes.post(f"{prefix}/language")
    async def choose_language(
        request: Request, language: Annotated[str, Form()] = "", back: Annotated[str, Form()] = ""
    ) -> RedirectResponse:
        answer = RedirectResponse(local_path(back) or "/", 303)
        if language in LANGUAGES:
            cookies.keep(request, answer, LANGUAGE_COOKIE, language, YEAR_SECONDS)
        return answer

    return routes
