"""Drafts in a coordinator's hands, in a real browser: another volunteer, a pair made by hand in spite of a rule, all looked at anew, a run's proof."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from duolangue.standalone.operate import found_association
from tests.browser.looking import PHONE, WIDE, Eyes, look_at, looking
from tests.integration.tenancy.whole import ADMINISTRATOR, Town

HEADER = "role,first_name,last_name,email,birth_year,postcode,french_level,interests,max_duos,comfort_level,waiting_since,consent"
SHEET = f"""{HEADER}
newcomer,Amal,Said,amal@east.example.org,1990,4000,A1,cooking,,,2026-11-10,yes
newcomer,Olena,Kovalenko,olena@east.example.org,1980,4000,B2,cooking,,,,yes
volunteer,Louise,Gérard,louise@east.example.org,1991,4020,C2,cooking,1,A0,,yes
volunteer,Marc,Dupont,marc@east.example.org,1970,4030,C2,music,1,B1,,yes
volunteer,Paul,Lambert,paul@east.example.org,1975,4000,C2,music,1,C1,,yes
"""
LATER = f"""{HEADER}
newcomer,Yusuf,Kaya,yusuf@east.example.org,1988,4000,A1,sewing,,,2026-01-10,yes
"""
EYES = (Eyes(PHONE), Eyes(WIDE, dark=True))


@pytest.fixture(scope="module")
async def east(whole) -> Town:
    """Amal is drafted with Louise, Olena with Marc; then Yusuf comes, who has waited longest and can only talk with Louise. Paul is free, and at ease with none of them."""
    town = Town("east")
    await found_association(whole.configuration, town.slug, "East", ADMINISTRATOR.format(town.slug))
    await whole.quiet.settled()
    for sheet, names in ((SHEET, ("amal", "olena", "louise", "marc", "paul")), (LATER, ("yusuf",))):
        report = await whole.call("POST", "/people/api/imports", town, content=sheet.encode())
        assert not report["rejected"], report
        town.ids |= {name: each["id"] for name, each in zip(names, report["imported"], strict=True)}
        for each in report["imported"]:
            await whole.call("POST", f"/people/api/participants/{each['id']}/interview", town, json={"passed": True})
        await whole.quiet.settled()
        if sheet is SHEET:
            town.ids["run"] = (await whole.call("POST", "/duos/api/runs", town))["run"]
            await whole.quiet.settled()
    drafts = (await whole.call("GET", "/duos/api/duos?status=draft", town))["duos"]
    town.ids |= {f"draft-{name}": duo["id"] for duo in drafts for name in town.ids if town.ids[name] == duo["newcomer"]}
    return town


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("swap-seen", "{draft-olena}/swap?volunteer={louise}"),
        ("anew", "waiting/{yusuf}/anew"),
        ("waiting-anew", "waiting/{yusuf}"),
        ("run-proof", "runs/{run}"),
        ("by-hand", "waiting/{yusuf}"),
    ],
)
async def test_the_pages_of_drafts_are_fit_for_everybody(name, path, language, browser, whole, east):
    url = str(whole.client.base_url)
    async with looking(browser, url, EYES[0], whole.desk(east), language) as page:
        await page.context.add_cookies([{"name": "duo_language", "value": language, "url": url}])
        answer = await page.goto(f"/duos/{path.format(**east.ids)}")
        assert answer.status == 200
        if name == "run-proof":
            for proof in await page.locator("details.proof > summary").all():
                await proof.click()
        if name == "by-hand":
            await page.locator("details summary").last.click()
            await page.locator("#other-volunteer").select_option(east.ids["paul"])
            await page.locator("details form button").last.click()
            await expect(page.locator("textarea#why")).to_be_visible()
        await look_at(page, f"drafts-{name}-{language}", *EYES, language=language, rules=language == "fr")


async def test_a_pair_by_hand_a_swap_and_all_drafts_anew_work_without_scripts(browser, whole, east):
    async def drafted() -> dict[str, str]:
        drafts = (await whole.call("GET", "/duos/api/duos?status=draft", east))["duos"]
        names = {value: name for name, value in east.ids.items()}
        return {names[duo["newcomer"]]: names[duo["volunteer"]] for duo in drafts}

    assert await drafted() == {"amal": "louise", "olena": "marc"}
    async with looking(browser, str(whole.client.base_url), Eyes(PHONE, scripts=False), whole.desk(east)) as page:
        await page.goto(f"/duos/waiting/{east.ids['yusuf']}")
        await page.locator("form[action$='/anew'] button").click()
        await page.wait_for_url("**/duos#drafts")
        assert await drafted() == {"yusuf": "louise", "olena": "marc"}
        duo = (await whole.call("GET", "/duos/api/duos?status=draft", east))["duos"]
        olena = next(each["id"] for each in duo if each["newcomer"] == east.ids["olena"])
        await page.goto(f"/duos/{olena}/swap")
        await page.locator("#volunteer").select_option(east.ids["louise"])
        await page.locator("form[method=get] button").click()
        await page.locator("form[method=post][action$='/swap'] button").click()
        await page.wait_for_url("**/duos#drafts")
        assert await drafted() == {"olena": "louise"}
        await page.goto(f"/duos/waiting/{east.ids['amal']}")
        await page.locator("details summary").last.click()
        await page.locator("#other-volunteer").select_option(east.ids["paul"])
        await page.locator("details form button").last.click()
        await page.locator("textarea#why").fill("They know each other from the market")
        await page.locator("form.card button").click()
        await page.wait_for_url("**/duos/*-*")
        assert await drafted() == {"olena": "louise", "amal": "paul"}
