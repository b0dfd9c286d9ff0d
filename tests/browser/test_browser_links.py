"""What participants see: the pages that their links open, and those before one has signed in."""

from __future__ import annotations

import pytest

from duolangue.contracts.links import Purpose
from tests.browser.looking import PHONE, WIDE, Eyes, look_at, looking

EYES = (Eyes(PHONE), Eyes(WIDE, dark=True))
LANGUAGES = ("fr", "ar")
PAGES = (
    "answer", "still", "log", "next-step", "problem", "sign-in", "sign-in-code", "own-page", "own-page-change", "own-page-erase", "own-page-ask",
    "mine", "mine-activity", "mine-propose", "mine-calendar", "mine-course", "mine-lessons", "host", "home", "broken-link", "nothing-here",
)  # fmt: skip


@pytest.fixture
def links(whole, north):
    def path(purpose, entity, person, **more):
        return f"{purpose.path}/{whole.link(north, purpose, entity, person, **more)}"

    week = f"{whole.clock.now():%G-W%V}"
    return {
        "answer": path(Purpose.ANSWER_PROPOSAL, north.ids["proposal"], north.ids["asked"]),
        "still": path(Purpose.STILL_TAKING_PART, north.ids["question"], north.ids["asked"]),
        "log": path(Purpose.LOG_CONVERSATION, north.ids["duo"], north.ids["newcomer"], scope=week),
        "next-step": path(Purpose.NEXT_STEP, north.ids["duo"], north.ids["newcomer"]),
        "problem": path(Purpose.REPORT_PROBLEM, north.ids["duo"], north.ids["newcomer"]),
        "sign-in": "/sign-in",
        "sign-in-code": "/sign-in/code",
        "own-page": path(Purpose.OWN_PAGE, north.ids["newcomer"], north.ids["newcomer"]),
        "own-page-change": path(Purpose.OWN_PAGE, north.ids["newcomer"], north.ids["newcomer"]) + "/change",
        "own-page-erase": path(Purpose.OWN_PAGE, north.ids["newcomer"], north.ids["newcomer"]) + "/erase",
        "own-page-ask": "/me",
        "mine": path(Purpose.OWN_ACTIVITIES, north.ids["newcomer"], north.ids["newcomer"]),
        "mine-activity": path(Purpose.OWN_ACTIVITIES, north.ids["asked"], north.ids["asked"])
        + f"/activities/{north.ids['activity']}",
        "mine-propose": path(Purpose.OWN_ACTIVITIES, north.ids["newcomer"], north.ids["newcomer"]) + "/propose",
        "mine-calendar": path(Purpose.OWN_ACTIVITIES, north.ids["newcomer"], north.ids["newcomer"]) + "/calendar",
        "mine-course": path(Purpose.OWN_ACTIVITIES, north.ids["asked"], north.ids["asked"])
        + f"/courses/{north.ids['group']}",
        "mine-lessons": path(Purpose.OWN_ACTIVITIES, north.ids["newcomer"], north.ids["newcomer"]) + "/lessons",
        "host": path(Purpose.HOST_ACTIVITY, north.ids["activity"], north.ids["volunteer"]),
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
        await look_at(page, f"{name}-{language}", *EYES, language=language, rules=language == "fr")
