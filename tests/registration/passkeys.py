"""What tests of passkeys share: an address with HTTPS, somebody with a browser, and a device that holds a passkey."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from ipaddress import IPv4Address
from typing import Any

import httpx
import pytest

from duolangue.chassis.service import Service
from duolangue.chassis.settings import MailSettings
from duolangue.registration import usecases
from duolangue.registration.domain import association as associations
from duolangue.registration.domain.association import AssociationSettings
from duolangue.registration.domain.coordinator import AccessLevel, Coordinator
from duolangue.registration.service import DECLARATION, wire
from tests import worlds
from tests.registration.authenticator import Authenticator
from tests.registration.conftest import NOW, Post, World

HERE = "https://desk.test"


@pytest.fixture
async def world(registration_settings: Any) -> AsyncIterator[World]:
    """The service at an address with HTTPS: elsewhere browsers offer no passkeys."""
    clock, post = worlds.Hands(NOW), Post()
    settings = registration_settings.model_copy(update={"public_url": HERE})
    service = Service(DECLARATION, wire, settings, MailSettings(), clock)
    service.foundation.mailer = post  # type: ignore[assignment]  # the outside world
    transport = httpx.ASGITransport(service.app)
    async with httpx.AsyncClient(transport=transport, base_url=HERE) as client:
        world = World(service=service, clock=clock, post=post, client=client)
        change = associations.register(world.association, AssociationSettings(name="Interra"), clock.now())
        await world.ports.associations.add(change.state, *change.facts)
        yield world
    service.foundation.database.close()


def browser(world: World) -> httpx.AsyncClient:
    """Of a network that is this test's alone: limits count by it."""
    home = str(IPv4Address(int(world.association.removeprefix("a-")[:8], 16)))
    transport = httpx.ASGITransport(world.service.app, client=(home, 40000))
    return httpx.AsyncClient(transport=transport, base_url=HERE, headers={"Accept-Language": "en"})


async def invited(world: World, name: str = "claire", access: AccessLevel = AccessLevel.COORDINATE) -> Coordinator:
    return await usecases.invite_coordinator(f"{name}@{world.association}.example", name, access, None, world.ports)


async def by_mail(world: World, client: httpx.AsyncClient, one: Coordinator) -> None:
    await client.post("/sign-in", data={"email": one.email})
    code = re.search(r"^(\d{6})$", world.post.sent[-1].get_content(), re.MULTILINE)
    assert code
    assert (await client.post("/sign-in/code", data={"code": code[1]})).status_code == 303


async def added(client: httpx.AsyncClient, device: Authenticator, name: str = "Phone") -> httpx.Response:
    asked = await client.post("/account/passkeys/options")
    assert asked.status_code == 200, asked.text
    return await client.post("/account/passkeys", data={"answer": device.create(asked.json()), "name": name})


async def challenged(client: httpx.AsyncClient) -> dict[str, Any]:
    asked = await client.post("/sign-in/passkey/options")
    assert asked.status_code == 200, asked.text
    options: dict[str, Any] = asked.json()
    return options


async def used(client: httpx.AsyncClient, device: Authenticator) -> httpx.Response:
    return await client.post("/sign-in/passkey", data={"answer": device.get(await challenged(client))})


@pytest.fixture
async def claire(world: World) -> Coordinator:
    return await invited(world)


@pytest.fixture
async def phone(world: World, claire: Coordinator) -> Authenticator:
    """Claire's, with a passkey."""
    device = Authenticator()
    async with browser(world) as client:
        await by_mail(world, client, claire)
        assert (await added(client, device)).status_code == 303
    return device
