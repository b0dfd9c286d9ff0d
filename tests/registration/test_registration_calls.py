"""Whom the association names for it is mailed once a morning that duos are to be called, and learns nobody's name by it."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from duolangue.contracts.facts.sessions import CommitmentAtRisk, Risk
from duolangue.registration import usecases
from duolangue.registration.domain.coordinator import AccessLevel


def at_risk(duo: str) -> CommitmentAtRisk:
    return CommitmentAtRisk(duo=duo, newcomer="ali", volunteer="bea", risk=Risk.SILENT, since=date(2026, 11, 1))


async def test_the_named_hear_of_all_duos_to_call_in_one_mail_of_the_next_morning(world: Any) -> None:
    for name in ("claire", "david"):
        await usecases.invite_coordinator(f"{name}@example.org", "", AccessLevel.COORDINATE, "en", world.ports)
    await world.time_passes(minutes=1)
    await world.hear(at_risk("duo-0"), "duo-0", 1)
    assert await world.ports.calls.select() == [], "nobody is named: the desk shows it"
    claire = next(each for each in await world.ports.coordinators.select() if each.email == "claire@example.org")
    await usecases.update_association({"calls_to": [claire.id]}, world.ports)
    before = {name: len(world.post.to(f"{name}@example.org")) for name in ("claire", "david")}
    for duo in ("duo-1", "duo-2", "duo-2"):
        await world.hear(at_risk(duo), duo, 1)
    await world.hear(at_risk("duo-3"), "duo-3", 1, replayed=True)
    here = world.clock.now().astimezone(ZoneInfo("Europe/Brussels"))
    await world.time_passes(hours=(7 - here.hour) % 24)
    assert len(world.post.to("claire@example.org")) == before["claire"]
    await world.time_passes(hours=1)
    mail = world.post.to("claire@example.org")[-1]
    assert " 2 duos " in mail.get_content()
    assert "/sessions" in mail.get_content()
    assert not any(word in mail.as_string() for word in ("duo-1", "ali", "bea"))
    assert len(world.post.to("david@example.org")) == before["david"]
    await world.time_passes(days=1)
    assert len(world.post.to("claire@example.org")) == before["claire"] + 1
