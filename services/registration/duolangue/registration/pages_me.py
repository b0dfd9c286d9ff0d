"""Somebody's own page, by a link: see, correct, download, take a break, leave, be erased. And the page where that link is asked for."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from fastapi import APIRouter, BackgroundTasks, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from duolangue.chassis.store import Absent
from duolangue.chassis.web import LANGUAGES, OWN_NAMES, ActionLink, opened, page, reader_language
from duolangue.chassis.web.network import network_of
from duolangue.contracts.links import Purpose
from duolangue.contracts.vocabulary import LANGUAGES as SPOKEN
from duolangue.contracts.vocabulary import SLOTS, SLUG_PATTERN, Gender, Level
from duolangue.registration import copying, own_form, usecases
from duolangue.registration.domain import audit, consents
from duolangue.registration.domain.audit import Act
from duolangue.registration.domain.erasure import Cause
from duolangue.registration.domain.interests import ASKED
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.participant import GONE, ConsentChannel, Participant
from duolangue.registration.domain.signup import texts
from duolangue.registration.own_form import OwnForm
from duolangue.registration.ports import Ports
from duolangue.registration.read_me import read_me
from duolangue.registration.usecases import erasing, personal_data

router = APIRouter(tags=["own page"], include_in_schema=False)
Opened = Annotated[ActionLink[Ports], Depends(opened(Purpose.OWN_PAGE))]
FILE: Final = "duolangue.zip"


@router.get("/me")
async def ask(request: Request, association: Annotated[str, Query(max_length=64)] = "") -> HTMLResponse:
    """With which e-mail address or telephone number are you known?"""
    return page(request, "registration/own/ask.html", reader_language(request), slug=association, sent=False)


@router.post("/me")
async def send(
    request: Request,
    work: BackgroundTasks,
    address: Annotated[str, Form(max_length=254)] = "",
    association: Annotated[str, Form(max_length=64)] = "",
) -> HTMLResponse:
    """The same answer, as fast, whether the address is known or not: what comes of it happens after it."""
    slug = association.strip().casefold()
    if not slug or re.fullmatch(SLUG_PATTERN, slug):
        network = network_of(request, request.app.state.foundation.settings.trusted_proxies)
        work.add_task(personal_data.ask_own_page, address, network, slug, request.app.state.ports)
    answer = page(request, "registration/own/ask.html", reader_language(request), slug=association, sent=True)
    answer.background = work
    return answer


@router.get(Purpose.OWN_PAGE.route)
async def own(request: Request, link: Opened) -> HTMLResponse:
    """Everything that is kept, and what can be done."""
    one = await _who(link)
    if one is None:
        return await _erased(request, link)
    await _note(link, Act.SAW, "GET /me/{token}", one)
    return await _shown(request, link, one)


@router.get(Purpose.OWN_PAGE.route + "/change")
async def change(request: Request, link: Opened) -> HTMLResponse:
    """The form, filled in."""
    one = await _who(link)
    if one is None:
        return await _erased(request, link)
    form = own_form.of(one, await link.ports.own())
    return await _form(request, link, one, form)


@router.post(Purpose.OWN_PAGE.route + "/change")
async def correct(request: Request, link: Opened) -> Response:
    """Something was not right."""
    one = await _who(link)
    if one is None:
        return await _erased(request, link)
    form = own_form.typed(await request.form())
    changed = own_form.changes(form, one, await link.ports.own())
    if not form.faults:
        try:
            await usecases.update_participant(one.id, changed, link.ports)
        except (Invalid, ValidationError) as error:
            form.take(error)
            if isinstance(error, Invalid) and error.code == "too_young":
                await usecases.signing_up.minor_after_all(one.id, link.ports)
    if form.faults:
        return await _form(request, link, one, form, status=422)
    await _note(link, Act.CHANGED, "POST /me/{token}/change", one)
    return _back(request, "saved")


@router.get(Purpose.OWN_PAGE.route + "/download")
async def download(request: Request, link: Opened) -> Response:
    """A copy of everything, from every service."""
    one = await _who(link)
    if one is None:
        return await _erased(request, link)
    copy = await personal_data.copy_of(one.id, link.ports)
    await _note(link, Act.EXPORTED, "GET /me/{token}/download", one)
    body = copying.packed(copy, read_me(copy, (await link.ports.own()).name, link.language))
    return Response(
        body, media_type=copying.MEDIA_TYPE, headers={"Content-Disposition": f'attachment; filename="{FILE}"'}
    )


@router.post(Purpose.OWN_PAGE.route + "/pause")
async def pause(request: Request, link: Opened) -> Response:
    """Somebody takes a break."""
    return await _done(request, link, "POST /me/{token}/pause", lambda one: usecases.pause(one, None, link.ports))


@router.post(Purpose.OWN_PAGE.route + "/resume")
async def resume(request: Request, link: Opened) -> Response:
    """Somebody is back."""
    return await _done(request, link, "POST /me/{token}/resume", lambda one: usecases.resume(one, link.ports))


@router.post(Purpose.OWN_PAGE.route + "/leave")
async def leave(request: Request, link: Opened) -> Response:
    """Somebody leaves."""
    return await _done(request, link, "POST /me/{token}/leave", lambda one: usecases.leave(one, link.ports))


@router.post(Purpose.OWN_PAGE.route + "/consent")
async def consent(
    request: Request, link: Opened, feed: Annotated[str, Form(max_length=100)], yes: Annotated[bool, Form()]
) -> Response:
    """Somebody agrees that a partner is told of them, or takes it back."""

    def decide(one: str) -> Any:
        if yes:
            return personal_data.agree_to_feed(one, feed, ConsentChannel.WEB, link.language, link.ports)
        return personal_data.withdraw_from_feed(one, feed, link.ports)

    return await _done(request, link, "POST /me/{token}/consent", decide)


@router.post(Purpose.OWN_PAGE.route + "/charter")
async def charter(request: Request, link: Opened) -> Response:
    """A volunteer promises the charter."""
    return await _done(
        request,
        link,
        "POST /me/{token}/charter",
        lambda one: personal_data.promise_charter(one, ConsentChannel.WEB, link.language, link.ports),
    )


@router.get(Purpose.OWN_PAGE.route + "/erase")
async def ask_to_erase(request: Request, link: Opened) -> HTMLResponse:
    """What happens, and that it cannot be undone."""
    one = await _who(link)
    if one is None:
        return await _erased(request, link)
    own = await link.ports.own()
    return page(request, "registration/own/erase.html", link.language, brand=own.name, base=_base(request), fault=False)


@router.post(Purpose.OWN_PAGE.route + "/erase")
async def erase(request: Request, link: Opened, sure: Annotated[bool, Form()] = False) -> Response:
    """Somebody is erased, once they said twice that they want it."""
    one = await _who(link)
    if one is None:
        return await _erased(request, link)
    if not sure:
        own = await link.ports.own()
        return page(
            request,
            "registration/own/erase.html",
            link.language,
            status=422,
            brand=own.name,
            base=_base(request),
            fault=True,
        )
    await erasing.erase(one.id, Cause.ASKED, audit.participant(one.id), link.ports)
    return _back(request, "")


async def _who(link: ActionLink[Ports]) -> Participant | None:
    """The person of the link, as the record that stayed where two were one; none once they are erased.

    Raises:
        Absent: nobody was ever known by this id.
    """
    one = await link.ports.participants.find(link.person)
    while one is not None and one.merged_into is not None:
        one = await link.ports.participants.find(one.merged_into)
    if one is None and not await link.ports.participants.erased(link.person):
        raise Absent(f"participants {link.person}")
    return one


async def _erased(request: Request, link: ActionLink[Ports]) -> HTMLResponse:
    request.state.problem = ""
    own = await link.ports.own()
    erasure = await link.ports.erasures.find(link.person)
    return page(request, "registration/own/erased.html", link.language, brand=own.name, erasure=erasure)


async def _shown(
    request: Request, link: ActionLink[Ports], one: Participant, fault: Invalid | None = None, status: int = 200
) -> HTMLResponse:
    own = await link.ports.own()
    return page(
        request,
        "registration/own/page.html",
        link.language,
        status=status,
        brand=own.name,
        association=own,
        one=one,
        stays=one.status not in GONE,
        activities=personal_data.activities_link(one, link.ports, link.language, link.expires),
        base=_base(request),
        done=request.query_params.get("done", ""),
        feeds=[(feed, consents.in_force(one, feed)) for feed in own.feeds],
        feed_text=consents.FEED,
        charter=texts.CHARTER if consents.charter_due(one) else (),
        texts=texts.values(own),
        fault=fault,
    )


async def _form(
    request: Request, link: ActionLink[Ports], one: Participant, form: OwnForm, status: int = 200
) -> HTMLResponse:
    own = await link.ports.own()
    return page(
        request,
        "registration/own/change.html",
        link.language,
        status=status,
        brand=own.name,
        base=_base(request),
        one=one,
        form=form,
        own_languages={code: OWN_NAMES[code] for code in LANGUAGES},
        spoken=sorted(SPOKEN),
        genders=list(Gender),
        interests=ASKED,
        slots=SLOTS,
        levels=list(Level),
    )


async def _done(request: Request, link: ActionLink[Ports], what: str, do: Any) -> Response:
    one = await _who(link)
    if one is None:
        return await _erased(request, link)
    try:
        await do(one.id)
    except Invalid as fault:
        return await _shown(request, link, one, fault, 409)
    await _note(link, Act.CHANGED, what, one)
    return _back(request, "saved")


async def _note(link: ActionLink[Ports], act: Act, what: str, one: Participant) -> None:
    await link.ports.audit.record(audit.participant(one.id), act, [one.id], what)


def _base(request: Request) -> str:
    return f"{Purpose.OWN_PAGE.path}/{request.path_params['token']}"


def _back(request: Request, done: str) -> RedirectResponse:
    return RedirectResponse(f"{_base(request)}{f'?done={done}' if done else ''}", 303)
