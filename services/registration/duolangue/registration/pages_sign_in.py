"""Pages of signing in, choosing a desk, renewing and signing out; and the home page that leads there."""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi import APIRouter, BackgroundTasks, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duolangue.chassis.store import Absent
from duolangue.chassis.web import page, reader_language
from duolangue.chassis.web.cookies import forget, keep, kept
from duolangue.chassis.web.network import network_of
from duolangue.contracts.vocabulary import SLUG_PATTERN
from duolangue.registration import usecases
from duolangue.registration.cookies import (
    BROWSER_COOKIE,
    KNOWN_COOKIE,
    forget_signed_in,
    keep_signed_in,
    session_of,
)
from duolangue.registration.domain import session, sign_in
from duolangue.registration.domain.association import PLATFORM
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.sign_in import HANDED_MINUTES, CodeRefused, LinkRefused
from duolangue.registration.ports import PortsOf
from duolangue.registration.usecases import Asking
from duolangue.registration.usecases.sessions import SignedIn

router = APIRouter(tags=["sign-in"], include_in_schema=False)
LANDING: Final = "/desk"
PLATFORM_LANDING: Final = "/platform"
CHOICE: Final = "/sign-in/choice"
CODE: Final = "/sign-in/code"
LONGEST_SLUG: Final = 100
At = Annotated[str, Query(max_length=LONGEST_SLUG)]
"""For which association somebody came: its name and picture stand on top. It opens nothing."""


def ports_of(request: Request) -> PortsOf:
    """The ports of any association: nobody has signed in yet, the link or the cookie says whose it is."""
    ports: PortsOf = request.app.state.ports
    return ports


@router.get("/")
async def home(request: Request) -> HTMLResponse:
    """What this is, and where to go."""
    return page(request, "registration/home.html", reader_language(request))


@router.get("/sign-in")
async def ask_address(request: Request, at: At = "") -> HTMLResponse:
    """Which address?"""
    return await sign_in_page(request, at)


async def sign_in_page(request: Request, at: str = "", *, fault: Invalid | None = None) -> HTMLResponse:
    """Where somebody says who they are, or shows a passkey; with what was wrong with that. Who came for an association finds its name."""
    platform, looks = ports_of(request)(PLATFORM), await _looks(at, ports_of(request))
    accounts = await usecases.accounts_to_choose(platform)
    return page(
        request,
        "registration/sign_in.html",
        reader_language(request),
        status=403 if fault else 200,
        accounts=[each for each in accounts if looks["at"] in {"", each.id}],
        party=platform.authenticators.party,
        fault=fault,
        **looks,
    )


async def _looks(association: str, ports_of: PortsOf) -> dict[str, str]:
    """The association's name and picture, where there is such a one: they stand on its sign-up for everybody."""
    if not re.fullmatch(SLUG_PATTERN, association) or association == PLATFORM:
        return {"at": ""}
    try:
        own = await ports_of(association).own()
    except Absent:
        return {"at": ""}
    return {"at": own.id, "brand": own.name, "brand_logo": own.logo_path}


@router.post("/sign-in")
async def send_code(
    request: Request,
    work: BackgroundTasks,
    email: Annotated[str, Form(max_length=254)],
    at: Annotated[str, Form(max_length=LONGEST_SLUG)] = "",
) -> RedirectResponse:
    """The same answer, as fast, whether the address is known or not: the mail leaves after it."""
    browser = kept(request, BROWSER_COOKIE) or sign_in.fresh_secret()
    trusted = request.app.state.foundation.settings.trusted_proxies
    asking = Asking(browser, network_of(request, trusted), kept(request, KNOWN_COOKIE))
    work.add_task(usecases.start_sign_in, email.strip(), asking, ports_of(request))
    answer = RedirectResponse(_with(CODE, at), 303, background=work)
    keep(request, answer, BROWSER_COOKIE, browser, HANDED_MINUTES * 60)
    return answer


@router.get(CODE)
async def ask_code(request: Request, at: At = "") -> HTMLResponse:
    """Which code?"""
    return await _code_page(request, at)


@router.post(CODE)
async def use_code(request: Request, code: Annotated[str, Form(max_length=40)] = "", at: At = "") -> Response:
    """Sign in."""
    try:
        signed_in = await usecases.finish_with_code(
            code, kept(request, BROWSER_COOKIE), ports_of(request), _device(request)
        )
    except CodeRefused as fault:
        return await _code_page(request, at, typed=code, fault=fault)
    return entered(request, signed_in)


async def _code_page(request: Request, at: str, typed: str = "", fault: CodeRefused | None = None) -> HTMLResponse:
    return page(
        request,
        "registration/sign_in_sent.html",
        reader_language(request),
        status=422 if fault else 200,
        typed=typed,
        fault=fault,
        **await _looks(at, ports_of(request)),
    )


def _with(path: str, association: str) -> str:
    return f"{path}?at={association}" if re.fullmatch(SLUG_PATTERN, association) else path


@router.get(CHOICE)
async def choose(request: Request) -> Response:
    """To which desk?"""
    found = await usecases.desks(session_of(request), ports_of(request))
    if not found:
        return RedirectResponse("/sign-in", 303)
    return page(request, "registration/sign_in_choice.html", reader_language(request), desks=found, platform=PLATFORM)


@router.post(CHOICE)
async def go_to(request: Request, association: Annotated[str, Form(max_length=40)]) -> Response:
    """Go there."""
    token = session_of(request)
    return entered(request, await usecases.go_to(association, token, ports_of(request)))


@router.get("/sign-in/{token}")
async def confirm(request: Request, token: str) -> HTMLResponse:
    """A button: whatever only looks at the link does not use it up."""
    return page(request, "registration/sign_in_confirm.html", reader_language(request), token=token, fault=None)


@router.post("/sign-in/{token}")
async def use_link(request: Request, token: str) -> Response:
    """Sign in."""
    try:
        signed_in = await usecases.finish_sign_in(
            token, kept(request, BROWSER_COOKIE), ports_of(request), _device(request)
        )
    except LinkRefused as fault:
        return page(
            request, "registration/sign_in_confirm.html", reader_language(request), status=403, token=token, fault=fault
        )
    return entered(request, signed_in)


def entered(request: Request, signed_in: SignedIn) -> Response:
    """To the desk, or to the choice between several."""
    platform = sign_in.untagged(signed_in.session)[0] == PLATFORM
    landing = CHOICE if not signed_in.access else PLATFORM_LANDING if platform else LANDING
    answer = RedirectResponse(landing, 303)
    keep_signed_in(request, answer, signed_in)
    forget(request, answer, BROWSER_COOKIE)
    return answer


@router.api_route("/session/renew", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
async def renew(request: Request, back: Annotated[str, Query(alias="next", max_length=2000)] = LANDING) -> Response:
    """A fresh token, then back to where the browser came from, form and all; or to signing in."""
    renewed = await usecases.renew(session_of(request), ports_of(request))
    if renewed is None:
        answer = RedirectResponse("/sign-in", 303)
        forget_signed_in(request, answer)
        return answer
    if not renewed.access:
        return RedirectResponse(CHOICE, 303)
    answer = RedirectResponse(local(back), 307)
    keep_signed_in(request, answer, renewed)
    return answer


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """The session ends, here and in the database."""
    await usecases.sign_out(session_of(request), ports_of(request))
    answer = RedirectResponse("/sign-in", 303)
    forget_signed_in(request, answer)
    return answer


def local(address: str) -> str:
    """The address if it is a path of ours, else the desk: nobody is sent elsewhere by a link."""
    inside = address.startswith("/") and not address.startswith("//") and "\\" not in address and address.isprintable()
    return address if inside and not address.startswith("/session/") else LANDING


def _device(request: Request) -> str:
    return session.device(request.headers.get("user-agent", ""))
