"""Out to the provider of an association's own accounts, and back."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from duolangue.chassis import log
from duolangue.chassis.web import page, reader_language
from duolangue.chassis.web.cookies import forget, keep, kept
from duolangue.chassis.web.network import network_of
from duolangue.registration import usecases
from duolangue.registration.domain import session
from duolangue.registration.domain.sign_in import LINK_MINUTES, LinkRefused
from duolangue.registration.pages_sign_in import entered, ports_of
from duolangue.registration.ports import ProviderFailed
from duolangue.registration.usecases.signing_in import network_allowed

router = APIRouter(tags=["sign-in"], include_in_schema=False)
logger = log.get(__name__)
TRIP_COOKIE: Final = "duo_trip"
AWAY: Final = LinkRefused(
    "provider_away", "Your association's accounts do not answer. Try again, or ask for a code by mail."
)


@router.get("/sign-in/with/{association}")
async def leave(request: Request, association: str) -> Response:
    """To the provider. What must be known again on the way back stays in the browser, sealed."""
    network = network_of(request, request.app.state.foundation.settings.trusted_proxies)
    if not await network_allowed(network, ports_of(request)):
        return _refused(request, AWAY, 429)
    try:
        outward = await usecases.leave_for_provider(association, ports_of(request))
    except ProviderFailed as error:
        logger.warning("provider.away", association=association, reason=str(error))
        return _refused(request, AWAY, 503)
    answer = RedirectResponse(outward.url, 303)
    keep(request, answer, TRIP_COOKIE, outward.sealed, LINK_MINUTES * 60)
    return answer


@router.get("/sign-in/back")
async def come_back(
    request: Request,
    code: Annotated[str, Query(max_length=4000)] = "",
    state: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """From the provider. What the browser kept is good for a while: without a limit it would have the provider asked again and again."""
    network = network_of(request, request.app.state.foundation.settings.trusted_proxies)
    if not await network_allowed(network, ports_of(request), "back"):
        return _refused(request, AWAY, 429)
    try:
        signed_in = await usecases.come_from_provider(
            code,
            state,
            kept(request, TRIP_COOKIE),
            ports_of(request),
            session.device(request.headers.get("user-agent", "")),
        )
    except LinkRefused as fault:
        answer = _refused(request, fault, fault.status)
    else:
        answer = entered(request, signed_in)
    forget(request, answer, TRIP_COOKIE)
    return answer


def _refused(request: Request, fault: LinkRefused, status: int) -> Response:
    return page(
        request, "registration/sign_in_confirm.html", reader_language(request), status=status, token="", fault=fault
    )
