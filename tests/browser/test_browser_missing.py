"""A town with too few volunteers: who waits, whom to propose, who is missing and the call for them, in a real browser."""

from __future__ import annotations

import pytest

from duolangue.standalone.operate import found_association
from tests.browser.looking import PHONE, WIDE, Eyes, look_at, looking
from tests.integration.tenancy.whole import ADMINISTRATOR, DONE, Town

HEADER = "role,first_name,last_name,email,birth_year,postcode,french_level,interests,max_duos,comfort_level,waiting_since,consent"
SHEET = f"""{HEADER}
newcomer,Amal,Said,amal@west.example.org,1990,4000,A1,cooking,,,2026-01-10,yes
newcomer,Selam,Tesfay,selam@west.example.org,1995,4000,A0,music,,,,yes
newcomer,Olena,Kovalenko,olena@west.example.org,1980,4500,A1,cooking,,,,yes
newcomer,Yusuf,Kaya,yusuf@west.example.org,1988,6700,B1,sewing,,,,yes
volunteer,Louise,Gérard,louise@west.example.org,1991,4020,C2,cooking,1,A0,,yes
volunteer,Marc,Dupont,marc@west.example.org,1970,4030,C2,music,2,B1,,yes
"""


@pytest.fixture(scope="module")
async def west(whole) -> Town:
    """An association of its own: nobody else's figures change."""
    town = Town("west")
    await found_association(whole.configuration, town.slug, "West", ADMINISTRATOR.format(town.slug))
    await whole.quiet.settled()
    report = await whole.call("POST", "/people/api/imports", town, content=SHEET.encode())
    assert not report["rejected"], report
    for each in report["imported"]:
        await whole.call("POST", f"/people/api/participants/{each['id']}/interview", town, json={"passed": True})
    town.ids = {name: report["imported"][row]["id"] for name, row in (("newcomer", 0), ("volunteer", 4))}
    await whole.quiet.settled()
    asked = await whole.client.post("/duos/missing", headers=whole.desk(town))
    assert asked.status_code in DONE
    await whole.quiet.settled()
    return town


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize(
    "name", ["waiting", "waiting/{newcomer}", "waiting/{volunteer}", "missing", "missing/4500-A1-any-any-any"]
)
async def test_the_pages_of_who_waits_and_who_is_missing_are_fit_for_everybody(name, language, browser, whole, west):
    async with looking(browser, str(whole.client.base_url), Eyes(PHONE), whole.desk(west), language) as page:
        path = f"/duos/{name.format(**west.ids)}"
        await page.context.add_cookies([{"name": "duo_language", "value": language, "url": str(whole.client.base_url)}])
        answer = await page.goto(path)
        assert answer.status == 200
        await look_at(page, f"{name}-{language}", Eyes(PHONE), Eyes(WIDE, dark=True), language=language)


async def test_the_words_of_a_call_are_taken_over_and_shared_without_scripts(browser, whole, west):
    eyes = Eyes(PHONE, scripts=False)
    async with looking(browser, str(whole.client.base_url), eyes, whole.desk(west)) as page:
        await page.goto("/duos/missing")
        await page.locator("article a.button").first.click()
        await page.locator("nav a[lang=nl]").click()
        await page.locator("#text").fill("Kom je praten?")
        await page.locator("form button").nth(-2).click()
        assert await page.locator("#text").input_value() == "Kom je praten?"
        assert "Kom%20je%20praten" in await page.locator("a[href*='wa.me']").get_attribute("href")
        assert "Kom%20je%20praten" in await page.locator("a[href^='mailto:']").get_attribute("href")
