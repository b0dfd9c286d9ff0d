"""Browsers, and the codes that are mailed to their users."""

from __future__ import annotations

import re
from typing import Any

import httpx

from duolangue.registration import usecases
from duolangue.registration.domain.coordinator import AccessLevel


def browser(world: Any, home: str = "198.51.100.7") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(world.service.app, client=(home, 40000))
    return httpx.AsyncClient(transport=transport, base_url="http://desk.test")


async def coordinator(
    world: Any, name: str = "claire", access: AccessLevel = AccessLevel.COORDINATE, **more: Any
) -> Any:
    address = f"{name}@{world.association}.example"
    return await usecases.invite_coordinator(address, "", access, None, world.ports, **more)


async def code_for(world: Any, client: httpx.AsyncClient, address: str) -> str:
    before = len(world.post.to(address))
    asked = await client.post("/sign-in", data={"email": address})
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in/code")
    assert len(world.post.to(address)) == before + 1
    found = re.search(r"^(\d{6})$", world.post.to(address)[-1].get_content(), re.MULTILINE)
    assert found
    return found[1]


def other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


async def enter(client: httpx.AsyncClient, code: str) -> httpx.Response:
    return await client.post("/sign-in/code", data={"code": code})
