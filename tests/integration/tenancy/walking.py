"""Somebody who goes through all the pages they can reach by links, with a browser that runs no scripts, and presses each button once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode, urljoin, urlsplit

import httpx
from starlette.routing import Match

from tests.integration.tenancy.reading import Button, Form, Page, read
from tests.integration.tenancy.test_roles import routes
from tests.integration.tenancy.whole import Whole

MOST_ALIKE: Final = 4
"""How many addresses of one route are looked at."""
ENDS: Final = frozenset({
    "again", "back", "cancel", "close", "decline", "discard", "drop", "end", "end-for-safety", "erase", "exclude", "forget", "leave", "remove",
    "revoke", "stop", "take-back", "withdraw",
})  # fmt: skip
"""The last words of what ends something: pressed after everything else."""
BESIDE: Final = ("/join/", "/sign-in")
"""Where others go: walked in a browser, without scripts too, by tests of signing up and in."""
LAST: Final = frozenset({"/sign-out", "/account/sign-out-everywhere"})
FILES: Final = (
    "list.csv",
    b"role;first_name;phone;birth_year;postcode;french_level;consent\nnewcomer;Ana;+32470112233;1990;4000;A1;yes\n",
)


@dataclass
class Walk:
    """Who walks: `headers` let them in, `typed` is what they write into a field that must not stay empty, by its name or its kind."""

    whole: Whole
    headers: dict[str, str]
    typed: dict[str, str]
    pages: dict[str, Page] = field(default_factory=dict)
    reached: set[tuple[str, str]] = field(default_factory=set)
    """Method and route of everything that was asked."""
    faults: list[str] = field(default_factory=list)
    _pressed: set[tuple[object, ...]] = field(default_factory=set)
    _alike: dict[str, int] = field(default_factory=dict)
    _known: dict[tuple[str, str], str] = field(default_factory=dict)

    async def look(self, starts: Iterable[str]) -> None:
        """Visit what can be reached from here by links."""
        waiting = deque((each, "") for each in starts)
        while waiting:
            address, source = waiting.popleft()
            before = len(self.faults)
            if (page := await self._visit(address)) is not None:
                waiting.extend(
                    (urljoin(address, each).partition("#")[0], address) for each in page.links if _ours(each)
                )
            self.faults[before:] = [f"{fault} (linked from {source})" for fault in self.faults[before:]]

    async def press(self) -> None:
        """Press every button, those that end something after the others."""
        for rank in range(3):
            for address in list(self.pages):
                await self._press_on(address, rank)

    def route(self, method: str, address: str) -> str:
        """The pattern of the route that answers there; empty where none does."""
        path = urlsplit(address).path
        if (method, path) not in self._known:
            self._known[method, path] = next(self._answering(method, path), "")
        return self._known[method, path]

    def _answering(self, method: str, path: str) -> Iterator[str]:
        scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
        for app in self.whole.apps().values():
            for at, route in routes(app):
                if at == method and route.matches(scope)[0] is Match.FULL:
                    yield str(route.path)

    async def _visit(self, address: str) -> Page | None:
        route = self.route("GET", address)
        if address in self.pages or self._alike.get(route, 0) >= MOST_ALIKE:
            return None
        self._alike[route] = self._alike.get(route, 0) + 1
        return await self._get(address)

    async def _get(self, address: str, *, gone: bool = False, asked: bool = False) -> Page | None:
        """The page there; `gone` says that it may be gone by now, `asked` that a form led there, which may be wrong."""
        answer = await self.whole.client.get(address, headers=self.headers)
        self.reached.add(("GET", self.route("GET", address)))
        if answer.is_redirect:
            return await self._visit(urljoin(address, answer.headers["location"]).partition("#")[0])
        if answer.status_code != 200 and not (asked and _told(answer)):
            self.faults += [] if gone and answer.status_code == 404 else [f"GET {address}: {answer.status_code}"]
            return None
        self.pages[address] = self._read(address, answer)
        return self.pages[address]

    def _read(self, address: str, answer: httpx.Response) -> Page:
        page = read(answer.text) if "text/html" in answer.headers["content-type"] else Page()
        self.faults += [f"{address}: {fault}" for fault in page.faults]
        return page

    async def _press_on(self, address: str, rank: int) -> None:
        """Press what shows on this page, which is looked at anew each time: what was pressed before has changed it."""
        while self._next(self.pages[address], address, rank):
            page = await self._get(address, gone=True)
            self.pages[address] = page or Page()
            if found := self._next(self.pages[address], address, rank):
                await self._press(address, *found)

    def _next(self, page: Page, address: str, rank: int) -> tuple[Form, Button] | None:
        for form, button in page.buttons():
            if self._key(form, button, address) not in self._pressed and _rank(_action(form, button), button) <= rank:
                return form, button
        return None

    def _key(self, form: Form, button: Button, address: str) -> tuple[object, ...]:
        route = self.route(form.method.upper(), urljoin(address, _action(form, button)))
        if route.endswith("/language"):
            return (route,)
        return route, form.method, tuple(sorted({each.name for each in form.fields})), button.name, button.value[:12]

    async def _press(self, address: str, form: Form, button: Button) -> None:
        self._pressed.add(self._key(form, button, address))
        action = urljoin(address, _action(form, button))
        said = f"{button.words or button.name!r} on {address} ({form.method} {action})"
        route = self.route(form.method.upper(), action)
        self.reached.add((form.method.upper(), route))
        sent = form.sent_by(button, self.typed)
        if not route:
            self.faults.append(f"{said} leads nowhere")
        elif form.method == "get":
            found = f"{urlsplit(action).path}?{urlencode(sent)}"
            if await self._get(found, asked=True) is not None and found in self.pages:
                await self._press_on(found, 0)
        else:
            await self._send(said, action, form, sent)

    async def _send(self, said: str, action: str, form: Form, sent: list[tuple[str, str]]) -> None:
        data: dict[str, list[str]] = {}
        for name, value in sent:
            data.setdefault(name, []).append(value)
        files = [(each.name, FILES) for each in form.fields if each.kind == "file"]
        body: dict[str, Any] = {"data": data} | ({"files": files} if form.multipart else {})
        answer = await self.whole.client.post(action, headers=self.headers, **body)
        self.whole.client.cookies.clear()  # of all languages, the one they began with
        if answer.status_code == 303:
            await self._land(said, urljoin(action, answer.headers["location"]).partition("#")[0])
            return
        page = self._read(action, answer)
        if answer.status_code != 200 and not _told(answer):
            self.faults.append(f"{said} with {sent}: {answer.status_code} and no sentence beside the form")
        elif found := self._next(page, action, 1) if answer.status_code == 200 else None:
            await self._press(action, *found)

    async def _land(self, said: str, address: str) -> None:
        if not address.startswith("/"):
            self.faults.append(f"{said} leads to {address}")
        elif _ours(address) and address not in self.pages and await self._get(address) is not None:
            await self._press_on(address, 0)


def _action(form: Form, button: Button) -> str:
    return button.action or form.action


def _rank(action: str, button: Button) -> int:
    return 2 if action in LAST else 1 if button.danger or action.rpartition("/")[2] in ENDS else 0


def _ours(address: str) -> bool:
    return address.startswith("/") and not address.startswith(("//", *BESIDE))


def _told(answer: httpx.Response) -> bool:
    """Whether a sentence says what is wrong, beside what it is about or above the form."""
    return answer.status_code in {409, 422} and ('aria-invalid="true"' in answer.text or 'role="alert"' in answer.text)
