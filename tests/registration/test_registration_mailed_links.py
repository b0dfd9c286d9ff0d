"""Signing in by a mailed link, end to end: once, in one browser, at a bounded rate; and what happens to who is revoked."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest

from duolangue.chassis.identity import Access
from duolangue.registration import usecases
from duolangue.registration.domain.association import PLATFORM
from duolangue.registration.domain.coordinator import AccessLevel, revoke
from duolangue.registration.domain.invalid import NotNow
from tests.registration.conftest import World


async def sign_in_link(world: World, address: str = "claire@interra.example") -> str:
    await usecases.invite_coordinator(address, "Claire", AccessLevel.ADMINISTER, None, world.ports)
    assert (await world.client.post("/sign-in", data={"email": address.upper()})).status_code == 303
    (mail,) = world.post.to(f"Claire <{address}>")
    found = re.search(r"http://desk\.test(/sign-in/\S+)", mail.get_content())
    assert found is not None
    return found[1]


async def test_a_coordinator_signs_in_by_mail_and_is_renewed_until_signing_out(world: World) -> None:
    link = await sign_in_link(world, f"{world.association}@interra.example")
    assert (await world.client.get(link)).status_code == 200
    assert (await world.client.post(link)).status_code == 303
    assert (await world.client.get("/people")).status_code == 200
    world.clock.moment = world.clock.moment.replace(hour=13)
    renewed = await world.client.get("/session/renew?next=/people/reports")
    assert (renewed.status_code, renewed.headers["location"]) == (307, "/people/reports")
    assert (await world.client.get("/people/reports")).status_code == 200
    session = dict(world.client.cookies)
    assert (await world.client.post("/sign-out")).status_code == 303
    world.client.cookies.update(session)
    assert (await world.client.get("/session/renew?next=/people")).headers["location"] == "/sign-in"


async def test_of_fifty_who_use_one_link_at_once_one_signs_in(world: World) -> None:
    link = await sign_in_link(world, f"{world.association}@interra.example")
    statuses = [answer.status_code for answer in await asyncio.gather(*(world.client.post(link) for _ in range(50)))]
    assert sorted(statuses) == [303] + [403] * 49


async def test_a_link_opens_nothing_in_another_browser(world: World) -> None:
    link = await sign_in_link(world, f"{world.association}@interra.example")
    world.client.cookies.clear()
    assert (await world.client.post(link)).status_code == 403
    assert (await world.client.post(link + "x")).status_code == 403


async def test_an_unknown_address_gets_the_same_answer_and_no_mail(world: World) -> None:
    address = f"{world.association}@interra.example"
    await usecases.invite_coordinator(address, "", AccessLevel.READ, None, world.ports)
    known = await world.client.post("/sign-in", data={"email": address})
    for other in ("nobody@interra.example", "not an address"):
        unknown = await world.client.post("/sign-in", data={"email": other})
        assert (unknown.status_code, unknown.text) == (known.status_code, known.text)
    assert len(world.post.sent) == 1


async def test_one_address_cannot_be_flooded_with_links(world: World) -> None:
    address = f"{world.association}@interra.example"
    await usecases.invite_coordinator(address, "", AccessLevel.READ, None, world.ports)
    for _ in range(8):
        await world.client.post("/sign-in", data={"email": address})
    assert len(world.post.sent) == 5


async def test_who_is_revoked_is_out_at_once_and_everybody_hears(world: World) -> None:
    await usecases.invite_coordinator(
        f"a-{world.association}@interra.example", "", AccessLevel.ADMINISTER, None, world.ports
    )
    bob = await usecases.invite_coordinator(
        f"b-{world.association}@interra.example", "", AccessLevel.ADMINISTER, None, world.ports
    )
    token = world.desk(coordinator=bob.id)
    assert (await world.client.get("/people/api/association", headers=token)).status_code == 200
    administrator = world.desk(Access.ADMINISTER)
    assert (await world.client.delete(f"/people/api/coordinators/{bob.id}", headers=administrator)).status_code == 204
    assert (await world.client.get("/people/api/association", headers=token)).status_code == 401
    assert await world.told_of(bob.id) == ["coordinator.revoked.v1"]
    answer = await usecases.keys(world.service.ports(PLATFORM))
    assert answer.revoked[bob.id] == world.clock.now()
    world.clock.moment = world.clock.moment.replace(hour=13)
    assert bob.id not in (await usecases.keys(world.service.ports(PLATFORM))).revoked


async def test_the_last_administrator_stays(world: World) -> None:
    claire = await usecases.invite_coordinator(
        f"{world.association}@interra.example", "", AccessLevel.ADMINISTER, None, world.ports
    )
    answer = await world.client.delete(f"/people/api/coordinators/{claire.id}", headers=world.desk(Access.ADMINISTER))
    assert answer.status_code == 409


async def test_of_two_administrators_who_end_each_others_access_at_once_one_stays(world: World) -> None:
    for round_ in range(3):
        world.clock.moment += timedelta(minutes=5)
        two = [
            await usecases.invite_coordinator(
                f"{name}{round_}@{world.association}.example", "", AccessLevel.ADMINISTER, None, world.ports
            )
            for name in ("ann", "bob")
        ]
        steps = (
            usecases.change_access(two[0].id, AccessLevel.READ, world.ports),
            usecases.revoke_coordinator(two[1].id, world.ports),
        )
        outcomes = await asyncio.gather(*steps, return_exceptions=True)
        left = await world.ports.coordinators.select({"active": True, "access": "administer"})
        assert len(left) == 1, outcomes
        assert [getattr(each, "code", "") for each in outcomes].count("last_administrator") == 1
        world.clock.moment += timedelta(minutes=5)
        await usecases.invite_coordinator(
            f"next{round_}@{world.association}.example", "", AccessLevel.ADMINISTER, None, world.ports
        )
        await usecases.revoke_coordinator(left[0].id, world.ports)
        (only,) = await world.ports.coordinators.select({"active": True, "access": "administer"})
        with pytest.raises(NotNow):
            await usecases.change_access(only.id, AccessLevel.COORDINATE, world.ports)
        await world.ports.coordinators.update(only.id, lambda one: revoke(one, world.clock.now()))
