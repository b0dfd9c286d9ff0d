"""The page of the settings: after how long a duo is to be called, how long its term is."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page
from duolangue.sessions.domain.follow_up import LIMITS, FollowUp, FollowUpOutdated
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import following

router = APIRouter(prefix="/sessions/settings", include_in_schema=False)
Reads = Annotated[Desk[Ports], Depends(desk(Access.READ))]
Administers = Annotated[Desk[Ports], Depends(desk(Access.ADMINISTER))]
MOST_FIELDS: Final = 20
LONGEST: Final = 3
"""Digits of a number that somebody types."""
CHANGES_SHOWN: Final = 20
THANKS: Final = "congratulate"


@router.get("")
async def settings(request: Request, desk: Reads, *, kept: bool = False) -> Response:
    """What holds now, and who decided it."""
    held = await following.present(desk.ports)
    typed = {name: str(getattr(held.rules, name)) for name in LIMITS} | (
        {THANKS: "true"} if held.rules.congratulate else {}
    )
    return await _settings(request, desk, typed, kept=kept)


@router.post("")
async def change(request: Request, desk: Administers) -> Response:
    """All of it as it stands in the form; where something is wrong nothing changes, and what was typed stays."""
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        typed = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
    numbers = {name: _number(typed.get(name, ""), *bounds) for name, bounds in LIMITS.items()}
    rules = {name: value for name, value in numbers.items() if value is not None}
    wrong = LIMITS.keys() - rules.keys()
    if wrong:
        return await _settings(request, desk, typed, wrong=wrong)
    number = typed.get("number", "")
    expected = int(number) if number.isascii() and number.isdecimal() and len(number) < len("1000000") else None
    try:
        await following.change_rules(
            FollowUp(**rules, congratulate=THANKS in typed), desk.coordinator.id, desk.ports, expected=expected
        )
    except FollowUpOutdated as outdated:
        return await _settings(request, desk, typed, outdated=str(outdated))
    return RedirectResponse("/sessions/settings?kept=true", 303)


async def _settings(
    request: Request,
    desk: Desk[Ports],
    typed: dict[str, str],
    *,
    kept: bool = False,
    wrong: frozenset[str] | set[str] = frozenset(),
    outdated: str = "",
) -> Response:
    held = await following.present(desk.ports)
    return page(
        request,
        "sessions/settings.html",
        desk.language,
        status=422 if wrong or outdated else 200,
        typed={**dict.fromkeys(LIMITS, ""), **typed},
        limits=LIMITS,
        wrong=wrong,
        outdated=outdated,
        kept=kept,
        held=held,
        changes=held.changes[:CHANGES_SHOWN],
        may=desk.coordinator.access.covers(Access.ADMINISTER),
    )


def _number(text: str, least: int, most: int) -> int | None:
    value = int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST else None
    return value if value is not None and least <= value <= most else None
