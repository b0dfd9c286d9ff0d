"""Questions read aloud: an administrator brings the sounds, whoever signs up hears them."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile

from duolangue.chassis.identity import Access
from duolangue.chassis.web import LANGUAGES, OWN_NAMES, Desk, desk, page, translations
from duolangue.registration import usecases
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.signup import clip
from duolangue.registration.domain.signup.answers import Question
from duolangue.registration.domain.signup.clip import MOST_BYTES
from duolangue.registration.pages_join import words
from duolangue.registration.pages_join.view import PACKAGE, question_named
from duolangue.registration.ports import Ports

router = APIRouter(tags=["sounds"], include_in_schema=False)
At = Annotated[Desk[Ports], Depends(desk(Access.ADMINISTER))]
KEPT_BY_BROWSERS: Final = "public, max-age=86400"


@router.get("/association/audio")
async def listed(request: Request, at: At) -> HTMLResponse:
    """The sounds there are, and a form for another."""
    return await _page(request, at)


@router.post("/association/audio")
async def upload(request: Request, at: At) -> Response:
    """Keep a sound for a question in a language."""
    async with request.form(max_files=1, max_fields=10) as form:
        question, language, file = form.get("question"), form.get("language"), form.get("file")
        content = await file.read(MOST_BYTES + 1) if isinstance(file, UploadFile) else b""
    chosen = {"question": str(question), "language": str(language)}
    try:
        if language not in LANGUAGES or question not in set(Question):
            raise Invalid("choose_one", "Please choose one.", field="question")
        if not content:
            raise Invalid("file_missing", "Choose a file first.", field="file")
        await usecases.clips.keep_clip(Question(str(question)), str(language), content, at.ports)
    except Invalid as fault:
        return await _page(request, at, fault, chosen)
    return RedirectResponse("/association/audio", 303)


@router.post("/association/audio/remove")
async def remove(at: At, clip_id: Annotated[str, Form(max_length=64)]) -> RedirectResponse:
    """Take a sound away."""
    await usecases.clips.remove_clip(clip_id, at.ports)
    return RedirectResponse("/association/audio", 303)


@router.get("/join/{slug}/audio/{name}/{language}")
async def play(request: Request, slug: str, name: str, language: str) -> Response:
    """A sound, for whoever signs up."""
    question, ports = question_named(name), request.app.state.ports(slug)
    known = await ports.clips.get(clip.clip_id(question, language))
    sound = await ports.sounds.get(known.id)
    headers = {"Cache-Control": KEPT_BY_BROWSERS, "ETag": f'"{known.version}"', "Accept-Ranges": "none"}
    return Response(sound.content, media_type=known.media_type, headers=headers)


async def _page(
    request: Request, at: Desk[Ports], fault: Invalid | None = None, chosen: dict[str, str] | None = None
) -> HTMLResponse:
    own = await at.ports.own()
    say = translations(PACKAGE, at.language).gettext
    titles = {each.value: say(words.TITLES[each]) for each in Question}
    return page(
        request,
        "registration/join/audio.html",
        at.language,
        status=422 if fault else 200,
        brand=own.name,
        own=own,
        clips=await usecases.clips.clips(at.ports),
        titles=titles,
        languages={code: OWN_NAMES[code] for code in LANGUAGES},
        chosen=chosen or {"question": "", "language": own.language},
        fault=say(fault.template) % fault.values if fault else "",
        fault_field=fault.field if fault else "",
    )
