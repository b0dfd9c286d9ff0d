"""Pages of signing in, renewing and signing out; and the home page that leads there."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, BackgroundTasks, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duolangue.chassis.identity.tokens import ACCESS_MINUTES
from duolangue.chassis.web import page, reader_language
from duolangue.chassis.web.access import ACCESS_COOKIE
from duolangue.registration import usecases
from duolangue.registration.domain import sign_in
from duolangue.registration.domain.sign_in import LINK_MINUTES, SESSION_HOURS
from duolangue.registration.ports import PortsOf

router = APIRouter(tags=["sign-in"], include_in_schema=False)
SESSION_COOKIE: Final = "duo_session"
BROWSER_COOKIE: Final = "duo_browser"
LANDING: Final = "/people"


def ports_of(request: Request) -> PortsOf:
    """The ports of any association: nobody has signed in yet, the link or the cookie says whose it is."""
    ports: PortsOf = request.app.state.ports
    return ports


@router.get("/")
async def home(request: Request) -> HTMLResponse:
    """What this is, and where to go."""
    return page(request, "registration/home.html", reader_language(request))


@router.get("/sign-in")
async def ask_address(request: Request) -> HTMLResponse:
    """Which address?"""
    return page(request, "registration/sign_in.html", reader_language(request))


@router.post("/sign-in")
async def send_link(
    request: Request, work: BackgroundTasks, email: Annotated[str, Form(max_length=254)]
) -> HTMLResponse:
    """The same answer, as fast, whether the address is known or not: the mail leaves after it."""
    browser = request.cookies.get(BROWSER_COOKIE) or sign_in.fresh_secret()
    work.add_task(usecases.start_sign_in, email, browser, ports_of(request))
    answer = page(request, "registration/sign_in_sent.html", reader_language(request))
    _keep(request, answer, BROWSER_COOKIE, browser, LINK_MINUTES * 60)
    answer.background = work
    return answer


@router.get("/sign-in/{token}")
async def confirm(request: Request, token: str) -> HTMLResponse:
    """A button: whatever only looks at the link does not use it up."""
    return page(request, "registration/sign_in_confirm.html", reader_language(request), token=token)


@router.post("/sign-in/{token}")
async def use_link(request: Request, token: str) -> Response:
    """Sign in."""
    signed_in = await usecases.finish_sign_in(token, request.cookies.get(BROWSER_COOKIE), ports_of(request))
    answer = RedirectResponse(LANDING, 303)
    _keep(request, answer, SESSION_COOKIE, signed_in.session, SESSION_HOURS * 3600)
    _keep(request, answer, ACCESS_COOKIE, signed_in.access, ACCESS_MINUTES * 60)
    answer.delete_cookie(BROWSER_COOKIE)
    return answer


@router.api_route("/session/renew", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
async def renew(request: Request, back: Annotated[str, Query(alias="next", max_length=2000)] = LANDING) -> Response:
    """A fresh token, then back to where the browser came from, form and all; or to signing in."""
    access = await usecases.renew(request.cookies.get(SESSION_COOKIE, ""), ports_of(request))
    if access is None:
        answer = RedirectResponse("/sign-in", 303)
        answer.delete_cookie(SESSION_COOKIE)
        return answer
    answer = RedirectResponse(local(back), 307)
    _keep(request, answer, ACCESS_COOKIE, access, ACCESS_MINUTES * 60)
    return answer


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """The session ends, here and in the database."""
    await usecases.sign_out(request.cookies.get(SESSION_COOKIE, ""), ports_of(request))
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(SESSION_COOKIE)
    answer.delete_cookie(ACCESS_COOKIE)
    return answer


def local(address: str) -> str:
    """The address if it is a path of ours, else the desk: nobody is sent elsewhere by a link."""
    inside = address.startswith("/") and not address.startswith("//") and "\\" not in address and address.isprintable()
    return address if inside and not address.startswith("/session/") else LANDING


def _keep(request: Request, answer: Response, name: str, value: str, seconds: int) -> None:
    secure = request.app.state.foundation.settings.public_url.startswith("https:")
    answer.set_cookie(name, value, max_age=seconds, httponly=True, samesite="lax", secure=secure)
