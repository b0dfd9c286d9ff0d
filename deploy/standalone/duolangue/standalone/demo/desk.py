"""A coordinator at work: signs in by the link, uses the desk's API, hands messages over."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final, TypeVar

import httpx

from duolangue.standalone.demo.browser import Browser, patiently

AT_ONCE: Final = 8
T = TypeVar("T")


class Refused(Exception):
    """The platform says no, and why."""


class Coordinator:
    """Somebody signed in; `sign_in_link` makes a fresh link, since a session ends when the clock moves by weeks."""

    def __init__(self, base_url: str, sign_in_link: Callable[[], Awaitable[str]]) -> None:
        self._client = httpx.AsyncClient(base_url=base_url, follow_redirects=True, timeout=120)
        self._sign_in_link = sign_in_link
        self.handed_over = 0

    async def close(self) -> None:
        """Leave."""
        await self._client.aclose()

    async def sign_in(self) -> None:
        """Open a link and press its button."""
        self._client.cookies.clear()
        browser = Browser(self._client)
        forms = await browser.open(await self._sign_in_link())
        await browser.send(forms[0])

    async def get(self, path: str, **query: Any) -> Any:
        """Read something."""
        return await self._answer("GET", path, params=query)

    async def post(self, path: str, body: Any = None) -> Any:
        """Do something."""
        return await self._answer("POST", path, json=body)

    async def upload(self, path: str, content: bytes) -> Any:
        """Send a CSV file."""
        return await self._answer("POST", path, content=content, headers={"Content-Type": "text/csv"})

    async def each(
        self, work: Callable[[T], Awaitable[Any]], things: Iterable[T], done: Callable[[int], None] = lambda _: None
    ) -> None:
        """Do the same for many things, some at a time; `done` hears how many are."""
        gate, count = asyncio.Semaphore(AT_ONCE), 0

        async def one(thing: T) -> None:
            nonlocal count
            async with gate:
                await work(thing)
            count += 1
            done(count)

        await asyncio.gather(*(one(thing) for thing in things))

    async def hand_over(self) -> list[str]:
        """Hand over every message that waits on the desk; returns their words with their links."""
        waiting = (await self.get("/messages/api/waiting"))["messages"]
        await self.each(lambda message: self.post(f"/messages/api/messages/{message['id']}/handed-over"), waiting)
        self.handed_over += len(waiting)
        return [f"{message['text']}\n" + "\n".join(message["links"].values()) for message in waiting]

    async def _answer(self, method: str, path: str, **more: Any) -> Any:
        answer = await patiently(lambda: self._client.request(method, path, **more))
        if answer.is_error:
            problem = answer.headers.get("content-type", "").startswith("application/problem+json")
            raise Refused(
                f"{path}: "
                + (answer.json().get("detail") or answer.json()["title"] if problem else str(answer.status_code))
            )
        return answer.json() if answer.content else None
