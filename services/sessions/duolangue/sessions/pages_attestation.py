"""The pages that confirm an attestation: for whoever holds the paper, and for whoever was told its number. They name nobody."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import Response

from duolangue.chassis.web import ActionLink, opened, page, reader_language
from duolangue.contracts.links import Purpose
from duolangue.contracts.vocabulary import SLUG_PATTERN
from duolangue.sessions.attestation_paper import WORK
from duolangue.sessions.impact_words import Words
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import associations, attestations

router = APIRouter(include_in_schema=False)
Opened = Annotated[ActionLink[Ports], Depends(opened(Purpose.CONFIRM_ATTESTATION))]
Slug = Annotated[str, Path(pattern=SLUG_PATTERN, min_length=2, max_length=40)]


@router.get("/sessions/attested/{association}")
async def by_number(request: Request, association: Slug, number: Annotated[str, Query(max_length=60)] = "") -> Response:
    """Is there an attestation of this number, and of what? Anybody may ask; whoever knows no number learns nothing."""
    ports: Ports = request.app.state.ports(association)
    issuer = await ports.associations.find(association)
    found = await attestations.find(number, ports) if number and issuer else None
    return page(
        request,
        "sessions/impact/attested.html",
        reader_language(request),
        status=404 if number and not found else 200,
        number=number,
        found=found,
        issuer=issuer.name if issuer else "",
        brand=issuer.name if issuer else "Duolangue",
        work=WORK,
        say=Words(reader_language(request)),
    )


@router.get(Purpose.CONFIRM_ATTESTATION.route)
async def by_link(request: Request, link: Opened) -> Response:
    """What the paper's own code leads to: its number and its hours, and a form to compare the name on it."""
    return await _confirmed(request, link)


@router.post(Purpose.CONFIRM_ATTESTATION.route)
async def compare(
    request: Request,
    link: Opened,
    name: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """Is this the name on the paper? Nothing is kept and nothing is told but yes or no."""
    return await _confirmed(request, link, name=name.strip())


async def _confirmed(request: Request, link: ActionLink[Ports], *, name: str = "") -> Response:
    request.state.problem = ""  # whoever checks a paper is not the person that it is about
    found = await link.ports.counting.attestations.find(link.entity)
    issuer = await associations.known(link.ports)
    same = (
        bool(found) and hmac.compare_digest(found.seal(name).encode(), link.scope.encode()) if found and name else None
    )
    return page(
        request,
        "sessions/impact/confirmed.html",
        link.language,
        status=404 if found is None else 200,
        number=link.entity,
        found=found,
        issuer=issuer.name,
        brand=issuer.name,
        name=name,
        same=same,
        work=WORK,
        say=Words(link.language),
    )
