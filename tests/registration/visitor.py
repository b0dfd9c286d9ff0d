"""Somebody who signs up with a browser, and what they answer."""

from __future__ import annotations

from typing import Any

import httpx

from duolangue.registration.domain.signup.texts import CHARTER_VERSION, CONSENT_VERSION

COMMON: dict[str, dict[str, Any]] = {
    "birth": {"birth_year": "1990"},
    "name": {"first_name": "Rania", "last_name": "Haddad"},
    "contact": {"phone": "0470 12 34 56", "email": ""},
    "gender": {"gender": "female"},
    "place": {"postcode": "4020"},
    "town": {},
    "languages": {"languages": ["ar", "en"], "other": ["hy", ""]},
    "interests": {"interests": ["cooking", "music"]},
    "free": {"tiles": ["evening"], "slots": ["sat_morning"]},
    "distance": {"radius_km": "15"},
    "consent": {"consent": CONSENT_VERSION},
}
SPEAKS: dict[str, dict[str, Any]] = {
    "oral": {"oral": "A0"},
    "written": {"written": "A0_cannot_read"},
    "partner": {"partner_gender": "female", "partner_age": "30-49"},
    "arrived": {"month": "3", "year": "2025"},
}
HELPS: dict[str, dict[str, Any]] = {
    "same-gender": {"same_gender": "yes"},
    "places": {"places": "2"},
    "ease": {"ease": "A1"},
    "charter": {"charter": CHARTER_VERSION},
}


class Visitor:
    """Somebody with a browser, who answers whatever page comes."""

    def __init__(self, world: Any, base: str = "", headers: dict[str, str] | None = None) -> None:
        self.world = world
        self.base = base or f"/join/{world.association}"
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(world.service.app), base_url="http://desk.test", headers=headers
        )

    async def begin(self, language: str = "en") -> str:
        answer = await self.client.post(self.base, data={"language": language})
        assert answer.status_code == 303
        return str(answer.headers["location"])

    async def get(self, page: str) -> httpx.Response:
        return await self.client.get(f"{self.base}/{page}")

    async def post(self, page: str, told: dict[str, Any] | None = None) -> httpx.Response:
        return await self.client.post(f"{self.base}/{page}", data=told or {})

    async def answer_all(self, told: dict[str, dict[str, Any]], where: str) -> list[str]:
        """Answer page after page as the site leads; returns the pages in the order in which they came."""
        came = []
        while not where.endswith("/summary"):
            name = where.rpartition("/")[2]
            came.append(name)
            page = await self.client.get(where)
            assert page.status_code == 200, (where, page.text)
            answer = await self.client.post(where, data=told[name])
            assert answer.status_code == 303, (where, answer.text)
            where = answer.headers["location"]
        return came


async def the_only_participant(world: Any) -> Any:
    (found,) = await world.ports.participants.select()
    return found
