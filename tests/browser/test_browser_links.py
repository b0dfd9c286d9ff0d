"""What participants see: the pages that their links open, and those before one has signed in."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from duolangue.contracts.facts.activities import ActivityKind, CancelledBy
from duolangue.contracts.links import Purpose
from duolangue.sessions.domain.announcing import Plan
from duolangue.sessions.domain.eligibility import Answer, Rule
from duolangue.sessions.domain.meeting import Meeting
from duolangue.sessions.usecases import activities, enrolments
from tests.browser.looking import PHONE, WIDE, Eyes, look_at, looking

EYES = (Eyes(PHONE), Eyes(WIDE, dark=True))
LANGUAGES = ("fr", "ar")
PAGES = (
    "answer", "still", "log", "next-step", "problem", "sign-in", "sign-in-code", "own-page", "own-page-change", "own-page-erase", "own-page-ask",
    "mine", "mine-activity", "mine-propose", "mine-calendar", "mine-course", "mine-lessons", "mine-lesson-move", "questions",
    "attestation", "host", "host-homework", "home", "broken-link", "nothing-here",
)  # fmt: skip
NOBODYS = {
    "sign-in", "sign-in-code", "own-page-ask", "home", "broken-link", "nothing-here", "attestation", "problem",
}  # fmt: skip
"""Pages of which nobody knows who looks, and the one that "A problem?" leads to."""


@pytest.fixture
def links(whole, north):
    return addresses(north.ids, partial(whole.link, north), f"{whole.clock.now():%G-W%V}")


def addresses(ids, token, week):
    """Where each page is, by its name; `token` signs a link for a purpose, an entity and a person."""

    def path(purpose, entity, person, **more):
        return f"{purpose.path}/{token(purpose, ids[entity], ids[person], **more)}"

    own, mine = (path(each, "newcomer", "newcomer") for each in (Purpose.OWN_PAGE, Purpose.OWN_ACTIVITIES))
    asked = path(Purpose.OWN_ACTIVITIES, "asked", "asked")
    return {
        "answer": path(Purpose.ANSWER_PROPOSAL, "proposal", "asked"),
        "still": path(Purpose.STILL_TAKING_PART, "question", "asked"),
        "log": path(Purpose.LOG_CONVERSATION, "duo", "newcomer", scope=week),
        "next-step": path(Purpose.NEXT_STEP, "duo", "newcomer"),
        "problem": path(Purpose.REPORT_PROBLEM, "duo", "newcomer"),
        "sign-in": "/sign-in",
        "sign-in-code": "/sign-in/code",
        "own-page": own,
        "own-page-change": f"{own}/change",
        "own-page-erase": f"{own}/erase",
        "own-page-ask": "/me",
        "mine": mine,
        "mine-activity": f"{asked}/activities/{ids['activity']}",
        "mine-propose": f"{mine}/propose",
        "mine-calendar": f"{mine}/calendar",
        "mine-course": f"{asked}/courses/{ids['group']}",
        "mine-lessons": f"{mine}/lessons",
        "mine-lesson-move": f"{mine}/lessons/{ids['enrolment']}/move",
        "questions": path(Purpose.THREE_QUESTIONS, "newcomer", "newcomer"),
        "attestation": path(Purpose.CONFIRM_ATTESTATION, "number", "newcomer"),
        "host": path(Purpose.HOST_ACTIVITY, "activity", "volunteer"),
        "host-homework": path(Purpose.HOST_ACTIVITY, "group", "volunteer") + "/homework",
        "home": "/",
        "broken-link": f"{Purpose.ANSWER_PROPOSAL.path}/broken",
        "nothing-here": "/nothing-here",
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
async def test_a_page_for_participants_is_fit_for_everybody(name, language, browser, whole, links):
    async with looking(browser, str(whole.client.base_url), EYES[0], language=language) as page:
        await page.context.add_cookies([{"name": "duo_language", "value": language, "url": str(whole.client.base_url)}])
        await page.goto(links[name])
        if name not in NOBODYS:
            assert await page.locator("main a[href^='/problem/']").count(), "no way to say that something is wrong"
        await look_at(page, f"{name}-{language}", *EYES, language=language, rules=language == "fr")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_who_tells_of_a_day_twice_is_asked_with_two_buttons(language, browser, whole, links):
    async with looking(browser, str(whole.client.base_url), EYES[0], language=language) as page:
        await page.context.add_cookies([{"name": "duo_language", "value": language, "url": str(whole.client.base_url)}])
        for _ in range(2):
            await page.goto(links["log"])
            await page.locator("button.big").click()
        await page.locator("button[name='another']").wait_for()
        await look_at(page, f"log-another-{language}", *EYES, language=language, rules=language == "fr")
        await page.locator("button[name='another']").click()
        await page.locator("p[role='status']").first.wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_whoever_takes_part_in_a_module_finds_their_answers_on_its_page(language, browser, whole, north):
    ports, now = whole.apps()["sessions"].state.ports(north.slug), whole.clock.now()
    meeting = Meeting(
        id="m1", day=now.date() + timedelta(days=9), begins="10:00", minutes=90, place="Rue Puits-en-Sock 5"
    )
    plan = Plan("Bénévolat à la cafétéria", "Une matinée.", (meeting,), rules=(Rule.INCOME, Rule.OUTSIDE_EU))
    module = await activities.begin(ActivityKind.MODULE, plan, "c-test", ports)
    await activities.publish(module.id, "c-test", ports)
    said = [Answer(rule=Rule.INCOME, yes=True, on=now.date(), checked_by="c-test")]
    said.append(Answer(rule=Rule.OUTSIDE_EU, yes=True, on=now.date()))
    await enrolments.enrol(module.id, north.ids["newcomer"], ports, answers=said)
    own = f"{Purpose.OWN_ACTIVITIES.path}/{whole.link(north, Purpose.OWN_ACTIVITIES, *[north.ids['newcomer']] * 2)}"
    async with looking(browser, str(whole.client.base_url), EYES[0], language=language) as page:
        await page.context.add_cookies([{"name": "duo_language", "value": language, "url": str(whole.client.base_url)}])
        await page.goto(f"{own}/activities/{module.id}")
        assert await page.locator("li strong").count() == 2
        await look_at(page, f"mine-answers-{language}", *EYES, language=language, rules=language == "fr")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_page_that_an_offers_message_leads_to_asks_for_a_yes_or_a_no(language, browser, whole, north):
    ports, now = whole.apps()["sessions"].state.ports(north.slug), whole.clock.now()
    meeting = Meeting(id="m1", day=now.date() + timedelta(days=9), begins="15:00", minutes=90, place="Au théâtre")
    plan = Plan("Tartuffe, en matinée", "Nous y allons ensemble.", (meeting,), capacity=1, rules=(Rule.ZONE,))
    outing = await activities.begin(ActivityKind.OUTING, plan, "c-test", ports)
    await activities.publish(outing.id, "c-test", ports)
    said = [Answer(rule=Rule.ZONE, yes=True, on=now.date())]
    first = await enrolments.enrol(outing.id, north.ids["asked"], ports, answers=said)
    waits = await enrolments.enrol(outing.id, north.ids["newcomer"], ports, answers=said)
    await enrolments.give_up(first.id, CancelledBy.PARTICIPANT, ports)
    await enrolments.offer_sent(waits.id, whole.clock.now(), ports)
    own = f"{Purpose.OWN_ACTIVITIES.path}/{whole.link(north, Purpose.OWN_ACTIVITIES, *[north.ids['newcomer']] * 2)}"
    async with looking(browser, str(whole.client.base_url), EYES[0], language=language) as page:
        await page.context.add_cookies([{"name": "duo_language", "value": language, "url": str(whole.client.base_url)}])
        await page.goto(f"{own}/activities/{outing.id}")
        assert "24" in await page.locator("p.note").inner_text(), "until when it is kept"
        await look_at(page, f"mine-offer-{language}", *EYES, language=language, rules=language == "fr")
        await page.locator("form[action$='/enrol'] button.big").click()
        await page.locator("p[role='status']").first.wait_for()
