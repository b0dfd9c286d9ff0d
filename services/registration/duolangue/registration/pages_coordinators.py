"""Who may use an association's desk, for its administrators: invite, give more or less to do, revoke, hand a sign-in over."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page, translations
from duolangue.chassis.web.languages import OWN_NAMES
from duolangue.chassis.whatsapp import ReadyMessage, ready_message
from duolangue.registration import mails, usecases
from duolangue.registration.auditing import Audited
from duolangue.registration.domain.coordinator import LEVELS, AccessLevel
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.ports import Ports
from duolangue.registration.usecases.coordinators import Handed

router = APIRouter(
    prefix="/association/coordinators", tags=["coordinators"], include_in_schema=False, route_class=Audited
)
Administrator = Annotated[Desk[Ports], Depends(desk(Access.ADMINISTER))]
HOME: Final = "/association/coordinators"
MOST: Final = 200


@router.get("")
async def coordinators(request: Request, at: Administrator) -> HTMLResponse:
    """Everybody who may use the desk."""
    return await _shown(request, at)


@router.post("")
async def invite(
    request: Request,
    at: Administrator,
    email: Annotated[str, Form(max_length=254)] = "",
    phone: Annotated[str, Form(max_length=40)] = "",
    name: Annotated[str, Form(max_length=200)] = "",
    access: Annotated[str, Form(max_length=20)] = AccessLevel.COORDINATE.value,
    language: Annotated[str, Form(max_length=2)] = "",
) -> Response:
    """Somebody may use the desk from now on, and is told by mail."""
    told = {"email": email, "phone": phone, "name": name, "access": access, "language": language}
    try:
        level = _level(access)
        spoken = language if language in OWN_NAMES else None
        await usecases.invite_coordinator(email, name, level, spoken, at.ports, phone=phone, tell=True)
    except Invalid as fault:
        fault.field = fault.field or "email"
        return await _shown(request, at, told=told, fault=fault, status=fault_status(fault))
    return RedirectResponse(HOME, 303)


@router.post("/{coordinator_id}/access")
async def change_access(
    request: Request, coordinator_id: str, at: Administrator, access: Annotated[str, Form(max_length=20)]
) -> Response:
    """Somebody may do more or less."""
    try:
        await usecases.change_access(coordinator_id, _level(access), at.ports)
    except Invalid as fault:
        return await _shown(request, at, refused=fault, status=fault_status(fault))
    return RedirectResponse(HOME, 303)


@router.post("/{coordinator_id}/invite-again")
async def invite_again(request: Request, coordinator_id: str, at: Administrator) -> Response:
    """The invitation once more."""
    try:
        await usecases.invite_again(coordinator_id, at.ports)
    except Invalid as fault:
        return await _shown(request, at, refused=fault, status=fault_status(fault))
    return RedirectResponse(HOME, 303)


@router.post("/{coordinator_id}/revoke")
async def revoke(request: Request, coordinator_id: str, at: Administrator) -> Response:
    """Somebody may not use the desk any more."""
    try:
        await usecases.revoke_coordinator(coordinator_id, at.ports)
    except Invalid as fault:
        return await _shown(request, at, refused=fault, status=fault_status(fault))
    return RedirectResponse(HOME, 303)


@router.post("/{coordinator_id}/hand-over")
async def hand_over(request: Request, coordinator_id: str, at: Administrator) -> Response:
    """A sign-in to hand over. It stands in the answer alone: an address would keep it in the browser's history."""
    try:
        handed = await usecases.hand_over(coordinator_id, at.ports)
    except Invalid as fault:
        return await _shown(request, at, refused=fault, status=fault_status(fault))
    own = await at.ports.own()
    return page(
        request,
        "registration/hand_over.html",
        at.language,
        one=handed.coordinator,
        code=handed.code,
        ready=_ready(handed, own.name),
        brand=own.name,
    )


def _ready(handed: Handed, association: str) -> ReadyMessage:
    """The message, in the language of whom it is for."""
    words = translations(mails.PACKAGE, handed.coordinator.language)
    values = {"association": association, "url": handed.url, "code": handed.code}
    return ready_message(words.gettext(mails.HAND_OVER) % values, handed.url, handed.coordinator.phone)


def _level(access: str) -> AccessLevel:
    try:
        return AccessLevel(access)
    except ValueError as error:
        raise Invalid("access_unknown", "An association cannot give this access.", field="access") from error


def fault_status(fault: Invalid) -> int:
    """With which status a page comes back that says what is wrong."""
    return int(getattr(fault, "status", 422))


async def _shown(
    request: Request,
    at: Desk[Ports],
    *,
    told: dict[str, str] | None = None,
    fault: Invalid | None = None,
    refused: Invalid | None = None,
    status: int = 200,
) -> HTMLResponse:
    found = await at.ports.coordinators.select(sort=[("invited_at", 1)], limit=MOST)
    own = await at.ports.own()
    context: dict[str, Any] = {
        "active": sorted((each for each in found if each.active), key=lambda each: each.called.casefold()),
        "gone": [each for each in found if not each.active],
        "levels": LEVELS,
        "own_names": OWN_NAMES,
        "told": told
        or {"email": "", "phone": "", "name": "", "access": AccessLevel.COORDINATE.value, "language": own.language},
        "fault": fault,
        "refused": refused,
        "brand": own.name,
        "me": at.coordinator.id,
    }
    return page(request, "registration/coordinators.html", at.language, status=status, **context)
