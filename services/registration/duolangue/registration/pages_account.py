"""Somebody's own account: the browsers in which they are signed in, and ending those. For coordinators, and for operators."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page
from duolangue.registration import usecases
from duolangue.registration.cookies import forget_signed_in, session_of
from duolangue.registration.domain import session, sign_in
from duolangue.registration.domain.association import PLATFORM
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.ports import Ports

router = APIRouter(tags=["account"], include_in_schema=False)
Reader = Annotated[Desk[Ports], Depends(desk(Access.READ))]
Operator = Annotated[Desk[Ports], Depends(desk(Access.OPERATE))]
HOME: Final = "/account"
OPERATORS: Final = "/platform/account"


@router.get(HOME)
async def account(request: Request, at: Reader) -> HTMLResponse:
    """Where somebody is signed in."""
    return await shown(request, at, HOME)


@router.post(f"{HOME}/sessions/{{session_id}}/end")
async def end_session(session_id: str, at: Reader) -> RedirectResponse:
    """One of those ends."""
    await usecases.end_session(session_id, at.coordinator.id, at.ports)
    return RedirectResponse(HOME, 303)


@router.post(f"{HOME}/sign-out-everywhere")
async def sign_out_everywhere(request: Request, at: Reader) -> RedirectResponse:
    """All of them end, this one too."""
    return await _end_all(request, at)


@router.get(OPERATORS)
async def operators_account(request: Request, at: Operator) -> HTMLResponse:
    """Where an operator is signed in."""
    return await shown(request, at, OPERATORS)


@router.post(f"{OPERATORS}/sessions/{{session_id}}/end")
async def end_operators_session(session_id: str, at: Operator) -> RedirectResponse:
    """One of those ends."""
    await usecases.end_session(session_id, at.coordinator.id, at.ports)
    return RedirectResponse(OPERATORS, 303)


@router.post(f"{OPERATORS}/sign-out-everywhere")
async def sign_operator_out_everywhere(request: Request, at: Operator) -> RedirectResponse:
    """All of them end, this one too."""
    return await _end_all(request, at)


async def shown(request: Request, at: Desk[Ports], prefix: str, *, fault: Invalid | None = None) -> HTMLResponse:
    """Somebody's own account, with what could not be done on it."""
    one = await at.ports.coordinators.get(at.coordinator.id)
    found = await usecases.sessions_of(one.id, at.ports)
    here = sign_in.hashed(sign_in.untagged(session_of(request))[1])
    several = any(len(each.places) > 1 for each in found if each.id == here)
    platform = at.ports.association == PLATFORM
    brand = "Duolangue" if platform else (await at.ports.own()).name
    token, device = session_of(request), session.device(request.headers.get("user-agent", ""))
    return page(
        request,
        "registration/account.html",
        at.language,
        status=int(getattr(fault, "status", 422)) if fault else 200,
        fault=fault,
        party=at.ports.authenticators.party,
        passkeys=await usecases.passkeys.passkeys_of(one.id, at.ports),
        lately=await usecases.passkeys.signed_in_lately(token, one.id, at.ports),
        named=device,
        one=one,
        sessions=found,
        present=here,
        several=several,
        home=prefix,
        brand=brand,
    )


async def _end_all(request: Request, at: Desk[Ports]) -> RedirectResponse:
    await usecases.sign_out_everywhere(at.coordinator.id, at.ports)
    answer = RedirectResponse("/sign-in", 303)
    forget_signed_in(request, answer)
    return answer
