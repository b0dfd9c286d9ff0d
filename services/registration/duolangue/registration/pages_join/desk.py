"""A coordinator fills in the sign-up with the person, and records what they agreed to aloud. And: that minors came."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duolangue.chassis.identity import Access
from duolangue.chassis.store import Absent
from duolangue.chassis.web import Desk, desk, page
from duolangue.chassis.whatsapp import drawn
from duolangue.registration import usecases
from duolangue.registration.auditing import Audited
from duolangue.registration.domain import audit
from duolangue.registration.domain.audit import Act
from duolangue.registration.domain.invalid import Invalid, NotNow
from duolangue.registration.domain.participant import ConsentChannel
from duolangue.registration.domain.signup import questions
from duolangue.registration.domain.signup.answers import Question
from duolangue.registration.domain.signup.reading import Faults, TooYoung
from duolangue.registration.pages_join.view import BACK, Wizard, question_named, show, summary, typed_into
from duolangue.registration.ports import Ports

router = APIRouter(tags=["sign-up"], include_in_schema=False, route_class=Audited)
At = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
Reader = Annotated[Desk[Ports], Depends(desk(Access.READ))]
DAYS_SHOWN: Final = 90
SIGNED_UP: Final = "POST /people/new/{sign_up_id}/summary"
"""How it stands in the list of who changed whose data."""


@router.get("/people/new")
async def new(request: Request, at: At) -> HTMLResponse:
    """Begin with somebody, or go on with a sign-up a coordinator began."""
    own, unfinished = await at.ports.own(), await usecases.signing_up.unfinished_at_desk(at.ports)
    public_address = f"{at.ports.public_url.rstrip('/')}/join/{own.id}"
    return page(
        request,
        "registration/join/new.html",
        at.language,
        brand=own.name,
        unfinished=[(each, questions.left(each.answers)) for each in unfinished],
        public_address=public_address,
        code=drawn(public_address),
    )


@router.post("/people/new")
async def begin(at: At) -> RedirectResponse:
    """Begin with somebody."""
    begun = await usecases.signing_up.begin_sign_up_with(at.coordinator.id, at.language, at.ports)
    return RedirectResponse(f"/people/new/{begun.id}/{Question.WISH.value}", 303)


@router.get("/people/minors")
async def minors(request: Request, at: Reader) -> HTMLResponse:
    """On which days minors wanted to sign up, and how many; nothing else is known."""
    own = await at.ports.own()
    return page(
        request,
        "registration/join/minors.html",
        at.language,
        brand=own.name,
        days=await at.ports.minors.select(sort=[("day", -1)], limit=DAYS_SHOWN),
        coordinates=at.coordinator.access.covers(Access.COORDINATE),
    )


@router.post("/people/minors")
async def seen(at: At) -> RedirectResponse:
    """It was read."""
    await usecases.signing_up.see_minors(at.ports)
    return RedirectResponse("/people/minors", 303)


@router.get("/people/new/{sign_up_id}/summary")
async def look_over(request: Request, sign_up_id: str, at: At) -> Response:
    """Everything that was answered."""
    wizard = await _opened(sign_up_id, at)
    waiting = questions.left(wizard.sign_up.answers)
    return RedirectResponse(wizard.address(waiting[0]), 303) if waiting else summary(request, wizard)


@router.post("/people/new/{sign_up_id}/summary")
async def send(request: Request, sign_up_id: str, at: At) -> Response:
    """All is right: the person is registered, and waits for the first interview."""
    wizard = await _opened(sign_up_id, at)
    try:
        person = await usecases.signing_up.send_sign_up(wizard.sign_up, ConsentChannel.ORAL, "", at.ports)
    except NotNow:
        waiting = questions.left(wizard.sign_up.answers)
        return RedirectResponse(wizard.address(waiting[0] if waiting else None), 303)
    except Invalid as fault:
        return summary(request, wizard, fault)
    await at.ports.audit.record(audit.coordinator(at.coordinator.id), Act.CHANGED, [person], SIGNED_UP)
    return RedirectResponse(f"/people/{person}", 303)


@router.post("/people/new/{sign_up_id}/stop")
async def stop(sign_up_id: str, at: At) -> RedirectResponse:
    """The person would rather not: nothing is kept."""
    wizard = await _opened(sign_up_id, at)
    await usecases.signing_up.withdraw_sign_up(wizard.sign_up, at.ports)
    return RedirectResponse("/people/new", 303)


@router.get("/people/new/{sign_up_id}/young")
async def young(request: Request, sign_up_id: str, at: At) -> HTMLResponse:
    """A kind sentence to tell a minor."""
    wizard = await _opened(sign_up_id, at)
    return page(
        request, "registration/join/young.html", at.language, brand=wizard.own.name, own=wizard.own, wizard=wizard
    )


@router.get("/people/new/{sign_up_id}/{name}")
async def ask(request: Request, sign_up_id: str, name: str, at: At) -> Response:
    """One question."""
    question, wizard = question_named(name), await _opened(sign_up_id, at)
    if not questions.reachable(question, wizard.sign_up.answers):
        waiting = questions.left(wizard.sign_up.answers)
        return RedirectResponse(wizard.address(waiting[0] if waiting else None), 303)
    return show(request, wizard, question, clip=await usecases.clips.clip_for(question, wizard.told_in, at.ports))


@router.post("/people/new/{sign_up_id}/{name}")
async def answer_it(request: Request, sign_up_id: str, name: str, at: At) -> Response:
    """An answer: the next question follows, or this page again with what is wrong."""
    question, wizard = question_named(name), await _opened(sign_up_id, at)
    typed = await typed_into(request)
    going_back = typed.pop(BACK, None) is not None
    try:
        if going_back:
            await usecases.signing_up.answer_going_back(wizard.sign_up, question, typed, wizard.told_in, at.ports)
            return RedirectResponse(wizard.back_from(question) or "/people/new", 303)
        taken = await usecases.signing_up.answer_question(wizard.sign_up, question, typed, wizard.told_in, at.ports)
    except Faults as wrong:
        clip = await usecases.clips.clip_for(question, wizard.told_in, at.ports)
        return show(request, wizard, question, clip=clip, typed=typed, faults=wrong.faults)
    except TooYoung:
        return RedirectResponse(f"{wizard.base}/young", 303)
    return RedirectResponse(Wizard(wizard.base, taken, wizard.own, at.language, True).next_address(question), 303)


async def _opened(sign_up_id: str, at: Desk[Ports]) -> Wizard:
    """The sign-up that a coordinator of the association began; somebody's own is opened to nobody else.

    Raises:
        Absent: there is none.
    """
    found = await usecases.signing_up.sign_up_at_desk(sign_up_id, at.ports)
    if found is None or found.sent:
        raise Absent("sign-up")
    return Wizard(f"/people/new/{found.id}", found, await at.ports.own(), at.language, at_desk=True)
