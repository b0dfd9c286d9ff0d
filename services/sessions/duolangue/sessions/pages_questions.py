"""The three questions: behind a link of their own, and behind those that somebody has anyway (of the week, of the next step, of their
activities). No sign-in, all free.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.text import Paragraph
from duolangue.chassis.web import ActionLink, page
from duolangue.contracts.links import Purpose
from duolangue.sessions.domain.story import LONGEST_WORDS, Question
from duolangue.sessions.forms import FormText
from duolangue.sessions.impact_words import Words
from duolangue.sessions.own_links import opened_today
from duolangue.sessions.ports import Ports
from duolangue.sessions.story_forms import SCALE, answers_typed
from duolangue.sessions.usecases import asking, associations, stories

router = APIRouter(prefix=Purpose.THREE_QUESTIONS.route, include_in_schema=False)
BY: Final = (Purpose.THREE_QUESTIONS, Purpose.LOG_CONVERSATION, Purpose.NEXT_STEP, Purpose.OWN_ACTIVITIES)
Opened = Annotated[ActionLink[Ports], Depends(opened_today(*BY))]


@router.get("")
async def ask(request: Request, link: Opened, *, done: bool = False) -> Response:
    """The three questions, as they were answered so far."""
    return await _page(request, link, done=done)


@router.post("")
async def answer(
    request: Request,
    token: str,
    link: Opened,
    confidence: FormText = "",
    friends: FormText = "",
    projects: FormText = "",
    text: Annotated[Paragraph, Form()] = "",
    *,
    agreed: Annotated[bool, Form()] = False,
) -> Response:
    """They answer, all or some of them; with words to show, where they want."""
    given = answers_typed(confidence=confidence, friends=friends, projects=projects)
    try:
        moment = await asking.moment_of(link.person, link.ports)
        await stories.answer(link.person, moment, given, None, link.ports)
        await stories.say(link.person, text[:LONGEST_WORDS], agreed=agreed, by=None, ports=link.ports)
    except RuleBroken as broken:
        return await _page(request, link, broken=broken, given=given, text=text)
    return RedirectResponse(f"/sessions/questions/{token}?done=true", 303)


async def _page(
    request: Request,
    link: ActionLink[Ports],
    *,
    done: bool = False,
    broken: RuleBroken | None = None,
    given: dict[Question, int | None] | None = None,
    text: str | None = None,
) -> Response:
    told = await stories.of(link.person, link.ports)
    answers = told.answers(await asking.moment_of(link.person, link.ports))
    chosen = given or {each: answers.of(each) if answers else None for each in Question}
    return page(
        request,
        "sessions/impact/questions.html",
        link.language,
        status=422 if broken else 200,
        brand=(await associations.known(link.ports)).name,
        done=done,
        broken=broken,
        chosen=chosen,
        text=text if text is not None else told.words.text if told.words else "",
        agreed=told.words is not None,
        say=Words(link.language),
        questions=list(Question),
        scale=SCALE,
        longest=LONGEST_WORDS,
    )
