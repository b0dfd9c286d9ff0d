"""Signing in as people see it: a wrong code, a choice between associations, a sign-in handed over, the operators' pages."""

from __future__ import annotations

import re

import pytest

from duolangue.chassis.identity import Access
from duolangue.registration import usecases
from duolangue.registration.domain.association import PLATFORM
from duolangue.registration.domain.coordinator import AccessLevel
from duolangue.standalone.catcher import text_of
from duolangue.standalone.operate import operator_link
from tests.browser.looking import PHONE, WIDE, Eyes, look_at, looking
from tests.integration.running import until
from tests.integration.tenancy.whole import Town

EYES = (Eyes(PHONE), Eyes(WIDE, dark=True))


def ports_of(whole, slug):
    return whole.host._running["registration"].ports(slug)


@pytest.mark.parametrize("language", ["fr", "ar"])
async def test_a_wrong_code_and_an_old_link_are_said_kindly(language, browser, whole):
    async with looking(browser, str(whole.client.base_url), EYES[0], language=language) as page:
        await page.goto("/sign-in")
        await page.fill("#email", "nobody@example.org")
        await page.click("main form button")
        await page.wait_for_url("**/sign-in/code")
        await page.fill("#code", "000 000")
        await page.click("main form button")
        await page.locator("#code-fault").wait_for()
        assert await page.input_value("#code") == "000 000"
        await look_at(page, f"sign-in-code-wrong-{language}", *EYES)
        await page.goto("/sign-in/platform.old")
        await look_at(page, f"sign-in-link-{language}", *EYES)
        await page.click("main form button")
        await page.locator("[role=alert]").wait_for()
        await look_at(page, f"sign-in-link-old-{language}", *EYES)


async def test_who_is_in_two_associations_chooses_and_sees_where_they_are_signed_in(browser, whole, north, south):
    address = "both@example.org"
    for town in (north, south):
        await usecases.invite_coordinator(address, "", AccessLevel.COORDINATE, "fr", ports_of(whole, town.slug))
    async with looking(browser, str(whole.client.base_url), EYES[0]) as page:
        await page.goto("/sign-in")
        await page.fill("#email", address)
        await page.click("main form button")
        await page.wait_for_url("**/sign-in/code")

        async def mailed() -> bool:
            return bool(whole.catcher.to(address))

        await until(mailed)
        code = re.search(r"^(\d{6})\r?$", text_of(whole.catcher.to(address)[-1]), re.MULTILINE)
        assert code
        await page.fill("#code", code[1])
        await page.click("main form button")
        await page.wait_for_url("**/sign-in/choice")
        await look_at(page, "sign-in-choice", *EYES)
        await page.click("main form button >> nth=0")
        await page.wait_for_url("**/desk")
        await page.goto("/account")
        await look_at(page, "account-signed-in", *EYES)


async def test_a_sign_in_to_hand_over_is_shown_as_message_code_and_picture(browser, whole, north):
    ports = ports_of(whole, north.slug)
    await usecases.invite_coordinator("", "Fatou", AccessLevel.COORDINATE, "fr", ports, phone="+32470112233")
    async with looking(
        browser, str(whole.client.base_url), EYES[0], whole.desk(north, coordinator=north.ids["coordinator"])
    ) as page:
        await page.goto("/association/coordinators")
        await look_at(page, "coordinators-without-mail", *EYES)
        await page.click("form[action$='/hand-over'] button >> nth=0")
        await page.locator("svg[role=img]").wait_for()
        await look_at(page, "hand-over", *EYES)
        await page.goto("/association/coordinators")
        await page.fill("#phone", "12")
        await page.click("form[action='/association/coordinators'] button")
        await page.locator("#phone-fault").wait_for()
        await look_at(page, "coordinators-wrong", *EYES)


async def test_an_operator_makes_an_association_and_agrees_on_its_accounts(browser, whole, north):
    operator = await usecases.invite_coordinator(
        "root@example.org", "", AccessLevel.OPERATE, "fr", ports_of(whole, PLATFORM)
    )
    signed_in = whole.desk(Town(PLATFORM), Access.OPERATE, operator.id)
    async with looking(browser, str(whole.client.base_url), EYES[0], signed_in) as page:
        await page.goto("/platform")
        await page.fill("#name", "Duo Namur")
        await page.fill("#slug", "Pas bon")
        await page.fill("#email", "ana@example.org")
        await page.click("main form button")
        await page.locator("#slug-fault").wait_for()
        await look_at(page, "platform-wrong", *EYES)
        await page.goto(f"/platform/associations/{north.slug}")
        await look_at(page, "platform-accounts", *EYES)
        await page.goto("/platform/account")
        await look_at(page, "platform-account", *EYES)
    assert await operator_link(whole.configuration, PLATFORM, operator.email)
