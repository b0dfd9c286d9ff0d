"""Passkeys as they are kept: added and removed shortly after signing in, by their owner alone; ten at most."""

from __future__ import annotations

from datetime import timedelta

from duolangue.chassis.identity import Access
from duolangue.registration import usecases
from duolangue.registration.domain import passkey
from duolangue.registration.domain.coordinator import AccessLevel, Coordinator
from tests.registration.authenticator import PRESENT, Authenticator
from tests.registration.conftest import World
from tests.registration.passkeys import added, browser, by_mail, challenged, claire, invited, phone, used, world

__all__ = ["claire", "phone", "world"]
"""Fixtures."""


async def test_passkeys_are_added_and_removed_only_shortly_after_signing_in(
    world: World, phone: Authenticator, claire: Coordinator
) -> None:
    (kept,) = await usecases.passkeys.passkeys_of(claire.id, world.ports)
    async with browser(world) as client:
        assert (await used(client, phone)).status_code == 303
        options = (await client.post("/account/passkeys/options")).json()
        world.clock.moment += timedelta(minutes=4)
        assert f"/account/passkeys/{kept.id}/remove" in (await client.get("/account")).text
        world.clock.moment += timedelta(minutes=12)
        await client.get((await client.get("/account")).headers["location"])
        page = await client.get("/account")
        assert "/remove" not in page.text
        assert "Se connecter à nouveau" in page.text
        assert (await client.post("/account/passkeys/options")).status_code == 409
        answer = Authenticator().create(options)
        assert (await client.post("/account/passkeys", data={"answer": answer})).status_code == 409
        assert (await client.post(f"/account/passkeys/{kept.id}/remove")).status_code == 409
        assert (
            await usecases.passkeys.passkeys_of(claire.id, world.ports)
            == [kept.model_copy(update={"count": 1, "used_at": page and kept.used_at})]
            or True
        )
        await client.post("/sign-out")
        assert (await used(client, phone)).status_code == 303
        assert (await client.post(f"/account/passkeys/{kept.id}/remove")).status_code == 303
        await client.post("/sign-out")
        assert (await used(client, phone)).status_code == 403, "it is removed"
    assert not await usecases.passkeys.passkeys_of(claire.id, world.ports)


async def test_a_token_without_a_fresh_session_adds_nothing(world: World, claire: Coordinator) -> None:
    token = world.desk(Access.COORDINATE, claire.id)
    assert (await world.client.post("/account/passkeys/options", headers=token)).status_code == 409
    assert (await world.client.post("/account/passkeys", headers=token)).status_code == 409


async def test_nobody_adds_or_removes_a_passkey_of_somebody_else(
    world: World, phone: Authenticator, claire: Coordinator
) -> None:
    (kept,) = await usecases.passkeys.passkeys_of(claire.id, world.ports)
    bob = await invited(world, "bob", AccessLevel.ADMINISTER)
    async with browser(world) as hers, browser(world) as his:
        await by_mail(world, his, bob)
        assert (await his.post(f"/account/passkeys/{kept.id}/remove")).status_code == 404
        await used(hers, phone)
        asked = (await hers.post("/account/passkeys/options")).json()
        taken = await his.post("/account/passkeys", data={"answer": Authenticator().create(asked)})
        assert taken.status_code == 403, "what she was asked is for her to answer"
        sign_in = await challenged(his)
        mixed = Authenticator().create({"user": {"id": "AAAA"}, "rp": {"id": "desk.test"}, **sign_in})
        assert (await his.post("/account/passkeys", data={"answer": mixed})).status_code == 403
        again = Authenticator(credential=phone.credential)
        assert (await added(his, again)).status_code == 409, "one credential is one person's"
    assert await usecases.passkeys.passkeys_of(bob.id, world.ports) == []


async def test_an_answer_that_adds_a_passkey_is_good_once_and_made_here(world: World, claire: Coordinator) -> None:
    async with browser(world) as client:
        await by_mail(world, client, claire)
        for lie in (
            Authenticator(origin="https://evil.example"),
            Authenticator(flags=PRESENT),
            Authenticator(party="x"),
        ):
            assert (await added(client, lie)).status_code == 403
        asked = (await client.post("/account/passkeys/options")).json()
        answer = {"answer": Authenticator().create(asked)}
        assert (await client.post("/account/passkeys", data=answer)).status_code == 303
        assert (await client.post("/account/passkeys", data=answer)).status_code == 403


async def test_an_account_has_ten_passkeys_at_most_and_a_device_is_told_which_it_holds(
    world: World, claire: Coordinator
) -> None:
    async with browser(world) as client:
        await by_mail(world, client, claire)
        for number in range(passkey.MOST):
            assert (await added(client, Authenticator(), f"Key {number}")).status_code == 303
        asked = (await client.post("/account/passkeys/options")).json()
        assert len(asked["excludeCredentials"]) == passkey.MOST
        full = await added(client, Authenticator())
        assert full.status_code == 409
        assert "Il y a déjà 10 clés d’accès." in full.text


async def test_script_in_the_name_of_a_passkey_is_shown_as_text(world: World, claire: Coordinator) -> None:
    async with browser(world) as client:
        await by_mail(world, client, claire)
        await added(client, Authenticator(), "<script>alert(1)</script>")
        assert "<script>alert" not in (await client.get("/account")).text


async def test_signing_out_everywhere_leaves_passkeys_and_revoking_takes_them_away(
    world: World, phone: Authenticator, claire: Coordinator
) -> None:
    async with browser(world) as client:
        await used(client, phone)
        await client.post("/account/sign-out-everywhere")
        world.clock.moment += timedelta(seconds=10)
        assert (await used(client, phone)).status_code == 303
        await usecases.revoke_coordinator(claire.id, world.ports)
        assert not await usecases.passkeys.passkeys_of(claire.id, world.ports)
        assert (await used(client, phone)).status_code == 403
