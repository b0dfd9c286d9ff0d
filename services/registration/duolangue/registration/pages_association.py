"""The association's own page, for those who administer it: what it decides about itself, and its picture."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final
from zoneinfo import available_timezones

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page
from duolangue.chassis.web.languages import OWN_NAMES
from duolangue.contracts.vocabulary import SLUG_PATTERN
from duolangue.registration import usecases
from duolangue.registration.auditing import Audited
from duolangue.registration.domain import audit, logo, settings_form
from duolangue.registration.domain.association import Association, AssociationSettings
from duolangue.registration.domain.coordinator import AccessLevel
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.settings_form import Filled, ZoneRow
from duolangue.registration.ports import Ports

router = APIRouter(prefix="/association", tags=["association"], include_in_schema=False, route_class=Audited)
Administrator = Annotated[Desk[Ports], Depends(desk(Access.ADMINISTER))]
CHANGES_SHOWN: Final = 20
A_YEAR: Final = "public, max-age=31536000, immutable"
SAFE: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A picture opened by itself does nothing."""
ZONE_FIELDS: Final = ("name", "postcodes", "centre", "radius_km")
MOST_FIELDS: Final = 1000


@router.get("")
async def settings(request: Request, at: Administrator, kept: bool = False) -> HTMLResponse:
    """What the association decides about itself."""
    return await _settings(request, at, kept=kept)


@router.post("")
async def change(request: Request, at: Administrator) -> Response:
    """All of it as it stands in the form; where something is wrong nothing changes, and what was typed stays."""
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        texts = {name: value for name, value in form.items() if isinstance(value, str)}
        lists = {name: _all(form, name) for name in settings_form.LISTS}
        columns = [_all(form, f"zone_{name}") for name in ZONE_FIELDS]
    rows = [ZoneRow(*row) for row in zip(*columns, strict=False)]
    filled = settings_form.read(texts, lists, rows, OWN_NAMES)
    if not filled.faults:
        try:
            before = await at.ports.own()
            after = await usecases.update_association(filled.changes, at.ports)
        except Invalid as fault:
            filled.faults[fault.field] = fault
        except ValidationError as error:
            filled.faults[str(error.errors()[0]["loc"][0])] = Invalid("invalid", "This cannot be kept.")
        else:
            await _write_down(at, before, after)
            return RedirectResponse("/association?kept=true", 303)
    return await _settings(request, at, typed={**texts, **lists}, rows=rows, filled=filled)


@router.post("/logo")
async def change_logo(request: Request, at: Administrator) -> Response:
    """Another picture."""
    async with request.form(max_files=1, max_fields=5) as form:
        file = form.get("logo")
        data = await file.read(logo.MOST_BYTES + 1) if isinstance(file, UploadFile) else b""
    try:
        await usecases.logos.keep_logo(data, at.ports)
    except Invalid as fault:
        return await _settings(request, at, filled=Filled(faults={"logo": fault}))
    await at.ports.audit.record(*_who(at), [at.ports.association], "logo")
    return RedirectResponse("/association?kept=true", 303)


@router.post("/logo/remove")
async def remove_logo(at: Administrator) -> RedirectResponse:
    """No picture any more."""
    await usecases.logos.take_logo_away(at.ports)
    await at.ports.audit.record(*_who(at), [at.ports.association], "logo")
    return RedirectResponse("/association?kept=true", 303)


@router.get("/logo/{slug}/{fingerprint}")
async def picture(request: Request, slug: str, fingerprint: str) -> Response:
    """The association's picture, for everybody who meets its name."""
    if not re.fullmatch(SLUG_PATTERN, slug) or not re.fullmatch("[0-9a-f]{32}", fingerprint):
        raise HTTPException(404)
    shown = await usecases.logos.logo_shown(fingerprint, request.app.state.ports(slug))
    if shown is None:
        raise HTTPException(404)
    headers = {"Cache-Control": A_YEAR, "Content-Security-Policy": SAFE, "Content-Disposition": "inline"}
    return Response(shown.data, media_type=shown.kind, headers=headers)


async def _settings(
    request: Request,
    at: Desk[Ports],
    *,
    typed: dict[str, Any] | None = None,
    rows: list[ZoneRow] | None = None,
    filled: Filled | None = None,
    kept: bool = False,
) -> HTMLResponse:
    own = await at.ports.own()
    present: dict[str, Any] = {**own.model_dump(), "phone": own.phone or "", "feeds": "\n".join(own.feeds)}
    faults = filled.faults if filled else {}
    coordinators = await at.ports.coordinators.select({"active": True}, sort=[("email", 1)], limit=500)
    return page(
        request,
        "registration/association.html",
        at.language,
        status=422 if faults else 200,
        association=own,
        brand=own.name,
        brand_logo=own.logo_path,
        typed={**present, **(typed or {})},
        rows=rows if rows is not None else settings_form.rows_of(own.zones),
        faults=faults,
        kept=kept,
        bounds={name: settings_form.bounds(name) for name in settings_form.NUMBERS},
        timezones=sorted({own.timezone, *(zone for zone in available_timezones() if zone.startswith("Europe/"))}),
        offered=OWN_NAMES,
        guardians=[each for each in coordinators if each.access is not AccessLevel.READ],
        coordinators={each.id: each.name or each.email for each in coordinators},
        changes=await at.ports.audit.latest(at.ports.association, None, CHANGES_SHOWN),
    )


def _all(form: FormData, name: str) -> list[str]:
    return [value for value in form.getlist(name) if isinstance(value, str)]


def _who(at: Desk[Ports]) -> tuple[audit.Actor, audit.Act]:
    return audit.coordinator(at.coordinator.id), audit.Act.CHANGED


async def _write_down(at: Desk[Ports], before: Association, after: Association) -> None:
    names = [name for name in AssociationSettings.model_fields if getattr(before, name) != getattr(after, name)]
    if names:
        await at.ports.audit.record(*_who(at), [at.ports.association], ", ".join(names))
