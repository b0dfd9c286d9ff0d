"""Signing in with a code: bound to the browser, few tries, the same answer for everybody, and nobody kept out by a stranger."""

from __future__ import annotations

import asyncio
import re
import uuid
from typing import Any

import httpx
import pytest

from duolangue.chassis import mail
from duolangue.chassis.identity import Access
from duolangue.registration import usecases
from duolangue.registration.domain.association import PLATFORM, AssociationSettings
from duolangue.registration.domain.coordinator import AccessLevel
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.report import ProblemKind
from duolangue.registration.domain.sign_in import MOST_LINKS, MOST_TRIES
from duolangue.registration.usecases.signing_in import ADDRESS_HOUR


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


async def test_an_invitation_is_mailed_also_after_an_outage(world: Any) -> None:
    administrator = world.desk(Access.ADMINISTER)
    address = f"dora@{world.association}.example"
    answer = await world.client.post(
        "/association/coordinators",
        headers=administrator,
        data={"email": address, "name": "Dora", "access": "read", "language": "en"},
    )
    assert answer.status_code == 303
    world.post.failing = mail.Unavailable()
    await world.time_passes(seconds=1)
    world.post.failing = None
    (dora,) = await world.ports.coordinators.select({"email": address})
    await usecases.tell_invited(dora.id, world.ports)
    (message,) = world.post.to(f"Dora <{address}>")
    assert "http://desk.test/sign-in" in message.get_content()
    await usecases.tell_invited(dora.id, world.ports)
    assert len(world.post.to(f"Dora <{address}>")) == 1
    assert dora.access is AccessLevel.READ


async def test_whoever_administers_sees_that_a_coordinators_address_refuses_mail_until_it_takes_one(world: Any) -> None:
    administrator, ann = world.desk(Access.ADMINISTER), await coordinator(world, "ann", tell=True)
    world.post.failing = mail.Refused("550")
    await world.time_passes(seconds=1)
    shown = await world.client.get("/association/coordinators", headers=administrator)
    assert "was refused on" in shown.text
    assert (await world.ports.coordinators.get(ann.id)).due_at is None
    world.post.failing = None
    async with browser(world) as client:
        await code_for(world, client, ann.email)
    shown = await world.client.get("/association/coordinators", headers=administrator)
    assert "was refused on" not in shown.text
    world.post.failing = mail.Refused("550")
    async with browser(world) as client:
        await client.post("/sign-in", data={"email": ann.email})
    assert (await world.ports.coordinators.get(ann.id)).refused_at == world.clock.now()


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"email": ""}, "email"),
        ({"phone": "12"}, "phone"),
        ({"email": "x@example.org", "name": "a\x00b"}, "name"),
        ({"email": "x@example.org", "access": "operate"}, "access"),
        ({"email": "x@example.org", "access": "king"}, "access"),
    ],
)
async def test_what_is_wrong_with_an_invitation_stands_next_to_its_field(
    world: Any, told: dict[str, str], field: str
) -> None:
    answer = await world.client.post("/association/coordinators", headers=world.desk(Access.ADMINISTER), data=told)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert not await world.ports.coordinators.count()


async def test_an_association_gives_nobody_the_platform(world: Any) -> None:
    claire = await coordinator(world)
    with pytest.raises(Invalid):
        await usecases.change_access(claire.id, AccessLevel.OPERATE, world.ports)
    api = await world.client.post(
        "/people/api/coordinators",
        headers=world.desk(Access.ADMINISTER),
        json={"email": "x@example.org", "access": "operate"},
    )
    assert api.status_code == 422
    with pytest.raises(Invalid):
        await usecases.invite_coordinator("x@example.org", "", AccessLevel.READ, None, world.service.ports(PLATFORM))


async def test_two_without_mail_may_both_be_coordinators_and_one_address_only_once(world: Any) -> None:
    for number in ("+32470000001", "+32470000002"):
        await usecases.invite_coordinator("", "", AccessLevel.READ, None, world.ports, phone=number)
    await coordinator(world)
    with pytest.raises(Invalid):
        await coordinator(world)


async def test_a_report_reaches_those_with_mail_when_one_who_reads_it_has_none(world: Any) -> None:
    await usecases.invite_coordinator("", "Bob", AccessLevel.ADMINISTER, None, world.ports, phone="+32470000009")
    ann = await coordinator(world, "ann", AccessLevel.ADMINISTER)
    await usecases.report_problem("p-1", "d-1", ProblemKind.MONEY, "", world.ports)
    (report,) = await world.ports.reports.select()
    await usecases.tell_coordinators(report.id, world.ports)
    assert len(world.post.to(ann.email)) == 1
    assert (await world.ports.reports.get(report.id)).due_at is None
