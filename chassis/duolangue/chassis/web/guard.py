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
        """`large`: addresses that take more than others, with how many bytes."""
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

        most = self._large.get(scope["path"], MOST_BYTES)
        refusal = _refusal(scope, headers, most)
        with within(trace=headers.get("traceparent")):
            if refusal:
                await JSONResponse(
                    {"type": f"urn:duolangue:problem:{refusal[1]}", "status": refusal[0], "title": refusal[2]},
                    refusal[0],
                    media_type="application/problem+json",
                )(scope, receive, answer)
            else:
                await self._app(scope, _bounded(receive, most), answer)
        route = getattr(scope.get("route"), "path", "none")
        method = scope["method"] if scope["method"] in METHODS else "other"  # anybody can make one up
        self._metrics.request(method, route, status, time.perf_counter() - started)


def _too_large(most: int) -> str:
    return f"At most {most // 1024 // 1024} MB."


def _refusal(scope: Scope, headers: Headers, most: int) -> tuple[int, str, str] | None:
    length = headers.get("content-length", "0")
    if not length.isdigit() or int(length) > most:
        return 413, "too_large", _too_large(most)
    if scope["method"] in UNSAFE:
        origin = headers.get("origin")
        foreign = origin is not None and urlsplit(origin).netloc != headers.get("host", "")
        if foreign or headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
            return 403, "foreign_origin", "This form was not sent from our own pages."
    return None


def _bounded(receive: Receive, most: int) -> Receive:
    read = 0

    async def bounded() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            raise HTTPException(413, _too_large(most))
        return message

    return bounded
