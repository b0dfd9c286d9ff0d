"""A small browser for people without one: opens links, reads a page's own forms, fills them in and sends them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final

import httpx

AWAY: Final = frozenset({502, 503, 504})
"""A service is being replaced, or was lost just now."""
AGAIN_SECONDS: Final = 0.5
PATIENCE: Final = 60
"""How often somebody tries again."""


async def patiently(ask: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """The answer, once there is one: while a service is away, people try again."""
    for _ in range(PATIENCE):
        answer = await ask()
        if answer.status_code not in AWAY:
            break
        await asyncio.sleep(AGAIN_SECONDS)
    return answer


@dataclass
class Form:
    """A form of a page: where it goes, what it holds, what can be chosen."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    """Of radio buttons and of buttons with a name."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._main = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "main":
            self._main = True
        elif tag == "form" and self._main:
            self._open = Form(found.get("action", ""))
            self.forms.append(self._open)
        elif self._open is not None and tag in {"input", "button", "textarea"} and (name := found.get("name")):
            if tag == "button" or found.get("type") == "radio":
                self._open.choices.setdefault(name, []).append(found.get("value", ""))
                if "checked" in found:
                    self._open.values[name] = found.get("value", "")
            elif found.get("type") != "checkbox" or "checked" in found:
                self._open.values[name] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


class Browser:
    """One person's browser, with cookies of its own."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def open(self, url: str) -> list[Form]:
        """Open a page and read its forms.

        Raises:
            httpx.HTTPStatusError: the page says no.
        """
        answer = await patiently(lambda: self._client.get(url))
        answer.raise_for_status()
        return _forms(answer)

    async def send(self, form: Form, **filled: Any) -> list[Form]:
        """Send a form filled in, and read the page that comes back.

        Raises:
            httpx.HTTPStatusError: the page says no.
        """
        answer = await patiently(lambda: self._client.post(form.action, data={**form.values, **filled}))
        answer.raise_for_status()
        return _forms(answer)


def _forms(answer: httpx.Response) -> list[Form]:
    reader = _Reader()
    reader.feed(answer.text)
    for form in reader.forms:
        form.action = str(answer.url.join(form.action)) if form.action else str(answer.url)
    return reader.forms
