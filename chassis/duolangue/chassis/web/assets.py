"""The files that pages bring along: one style sheet over Pico.css, htmx for the desk, a script for passkeys, the mark. Kept in memory, small.

Their address carries a hash of their content, so that a browser keeps them for a year and still sees a change at once.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

_PACKAGE: Final = "duolangue.chassis.web"
_YEAR: Final = "public, max-age=31536000, immutable"
_HOUR: Final = "public, max-age=3600"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it goes over the wire."""

    content: bytes
    small: bytes
    """The same, compressed with gzip."""
    media_type: str
    version: str


@cache
def assets() -> dict[str, Asset]:
    """Every file by its name. Our style sheet stands above Pico's by a cascade layer: whatever we say wins."""
    pico = _read("vendor/pico/pico.min.css").removeprefix('@charset "UTF-8";')
    return {
        "duo.css": _asset(f"@layer pico{{{pico}}}\n{_read('duo.css')}", "text/css; charset=utf-8"),
        "duo.svg": _asset(_read("duo.svg"), "image/svg+xml"),
        "passkeys.js": _asset(_read("passkeys.js"), "text/javascript; charset=utf-8"),
        "htmx.js": _asset(_read("vendor/htmx/htmx.min.js"), "text/javascript; charset=utf-8"),
    }


def address(prefix: str, name: str) -> str:
    """Where a page finds a file; fails for a name that is none."""
    return f"{prefix}/static/{name}?v={assets()[name].version}"


async def serve(scope: Scope, receive: Receive, send: Send) -> None:
    """The application behind `<prefix>/static`."""
    found = assets().get(scope["path"].rpartition("/static/")[2])
    if found is None or scope["method"] not in {"GET", "HEAD"}:
        await PlainTextResponse("Not found", 404, {"Cache-Control": "no-store"})(scope, receive, send)
        return
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("v", [""])[0]
    headers = {
        "Cache-Control": _YEAR if asked == found.version else _HOUR,
        "ETag": f'"{found.version}"',
        "Vary": "Accept-Encoding",
    }
    wishes = Headers(scope=scope)
    if headers["ETag"] in wishes.get("if-none-match", ""):
        answer = Response(status_code=304, headers=headers)
    elif "gzip" in wishes.get("accept-encoding", ""):
        answer = Response(found.small, headers=headers | {"Content-Encoding": "gzip"}, media_type=found.media_type)
    else:
        answer = Response(found.content, headers=headers, media_type=found.media_type)
    await answer(scope, receive, send)


def _read(name: str) -> str:
    return resources.files(_PACKAGE).joinpath("static", *name.split("/")).read_text(encoding="utf-8")


def _asset(text: str, media_type: str) -> Asset:
    content = text.encode()
    version = hashlib.sha256(content).hexdigest()[:12]
    return Asset(content, gzip.compress(content, 9, mtime=0), media_type, version)
