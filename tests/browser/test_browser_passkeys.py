"""Passkeys in a real browser, with the authenticator that Chromium itself plays (Web Authentication, 11): added, used, removed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from playwright.async_api import Page

from duolangue.registration import usecases
from duolangue.registration.authenticators import WebAuthn
from duolangue.registration.domain.coordinator import AccessLevel
from duolangue.standalone.catcher import text_of
from tests.browser.looking import PHONE, WIDE, Eyes, look_at, looking
from tests.integration.running import until
from tests.integration.tenancy.whole import Whole

EYES = (Eyes(PHONE), Eyes(WIDE, dark=True))
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def address(whole: Whole, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where browsers offer passkeys without HTTPS: at the machine's own name, not at its number."""
    url = str(whole.client.base_url).replace("127.0.0.1", "localhost").rstrip("/")
    state, authenticators = whole.apps()["registration"].state, WebAuthn(url)
    ports = state.ports
    monkeypatch.setitem(state._state, "ports", lambda slug: replace(ports(slug), authenticators=authenticators))
    return url


async def plugged_in(page: Page) -> Any:
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    told = await session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return session, told["authenticatorId"]


async def sign_in_by_mail(page: Page, whole: Whole, email: str) -> None:
    before = len(whole.catcher.to(email))
    await page.goto("/sign-in")
    await page.fill("#email", email)
    await page.click("form[action='/sign-in'] button")
    await page.wait_for_url("**/sign-in/code")

    async def mailed() -> bool:
        return len(whole.catcher.to(email)) > before

    await until(mailed)
    code = re.search(r"^(\d{6})\r?$", text_of(whole.catcher.to(email)[-1]), re.MULTILINE)
    assert code
    await page.fill("#code", code[1])
    await page.click("main form button")
    await page.wait_for_url("**/desk")


async def test_a_passkey_is_added_signs_in_and_is_removed(browser, whole, north, address):
    email = "passkey@example.org"
    ports = whole.host._running["registration"].ports(north.slug)
    await usecases.invite_coordinator(email, "Nadia", AccessLevel.COORDINATE, "fr", ports)
    async with looking(browser, address, EYES[0]) as page:
        session, device = await plugged_in(page)
        await sign_in_by_mail(page, whole, email)
        await page.goto("/account")
        await page.fill("#passkey-name", "Mon téléphone")
        await look_at(page, "account-passkeys-none", *EYES)
        await page.click("form[data-passkey=create] button")
        await page.wait_for_url("**/account#passkeys")
        assert await page.locator("#passkeys article").all_inner_texts() != []
        held = (await session.send("WebAuthn.getCredentials", {"authenticatorId": device}))["credentials"]
        assert [(each["rpId"], each["isResidentCredential"]) for each in held] == [("localhost", True)]
        await look_at(page, "account-passkeys", *EYES)
        await page.click("form[data-passkey=create] button")
        await page.locator("[data-when=known]").wait_for()
        await page.context.clear_cookies()
        await page.goto("/sign-in")
        await look_at(page, "sign-in-passkey", *EYES)
        await page.click("form[data-passkey=get] button")
        await page.wait_for_url("**/desk")
        await page.goto("/account")
        await page.click("#passkeys form[action$='/remove'] button")
        await page.wait_for_url("**/account#passkeys")
        assert await page.locator("#passkeys article").count() == 0
        await page.context.clear_cookies()
        await page.goto("/sign-in")
        await page.click("form[data-passkey=get] button")
        await page.locator("main > section > [role=alert]").wait_for()
        await look_at(page, "sign-in-passkey-refused", *EYES)


async def test_who_turns_the_question_down_is_told_and_may_try_again(browser, whole, address):
    async with looking(browser, address, EYES[0]) as page:
        await plugged_in(page)
        await page.goto("/sign-in")
        await page.click("form[data-passkey=get] button")
        await page.locator("[data-when=failed]").wait_for()
        assert await page.locator("form[data-passkey=get] button").is_enabled()


async def test_without_scripts_or_elsewhere_nothing_is_said_of_passkeys(browser, whole, address):
    async with looking(browser, address, Eyes(PHONE, scripts=False)) as page:
        await page.goto("/sign-in")
        assert not await page.locator("form[data-passkey]").is_visible()
        assert await page.locator("#email").is_visible()
    async with looking(browser, str(whole.client.base_url), EYES[0]) as page:
        await page.goto("/sign-in")
        assert not await page.locator("form[data-passkey]").is_visible()
