"""Somebody who opens a page of each service all the time, and notes for how long there was no good answer."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Final

import httpx

PAGES: Final = {"registration": "/", "matching": "/duos", "sessions": "/sessions", "notifications": "/messages"}
EVERY_SECONDS: Final = 0.1


@dataclass
class Watch:
    """What was seen of each service's page."""

    url: str
    longest: dict[str, float] = field(default_factory=lambda: dict.fromkeys(PAGES, 0.0))
    """For how many seconds on end the page answered 5xx or not at all."""
    asked: int = 0
    bad: int = 0

    async def until(self, stop: asyncio.Event) -> None:
        """Look until told to stop."""
        async with httpx.AsyncClient(base_url=self.url, timeout=30) as client:
            await asyncio.gather(*(self._look(client, service, page, stop) for service, page in PAGES.items()))

    async def _look(self, client: httpx.AsyncClient, service: str, page: str, stop: asyncio.Event) -> None:
        since: float | None = None
        while not stop.is_set():
            began = time.monotonic()
            try:
                good = (await client.get(page)).status_code < 500
            except httpx.TransportError:
                good = False
            self.asked += 1
            if good:
                since = None
            else:
                self.bad += 1
                since = began if since is None else since
                self.longest[service] = max(self.longest[service], time.monotonic() - since)
            await asyncio.sleep(EVERY_SECONDS)
