"""Who may: coordinators by their token, participants by an action link. What is not allowed here is forbidden."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Generic, TypeVar
from urllib.parse import quote

import structlog
from fastapi import HTTPException, Request

from duolangue.chassis.identity import Access, Coordinator, TokenRefused
from duolangue.chassis.web import cookies
from duolangue.chassis.web.problems import is_api
from duolangue.chassis.web.reader import chosen_language
from duolangue.contracts.links import Purpose

ACCESS_COOKIE: Final = "duo_access"
SESSION_COOKIE: Final = "duo_session"
"""Registration's: from it comes a fresh token."""
PortsT = TypeVar("PortsT")


@dataclass(frozen=True, slots=True)
class Desk(Generic[PortsT]):
    """A coordinator at work, with the ports of their own association and no other."""

    coordinator: Coordinator
    ports: PortsT

    @property
    def language(self) -> str:
        """The coordinator's language."""
        return self.coordinator.language


@dataclass(frozen=True, slots=True)
class ActionLink(Generic[PortsT]):
    """A link that somebody opened: what it allows, with the ports of its association."""

    association: str
    entity: str
    person: str
    scope: str
    language: str
    expires: datetime
    ports: PortsT


class Renewal(HTTPException):
    """A page's token is over: registration makes a new one and sends the browser back, form and all."""

    def __init__(self, request: Request) -> None:
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        super().__init__(307, headers={"Location": f"/session/renew?next={quote(back, safe='')}"})


def desk(needed: Access) -> Callable[[Request], Awaitable[Desk[Any]]]:
    """A dependency that lets in coordinators with at least this access. The association comes from the token alone."""

    async def enter(request: Request) -> Desk[Any]:
        token = _bearer(request) or cookies.kept(request, ACCESS_COOKIE)
        try:
            if not token:
                raise TokenRefused("expired")
            coordinator = await request.app.state.keys.coordinator(token)
        except TokenRefused as refusal:
            if refusal.code in {"expired", "revoked"} and not _bearer(request) and not _programmatic(request):
                raise Renewal(request) from refusal
            raise HTTPException(
                401, f"Sign in first (the token is {refusal.code}).", {"WWW-Authenticate": "Bearer"}
            ) from refusal
        coordinator = replace(coordinator, language=chosen_language(request) or coordinator.language)
        request.state.coordinator = coordinator
        request.state.language = coordinator.language
        if not coordinator.access.covers(needed):
            raise HTTPException(403, f"This needs the access {needed.value!r}.")
        structlog.contextvars.bind_contextvars(association=coordinator.association, coordinator=coordinator.id)
        return Desk(coordinator, request.app.state.ports(coordinator.association))

    return enter


def opened(*purposes: Purpose) -> Callable[[Request, str], Awaitable[ActionLink[Any]]]:
    """A dependency that opens the action link whose token is in the path, if it was made for one of the purposes."""

    async def open_link(request: Request, token: str) -> ActionLink[Any]:
        claims = await request.app.state.keys.link(token, *purposes)
        language = chosen_language(request) or claims.language
        request.state.language = language
        request.state.problem = f"{Purpose.REPORT_PROBLEM.path}/{token}"
        structlog.contextvars.bind_contextvars(association=claims.association, purpose=claims.purpose.value)
        return ActionLink(
            claims.association,
            claims.entity,
            claims.person,
            claims.scope,
            language,
            claims.expires,
            request.app.state.ports(claims.association),
        )

    return open_link


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _programmatic(request: Request) -> bool:
    """An API call without a session to renew from is answered 401; one from a signed-in browser is renewed like a page."""
    return is_api(request) and not cookies.kept(request, SESSION_COOKIE)
