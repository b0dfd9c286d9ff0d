"""The page of the settings: what an association decides about its matching, tried out by a dry run before it holds."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page
from duolangue.matching.domain import policy_form
from duolangue.matching.domain.policy import CriterionName
from duolangue.matching.domain.policy_form import LONGEST, Fault, Filled
from duolangue.matching.domain.rules import Refused
from duolangue.matching.ports import Ports
from duolangue.matching.sentences import Sentences
from duolangue.matching.usecases import policies, runs

router = APIRouter(prefix="/duos/settings", include_in_schema=False)

Reader = Annotated[Desk[Ports], Depends(desk(Access.READ))]
At = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
Administrator = Annotated[Desk[Ports], Depends(desk(Access.ADMINISTER))]
CHANGES_SHOWN: Final = 20
MOST_FIELDS: Final = 60


@router.get("")
async def settings(request: Request, at: Reader, kept: bool = False) -> HTMLResponse:
    """What holds now, and who decided it."""
    force = await policies.present(at.ports)
    return await _settings(request, at, policy_form.of(force.policy), kept=kept)


@router.post("")
async def change(request: Request, at: Administrator) -> Response:
    """All of it as it stands in the form; where something is wrong nothing changes, and what was typed stays."""
    filled = await _filled(request)
    if filled.policy is not None:
        number = filled.typed.get("number", "")
        expected = int(number) if number.isascii() and number.isdecimal() and len(number) < LONGEST else None
        try:
            await policies.change(filled.policy, at.coordinator.id, at.ports, expected=expected)
        except Refused as refused:
            filled.faults[FIELDS.get(refused.field, refused.field)] = Fault(refused.code, str(refused))
        else:
            return RedirectResponse("/duos/settings?kept=true", 303)
    return await _settings(request, at, filled)


@router.post("/try")
async def try_out(request: Request, at: At) -> Response:
    """What these settings would do with the people of today: a dry run."""
    filled = await _filled(request)
    if filled.policy is None:
        return await _settings(request, at, filled)
    run = await runs.request_dry(at.coordinator.id, at.ports, filled.policy)
    return RedirectResponse(f"/duos/runs/{run.id}", 303)


FIELDS: Final = {"minimum_score": "minimum", "": "form"}


async def _filled(request: Request) -> Filled:
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        texts = {name: value for name, value in form.items() if isinstance(value, str) and name != "days"}
        days = [value for value in form.getlist("days") if isinstance(value, str)]
    return policy_form.read(texts, days)


async def _settings(request: Request, at: Desk[Ports], filled: Filled, *, kept: bool = False) -> HTMLResponse:
    force = await policies.present(at.ports)
    sentences = Sentences(at.language)
    blank = policy_form.of(force.policy).typed
    return page(
        request,
        "matching/settings.html",
        at.language,
        status=422 if filled.faults else 200,
        typed={**dict.fromkeys(blank, ""), **filled.typed},
        days=filled.days,
        faults=filled.faults,
        bounds=policy_form.NUMBERS,
        criteria=[(f"weight_{name.value}", sentences.title(name)) for name in CriterionName],
        force=force,
        changes=force.changes[:CHANGES_SHOWN],
        kept=kept,
        may=at.coordinator.access.covers(Access.ADMINISTER),
        tries=at.coordinator.access.covers(Access.COORDINATE),
    )
