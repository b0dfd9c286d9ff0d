"""The platform's operators: they make associations and see figures, and no association's people; nobody else sees their pages."""

from __future__ import annotations

import argparse
import re
import uuid
from typing import Any

import pytest

from duolangue.chassis.identity import Access, Coordinator
from duolangue.registration import commands, usecases
from duolangue.registration.domain.association import PLATFORM
from duolangue.registration.domain.coordinator import AccessLevel

FOREIGN = (
    "/people",
    "/desk",
    "/people/api/participants",
    "/people/api/association",
    "/account",
    "/association/coordinators",
)


def operator(world: Any) -> dict[str, str]:
    claims = Coordinator("operator-1", PLATFORM, Access.OPERATE, "en")
    return {"Authorization": f"Bearer {world.ports.signer.access_token(claims, world.clock.now())}"}


async def test_the_command_lets_somebody_in_who_lands_on_the_platform(
    world: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    address = f"root@{world.association}.example"
    for _ in range(2):
        await commands.operator([address], world.service.foundation)
    links = re.findall(r"http://desk\.test(/sign-in/\S+)", capsys.readouterr().out)
    assert len(set(links)) == 2
    entered = await world.client.post(links[0])
    assert entered.headers["location"] == "/platform"
    assert (await world.client.get("/platform")).status_code == 200
    assert (await world.client.get("/platform/account")).status_code == 200
    assert (await world.client.get("/desk")).status_code == 403
    await world.client.post("/sign-out")
    await world.client.post("/sign-in", data={"email": address})
    code = re.search(r"^(\d{6})$", world.post.to(address)[-1].get_content(), re.MULTILINE)
    assert code
    assert (await world.client.post("/sign-in/code", data={"code": code[1]})).headers["location"] == "/platform"
    second = await usecases.invite_coordinator(
        f"two@{world.association}.example", "", AccessLevel.OPERATE, None, world.service.ports(PLATFORM)
    )
    await commands.operator([address, "--revoke"], world.service.foundation)
    assert (await world.client.get("/session/renew")).headers["location"] == "/sign-in"
    with pytest.raises(SystemExit):
        await commands.operator([address, "--revoke"], world.service.foundation)
    assert second.active


async def test_an_operator_sees_no_association_and_no_association_sees_the_platform(world: Any) -> None:
    for path in FOREIGN:
        assert (await world.client.get(path, headers=operator(world))).status_code == 403, path
    for access in (Access.READ, Access.COORDINATE, Access.ADMINISTER):
        for path in ("/platform", f"/platform/associations/{world.association}", "/platform/account"):
            assert (await world.client.get(path, headers=world.desk(access))).status_code == 403, path
    made = await world.client.post(
        "/platform/associations", headers=world.desk(Access.ADMINISTER), data={"slug": "mine"}
    )
    assert made.status_code == 403


async def test_an_association_is_made_and_its_administrator_invited(world: Any) -> None:
    slug = f"n-{uuid.uuid4().hex[:8]}"
    told = {"slug": slug, "name": "Duo Namur", "language": "fr", "email": f"ana@{slug}.example"}
    made = await world.client.post("/platform/associations", headers=operator(world), data=told)
    assert made.status_code == 303
    await world.time_passes(seconds=1)
    (mail,) = world.post.to(f"ana@{slug}.example")
    assert "Duo Namur" in mail.get_content()
    ports = world.service.ports(slug)
    (ana,) = await ports.coordinators.select()
    assert ana.access is AccessLevel.ADMINISTER
    shown = await world.client.get("/platform", headers=operator(world))
    assert "Duo Namur" in shown.text
    assert f"ana@{slug}.example" not in shown.text
    again = await world.client.post("/platform/associations", headers=operator(world), data={**told, "name": "Other"})
    assert again.status_code == 409
    assert 'id="slug-fault"' in again.text
    assert 'value="Other"' in again.text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"slug": "Pas Bon!"}, "slug"),
        ({"slug": "platform"}, "slug"),
        ({"slug": "x"}, "slug"),
        ({"name": " "}, "name"),
        ({"email": "nobody"}, "email"),
        ({"language": "xx"}, "language"),
    ],
)
async def test_what_is_wrong_stands_next_to_its_field_and_nothing_is_made(
    world: Any, wrong: dict[str, str], field: str
) -> None:
    slug = f"n-{uuid.uuid4().hex[:8]}"
    told = {"slug": slug, "name": "Duo Namur", "language": "fr", "email": "ana@example.org", **wrong}
    answer = await world.client.post("/platform/associations", headers=operator(world), data=told)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert await world.service.ports(slug).associations.find(slug) is None


async def test_accounts_of_an_association_are_agreed_on_and_their_secret_never_shown(world: Any) -> None:
    home = f"/platform/associations/{world.association}"
    told = {
        "label": "Interra",
        "issuer": "https://accounts.example",
        "client_id": "duo",
        "secret": "hush-hush",
        "domains": "",
    }
    assert (await world.client.post(f"{home}/accounts", headers=operator(world), data=told)).status_code == 303
    shown = await world.client.get(home, headers=operator(world))
    assert "https://accounts.example" in shown.text
    assert "hush-hush" not in shown.text
    kept = await world.client.post(
        f"{home}/accounts", headers=operator(world), data={**told, "secret": "", "client_id": "duo-2"}
    )
    assert kept.status_code == 303
    wrong = await world.client.post(
        f"{home}/accounts", headers=operator(world), data={**told, "issuer": "http://x.example"}
    )
    assert wrong.status_code == 422
    assert 'id="issuer-fault"' in wrong.text
    assert "hush-hush" not in wrong.text
    assert (await world.client.post(f"{home}/accounts/stop", headers=operator(world))).status_code == 303
    assert world.association not in (await world.client.get("/sign-in")).text
    assert (await world.client.get("/platform/associations/nowhere", headers=operator(world))).status_code == 404


def test_the_front_door_knows_the_verb() -> None:
    from duolangue.standalone.cli import _parser

    asked: argparse.Namespace = _parser().parse_args(["operator", "root@example.org", "--revoke"])
    assert asked.revoke
