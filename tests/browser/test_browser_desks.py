"""The desk of every service, as coordinators see it: on a phone and on a screen, by day and by night, in three languages."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from duolangue.chassis.identity import Access
from duolangue.registration.domain.association import PLATFORM
from tests.browser.looking import PHONE, WIDE, Eyes, look_at, looking
from tests.integration.tenancy.whole import Town
from tests.registration.visitor import COMMON, SPEAKS

EYES = (Eyes(PHONE), Eyes(WIDE, dark=True))
"""Narrow and wide, light and dark: each page in both."""
DESKS = {
    "today": "/desk",
    "account": "/account",
    "association": "/association",
    "coordinators": "/association/coordinators",
    "audio": "/association/audio",
    "people": "/people",
    "people-found": "/people?q=lan&status=active",
    "people-none": "/people?q=nobody-is-called-so",
    "duplicates": "/people/duplicates",
    "sign-somebody-up": "/people/new",
    "sign-up-at-desk": "/people/new/{sign_up}/summary",
    "sign-up-question": "/people/new/{sign_up}/birth",
    "minors": "/people/minors",
    "import": "/people/import",
    "reports": "/people/reports",
    "exclusions": "/people/exclusions",
    "personal-data": "/people/personal-data",
    "bulk": "/people/bulk/{bulk}",
    "import-draft": "/people/import/{batch}",
    "erasures": "/people/erasures",
    "retention": "/people/retention",
    "audit": "/people/audit",
    "consents": "/people/consents",
    "person": "/people/{newcomer}",
    "person-edit": "/people/{newcomer}/edit",
    "person-data": "/people/{newcomer}/personal-data",
    "person-exclude": "/people/{newcomer}/exclude",
    "person-volunteer": "/people/{volunteer}",
    "duos": "/duos",
    "replays": "/duos/replay",
    "replay": "/duos/replay/{replay}",
    "runs": "/duos/runs",
    "run": "/duos/runs/{run}",
    "pairing": "/duos/settings",
    "duo-running": "/duos/{duo}",
    "duo-proposed": "/duos/{proposal}",
    "impact": "/sessions/impact",
    "hours": "/sessions/hours/{newcomer}",
    "attested": "/sessions/attested/interra",
    "duos-running": "/duos/list/running",
    "waiting": "/duos/waiting",
    "waiting-one": "/duos/waiting/{newcomer}",
    "missing": "/duos/missing",
    "meetings": "/sessions",
    "meetings-duo": "/sessions/duos/{duo}",
    "meetings-list": "/sessions/duos",
    "meetings-settings": "/sessions/settings",
    "activities": "/sessions/activities",
    "activities-new": "/sessions/activities/new?kind=workshop",
    "activities-settings": "/sessions/activities/settings",
    "activity": "/sessions/activities/{activity}",
    "activity-edit": "/sessions/activities/{activity}/edit",
    "activity-host": "/sessions/activities/{activity}/host?who=z",
    "activity-attendance": "/sessions/activities/{activity}/attendance",
    "activities-of-one": "/sessions/people/{newcomer}",
    "courses": "/sessions/courses",
    "courses-new": "/sessions/courses/new",
    "course": "/sessions/courses/{group}",
    "course-edit": "/sessions/courses/{group}/edit",
    "course-list": "/sessions/courses/{group}/list",
    "course-settings": "/sessions/courses/settings",
    "learners": "/sessions/learners",
    "learner": "/sessions/learners/{newcomer}",
    "homework": "/sessions/homework/{work}",
    "homework-all": "/sessions/homework",
    "lessons": "/sessions/lessons",
    "messages": "/messages",
    "docs": "/people/docs",
    "nothing-here": "/duos/there-is-none",
}


@pytest.mark.parametrize("name", DESKS)
async def test_a_desk_is_fit_for_everybody(name, browser, whole, north):
    async with looking(
        browser, str(whole.client.base_url), EYES[0], whole.desk(north, coordinator=north.ids["coordinator"])
    ) as page:
        answer = await page.goto(DESKS[name].format(**north.ids))
        assert answer.status == (404 if name == "nothing-here" else 200)
        await look_at(page, name, *EYES)


async def test_two_records_of_one_person_are_compared_by_everybody(browser, whole, north):
    told = {
        "first_name": "Nour",
        "birth_year": 1992,
        "postcode": "4000",
        "newcomer": {"french_oral": "A2"},
        "consent": True,
    }
    twins = [
        (await whole.call("POST", "/people/api/participants", north, json=told | {"phone": phone}))["id"]
        for phone in ("+32470111201", "+32470111202")
    ]
    async with looking(browser, str(whole.client.base_url), EYES[0], whole.desk(north)) as page:
        assert (await page.goto(f"/people/{twins[0]}/merge/{twins[1]}")).status == 200
        await look_at(page, "merge", *EYES)
        await page.goto("/people?status=applied")
        await page.locator(f"[name=people][value='{twins[1]}']").check()
        await page.locator("select[name=act]").select_option("leave")
        async with page.expect_navigation():
            await page.locator("form[action^='/people/bulk'] button").last.click()
        await look_at(page, "bulk-sure", *EYES)


async def test_what_somebody_says_again_is_compared_with_what_is_known_by_everybody(browser, whole, north):
    headers = whole.desk(north)
    for told in (COMMON | SPEAKS, COMMON | SPEAKS | {"place": {"postcode": "4000"}, "oral": {"oral": "A2"}}):
        where = (await whole.client.post("/people/new", headers=headers)).headers["location"]
        while not where.endswith("/summary"):
            answer = await whole.client.post(
                where, data={"wish": {"wish": "speak"}, **told}[where.rpartition("/")[2]], headers=headers
            )
            where = answer.headers["location"]
        rania = (await whole.client.post(where, headers=headers)).headers["location"]
    async with looking(browser, str(whole.client.base_url), EYES[0], headers) as page:
        await page.goto(rania)
        await page.locator("a[href$='/again']").click()
        await look_at(page, "again", *EYES)
        async with page.expect_navigation():
            await page.locator("main form button:not(.second)").click()
        assert page.url.endswith(rania)


@pytest.mark.parametrize(("name", "path"), [("platform", "/platform")])
async def test_the_operators_pages_are_fit_for_everybody(name, path, browser, whole):
    platform = whole.desk(Town(PLATFORM), Access.OPERATE)
    async with looking(browser, str(whole.client.base_url), EYES[0], platform) as page:
        assert (await page.goto(path)).status == 200
        await look_at(page, name, *EYES)


@pytest.mark.parametrize("language", ["fr", "ar"])
async def test_the_menu_changes_the_language_and_keeps_it(language, browser, whole, north):
    eyes = Eyes(PHONE)
    async with looking(
        browser, str(whole.client.base_url), eyes, whole.desk(north, coordinator=north.ids["coordinator"])
    ) as page:
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
    async with looking(
        browser, str(whole.client.base_url), eyes, whole.desk(north, coordinator=north.ids["coordinator"])
    ) as page:
        await page.goto("/messages")
        await page.locator("summary").first.click()
        await page.locator("button[lang=nl]").click()
        assert await page.locator("html").get_attribute("lang") == "nl"
        await look_at(page, "messages", eyes)


@pytest.mark.parametrize("scripts", [True, False])
async def test_searching_people_works_with_and_without_scripts_and_the_address_says_it(scripts, browser, whole, north):
    """With htmx the list changes under one's hands, within the strict policy; without it, by sending the form."""
    token = whole.desk(north, coordinator=north.ids["coordinator"])
    async with looking(browser, str(whole.client.base_url), Eyes(WIDE, scripts=scripts), token) as page:
        await page.goto("/people")
        await page.locator("#q").fill("chen")
        if not scripts:
            await page.locator("#filters button").first.click()
        await page.wait_for_url("**/people?*q=chen*")
        await expect(page.locator("#found table.people tbody tr")).to_have_count(1)
        assert "Lan" in await page.locator("#found").inner_text()
        assert await page.locator("main h1").count() == 1
