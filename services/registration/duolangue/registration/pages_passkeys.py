"""Passkeys: added and removed on somebody's own account page, and used to sign in. A script talks to the authenticator for both."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, BackgroundTasks, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk
from duolangue.chassis.web.cookies import keep, kept
from duolangue.chassis.web.network import network_of
from duolangue.registration import usecases
from duolangue.registration.auditing import Audited
from duolangue.registration.cookies import BROWSER_COOKIE, session_of
from duolangue.registration.domain import session, sign_in
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.passkey import CHALLENGE_MINUTES, PasskeyRefused
from duolangue.registration.pages_account import HOME, OPERATORS, shown
from duolangue.registration.pages_sign_in import entered, ports_of, sign_in_page
from duolangue.registration.ports import Ports
from duolangue.registration.usecases.signing_in import network_allowed

Reader = Annotated[Desk[Ports], Depends(desk(Access.READ))]
Operator = Annotated[Desk[Ports], Depends(desk(Access.OPERATE))]
Answer = Annotated[str, Form(max_length=20_000)]
Name = Annotated[str, Form(max_length=200)]
asking = APIRouter(tags=["sign-in"], include_in_schema=False)
"""Challenges, which change nobody's data, and signing in."""
changing = APIRouter(tags=["account"], include_in_schema=False, route_class=Audited)
"""What is written down in the log of who changed what."""
ROUTERS: Final = (asking, changing)


@asking.post("/sign-in/passkey/options")
async def ask_for_sign_in(request: Request) -> Response:
    """What the browser is to have signed: the same whoever asks."""
    await _allowed(request, "passkey")
    browser = kept(request, BROWSER_COOKIE) or sign_in.fresh_secret()
    try:
        asked = await usecases.passkeys.ask_for_sign_in(browser, ports_of(request))
    except PasskeyRefused as fault:
        raise HTTPException(fault.status, str(fault)) from fault
    answer = Response(asked, media_type="application/json")
    keep(request, answer, BROWSER_COOKIE, browser, CHALLENGE_MINUTES * 60)
    return answer


@asking.post("/sign-in/passkey")
async def use_passkey(request: Request, answer: Answer = "") -> Response:
    """Sign in."""
    await _allowed(request, "passkey-used")
    device = session.device(request.headers.get("user-agent", ""))
    browser = kept(request, BROWSER_COOKIE)
    try:
        signed_in = await usecases.passkeys.finish_with_passkey(answer, browser, ports_of(request), device)
    except PasskeyRefused as fault:
        return await sign_in_page(request, fault=fault)
    return entered(request, signed_in)


async def _allowed(request: Request, step: str) -> None:
    network = network_of(request, request.app.state.foundation.settings.trusted_proxies)
    if not await network_allowed(network, ports_of(request), step):
        raise HTTPException(429, "Too many sign-ins were tried from this network. Please wait ten minutes.")


@asking.post(f"{HOME}/passkeys/options")
async def ask_for_passkey(request: Request, at: Reader) -> Response:
    """What the browser is to have signed so that a coordinator gets a passkey."""
    return await _ask(request, at)


@asking.post(f"{OPERATORS}/passkeys/options")
async def ask_for_operators_passkey(request: Request, at: Operator) -> Response:
    """What the browser is to have signed so that an operator gets one."""
    return await _ask(request, at)


@changing.post(f"{HOME}/passkeys")
async def add(request: Request, work: BackgroundTasks, at: Reader, answer: Answer = "", name: Name = "") -> Response:
    """A coordinator gets a passkey."""
    return await _add(request, work, at, HOME, answer, name)


@changing.post(f"{OPERATORS}/passkeys")
async def add_operators(
    request: Request, work: BackgroundTasks, at: Operator, answer: Answer = "", name: Name = ""
) -> Response:
    """An operator gets one."""
    return await _add(request, work, at, OPERATORS, answer, name)


@changing.post(f"{HOME}/passkeys/{{passkey_id}}/remove")
async def remove(request: Request, passkey_id: str, at: Reader) -> Response:
    """A coordinator signs in with it no more."""
    return await _remove(request, at, HOME, passkey_id)


@changing.post(f"{OPERATORS}/passkeys/{{passkey_id}}/remove")
async def remove_operators(request: Request, passkey_id: str, at: Operator) -> Response:
    """An operator signs in with it no more."""
    return await _remove(request, at, OPERATORS, passkey_id)


async def _ask(request: Request, at: Desk[Ports]) -> Response:
    one = await at.ports.coordinators.get(at.coordinator.id)
    try:
        asked = await usecases.passkeys.ask_for_passkey(session_of(request), one, at.ports)
    except Invalid as fault:
        raise HTTPException(_status(fault), str(fault)) from fault
    return Response(asked, media_type="application/json")


async def _add(request: Request, work: BackgroundTasks, at: Desk[Ports], home: str, answer: str, name: str) -> Response:
    try:
        await usecases.passkeys.add_passkey(answer, name, session_of(request), at.coordinator.id, at.ports)
    except Invalid as fault:
        return await shown(request, at, home, fault=fault)
    work.add_task(usecases.passkeys.tell_of_passkey, at.coordinator.id, at.ports)
    return RedirectResponse(f"{home}#passkeys", 303, background=work)


async def _remove(request: Request, at: Desk[Ports], home: str, passkey_id: str) -> Response:
    try:
        await usecases.passkeys.remove_passkey(passkey_id, session_of(request), at.coordinator.id, at.ports)
    except Invalid as fault:
        return await shown(request, at, home, fault=fault)
    return RedirectResponse(f"{home}#passkeys", 303)


def _status(fault: Invalid) -> int:
    return int(getattr(fault, "status", 422))
