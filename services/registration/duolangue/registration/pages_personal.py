"""The desk's pages of personal data: one person's, erasures under way, who goes when, who saw what, which texts people agree to."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duolangue.chassis.identity import Access
from duolangue.chassis.store import Absent
from duolangue.chassis.web import Desk, desk, page, spoken, translations
from duolangue.chassis.whatsapp import ready_message
from duolangue.registration import auditing, copying
from duolangue.registration.auditing import Audited
from duolangue.registration.domain import audit, consents, retention
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.erasure import Cause
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.own_page import LINK_DAYS
from duolangue.registration.domain.participant import GONE, ConsentChannel
from duolangue.registration.domain.signup import texts as signup_texts
from duolangue.registration.ports import Ports
from duolangue.registration.read_me import PACKAGE, read_me
from duolangue.registration.usecases import erasing, personal_data, retaining

router = APIRouter(tags=["personal data"], include_in_schema=False, route_class=Audited)
At = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
Administrator = Annotated[Desk[Ports], Depends(desk(Access.ADMINISTER))]
SHOWN: Final = 100
GOING: Final = 50
"""Of those who are to go, on one page."""


def N_(text: str) -> str:
    """Mark a message for the catalogues."""
    return text


LINK_TEXT: Final = N_(
    "Hello %(name)s, this is your page at %(association)s. There you see what we keep about you: %(url)s (for %(days)s days, for you alone)"
)


@router.get("/people/personal-data")
async def overview(request: Request, at: At) -> HTMLResponse:
    """What concerns personal data and waits for somebody."""
    await retaining.watch_retention(at.ports)
    wishes = await personal_data.wishes(at.ports)
    auditing.shows(request, [one.id for one in wishes])
    soon = await retaining.leaving(at.ports.clock.now() + retention.AHEAD, at.ports)
    return page(
        request,
        "registration/personal/overview.html",
        at.language,
        wishes=wishes,
        open_erasures=await at.ports.erasures.count({"closed_at": None}),
        soon=len(soon),
        administers=at.coordinator.access.covers(Access.ADMINISTER),
    )


@router.get("/people/erasures")
async def erasures(request: Request, at: At) -> HTMLResponse:
    """Which erasures have not been answered by every service, and the latest that were."""
    waiting = await at.ports.erasures.select({"closed_at": None}, sort=[("requested_at", 1)], limit=SHOWN)
    done = await at.ports.erasures.select({"closed_at": {"$type": "date"}}, sort=[("requested_at", -1)], limit=SHOWN)
    return page(request, "registration/personal/erasures.html", at.language, waiting=waiting, done=done)


@router.get("/people/retention")
async def who_goes(
    request: Request, at: Administrator, start: Annotated[int, Query(ge=0, le=100_000)] = 0
) -> HTMLResponse:
    """Who would be erased by themselves and when, whoever goes first comes first. Looking changes nothing."""
    watch = await retaining.watch_retention(at.ports)
    end = start + GOING
    up_to = await retaining.leaving(at.ports.clock.now() + timedelta(days=366), at.ports, end + 1)
    found = up_to[start:end]
    auditing.shows(request, [each.participant.id for each in found])
    own, now = await at.ports.own(), at.ports.clock.now()
    return page(
        request,
        "registration/personal/retention.html",
        at.language,
        found=found,
        association=own,
        watch=watch,
        begins=None if retention.may_erase(watch, own, now) else _begins(watch),
        now=now,
        start=start,
        before=max(0, start - GOING),
        after=end if len(up_to) > end else 0,
    )


@router.get("/people/audit")
async def audited(
    request: Request,
    at: Administrator,
    person: Annotated[str, Query(max_length=64, pattern="^[A-Za-z0-9_-]*$")] = "",
    before: datetime | None = None,
) -> HTMLResponse:
    """Who saw or changed whose data, the latest first."""
    if before is not None and before.tzinfo is None:
        before = None
    found = await at.ports.audit.latest(person or None, before, SHOWN + 1)
    ids = {each.actor.id for each in found if each.actor.kind is audit.ActorKind.COORDINATOR}
    coordinators = await at.ports.coordinators.select({"id": {"$in": sorted(ids)}}) if ids else []
    return page(
        request,
        "registration/personal/audit.html",
        at.language,
        entries=found[:SHOWN],
        more=found[SHOWN - 1].at if len(found) > SHOWN else None,
        person=person,
        names={each.id: each.name or each.email for each in coordinators},
        days=audit.KEPT.days,
    )


@router.get("/people/consents")
async def texts(request: Request, at: At) -> HTMLResponse:
    """The texts people agree to, by version."""
    own = await at.ports.own()
    values = {**signup_texts.values(own), "feed": "…"}
    return page(request, "registration/personal/consents.html", at.language, texts=consents.TEXTS, values=values)


@router.get("/people/{participant_id}/personal-data")
async def person(request: Request, participant_id: str, at: At) -> Response:
    """One person's data, and what can be done for them; of two records that became one, the one that stands."""
    one = await at.ports.participants.get(participant_id)
    if one.merged_into is not None:
        return RedirectResponse(f"/people/{one.merged_into}/personal-data", 303)
    return await _person(request, participant_id, at)


@router.post("/people/{participant_id}/personal-data/link")
async def link(request: Request, participant_id: str, at: At) -> HTMLResponse:
    """A link to the person's own page, ready to be handed over: it is made when it is asked for, and kept nowhere."""
    one, own = await at.ports.participants.get(participant_id), await at.ports.own()
    language = spoken(one.ui_language, own.language)
    url = personal_data.own_link(one, at.ports, language)
    values = {"name": one.first_name, "association": own.name, "url": url, "days": LINK_DAYS}
    text = translations(PACKAGE, language).gettext(LINK_TEXT) % values
    await personal_data.hand_over_own_page(participant_id, at.ports)
    return page(
        request,
        "registration/personal/link.html",
        at.language,
        one=one,
        url=url,
        message=ready_message(text, url, one.phone or ""),
        theirs=language,
    )


@router.get("/people/{participant_id}/personal-data/download")
async def download(request: Request, participant_id: str, at: At) -> Response:
    """A copy of everything, for the person."""
    copy = await personal_data.copy_of(participant_id, at.ports)
    auditing.takes_out(request)
    own = await at.ports.own()
    body = copying.packed(copy, read_me(copy, own.name, spoken(copy.participant.ui_language, own.language)))
    named = {"Content-Disposition": 'attachment; filename="duolangue.zip"'}
    return Response(body, media_type=copying.MEDIA_TYPE, headers=named)


@router.post("/people/{participant_id}/personal-data/consent")
async def consent(
    request: Request,
    participant_id: str,
    at: At,
    feed: Annotated[str, Form(max_length=100)],
    yes: Annotated[bool, Form()],
    channel: Annotated[ConsentChannel, Form()] = ConsentChannel.ORAL,
) -> Response:
    """The person told a coordinator that they agree, or do not any more."""
    try:
        if yes:
            one = await at.ports.participants.get(participant_id)
            await personal_data.agree_to_feed(participant_id, feed, channel, one.ui_language, at.ports)
        else:
            await personal_data.withdraw_from_feed(participant_id, feed, at.ports)
    except Invalid as fault:
        return await _person(request, participant_id, at, fault)
    return RedirectResponse(f"/people/{participant_id}/personal-data", 303)


@router.post("/people/{participant_id}/personal-data/charter")
async def charter(
    participant_id: str, at: At, channel: Annotated[ConsentChannel, Form()] = ConsentChannel.ORAL
) -> RedirectResponse:
    """The volunteer promised the charter to a coordinator."""
    one = await at.ports.participants.get(participant_id)
    await personal_data.promise_charter(participant_id, channel, one.ui_language, at.ports)
    return RedirectResponse(f"/people/{participant_id}/personal-data", 303)


@router.post("/people/{participant_id}/personal-data/erase")
async def erase(request: Request, participant_id: str, at: At, sure: Annotated[bool, Form()] = False) -> Response:
    """The person asked a coordinator to be erased."""
    if not sure:
        fault = Invalid("not_sure", "Tick this first, if you are sure.", field="sure")
        return await _person(request, participant_id, at, fault)
    one = await at.ports.participants.find(participant_id)
    if one is not None and one.merged_into is not None:  # erasing the emptied record would leave the person
        return RedirectResponse(f"/people/{one.merged_into}/personal-data", 303)
    if one is None and not await at.ports.participants.erased(participant_id):
        raise Absent(f"participants {participant_id}")
    await erasing.erase(participant_id, Cause.COORDINATOR, audit.coordinator(at.coordinator.id), at.ports)
    return RedirectResponse("/people/erasures", 303)


async def _person(request: Request, participant_id: str, at: Desk[Ports], fault: Invalid | None = None) -> HTMLResponse:
    one, own = await at.ports.participants.get(participant_id), await at.ports.own()
    return page(
        request,
        "registration/personal/person.html",
        at.language,
        status=422 if fault else 200,
        one=one,
        stays=one.status not in GONE,
        feeds=[(feed, consents.in_force(one, feed)) for feed in own.feeds],
        charter=signup_texts.CHARTER if consents.charter_due(one) else (),
        theirs=spoken(one.ui_language, own.language),
        told=partial(_told, own, spoken(one.ui_language, own.language)),
        goes_on=retention.leaves_on(one, own),
        fault=fault,
        administers=at.coordinator.access.covers(Access.ADMINISTER),
    )


def _told(own: Association, language: str, sentence: str) -> str:
    """A sentence of the texts in the person's language, to be read to them."""
    return translations(PACKAGE, language).gettext(sentence) % signup_texts.values(own)


def _begins(watch: retention.Watch) -> datetime | None:
    """From when on people may be erased; none while administrators were not told of the rule yet."""
    return watch.announced_at + retention.NOTICE if watch.announced_at is not None else None
