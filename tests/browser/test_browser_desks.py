"""The desk of every service, as coordinators see it: on a phone and on a screen, by day and by night, in three languages."""

from __future__ import annotations

import pytest

from tests.browser.looking import PHONE, WIDE, Eyes, look_at, looking

EYES = (Eyes(PHONE), Eyes(WIDE), Eyes(PHONE, dark=True), Eyes(WIDE, dark=True))
DESKS = {
    "today": "/desk",
    "people": "/people",
    "person": "/people/{newcomer}",
    "duos": "/duos",
    "duo-running": "/duos/{duo}",
    "duo-proposed": "/duos/{proposal}",
    "meetings": "/sessions",
    "meetings-duo": "/sessions/duos/{duo}",
    "messages": "/messages",
    "docs": "/people/docs",
    "nothing-here": "/duos/there-is-none",
}


@pytest.mark.parametrize("eyes", EYES, ids=lambda eyes: eyes.name)
@pytest.mark.parametrize("name", DESKS)
async def test_a_desk_is_fit_for_everybody(name, eyes, browser, whole, north):
    async with looking(browser, str(whole.client.base_url), eyes, whole.desk(north)) as page:
        await page.goto(DESKS[name].format(**north.ids))
        await look_at(page, name, eyes)


@pytest.mark.parametrize("language", ["fr", "ar"])
async def test_the_menu_changes_the_language_and_keeps_it(language, browser, whole, north):
    eyes = Eyes(PHONE)
    async with looking(browser, str(whole.client.base_url), eyes, whole.desk(north)) as page:
        await page.goto("/duos?lang=en")
        await page.locator("summary").first.click()
        await look_at(page, f"menu-{language}", eyes)
        await page.locator(f"button[lang={language}]").click()
        await page.wait_for_url("**/duos")
        assert await page.locator("html").get_attribute("lang") == language
        await page.goto("/sessions")
        assert await page.locator("html").get_attribute("lang") == language
        await look_at(page, f"meetings-{language}", eyes, language=language)


async def test_the_menu_works_without_scripts(browser, whole, north):
    eyes = Eyes(PHONE, scripts=False)
    async with looking(browser, str(whole.client.base_url), eyes, whole.desk(north)) as page:
        await page.goto("/messages")
        await page.locator("summary").first.click()
        await page.locator("button[lang=nl]").click()
        assert await page.locator("html").get_attribute("lang") == "nl"
        await look_at(page, "messages", eyes)
