"""What a page must be for everybody, looked at in a real browser: axe's rules, and those that axe cannot see."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Error, Page

SCREENS: Final = Path(__file__).parents[2] / ".duo" / "screens"
KEEP: Final = bool(os.environ.get("DUO_TEST_SCREENS"))
"""Whether a picture of every page is kept, not only of those that fail."""
PHONE: Final = 360
WIDE: Final = 1280
HEIGHT: Final = 800
ONE_SIGHT: Final = bool(os.environ.get("DUO_TEST_ONE_SIGHT"))
"""Whether each page is looked at in one of its sights, some in one and some in the other: half the time."""
RULES: Final = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]},
    "resultTypes": ["violations"],
}
FOCUSABLE: Final = "a[href], button, input:not([type=hidden]), select, textarea, summary, audio[controls], [tabindex]"

BEYOND_AXE: Final = """selector => {
  const seen = [...document.querySelectorAll(selector)].filter(each => each.checkVisibility({visibilityProperty: true}) && !each.disabled);
  const words = each => (each.outerHTML.slice(0, 120));
  const small = seen.filter(each => {
    if (each.matches('.skip, [tabindex="-1"]')) return false;
    const box = (each.closest('label') ?? each).getBoundingClientRect();
    const inline = each.tagName === 'A' && getComputedStyle(each).display === 'inline';
    return !inline && box.width > 0 && (box.width < 24 || box.height < 24);
  });
  const ordered = seen.filter(each => each.tabIndex > 0);
  const page = document.scrollingElement;
  return {
    lang: document.documentElement.lang, dir: document.documentElement.dir, headings: document.querySelectorAll('h1').length,
    small: small.map(words), ordered: ordered.map(words), beyond: page.scrollWidth - innerWidth,
  };
}"""

FOCUSED: Final = """() => {
  const all = [...document.querySelectorAll('*')];
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one), around = one.closest('.choice');
  const drawn = each => each && (getComputedStyle(each).outlineStyle !== 'none' && parseFloat(getComputedStyle(each).outlineWidth) >= 2);
  return {place: all.indexOf(one), what: one.outerHTML.slice(0, 120), visible: drawn(one) || drawn(around)};
}"""


@dataclass(frozen=True)
class Eyes:
    """How somebody looks at pages."""

    width: int = PHONE
    dark: bool = False
    scripts: bool = True

    @property
    def name(self) -> str:
        return f"{self.width}{'-dark' if self.dark else ''}{'' if self.scripts else '-plain'}"


@asynccontextmanager
async def looking(
    browser: Browser, url: str, eyes: Eyes, headers: Mapping[str, str] | None = None, language: str = "fr"
) -> AsyncIterator[Page]:
    """A page in a browser of its own; whatever fails in its console or over the wire fails the test."""
    context: BrowserContext = await browser.new_context(
        base_url=url,
        viewport={"width": eyes.width, "height": HEIGHT},
        color_scheme="dark" if eyes.dark else "light",
        java_script_enabled=eyes.scripts,
        locale=language,
        reduced_motion="reduce",
    )
    if headers:
        token = headers["Authorization"].removeprefix("Bearer ")
        await context.add_cookies([{"name": "duo_access", "value": token, "url": url}])
    faults: list[str] = []
    page = await context.new_page()
    page.on("console", lambda said: faults.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    await context.close()
    assert [fault for fault in faults if "Failed to load resource" not in fault] == []


async def look_at(page: Page, name: str, *sights: Eyes, language: str = "", rules: bool = True) -> None:
    """The page is fit for everybody: WCAG 2.2 AA as far as axe sees, its language and direction are said, targets of
    24 pixels, the focus is visible and follows the document, nothing runs off the side. Looked at with all eyes in turn;
    without `rules` what axe sees is left out, for a page that it saw in another language. A page that fails leaves a
    picture, and with `DUO_TEST_SCREENS` every page does.
    """
    looked = (sights[len(name) % len(sights)],) if ONE_SIGHT else sights
    for eyes in looked:
        if len(sights) > 1:
            await page.set_viewport_size({"width": eyes.width, "height": HEIGHT})
            await page.emulate_media(color_scheme="dark" if eyes.dark else "light", reduced_motion="reduce")
        try:
            if eyes.scripts:
                await _is_fit(page, language, rules)
                if eyes is looked[0]:
                    await _walk(page)
        except AssertionError as fault:
            raise AssertionError(f"{await _picture(page, name, eyes)}: {fault}") from fault
        if KEEP:
            await _picture(page, name, eyes)


async def _picture(page: Page, name: str, eyes: Eyes) -> Path:
    SCREENS.mkdir(parents=True, exist_ok=True)
    picture = SCREENS / f"{re.sub(r'[^a-z0-9-]+', '-', name)}-{eyes.name}.png"
    try:
        await page.screenshot(path=picture, full_page=True)
    except Error:  # a busy machine keeps a frame back; the second is there
        await page.screenshot(path=picture, full_page=True)
    return picture


async def _is_fit(page: Page, language: str, rules: bool) -> None:
    await page.wait_for_load_state()
    found: dict[str, Any] = await page.evaluate(BEYOND_AXE, FOCUSABLE)
    assert found["lang"], "html has no lang"
    if language:
        assert found["lang"] == language
    assert found["dir"] == ("rtl" if found["lang"] in {"ar", "fa", "ps"} else "ltr")
    assert found["headings"] == 1, "a page has one heading of the first level"
    assert found["small"] == [], "targets are 24 pixels at least"
    assert found["ordered"] == [], "the order of focus is the document's"
    assert found["beyond"] <= 0, f"the page is {found['beyond']} pixels wider than the screen"
    if not rules:
        return
    results = await Axe().run(page, options=RULES)
    faults = [
        f"{each['id']}: {each['help']}\n" + "\n".join(f"    {node['html'][:200]}\n    {node['failureSummary']}" for node in each["nodes"][:3])
        for each in results.response["violations"]
    ]  # fmt: skip
    assert not faults, "\n".join(faults)


async def _walk(page: Page) -> None:
    """Go through the page with the Tab key: forward through the document, and always visible where one is."""
    await page.evaluate("() => { document.activeElement?.blur(); window.scrollTo(0, 0); }")
    places: list[int] = []
    for _ in range(60):
        await page.keyboard.press("Tab")
        focused = await page.evaluate(FOCUSED)
        if focused is None or (places and focused["place"] <= places[0]):
            break
        assert focused["visible"], f"the focus is not visible on {focused['what']}"
        places.append(focused["place"])
    assert places, "nothing can be reached by the keyboard"
    assert places == sorted(places), "the focus jumps"


class Wire:
    """Counts the bytes of bodies and headers that pages take, with nothing kept from one to the next."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._counted: list[float] = []

    async def listen(self) -> None:
        """From now on."""
        session = await self._page.context.new_cdp_session(self._page)
        await session.send("Network.enable")
        await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.loadingFinished", lambda told: self._counted.append(told["encodedDataLength"]))

    async def taken(self) -> int:
        """By what was loaded since the last time, once that is there."""
        await self._page.wait_for_load_state("load")
        bytes_taken = int(sum(self._counted))
        self._counted.clear()
        return bytes_taken
