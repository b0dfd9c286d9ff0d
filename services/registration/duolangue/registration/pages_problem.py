"""The page behind "A problem?" in every message and on every page of a participant: it reaches the association's coordinators.

Whoever may answer a proposal or log a conversation may also report: the link of any purpose opens it, for its own person.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse

from duolangue.chassis.text import Paragraph
from duolangue.chassis.web import ActionLink, opened, page
from duolangue.chassis.whatsapp import wa_me
from duolangue.contracts.links import Purpose
from duolangue.registration import usecases
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.report import ProblemKind, TooManyReports
from duolangue.registration.ports import Ports

router = APIRouter(tags=["problem"], include_in_schema=False)
PERSONAL = tuple(each for each in Purpose if each is not Purpose.CONFIRM_ATTESTATION)
"""The link of an attestation is in the hands of whoever checks the paper."""
Opened = Annotated[ActionLink[Ports], Depends(opened(*PERSONAL))]


@router.get(Purpose.REPORT_PROBLEM.route)
async def ask(request: Request, link: Opened) -> HTMLResponse:
    """What kind of problem?"""
    return await _ask(request, link)


@router.post(Purpose.REPORT_PROBLEM.route)
async def report(
    request: Request,
    link: Opened,
    kind: Annotated[ProblemKind | None, Form()] = None,
    words: Annotated[Paragraph, Form()] = "",
) -> HTMLResponse:
    """Thank you: somebody of the association reads it."""
    if kind is None:
        fault = Invalid("kind_missing", "Choose one, please.", field="kind")
        return await _ask(request, link, fault=fault, typed_words=words)
    try:
        await usecases.report_problem(link.person, link.entity, kind, words, link.ports)
    except TooManyReports as fault:
        return await _ask(request, link, fault=fault, typed_kind=kind.value, typed_words=words)
    own = await link.ports.own()
    return page(request, "registration/problem_thanks.html", link.language, **_shown(own))


async def _ask(
    request: Request,
    link: ActionLink[Ports],
    *,
    fault: Invalid | None = None,
    typed_kind: str = "",
    typed_words: str = "",
) -> HTMLResponse:
    return page(
        request,
        "registration/problem.html",
        link.language,
        status=getattr(fault, "status", 422) if fault else 200,
        kinds=list(ProblemKind),
        fault=fault,
        typed_kind=typed_kind,
        typed_words=typed_words,
        **_shown(await link.ports.own()),
    )


def _shown(own: Association) -> dict[str, Any]:
    return {"brand": own.name, "brand_logo": own.logo_path, "voice": wa_me(own.phone) if own.phone else ""}
