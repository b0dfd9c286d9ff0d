"""Two hundred invented people and their coordinator, who all try again politely when a service is away."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Iterator
from typing import Any, Final

import httpx

from duolangue.contracts.vocabulary import Interest
from duolangue.standalone.catcher import Catcher, text_of
from duolangue.standalone.demo.browser import Browser

POSTCODES: Final = ("4000", "4020", "4030", "4031", "4032", "4040", "4041", "4100", "4101", "4102")
SLOTS: Final = ("mon_evening", "tue_evening", "wed_evening", "thu_evening", "sat_morning", "sun_afternoon")
NAMES: Final = ("Amina", "Paul", "Olena", "Marie", "Yusuf", "Claire", "Lan", "Luc", "Selam", "Anne")
AWAY: Final = frozenset({502, 503, 504})
WAIT_SECONDS: Final = 0.5


def applications(count: int, dice: random.Random) -> Iterator[dict[str, Any]]:
    """What so many people tell; half of them want to help."""
    for number in range(count):
        profile: dict[str, Any] = (
            {"volunteer": {"places": dice.choice((1, 1, 2))}} if number % 2 else {"newcomer": {"french_oral": "A2"}}
        )
        yield {
            "first_name": dice.choice(NAMES),
            "email": f"person.{number}@example.org",
            "phone": f"+3247{number:07d}",
            "birth_year": dice.randint(1950, 2004),
            "postcode": dice.choice(POSTCODES),
            "interests": dice.sample([each.value for each in Interest], 4),
            "availability": dice.sample(SLOTS, 3),
            "languages": ["en"],
            "ui_language": dice.choice(("fr", "nl", "en")),
            "consent": True,
            **profile,
        }


class Crowd:
    """Everybody, through the public surfaces alone."""

    def __init__(self, url: str, catcher: Catcher) -> None:
        self._client = httpx.AsyncClient(base_url=url, follow_redirects=True, timeout=30)
        self._catcher = catcher
        self._read = 0
        self.tried_again = 0

    async def close(self) -> None:
        await self._client.aclose()

    async def sign_in(self, link: str) -> None:
        browser = Browser(self._client)
        await browser.send((await browser.open(link))[0])

    async def ask(self, method: str, path: str, *, fine: frozenset[int] = frozenset(), **more: Any) -> httpx.Response:
        """Ask until it is answered."""
        while True:
            answer = await self._client.request(method, path, **more)
            if answer.is_success or answer.status_code in fine:
                return answer
            assert answer.status_code in AWAY, f"{method} {path}: {answer.status_code} {answer.text[:300]}"
            await self._wait()

    async def register(self, told: list[dict[str, Any]]) -> None:
        """All of them apply, several at a time. Who is known already had applied, and had not heard the answer."""
        waiting = iter(told)

        async def queue() -> None:
            for each in waiting:
                await self.ask("POST", "/people/api/participants", json=each, fine=frozenset({409}))

        await asyncio.gather(*(queue() for _ in range(5)))

    async def interview(self, most: int) -> None:
        """So many of those who wait for an interview pass it, all at once."""
        answer = await self.ask("GET", "/people/api/participants", params={"status": "applied", "limit": most})
        passed = {"passed": True}
        await asyncio.gather(
            *(
                self.ask("POST", f"/people/api/participants/{person['id']}/interview", json=passed)
                for person in answer.json()["participants"]
            )
        )

    async def registered(self) -> list[str]:
        found: list[str] = []
        while page := (
            await self.ask(
                "GET", "/people/api/participants", params={"limit": 200, "after": found[-1] if found else ""}
            )
        ).json()["participants"]:
            found += [each["id"] for each in page]
        return found

    async def pair(self) -> None:
        """Ask for a run, look for a while whether it is done, approve whatever drafts there are."""
        run = (await self.ask("POST", "/duos/api/runs")).json()["run"]
        for _ in range(10):
            if (await self.ask("GET", f"/duos/api/runs/{run}")).json()["status"] == "done":
                break
            await self._wait()
        await self.approve()

    async def approve(self) -> None:
        """Approve whatever drafts there are, all at once."""
        drafts = (await self.ask("GET", "/duos/api/duos", params={"status": "draft"})).json()["duos"]
        await asyncio.gather(*(self.ask("POST", f"/duos/api/duos/{duo['id']}/approve") for duo in drafts))

    async def answer(self) -> int:
        """Everybody who got a proposal since the last look accepts it, by its link."""
        fresh = [text_of(mail) for _, mail in self._catcher.mails[self._read :]]
        self._read += len(fresh)
        links = [found[0] for text in fresh if (found := re.search(r"https?://\S+/duos/answer/\S+", text))]
        await asyncio.gather(*(self._accept(link) for link in links))
        return len(links)

    async def _accept(self, link: str) -> None:
        while True:
            async with httpx.AsyncClient(follow_redirects=True, timeout=30) as client:
                browser = Browser(client)
                try:
                    forms = [form for form in await browser.open(link) if "choice" in form.choices]
                    if forms:
                        await browser.send(forms[0], choice="accept")
                    return
                except httpx.HTTPStatusError as error:
                    assert error.response.status_code in AWAY, f"{error} {error.response.text[:300]}"  # noqa: PT017
            await self._wait()

    async def _wait(self) -> None:
        self.tried_again += 1
        await asyncio.sleep(WAIT_SECONDS)
