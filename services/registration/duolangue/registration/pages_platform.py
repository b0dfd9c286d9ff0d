"""The platform's own pages, for its operators: associations and their figures, new ones, the accounts they have of their own."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page
from duolangue.chassis.web.languages import OWN_NAMES
from duolangue.registration import usecases
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.pages_coordinators import fault_status
from duolangue.registration.pages_sign_in import ports_of
from duolangue.registration.ports import Ports

router = APIRouter(prefix="/platform", tags=["platform"], include_in_schema=False)
Operator = Annotated[Desk[Ports], Depends(desk(Access.OPERATE))]
HOME: Final = "/platform"
NOTHING: Final = {"slug": "", "name": "", "language": "fr", "email": ""}


@router.get("")
async def associations(request: Request, at: Operator) -> HTMLResponse:
    """All associations, with figures and nobody's name."""
    return await _shown(request, at)


@router.post("/associations")
async def create(
    request: Request,
    at: Operator,
    slug: Annotated[str, Form(max_length=60)] = "",
    name: Annotated[str, Form(max_length=200)] = "",
    language: Annotated[str, Form(max_length=10)] = "fr",
    email: Annotated[str, Form(max_length=254)] = "",
) -> Response:
    """A new one, and its first administrator."""
    told = {"slug": slug, "name": name, "language": language, "email": email}
    try:
        await usecases.create_association(slug, name, language, email, ports_of(request))
    except Invalid as fault:
        return await _shown(request, at, told=told, fault=fault, status=fault_status(fault))
    return RedirectResponse(HOME, 303)


@router.get("/associations/{slug}")
async def association(request: Request, slug: str, at: Operator) -> HTMLResponse:
    """One association's own accounts."""
    return await _accounts(request, slug, at)


@router.post("/associations/{slug}/accounts")
async def agree(
    request: Request,
    slug: str,
    at: Operator,
    label: Annotated[str, Form(max_length=200)] = "",
    issuer: Annotated[str, Form(max_length=400)] = "",
    client_id: Annotated[str, Form(max_length=300)] = "",
    secret: Annotated[str, Form(max_length=1000)] = "",
    domains: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Its coordinators may sign in with a provider."""
    told = {"label": label, "issuer": issuer, "client_id": client_id, "domains": domains}
    try:
        await usecases.agree_accounts(slug, label, issuer, client_id, secret, domains, ports_of(request))
    except Invalid as fault:
        return await _accounts(request, slug, at, told=told, fault=fault, status=fault_status(fault))
    return RedirectResponse(f"{HOME}/associations/{slug}", 303)


@router.post("/associations/{slug}/accounts/stop")
async def stop(slug: str, at: Operator) -> RedirectResponse:
    """They may not any more."""
    await usecases.stop_accounts(slug, at.ports)
    return RedirectResponse(f"{HOME}/associations/{slug}", 303)


async def _shown(
    request: Request,
    at: Desk[Ports],
    *,
    told: dict[str, str] | None = None,
    fault: Invalid | None = None,
    status: int = 200,
) -> HTMLResponse:
    found = await usecases.associations_with_figures(at.ports, ports_of(request))
    context: dict[str, Any] = {"found": found, "told": told or NOTHING, "fault": fault, "own_names": OWN_NAMES}
    return page(request, "registration/platform.html", at.language, status=status, **context)


async def _accounts(
    request: Request,
    slug: str,
    at: Desk[Ports],
    *,
    told: dict[str, str] | None = None,
    fault: Invalid | None = None,
    status: int = 200,
) -> HTMLResponse:
    own = await ports_of(request)(slug).own()
    present = await at.ports.accounts.find(own.id)
    if told is None:
        told = {"label": own.name, "issuer": "", "client_id": "", "domains": ""}
        if present is not None:
            told = {
                "label": present.label,
                "issuer": present.issuer,
                "client_id": present.client_id,
                "domains": " ".join(present.domains),
            }
    back = f"{at.ports.public_url.rstrip('/')}/sign-in/back"
    context: dict[str, Any] = {"own": own, "present": present, "told": told, "fault": fault, "back": back}
    return page(request, "registration/platform_accounts.html", at.language, status=status, **context)
