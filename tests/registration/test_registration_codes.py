"""Signing in with a code: bound to the browser, few tries, the same answer for everybody, and nobody kept out by a stranger."""

from __future__ import annotations

import asyncio
import re
import uuid
from typing import Any

from duolangue.chassis.identity import Access
from duolangue.registration import usecases
from duolangue.registration.domain.association import PLATFORM, AssociationSettings
from duolangue.registration.domain.coordinator import AccessLevel
from duolangue.registration.domain.sign_in import MOST_LINKS, MOST_TRIES
from duolangue.registration.usecases.signing_in import ADDRESS_HOUR
from tests.registration.codes import browser, code_for, coordinator, enter, other


async def test_a_code_signs_in_where_it_was_asked_for_once(world: Any) -> None:
    claire = await coordinator(world)
    async with browser(world) as client, browser(world) as thief:
        code = await code_for(world, client, claire.email)
        assert (await enter(thief, code)).status_code == 422
        page = await client.get("/sign-in/code")
        assert 'autocomplete="one-time-code"' in page.text
        entered = await enter(client, f" {code[:3]} {code[3:]} ")
        assert (entered.status_code, entered.headers["location"]) == (303, "/desk")
        assert (await client.get("/account")).status_code == 200
        assert (await enter(client, code)).status_code == 422
    kept = await world.ports.coordinators.get(claire.id)
    assert kept.signed_in_at == world.clock.now()


async def test_a_wrong_code_is_said_next_to_the_field_and_stays(world: Any) -> None:
    claire = await coordinator(world)
    async with browser(world) as client:
        code = await code_for(world, client, claire.email)
        wrong = await enter(client, other(code))
        assert wrong.status_code == 422
        assert 'id="code-fault"' in wrong.text
        assert f'value="{other(code)}"' in wrong.text
        assert 'aria-invalid="true"' in wrong.text
        short = await enter(client, "12")
        assert short.status_code == 422
        assert (await enter(client, code)).status_code == 303, "a code that is too short is no try"


async def test_after_five_wrong_codes_the_right_one_is_worth_nothing_and_a_new_one_is(world: Any) -> None:
    claire = await coordinator(world)
    async with browser(world) as client:
        code = await code_for(world, client, claire.email)
        for _ in range(MOST_TRIES):
            await enter(client, other(code))
        assert (await enter(client, code)).status_code == 422
        assert (await enter(client, await code_for(world, client, claire.email))).status_code == 303


async def test_fifty_codes_tried_at_once_are_five_tries(world: Any) -> None:
    claire = await coordinator(world)
    async with browser(world) as client:
        code = await code_for(world, client, claire.email)
        await asyncio.gather(*(enter(client, other(code)) for _ in range(50)))
        kept = await world.service.ports(PLATFORM).sign_ins.select({"places.coordinator": claire.id})
        assert [each.tries for each in kept] == [MOST_TRIES]
        assert (await enter(client, code)).status_code == 422


async def test_of_twenty_who_type_the_right_code_at_once_one_gets_in(world: Any) -> None:
    claire = await coordinator(world)
    async with browser(world) as client:
        code = await code_for(world, client, claire.email)
        cookie = {"Cookie": f"duo_browser={client.cookies['duo_browser']}"}
        answers = await asyncio.gather(
            *(world.client.post("/sign-in/code", data={"code": code}, headers=cookie) for _ in range(20))
        )
        assert sorted(answer.status_code for answer in answers) == [303] + [422] * 19


async def test_a_code_is_too_old_after_ten_minutes_and_forgotten_after_a_day(world: Any) -> None:
    claire = await coordinator(world)
    async with browser(world) as client:
        code = await code_for(world, client, claire.email)
        await world.time_passes(minutes=10)
        assert (await enter(client, code)).status_code == 422
    await world.time_passes(days=1, minutes=1)
    assert not await world.service.ports(PLATFORM).sign_ins.select({"places.coordinator": claire.id})


async def test_an_unknown_address_is_answered_the_same_at_every_step(world: Any) -> None:
    claire = await coordinator(world)
    told: list[list[tuple[int, str]]] = []
    for address in (claire.email, f"nobody@{world.association}.example"):
        async with browser(world, f"203.0.113.{len(told)}") as client:
            answers = [await client.post("/sign-in", data={"email": address}), await client.get("/sign-in/code")]
            answers += [await enter(client, "000000") for _ in range(MOST_TRIES + 1)]
            told.append([(answer.status_code, answer.text) for answer in answers])
    assert told[0] == told[1]
    assert len(world.post.to(claire.email)) == 1


async def test_who_knows_an_address_cannot_keep_its_owner_out(world: Any) -> None:
    claire = await coordinator(world)
    async with browser(world, "192.0.2.1") as own:
        await enter(own, await code_for(world, own, claire.email))
        for number in range(ADDRESS_HOUR * 3):
            async with browser(world, f"192.0.2.{number + 10}") as stranger:
                await stranger.post("/sign-in", data={"email": claire.email})
        assert len(world.post.to(claire.email)) == ADDRESS_HOUR, "mails to one address are few, whoever asks"
        await own.post("/sign-out")
        assert (await enter(own, await code_for(world, own, claire.email))).status_code == 303
        for _ in range(MOST_LINKS * 2):
            await own.post("/sign-in", data={"email": claire.email})
        assert len(world.post.to(claire.email)) == ADDRESS_HOUR + MOST_LINKS


async def test_a_network_asks_for_few_sign_ins_whatever_the_addresses(world: Any) -> None:
    people = [await coordinator(world, f"p{number}") for number in range(35)]
    async with browser(world, "192.0.2.77") as client:
        for each in people:
            await client.post("/sign-in", data={"email": each.email})
    assert len(world.post.sent) == 30


async def test_who_coordinates_in_two_associations_gets_one_mail_and_chooses(world: Any) -> None:
    claire = await coordinator(world)
    second = world.service.ports(f"{world.association}-2")
    await usecases.register_association(AssociationSettings(name="Duo Charleroi"), second)
    there = await usecases.invite_coordinator(claire.email, "", AccessLevel.ADMINISTER, None, second)
    async with browser(world) as client:
        entered = await enter(client, await code_for(world, client, claire.email))
        assert entered.headers["location"] == "/sign-in/choice"
        renewed = await client.get("/desk")
        assert (await client.get(renewed.headers["location"])).headers["location"] == "/sign-in/choice"
        choice = await client.get("/sign-in/choice")
        assert "Interra" in choice.text
        assert "Duo Charleroi" in choice.text
        refused = await client.post("/sign-in/choice", data={"association": "elsewhere"})
        assert refused.status_code == 403
        before = client.cookies["duo_session"]
        gone = await client.post("/sign-in/choice", data={"association": second.association})
        assert gone.headers["location"] == "/desk"
        assert "Duo Charleroi" in (await client.get("/association/coordinators")).text
        switched = await client.post("/sign-in/choice", data={"association": world.association})
        assert switched.status_code == 303
        assert (await client.get("/association/coordinators")).status_code == 403, "there Claire coordinates only"
        await usecases.revoke_coordinator(claire.id, world.ports)
        left = await client.get("/sign-in/choice")
        assert "Interra" not in left.text
        async with browser(world) as old:
            old.cookies.set("duo_session", before)
            assert (await old.get("/sign-in/choice")).status_code == 303, "the session went on, and ended where it was"
    assert there.access is AccessLevel.ADMINISTER


async def test_somebody_without_mail_gets_a_sign_in_from_an_administrator(world: Any) -> None:
    number = f"+3247{uuid.UUID(f'{world.association[2:]:0>32}').int % 10_000_000:07}"
    bob = await usecases.invite_coordinator("", "Bob", AccessLevel.COORDINATE, "en", world.ports, phone=number)
    administrator = world.desk(Access.ADMINISTER)
    shown = await world.client.post(f"/association/coordinators/{bob.id}/hand-over", headers=administrator)
    assert shown.status_code == 200
    assert shown.headers["cache-control"] == "no-store"
    assert f"https://wa.me/{number[1:]}?text=" in shown.text
    code = re.search(r'class="figure"><bdi>(\d{6})<', shown.text)
    link = re.search(r"http://desk\.test(/sign-in/[^\s&<]+)", shown.text)
    assert code
    assert link
    async with browser(world) as client, browser(world) as phone, browser(world) as stranger:
        await stranger.post("/sign-in", data={"email": "0470 00 00 00"})
        assert (await enter(stranger, code[1])).status_code == 422, "another number's code"
        await client.post("/sign-in", data={"email": f"0{number[3:]}"})
        assert (await enter(client, code[1])).status_code == 303
        assert (await client.get("/desk")).status_code == 200
        assert (await phone.post(link[1])).status_code == 403, "the code and the link are one sign-in"
        again = await world.client.post(f"/association/coordinators/{bob.id}/hand-over", headers=administrator)
        fresh = re.search(r"http://desk\.test(/sign-in/[^\s&<]+)", again.text)
        assert fresh
        assert (await phone.get(fresh[1])).status_code == 200
        assert (await phone.post(fresh[1])).status_code == 303
    claire = await coordinator(world)
    refused = await world.client.post(f"/association/coordinators/{claire.id}/hand-over", headers=administrator)
    assert refused.status_code == 409, "who has mail signs in by mail"
