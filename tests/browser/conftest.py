"""The whole platform on real servers, and a real browser before it.

Where no Chromium is found these tests fail, so that nobody takes them for passed; `DUO_TEST_NO_BROWSER="why"` says that it is
known, and skips them with that reason. `DUO_CHROMIUM` names the program.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright

from tests.integration.tenancy.conftest import logs, no_cookies, north, south, whole

__all__ = ["logs", "no_cookies", "north", "south", "whole"]

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(240))


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    program = os.environ.get("DUO_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")
    if not program and (reason := os.environ.get("DUO_TEST_NO_BROWSER")):
        pytest.skip(f"no browser: {reason}")
    if not program:
        pytest.fail(
            "No Chromium was found: install it (apt-get install chromium), or say why not in DUO_TEST_NO_BROWSER."
        )
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield launched
        await launched.close()
