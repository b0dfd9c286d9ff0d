"""Around every request: a bound on its size, no foreign origin, strict headers, its time and its chain."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from duolangue.chassis.causality import within
from duolangue.chassis.metrics import Metrics

MOST_BYTES: Final = 6 * 1024 * 1024
METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
CHARSETS: Final = frozenset({"utf-8", "utf8", "us-ascii"})
"""In which what is sent is read; others can write characters that are none."""
UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Guard:
    """The outermost layer of a service's application."""

    def __init__(self, app: ASGIApp, metrics: Metrics, large: Mapping[str, int]) -> None:
        """`large`: addresses that take more than others, with how many bytes; a star at the end stands for whatever follows.

        What is too large even for one of these is refused by its page, in words.
        """
        self._app = app
        self._metrics = metrics
        self._large = large

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        started, status = time.perf_counter(), 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                outgoing = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    outgoing.setdefault(name, value)
                outgoing.setdefault("Cache-Control", "no-store")
            await send(message)

        larger = self._larger(scope["path"])
        most = larger or MOST_BYTES
        announced = _announced(headers)
        refusal = _refusal(scope, headers, None if larger else most)
        try:
            with within(trace=headers.get("traceparent")):
                if refusal:
                    await JSONResponse(
                        {"type": f"urn:duolangue:problem:{refusal[1]}", "status": refusal[0], "title": refusal[2]},
                        refusal[0],
                        media_type="application/problem+json",
                    )(scope, receive, answer)
                else:
                    await self._app(scope, _bounded(receive, most, announced), answer)
        finally:  # what nobody expected is answered further out, and must be counted all the same
            route = getattr(scope.get("route"), "path", "none")
            method = scope["method"] if scope["method"] in METHODS else "other"  # anybody can make one up
            self._metrics.request(method, route, status, time.perf_counter() - started)

    def _larger(self, path: str) -> int | None:
        """How many bytes an address takes that takes more than others; none for any other."""
        if path in self._large:
            return self._large[path]
        stars = (most for name, most in self._large.items() if name.endswith("*") and path.startswith(name[:-1]))
        return next(stars, None)


def _announced(headers: Headers) -> int:
    """How many bytes a request says it has; 0 where it does not say."""
    length = headers.get("content-length", "0")
    return int(length) if length.isdigit() else 0


def _too_large(most: int) -> str:
    return f"At most {most // 1024 // 1024} MB."


def _refusal(scope: Scope, headers: Headers, most: int | None) -> tuple[int, str, str] | None:
    if not headers.get("content-length", "0").isdigit() or (most is not None and _announced(headers) > most):
        return 413, "too_large", _too_large(most or MOST_BYTES)
    if scope["method"] in UNSAFE:
        origin = headers.get("origin")
        foreign = origin is not None and urlsplit(origin).netloc != headers.get("host", "")
        if foreign or headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
            return 403, "foreign_origin", "This form was not sent from our own pages."
        if _charset(headers.get("content-type", "")) not in CHARSETS:
            return 415, "unknown_charset", "Text is sent as UTF-8."
    return None


def _charset(content_type: str) -> str:
    parts = (part.partition("=") for part in content_type.lower().split(";")[1:])
    return next((value.strip(' "') for name, _, value in parts if name.strip() == "charset"), "utf-8")


def _bounded(receive: Receive, most: int, announced: int) -> Receive:
    read = 0
    if announced > most:

        async def refused() -> Message:
            raise HTTPException(413, _too_large(most))

        return refused

    async def bounded() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            raise HTTPException(413, _too_large(most))
        return message

    return bounded
