"""Coordinators are invited by mail, or without one; and what is wrong with an invitation stands next to its field."""

from __future__ import annotations

from typing import Any

import pytest

from duolangue.chassis import mail
from duolangue.chassis.identity import Access
from duolangue.registration import usecases
from duolangue.registration.domain.association import PLATFORM
from duolangue.registration.domain.coordinator import AccessLevel
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.report import ProblemKind
from tests.registration.codes import browser, code_for, coordinator


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
