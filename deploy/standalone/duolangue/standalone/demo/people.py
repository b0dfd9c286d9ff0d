"""What participants do: they read the mails they received (or the message handed to them), follow the links, answer, log."""

from __future__ import annotations

import asyncio
import random
import re
import ssl
from collections.abc import Iterable
from typing import Final

import httpx

from duolangue.standalone.catcher import Catcher, text_of
from duolangue.standalone.demo.browser import Browser, Form

ANSWER: Final = "/duos/answer/"
LOG: Final = "/sessions/log/"
_LINK = re.compile(r"https?://[^\s<>\"]+")
AT_ONCE: Final = 8


class Participants:
    """All of them, each with a phone of their own; how much they talk is drawn from a seed, so that a run can be told again."""

    def __init__(self, base_url: str, catcher: Catcher, seed: str) -> None:
        self._base_url = base_url
        self._catcher = catcher
        self._read = 0
        self._habits = random.Random(seed)  # noqa: S311 - a play, not a secret
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._tls = ssl.create_default_context()

    def new_mail(self) -> list[str]:
        """The words of the mails that came since the last look."""
        fresh = [text_of(message) for _, message in self._catcher.mails[self._read :]]
        self._read = len(self._catcher.mails)
        return fresh

    async def accept(self, texts: Iterable[str]) -> int:
        """Follow the link in every proposal and accept; returns how many did."""
        links = [link for text in texts if (link := _first(text, ANSWER))]
        await asyncio.gather(*(self._accept(link) for link in links))
        return len(links)

    async def log(self, texts: Iterable[str]) -> int:
        """Follow the week's link in every reminder; most have talked, some little, a few not at all. Returns how many logged."""
        links = sorted(link for text in texts if (link := _first(text, LOG)))
        plans = [(link, minutes) for link in links if (minutes := self._talked())]
        await asyncio.gather(*(self._log(link, *plan) for link, plan in plans))
        return len(plans)

    def _talked(self) -> tuple[str, str] | None:
        minutes = self._habits.choices(["", "15", "30", "45", "60"], [28, 6, 34, 20, 12])[0]
        medium = self._habits.choices(["video", "phone", "in_person"], [80, 12, 8])[0]
        return (minutes, medium) if minutes else None

    async def _accept(self, link: str) -> None:
        async with self._at_once, self._client() as client:
            browser = Browser(client)
            await browser.send(_offering(await browser.open(link), "choice"), choice="accept")

    async def _log(self, link: str, minutes: str, medium: str) -> None:
        async with self._at_once, self._client() as client:
            browser = Browser(client)
            await browser.send(_offering(await browser.open(link), "minutes"), minutes=minutes, medium=medium)

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self._base_url, follow_redirects=True, timeout=60, verify=self._tls)


def _first(text: str, path: str) -> str | None:
    return next((link for link in _LINK.findall(text) if path in link), None)


def _offering(forms: list[Form], field: str) -> Form:
    return next(form for form in forms if field in form.choices)
