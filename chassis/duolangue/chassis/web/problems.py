"""What comes back when something is wrong: a problem document (RFC 9457) on the API, a sentence on a page."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from duolangue.chassis import log
from duolangue.chassis.bus.requests import Refused, Unavailable
from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.identity import TokenRefused
from duolangue.chassis.store import Absent, Contended, Taken
from duolangue.chassis.store.driver import DatabaseError
from duolangue.chassis.web.guard import HEADERS
from duolangue.chassis.web.languages import translations
from duolangue.chassis.web.pages import page
from duolangue.chassis.web.reader import reader_language

logger = log.get(__name__)


def N_(text: str) -> str:
    """Mark a message for the catalogues."""
    return text


SENTENCES = {
    "altered": N_(
        "This link is not complete. Please open it again from the message, or ask your coordinator for a new one."
    ),
    "misused": N_("This link is for something else. Please open it again from the message."),
    "expired": N_("This link is too old. Ask your coordinator for a new one: nothing is lost."),
    "revoked": N_("Your access was withdrawn. Ask your association if you think this is a mistake."),
    "absent": N_("There is nothing here (any more)."),
    "away": N_("A part of the platform is being restarted. Please try again in a minute: nothing is lost."),
    "conflict": N_("Somebody else just changed this. Look at how it stands now, then try again."),
    "failed": N_("Something went wrong on our side. It was noted. Please try again."),
    "forbidden": N_("You may not do this with your access. Ask an administrator of your association."),
    "invalid": N_("Something in the form is not right."),
}


def is_api(request: Request) -> bool:
    """Whether the answer is for a program."""
    return "/api/" in request.url.path or request.url.path.endswith("/api")


def problem(request: Request, status: int, code: str, detail: str = "", **more: Any) -> Response:
    """The answer for what is wrong: `code` is its stable name, `detail` a sentence."""
    title = HTTPStatus(status).phrase
    if is_api(request):
        body = {"type": f"urn:duolangue:problem:{code}", "title": title, "status": status, "detail": detail, **more}
        return JSONResponse(body, status, media_type="application/problem+json")
    sentence = SENTENCES.get(code) or detail or SENTENCES["failed"]
    return page(
        request,
        "sentence.html",
        reader_language(request),
        status=status,
        sentence=sentence,
        field=more.get("field", ""),
    )


async def _rule(request: Request, error: Any) -> Response:
    more = {"field": error.field} if error.field else {}
    return problem(request, getattr(error, "status", 422), error.code, _said(request, error), **more)


def _said(request: Request, error: Any) -> str:
    """The rule's sentence: for a program in English, for people in their language."""
    template = getattr(error, "template", "")
    if is_api(request) or not template:
        return str(error)
    sentence = translations(request.app.state.package, reader_language(request)).gettext(template)
    return sentence % error.values if error.values else sentence


async def _invalid(request: Request, error: Any) -> Response:
    faults = [{"field": _field(fault), "message": _words(fault)} for fault in error.errors()]
    detail = "; ".join(f"{fault['field']}: {fault['message']}" for fault in faults[:3])
    return problem(request, 422, "invalid", detail, errors=faults, field=faults[0]["field"] if faults else "")


async def _absent(request: Request, _: Any) -> Response:
    _tell_of_guesses(request)
    return problem(request, 404, "absent", "No such thing in this association.")


async def _conflict(request: Request, _: Any) -> Response:
    return problem(request, 409, "conflict", "Somebody else was faster.")


async def _token(request: Request, error: Any) -> Response:
    return problem(request, 410 if error.code == "expired" else 403, error.code, f"The token is {error.code}.")


async def _away(request: Request, error: Any) -> Response:
    logger.warning("request.unavailable", error=type(error).__name__)
    return problem(request, 503, "away", "A part of the platform does not answer; try again.")


async def _http(request: Request, error: Any) -> Response:
    if error.status_code < HTTPStatus.BAD_REQUEST:
        return Response(status_code=error.status_code, headers=error.headers)
    if error.status_code == HTTPStatus.NOT_FOUND:
        _tell_of_guesses(request)
    code = {404: "absent", 403: "forbidden"}.get(error.status_code, "refused")
    answer = problem(request, error.status_code, code, str(error.detail))
    answer.headers.update(error.headers or {})
    return answer


async def _unstorable(request: Request, _: Any) -> Response:
    return problem(request, 422, "invalid", "A value that cannot be kept.")


async def _failed(request: Request, error: Any) -> Response:
    logger.error("request.failed", error=type(error).__name__, path=_route(request))
    answer = problem(request, 500, "failed", "Something went wrong on our side.")
    for name, value in HEADERS.items():  # this one is sent outside the guard
        answer.headers.setdefault(name, value)
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer


HANDLERS = {
    RuleBroken: _rule,
    RequestValidationError: _invalid,
    Absent: _absent,
    Taken: _conflict,
    Contended: _conflict,
    TokenRefused: _token,
    Unavailable: _away,
    Refused: _away,
    DatabaseError: _away,
    HTTPException: _http,
    OverflowError: _unstorable,
    UnicodeError: _unstorable,
    Exception: _failed,
}


def install(app: FastAPI) -> None:
    """Answer every exception of the platform in one way."""
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)


def _field(fault: dict[str, Any]) -> str:
    where = [str(part) for part in fault["loc"]]
    return ".".join(where[1:]) or where[0]


def _words(fault: dict[str, Any]) -> str:
    """What is wrong: our own rule's words where one spoke, else pydantic's."""
    own = fault.get("ctx", {}).get("error")
    return str(own if isinstance(own, Exception) else fault["msg"])


def _tell_of_guesses(request: Request) -> None:
    """A coordinator asked for something that their association does not have: an old link, or a try at another's ids."""
    who = getattr(request.state, "coordinator", None)
    if who is not None:
        logger.warning(
            "request.absent",
            method=request.method,
            path=_route(request),
            association=who.association,
            coordinator=who.id,
        )


def _route(request: Request) -> str:
    route = request.scope.get("route")
    return str(getattr(route, "path", "unknown"))
