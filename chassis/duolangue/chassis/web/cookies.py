"""What a browser keeps for us: out of reach of scripts and of other sites. Where the platform has HTTPS, the name of a cookie says so
(RFC 6265bis, 4.1.3): a browser takes `__Host-` from this very host alone and `__Secure-` over HTTPS alone, so that no neighbour under the
same domain, and nobody on the wire, plants one.
"""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response


def kept(request: Request, name: str, path: str = "/") -> str:
    """What the browser keeps under this name for addresses below a path; empty where it keeps nothing."""
    return request.cookies.get(_named(request, name, path), "")


def keep(request: Request, answer: Response, name: str, value: str, seconds: int, path: str = "/") -> None:
    """Have the browser keep something for so many seconds."""
    answer.set_cookie(
        _named(request, name, path),
        value,
        max_age=seconds,
        path=path,
        httponly=True,
        samesite="lax",
        secure=_secure(request),
    )


def forget(request: Request, answer: Response, name: str, path: str = "/") -> None:
    """Have the browser forget it."""
    keep(request, answer, name, "", 0, path)


def _secure(request: Request) -> bool:
    url: str = request.app.state.foundation.settings.public_url
    return url.startswith("https:")


def _named(request: Request, name: str, path: str) -> str:
    if not _secure(request):
        return name
    return f"__Host-{name}" if path == "/" else f"__Secure-{name}"
