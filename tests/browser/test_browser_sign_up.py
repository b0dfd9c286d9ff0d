"""Somebody signs up with a cheap phone: in French, in Arabic from right to left, in Tigrinya, and with scripts off."""

from __future__ import annotations

import re

import pytest

from tests.browser.looking import PHONE, SCREENS, WIDE, Eyes, Wire, look_at, looking

MOST_BYTES = 30 * 1024
SPEAKS = {
    "wish": {"wish": "speak"},
    "birth": {"birth_year": "1990"},
    "name": {"first_name": "Rania", "last_name": "Haddad"},
    "contact": {"phone": "0470 12 34 56"},
    "gender": {"gender": "female"},
    "place": {"postcode": "4020"},
    "town": {},
    "oral": {"oral": "A1"},
    "written": {"written": "A0"},
    "languages": {"languages": ["ar", "en"]},
    "interests": {"interests": ["cooking", "music"]},
    "free": {"tiles": ["evening"]},
    "partner": {"partner_gender": "female"},
    "distance": {"radius_km": "15"},
    "arrived": {"month": "3", "year": "2025"},
    "consent": {},
}
HELPS = {
    **{name: SPEAKS[name] for name in ("birth", "gender", "place", "town", "languages", "interests", "free", "distance", "consent")},
    "wish": {"wish": "help"},
    "name": {"first_name": "Claire", "last_name": "Thiry"},
    "contact": {"email": "claire@example.org"},
    "same-gender": {"same_gender": ""},
    "places": {"places": "2"},
    "ease": {"ease": "A1"},
    "charter": {},
}  # fmt: skip


async def tell(page, answers) -> None:
    """Answer the question that is shown, and go on."""
    for name, wanted in answers.items():
        for value in wanted if isinstance(wanted, list) else [wanted]:
            field = page.locator(f'main [name="{name}"]')
            kind = await field.first.evaluate("each => each.type")
            if kind in {"radio", "checkbox"}:
                await page.locator(f'main [name="{name}"][value="{value}"]').check()
            elif kind.startswith("select"):
                await field.first.select_option(value)
            else:
                await field.first.fill(value)
    async with page.expect_navigation():
        await page.locator("main form .bar button:not(.back), main form button.big").last.click()


async def is_said_with_pictures(page) -> None:
    """Each choice has a picture and a word (a language its own name alone), and the page says how far one is."""
    seen = await page.evaluate(
        """() => ({
          bare: [...document.querySelectorAll('main label.choice:not(:has([name=languages]))')].filter(each => !each.querySelector('svg') || !each.textContent.trim())
            .map(each => each.outerHTML.slice(0, 120)),
          progress: document.querySelector('main .steps')?.getAttribute('aria-label') ?? '',
          small: [...document.querySelectorAll('main label.choice, main form button')].filter(each => each.checkVisibility())
            .filter(each => each.getBoundingClientRect().height < 44).map(each => each.outerHTML.slice(0, 120)),
        })"""
    )
    assert seen["bare"] == [], "a choice without a picture or without a word"
    assert re.search(r"\d", seen["progress"]), "no progress is shown"
    assert seen["small"] == [], "a target smaller than a thumb"


async def walk(page, told, language, eyes, name) -> list[str]:
    """From the choice of the language to the thanks; every page is looked at. Returns the questions in their order."""
    await page.goto("/join/north")
    await look_at(page, f"{name}-00-languages", eyes, rules=language != "ti")
    async with page.expect_navigation():
        await page.locator(f'main button[value="{language}"]').click()
    came = []
    while "/summary" not in page.url:
        question = page.url.rpartition("/")[2].partition("?")[0]
        assert question not in came, f"{question} comes a second time"
        came.append(question)
        await look_at(page, f"{name}-{len(came):02}-{question}", eyes, language=language, rules=language != "ti")
        await is_said_with_pictures(page)
        await tell(page, told[question])
    await look_at(page, f"{name}-90-summary", eyes, language=language, rules=language != "ti")
    await page.locator("main form button").last.click()
    await page.wait_for_url("**/thanks")
    await look_at(page, f"{name}-99-thanks", eyes, language=language, rules=language != "ti")
    return came


@pytest.mark.parametrize("language", ["fr", "ar", "ti"])
async def test_a_newcomer_signs_up_on_a_phone(language, browser, whole):
    eyes = Eyes(PHONE)
    async with looking(browser, str(whole.client.base_url), eyes, language=language) as page:
        came = await walk(page, SPEAKS, language, eyes, f"join-{language}")
    assert came[0] == "wish"
    assert set(came) == set(SPEAKS)


async def test_a_volunteer_signs_up_at_a_computer_by_night(browser, whole):
    eyes = Eyes(WIDE, dark=True)
    async with looking(browser, str(whole.client.base_url), eyes) as page:
        came = await walk(page, HELPS, "fr", eyes, "join-helps")
    assert set(came) == set(HELPS)


async def test_a_newcomer_signs_up_without_scripts(browser, whole):
    eyes = Eyes(PHONE, scripts=False)
    async with looking(browser, str(whole.client.base_url), eyes) as page:
        assert set(await walk(page, SPEAKS, "fr", eyes, "join-plain")) == set(SPEAKS)


async def test_what_is_wrong_is_said_beside_it_and_stays(browser, whole):
    eyes = Eyes(PHONE)
    async with looking(browser, str(whole.client.base_url), eyes) as page:
        await page.goto("/join/north")
        async with page.expect_navigation():
            await page.locator('main button[value="fr"]').click()
        await tell(page, SPEAKS["wish"])
        await tell(page, {"birth_year": "19x0"})
        field = page.locator('main [name="birth_year"]')
        assert await field.get_attribute("aria-invalid") == "true"
        assert await field.input_value() == "19x0"
        described = await field.get_attribute("aria-describedby")
        assert await page.locator(f"#{described.split()[0]}").is_visible()
        await look_at(page, "join-fault", eyes)


async def test_who_stops_goes_on_elsewhere_and_who_is_too_young_is_told_kindly(browser, whole):
    eyes = (Eyes(PHONE), Eyes(WIDE, dark=True))
    async with looking(browser, str(whole.client.base_url), eyes[0]) as page:
        await page.goto("/join/north")
        async with page.expect_navigation():
            await page.locator('main button[value="fr"]').click()
        await tell(page, SPEAKS["wish"])
        await page.goto("/join/north/later")
        await look_at(page, "join-later", *eyes)
        link = await page.input_value("#link")
        await page.context.clear_cookies()
        await page.goto(link)
        await look_at(page, "join-resume", *eyes)
        await page.click("main form button.big")
        await page.wait_for_url("**/join/north/birth")
        await tell(page, {"birth_year": "2015"})
        assert page.url.endswith("/young")
        await look_at(page, "join-young", *eyes)
        await page.goto(link)
        await page.click("main form button.big")
        await look_at(page, "join-resume-gone", *eyes)


async def test_a_page_of_the_sign_up_is_light(browser, whole):
    """Everything of a first visit, as it goes over the wire: the page, its style sheet and its mark."""
    async with looking(browser, str(whole.client.base_url), Eyes(PHONE), language="ar") as page:
        wire = Wire(page)
        await wire.listen()
        await page.goto("/join/north")
        sizes = {"languages": await wire.taken()}
        async with page.expect_navigation():
            await page.locator('main button[value="ar"]').click()
        while "/summary" not in page.url and len(sizes) < 30:
            question = re.sub(r"\?.*", "", page.url).rpartition("/")[2]
            sizes[question] = await wire.taken()
            assert sizes[question] > 1000, "a page was not counted"
            await tell(page, SPEAKS[question])
    SCREENS.mkdir(parents=True, exist_ok=True)
    (SCREENS / "bytes.txt").write_text(
        "\n".join(f"{count:6} {name}" for name, count in sizes.items()), encoding="utf-8"
    )
    assert {name: count for name, count in sizes.items() if count > MOST_BYTES} == {}
