"""Signing out everywhere, sessions that end, and less to do that counts at once."""

from __future__ import annotations

import re
from typing import Any

from duolangue.chassis.identity import Access
from duolangue.registration import usecases
from duolangue.registration.domain.association import PLATFORM, AssociationSettings
from duolangue.registration.domain.coordinator import AccessLevel
from tests.registration.codes import browser, code_for, coordinator, enter


async def test_less_to_do_counts_at_once_and_the_session_goes_on(world: Any) -> None:
    await coordinator(world, "ann", AccessLevel.ADMINISTER)
    claire = await coordinator(world, "claire", AccessLevel.ADMINISTER)
    async with browser(world) as client:
        await enter(client, await code_for(world, client, claire.email))
        assert (await client.get("/association/coordinators")).status_code == 200
        world.clock.moment = world.clock.moment.replace(second=30)
        await usecases.change_access(claire.id, AccessLevel.READ, world.ports)
        sent_away = await client.get("/association/coordinators")
        assert sent_away.status_code == 307
        world.clock.moment = world.clock.moment.replace(second=31)
        again = await client.get(sent_away.headers["location"])
        assert again.status_code == 307
        assert (await client.get("/association/coordinators")).status_code == 403
        assert (await client.get("/account")).status_code == 200
    assert "coordinator.revoked.v1" in await world.told_of(claire.id)


async def test_signing_out_everywhere_ends_every_browser_and_the_next_sign_in_works(world: Any) -> None:
    claire = await coordinator(world)
    async with browser(world) as one, browser(world) as two:
        for client in (one, two):
            client.headers["user-agent"] = "Mozilla/5.0 (Android 14; Mobile) Firefox/128.0"
            await enter(client, await code_for(world, client, claire.email))
        page = await one.get("/account")
        assert page.text.count("Firefox, Android") == 2
        ended = re.search(r'action="(/account/sessions/[0-9a-f]+/end)"', page.text)
        assert ended
        await one.post(ended[1])
        two.cookies.delete("duo_access")
        assert (await two.get("/session/renew")).headers["location"] == "/sign-in"
        assert (await one.post("/account/sign-out-everywhere")).headers["location"] == "/sign-in"
        world.clock.moment = world.clock.moment.replace(second=40)
        assert (await enter(one, await code_for(world, one, claire.email))).status_code == 303
        assert (await one.get("/account")).status_code == 200


async def test_signing_out_everywhere_voids_the_links_and_codes_that_were_asked_for(world: Any) -> None:
    claire, bob = await coordinator(world), await coordinator(world, "bob")
    async with browser(world) as own, browser(world) as stolen, browser(world) as his:
        await enter(own, await code_for(world, own, claire.email))
        code, bobs = await code_for(world, stolen, claire.email), await code_for(world, his, bob.email)
        link = re.findall(r"http://desk\.test(/sign-in/\S+)", world.post.to(claire.email)[-1].get_content())[0]
        await own.post("/account/sign-out-everywhere")
        assert (await stolen.post(link)).status_code == 403
        assert (await enter(stolen, code)).status_code == 422
        assert (await enter(his, bobs)).status_code == 303
        world.clock.moment = world.clock.moment.replace(second=40)
        assert (await enter(own, await code_for(world, own, claire.email))).status_code == 303


async def test_a_browser_at_another_association_does_not_come_back_after_a_sign_out_everywhere(world: Any) -> None:
    claire = await coordinator(world)
    second = world.service.ports(f"{world.association}-2")
    await usecases.register_association(AssociationSettings(name="Duo Charleroi"), second)
    await usecases.invite_coordinator(claire.email, "", AccessLevel.COORDINATE, None, second)
    async with browser(world) as stolen, browser(world) as undecided, browser(world) as own:
        for client, chosen in ((stolen, second.association), (undecided, ""), (own, world.association)):
            await enter(client, await code_for(world, client, claire.email))
            if chosen:
                await client.post("/sign-in/choice", data={"association": chosen})
        await own.post("/account/sign-out-everywhere")
        world.clock.moment = world.clock.moment.replace(second=40)
        for client in (stolen, undecided):
            assert "Interra" not in (await client.get("/sign-in/choice")).text
            refused = await client.post("/sign-in/choice", data={"association": world.association})
            assert refused.status_code == 403
        await enter(own, await code_for(world, own, claire.email))
        back = await own.post("/sign-in/choice", data={"association": world.association})
        assert back.headers["location"] == "/desk"


async def test_nobody_ends_a_session_of_somebody_else(world: Any) -> None:
    claire, bob = await coordinator(world), await coordinator(world, "bob")
    async with browser(world) as hers:
        await enter(hers, await code_for(world, hers, claire.email))
        (held,) = await usecases.sessions_of(claire.id, world.ports)
        his = world.desk(Access.ADMINISTER, bob.id)
        assert (await world.client.post(f"/account/sessions/{held.id}/end", headers=his)).status_code == 404
        assert (await hers.get("/account")).status_code == 200


async def test_sessions_and_revocations_that_are_over_are_forgotten(world: Any) -> None:
    await coordinator(world, "ann", AccessLevel.ADMINISTER)
    claire = await coordinator(world)
    async with browser(world) as client:
        await enter(client, await code_for(world, client, claire.email))
    await usecases.revoke_coordinator(claire.id, world.ports)
    assert await world.service.ports(PLATFORM).revocations.find(claire.id)
    await world.time_passes(hours=1, minutes=1)
    assert await world.service.ports(PLATFORM).revocations.find(claire.id) is None
    await world.time_passes(days=2)
    assert not await world.ports.sessions.select({"coordinator": claire.id})
