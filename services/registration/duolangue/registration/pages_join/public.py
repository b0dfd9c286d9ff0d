"""The sign-up for anybody: no account, a cookie that opens this one sign-up, a link to go on another day."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duolangue.chassis.web import LANGUAGES, OWN_NAMES, cookies, page, reader_language
from duolangue.chassis.web.network import network_of
from duolangue.chassis.web.reader import LANGUAGE_COOKIE, YEAR_SECONDS
from duolangue.registration import usecases
from duolangue.registration.domain import sign_in
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.invalid import Invalid, NotNow
from duolangue.registration.domain.participant import ConsentChannel
from duolangue.registration.domain.signup import questions
from duolangue.registration.domain.signup.reading import Faults, TooYoung
from duolangue.registration.domain.signup.record import KEPT, SignUp
from duolangue.registration.pages_join.view import BACK, Wizard, question_named, show, summary, typed_into
from duolangue.registration.ports import Ports
from duolangue.registration.usecases.signing_up import Begun, TooOften

router = APIRouter(tags=["sign-up"], include_in_schema=False)
COOKIE: Final = "duo_join"


@router.get("/join/resume/{token}")
async def ask_to_go_on(request: Request, token: str) -> HTMLResponse:
    """A button: whatever only looks at the link opens nothing."""
    association, _ = sign_in.untagged(token)
    own = await _ports(request, association).own()
    context: dict[str, Any] = {
        "brand": own.name,
        "brand_logo": own.logo_path,
        "own": own,
        "token": token,
        "gone": False,
    }
    return page(request, "registration/join/resume.html", reader_language(request), **context)


@router.post("/join/resume/{token}")
async def go_on(request: Request, token: str) -> Response:
    """The browser goes on with the sign-up, where it stopped."""
    association, secret = sign_in.untagged(token)
    ports = _ports(request, association)
    own = await ports.own()
    begun = await usecases.signing_up.go_on(secret, _network(request), ports)
    if begun is None:
        context: dict[str, Any] = {
            "brand": own.name,
            "brand_logo": own.logo_path,
            "own": own,
            "token": token,
            "gone": True,
        }
        return page(request, "registration/join/resume.html", reader_language(request), status=410, **context)
    wizard = _wizard(request, begun.sign_up, own)
    waiting = questions.left(begun.sign_up.answers)
    answer = RedirectResponse(wizard.address(waiting[0] if waiting else None), 303)
    _keep(request, answer, own, begun)
    return answer


@router.get("/join/{slug}")
async def languages(request: Request, slug: str, over: Annotated[str, Query(max_length=10)] = "") -> HTMLResponse:
    """The first page: each language by its own name. Who began already may go on."""
    ports = _ports(request, slug)
    own, begun = await ports.own(), await _of_browser(request, slug)
    return page(
        request,
        "registration/join/start.html",
        reader_language(request),
        brand=own.name,
        brand_logo=own.logo_path,
        own=own,
        names={code: OWN_NAMES[code] for code in _offered(own)},
        begun=begun is not None and not begun.sent and bool(begun.answers.answered),
        over=over,
    )


@router.post("/join/{slug}")
async def begin(
    request: Request, slug: str, language: Annotated[str, Form()], anew: Annotated[str, Form()] = ""
) -> RedirectResponse:
    """The language is chosen: begin, or go on in it."""
    ports = _ports(request, slug)
    own, present = await ports.own(), await _of_browser(request, slug)
    chosen = language if language in LANGUAGES else reader_language(request)
    request.state.language = chosen  # also where it is refused
    begun = None
    if present is None or present.sent or anew:
        begun = await usecases.signing_up.begin_sign_up(chosen, _network(request), ports)
        present = begun.sign_up
    waiting = questions.left(present.answers)
    wizard = Wizard(f"/join/{own.id}", present, own, chosen)
    answer = RedirectResponse(wizard.address(waiting[0] if waiting else None), 303)
    cookies.keep(request, answer, LANGUAGE_COOKIE, chosen, YEAR_SECONDS)
    if begun is not None:
        _keep(request, answer, own, begun)
    return answer


@router.get("/join/{slug}/summary")
async def look_over(request: Request, slug: str) -> Response:
    """Everything that was answered."""
    wizard = await _opened(request, slug)
    if isinstance(wizard, RedirectResponse):
        return wizard
    waiting = questions.left(wizard.sign_up.answers)
    return RedirectResponse(wizard.address(waiting[0]), 303) if waiting else summary(request, wizard)


@router.post("/join/{slug}/summary")
async def send(request: Request, slug: str) -> Response:
    """All is right: send it."""
    wizard = await _opened(request, slug)
    if isinstance(wizard, RedirectResponse):
        return wizard
    ports = _ports(request, slug)
    try:
        await usecases.signing_up.send_sign_up(wizard.sign_up, ConsentChannel.WEB, _network(request), ports)
    except (NotNow, TooOften) as fault:
        waiting = questions.left(wizard.sign_up.answers)
        return RedirectResponse(wizard.address(waiting[0]), 303) if waiting else summary(request, wizard, fault)
    except Invalid as fault:
        return summary(request, wizard, fault)
    return RedirectResponse(f"{wizard.base}/thanks", 303)


@router.get("/join/{slug}/thanks")
async def thanks(request: Request, slug: str) -> HTMLResponse:
    """What happens next. The same page whether somebody is new or known."""
    return await _plain(request, slug, "thanks")


@router.get("/join/{slug}/young")
async def young(request: Request, slug: str) -> HTMLResponse:
    """A kind sentence for a minor."""
    return await _plain(request, slug, "young")


@router.get("/join/{slug}/later")
async def later(request: Request, slug: str, mailed: Annotated[str, Query(max_length=3)] = "") -> Response:
    """The link to go on another day."""
    wizard = await _opened(request, slug)
    if isinstance(wizard, RedirectResponse):
        return wizard
    url = usecases.signing_up.resume_url(_cookie(request, slug), _ports(request, slug))
    return page(
        request,
        "registration/join/later.html",
        wizard.language,
        brand=wizard.own.name,
        brand_logo=wizard.own.logo_path,
        wizard=wizard,
        url=url,
        mailed=mailed,
        going_on=wizard.address(next(iter(questions.left(wizard.sign_up.answers)), None)),
    )


@router.post("/join/{slug}/later")
async def mail_link(request: Request, slug: str) -> Response:
    """Mail that link."""
    wizard = await _opened(request, slug)
    if isinstance(wizard, RedirectResponse):
        return wizard
    cookie, ports = _cookie(request, slug), _ports(request, slug)
    left = await usecases.signing_up.mail_resume_link(wizard.sign_up, cookie, wizard.language, ports)
    return RedirectResponse(f"{wizard.base}/later?mailed={'yes' if left else 'no'}", 303)


@router.post("/join/{slug}/stop")
async def stop(request: Request, slug: str) -> RedirectResponse:
    """Somebody would rather not: nothing is kept."""
    wizard = await _opened(request, slug)
    if isinstance(wizard, RedirectResponse):
        return wizard
    await usecases.signing_up.withdraw_sign_up(wizard.sign_up, _ports(request, slug))
    answer = RedirectResponse(f"{wizard.base}?over=stopped", 303)
    cookies.forget(request, answer, COOKIE, wizard.base)
    return answer


@router.get("/join/{slug}/{name}")
async def ask(request: Request, slug: str, name: str) -> Response:
    """One question."""
    question = question_named(name)
    wizard = await _opened(request, slug)
    if isinstance(wizard, RedirectResponse):
        return wizard
    if not questions.reachable(question, wizard.sign_up.answers):
        waiting = questions.left(wizard.sign_up.answers)
        return RedirectResponse(wizard.address(waiting[0] if waiting else None), 303)
    clip = await usecases.clips.clip_for(question, wizard.language, _ports(request, slug))
    return show(request, wizard, question, clip=clip)


@router.post("/join/{slug}/{name}")
async def answer_it(request: Request, slug: str, name: str) -> Response:
    """An answer: the next question follows, or this page again with what is wrong."""
    question = question_named(name)
    wizard = await _opened(request, slug)
    if isinstance(wizard, RedirectResponse):
        return wizard
    ports, typed = _ports(request, slug), await typed_into(request)
    going_back = typed.pop(BACK, None) is not None
    try:
        if going_back:
            await usecases.signing_up.answer_going_back(wizard.sign_up, question, typed, wizard.language, ports)
            return RedirectResponse(wizard.back_from(question), 303)
        taken = await usecases.signing_up.answer_question(wizard.sign_up, question, typed, wizard.language, ports)
    except Faults as wrong:
        clip = await usecases.clips.clip_for(question, wizard.language, ports)
        return show(request, wizard, question, clip=clip, typed=typed, faults=wrong.faults)
    except TooYoung:
        return RedirectResponse(f"{wizard.base}/young", 303)
    return RedirectResponse(_wizard(request, taken, wizard.own).next_address(question), 303)


def _ports(request: Request, slug: str) -> Ports:
    ports: Ports = request.app.state.ports(slug)
    return ports


def _network(request: Request) -> str:
    return network_of(request, request.app.state.foundation.settings.trusted_proxies)


def _offered(own: Association) -> list[str]:
    return [code for code in LANGUAGES if not own.languages or code in own.languages] or list(LANGUAGES)


async def _of_browser(request: Request, slug: str) -> SignUp | None:
    return await usecases.signing_up.sign_up_of(_cookie(request, slug), _ports(request, slug))


async def _opened(request: Request, slug: str) -> Wizard | RedirectResponse:
    """The sign-up this browser has begun; or the way to the first page."""
    own, found = await _ports(request, slug).own(), await _of_browser(request, slug)
    if found is None:
        return RedirectResponse(f"/join/{own.id}?over=lost", 303)
    if found.sent:
        return RedirectResponse(f"/join/{own.id}/thanks", 303)
    return _wizard(request, found, own)


def _wizard(request: Request, sign_up: SignUp, own: Association) -> Wizard:
    request.state.language = sign_up.language
    return Wizard(f"/join/{own.id}", sign_up, own, reader_language(request))


async def _plain(request: Request, slug: str, name: str) -> HTMLResponse:
    own, found = await _ports(request, slug).own(), await _of_browser(request, slug)
    if found is not None:
        request.state.language = found.language
    context: dict[str, Any] = {"brand": own.name, "brand_logo": own.logo_path, "own": own}
    return page(request, f"registration/join/{name}.html", reader_language(request), **context)


def _keep(request: Request, answer: Response, own: Association, begun: Begun) -> None:
    cookie = f"{begun.sign_up.id}.{begun.secret}"
    cookies.keep(request, answer, COOKIE, cookie, int(KEPT.total_seconds()), f"/join/{own.id}")


def _cookie(request: Request, slug: str) -> str:
    return cookies.kept(request, COOKIE, f"/join/{slug}")
