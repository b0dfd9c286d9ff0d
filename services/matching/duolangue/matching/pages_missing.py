"""Who is missing, and the calls for volunteers made from it: words to share in three languages, and a poster."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duolangue.chassis.identity import Access
from duolangue.chassis.web import Desk, desk, page
from duolangue.matching import calls, poster
from duolangue.matching.calls import CALL_LANGUAGES
from duolangue.matching.domain.missing import Call
from duolangue.matching.ports import Ports
from duolangue.matching.sentences_waiting import WaitingSentences
from duolangue.matching.usecases import missing
from duolangue.matching.usecases import pool as pools

router = APIRouter(prefix="/duos/missing", include_in_schema=False)

Reader = Annotated[Desk[Ports], Depends(desk(Access.READ))]
At = Annotated[Desk[Ports], Depends(desk(Access.COORDINATE))]
CallId = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,64}$")]
CallLanguage = Annotated[Literal["fr", "nl", "en"], Query()]
LONGEST: Final = 1500
Text = Annotated[str, Query(max_length=LONGEST)]


@router.get("")
async def overview(request: Request, at: Reader) -> HTMLResponse:
    """Which volunteers would help most, as it was last found."""
    state = await missing.see(at.ports)
    last = await at.ports.runs.latest(done=True)
    sentences = WaitingSentences(at.language)
    return page(
        request,
        "matching/missing.html",
        at.language,
        state=state,
        outdated=bool(state and state.found_at and last and last.finished_at and last.finished_at > state.found_at),
        found=[(each, _place(each, at.language), sentences.of_profile(each.profile)) for each in state.finding.calls]
        if state
        else [],
        call_language=at.language if at.language in CALL_LANGUAGES else CALL_LANGUAGES[0],
        may=at.coordinator.access.covers(Access.COORDINATE),
    )


@router.post("")
async def look(at: At) -> Response:
    """Have it looked for anew."""
    await missing.want(at.ports)
    return RedirectResponse("/duos/missing", 303)


@router.get("/{call}")
async def one(
    request: Request, call: CallId, at: Reader, language: CallLanguage = "fr", text: Text = ""
) -> HTMLResponse:
    """A call in one language: words to change and to share, and a poster."""
    found = await missing.call(call, at.ports)
    association, address = await pools.association_of(at.ports), _address(at.ports)
    words = calls.words_of(found, association, address, language)
    said = text.replace("\r\n", "\n").strip() or words.text
    whatsapp, mail = calls.shared(said, words.title)
    return page(
        request,
        "matching/call.html",
        at.language,
        call=found,
        sentence=WaitingSentences(at.language).of_profile(found.profile),
        words_title=words.title,
        text=said,
        changed=said != words.text,
        call_language=language,
        call_languages=CALL_LANGUAGES,
        longest=LONGEST,
        whatsapp=whatsapp,
        mail=mail,
        address=address,
        place=_place(found, at.language),
    )


@router.get("/{call}/poster")
async def printed(call: CallId, at: Reader, language: CallLanguage = "fr", text: Text = "") -> Response:
    """The call as a poster with a code to the sign-up (PDF)."""
    found = await missing.call(call, at.ports)
    association, address = await pools.association_of(at.ports), _address(at.ports)
    words = calls.words_of(found, association, address, language)
    drawn = poster.draw(
        words.title,
        text.replace("\r\n", "\n").strip() or words.text,
        association.name or association.id,
        address,
        at.ports.clock.now(),
        language,
    )
    name = f"duolangue-{found.profile.id}-{language}.pdf"
    return Response(drawn, media_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


def _address(ports: Ports) -> str:
    return calls.join_address(ports.public_url, ports.association)


def _place(call: Call, language: str) -> str:
    return calls.place_of(call.profile, language)
