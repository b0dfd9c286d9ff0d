"""Passkeys, with real signatures: added shortly after signing in, used once, here and by their user; and nothing else opens the desk."""

from __future__ import annotations

import asyncio
import json
import random
import re
from contextlib import suppress
from functools import partial
from typing import Any

import httpx
import pytest

from duolangue.chassis.service import Service
from duolangue.chassis.settings import MailSettings
from duolangue.registration import usecases
from duolangue.registration.authenticators import LONGEST, WebAuthn
from duolangue.registration.domain import passkey
from duolangue.registration.domain.association import PLATFORM
from duolangue.registration.domain.coordinator import AccessLevel, Coordinator
from duolangue.registration.domain.passkey import relying_party
from duolangue.registration.domain.sign_in import Place
from duolangue.registration.ports import AnswerRefused
from duolangue.registration.service import DECLARATION, wire
from tests.registration.authenticator import PRESENT, Authenticator, altered, b64
from tests.registration.conftest import NOW, World
from tests.registration.passkeys import HERE, added, browser, by_mail, challenged, claire, phone, used, world

__all__ = ["claire", "phone", "world"]
"""Fixtures."""


async def test_a_passkey_is_added_after_a_code_and_signs_in_without_one(world: World, claire: Coordinator) -> None:
    device = Authenticator()
    async with browser(world) as client:
        await by_mail(world, client, claire)
        assert (await added(client, device, "Work phone")).headers["location"] == "/account#passkeys"
        assert "Work phone" in (await client.get("/account")).text
        told = world.post.to(f"claire <{claire.email}>")[-1]
        assert "clé d’accès a été ajoutée" in told["Subject"]
        assert "https://desk.test/account" in told.get_content()
    async with browser(world) as another:
        entered = await used(another, device)
        assert (entered.status_code, entered.headers["location"]) == (303, "/desk")
        assert (await another.get("/account")).status_code == 200
    (kept,) = await usecases.passkeys.passkeys_of(claire.id, world.ports)
    assert (kept.count, kept.used_at) == (1, world.clock.now())
    assert device.handle not in (claire.id.encode(), claire.email.encode())
    log = await world.ports.audit.latest(None, None, 10)
    assert "POST /account/passkeys" in [entry.what for entry in log]


async def test_what_a_browser_is_asked_names_nobody_and_demands_finger_face_or_lock(
    world: World, phone: Authenticator
) -> None:
    async with browser(world) as client:
        asked = await challenged(client)
    assert asked["rpId"] == "desk.test"
    assert asked["userVerification"] == "required"
    assert not asked["allowCredentials"]
    assert phone.handle.hex() not in json.dumps(asked)


LIES: dict[str, Any] = {
    "another site": {"origin": "https://desk.test.evil.example"},
    "without https": {"origin": "http://desk.test"},
    "another port": {"origin": "https://desk.test:8443"},
    "another party": {"party": "evil.example"},
    "its user was not verified": {"flags": PRESENT},
    "nobody was there": {"flags": 0},
    "in a frame of another site": {"cross_origin": True},
    "of somebody else": {"handle": b"x" * 32},
    "without user": {"handle": b""},
    "a credential nobody knows": {"credential": b"y" * 32},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=list(LIES))
async def test_an_answer_made_elsewhere_or_for_somebody_else_opens_nothing(
    world: World, phone: Authenticator, lie: dict[str, Any]
) -> None:
    for name, value in lie.items():
        setattr(phone, name, value)
    async with browser(world) as client:
        refused = await used(client, phone)
        assert refused.status_code == 403
        assert "This passkey did not work." in refused.text
        assert "__Host-duo_session" not in client.cookies


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature", "userHandle"])
async def test_an_answer_of_which_one_bit_was_altered_opens_nothing(
    world: World, phone: Authenticator, part: str
) -> None:
    async with browser(world) as client:
        for at in (0, 20, -2):
            answer = altered(phone.get(await challenged(client)), part, at)
            assert (await client.post("/sign-in/passkey", data={"answer": answer})).status_code == 403


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "\x00", '{"response": 1}', "9" * LONGEST, "[" * 19_000])
async def test_what_is_no_answer_at_all_is_refused_in_the_same_words(world: World, answer: str) -> None:
    async with browser(world) as client:
        await challenged(client)
        refused = await client.post("/sign-in/passkey", data={"answer": answer})
        assert refused.status_code == 403
        assert "This passkey did not work." in refused.text


async def test_an_answer_is_good_once_even_for_twenty_at_once(world: World, phone: Authenticator) -> None:
    async with browser(world) as client:
        answer = {"answer": phone.get(await challenged(client))}
        cookie = {"Cookie": f"__Host-duo_browser={client.cookies['__Host-duo_browser']}"}
        tried = await asyncio.gather(
            *(world.client.post("/sign-in/passkey", data=answer, headers=cookie) for _ in range(20))
        )
        assert sorted(each.status_code for each in tried) == [303] + [403] * 19


async def test_an_answer_is_good_for_five_minutes_in_the_browser_that_was_asked(
    world: World, phone: Authenticator
) -> None:
    async with browser(world) as client, browser(world) as thief:
        stolen = phone.get(await challenged(client))
        await challenged(thief)
        assert (await thief.post("/sign-in/passkey", data={"answer": stolen})).status_code == 403
        late = phone.get(await challenged(client))
        await world.time_passes(minutes=passkey.CHALLENGE_MINUTES)
        assert (await client.post("/sign-in/passkey", data={"answer": late})).status_code == 403
    assert not await world.service.ports(PLATFORM).challenges.select({"expires_at": {"$lte": world.clock.now()}})


async def test_a_challenge_made_up_by_whoever_answers_opens_nothing(world: World, phone: Authenticator) -> None:
    async with browser(world) as client:
        asked = await challenged(client)
        invented = phone.get(asked | {"challenge": "AAAA" * 10 + "AAA"})
        assert (await client.post("/sign-in/passkey", data={"answer": invented})).status_code == 403


async def test_a_count_that_goes_back_tells_of_a_copy_and_one_that_stays_nought_is_fine(
    world: World, phone: Authenticator, claire: Coordinator
) -> None:
    async with browser(world) as client:
        phone.count = 40
        assert (await used(client, phone)).status_code == 303
        phone.count = 20
        assert (await used(client, phone)).status_code == 403
        (kept,) = await usecases.passkeys.passkeys_of(claire.id, world.ports)
        assert kept.count == 41
        silent = Authenticator(counts=False)
        assert (await added(client, silent)).status_code == 303
        assert [(await used(client, silent)).status_code for _ in range(2)] == [303, 303]


async def test_a_network_tries_few_passkeys(world: World) -> None:
    async with browser(world) as client:
        asked = [(await client.post("/sign-in/passkey/options")).status_code for _ in range(31)]
        tried = [(await client.post("/sign-in/passkey", data={"answer": "{}"})).status_code for _ in range(31)]
    assert asked == [200] * 30 + [429]
    assert tried == [403] * 30 + [429]


async def test_an_operator_has_passkeys_too(world: World) -> None:
    platform = world.service.ports(PLATFORM)
    address = f"root@{world.association}.example"
    operator = await usecases.invite_coordinator(address, "", AccessLevel.OPERATE, "en", platform)
    device = Authenticator()
    async with browser(world) as client:
        await by_mail(world, client, operator)
        asked = (await client.post("/platform/account/passkeys/options")).json()
        answer = {"answer": device.create(asked), "name": "Key"}
        kept = await client.post("/platform/account/passkeys", data=answer)
        assert kept.headers["location"] == "/platform/account#passkeys"
    async with browser(world) as another:
        assert (await used(another, device)).headers["location"] == "/platform"


async def test_cookies_say_in_their_name_that_no_neighbour_may_plant_them(world: World, claire: Coordinator) -> None:
    async with browser(world) as client:
        client.cookies.set("duo_access", "planted", domain="desk.test")
        answers = [await client.post("/sign-in", data={"email": claire.email})]
        code = re.search(r"^(\d{6})$", world.post.sent[-1].get_content(), re.MULTILINE)
        assert code
        answers.append(await client.post("/sign-in/code", data={"code": code[1]}))
        answers.append(await client.post("/people/language", data={"language": "nl"}))
        answers.append(await client.post(f"/join/{world.association}", data={"language": "nl"}))
        answers.append(await client.post("/sign-out"))
        kept = [cookie for answer in answers for cookie in answer.headers.get_list("set-cookie")]
        assert {cookie.partition("=")[0] for cookie in kept} == {
            "__Host-duo_session", "__Host-duo_access", "__Host-duo_browser", "__Host-duo_known", "__Host-duo_language", "__Secure-duo_join",
        }  # fmt: skip
        for cookie in kept:
            told = {part.strip().lower() for part in cookie.split(";")[1:]}
            assert {"secure", "httponly", "samesite=lax"} <= told, cookie
            assert not [part for part in told if part.startswith("domain")], cookie
            assert cookie.startswith("__Host-") is ("path=/" in told), cookie
        assert (await client.get("/desk")).status_code == 307, "a name without the mark is not read"


def test_no_answer_however_broken_makes_the_reading_stumble() -> None:
    asked = {"challenge": b64(b"c" * 32), "rp": {"id": "desk.test"}, "rpId": "desk.test", "user": {"id": b64(b"u")}}
    device, reader, chance = Authenticator(), WebAuthn(HERE), random.Random(20261122)
    answers = [device.create(asked), device.get(asked)]
    place = Place(association="liege", coordinator="c-1")
    known = passkey.keep(place, reader.added(answers[0], b"c" * 32), "", [], NOW)
    for _ in range(600):
        told = json.loads(chance.choice(answers))
        part = chance.choice((told, told["response"]))
        name = chance.choice(list(part))
        if isinstance(part[name], str) and chance.random() < 0.7:
            data = bytearray(part[name].encode())
            data[chance.randrange(len(data))] = chance.choice(b"A_z9=")
            part[name] = data[: chance.randrange(len(data)) if chance.random() < 0.2 else None].decode()
        else:
            part[name] = chance.choice((None, 1, [], {}, "", "\ud800", True, "x" * 5000))
        for read in (reader.read, partial(reader.added, challenge=b"c" * 32)):
            with suppress(AnswerRefused):
                read(json.dumps(told))
        with suppress(AnswerRefused):
            reader.signed(json.dumps(told), b"c" * 32, known)


@pytest.mark.parametrize(
    ("url", "party"),
    [
        ("https://Duo.example.org/", ("duo.example.org", "https://duo.example.org")),
        ("https://duo.example.org:8443", ("duo.example.org", "https://duo.example.org:8443")),
        ("https://duo.example.org:443", ("duo.example.org", "https://duo.example.org")),
        ("http://localhost:8000", ("localhost", "http://localhost:8000")),
        ("http://duo.example.org", None),
        ("https://192.0.2.1", None),
        ("http://127.0.0.1:8000", None),
        ("https://[2001:db8::1]", None),
    ],
)
def test_passkeys_belong_to_the_host_of_the_public_address(url: str, party: tuple[str, str] | None) -> None:
    found = relying_party(url)
    assert (found and (found.id, found.origin)) == party


async def test_where_browsers_offer_no_passkeys_the_pages_say_nothing_of_them(world: World) -> None:
    shown = await world.client.get("/sign-in")
    assert "data-passkeys" in shown.text
    service = Service(
        DECLARATION,
        wire,
        world.service.foundation.settings.model_copy(update={"public_url": "http://desk.test"}),
        MailSettings(),
        world.clock,
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(service.app), base_url="http://desk.test") as client:
        plain = await client.get("/sign-in")
        assert "passkey" not in plain.text
        assert (await client.post("/sign-in/passkey/options")).status_code == 403
        assert (await client.post("/sign-in/passkey", data={"answer": "{}"})).status_code == 403
    service.foundation.database.close()
