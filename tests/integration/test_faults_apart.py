"""One thing that goes wrong keeps nothing else from going on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from duolangue.chassis.causality import Cause, within
from duolangue.chassis.due import DueWork, Sweeper
from duolangue.chassis.metrics import Metrics
from duolangue.chassis.outbox import Relay
from duolangue.chassis.service import Service
from duolangue.chassis.store.across import Stored
from duolangue.contracts.facts.registration import ParticipantStatus, ParticipantUpdated
from duolangue.standalone.servers import Servers
from tests.integration import toy
from tests.integration.running import fresh, service


@pytest.fixture
def idle(servers: Servers) -> Iterator[Service[Any, Any]]:
    """The toy owner with its database, but neither its relay nor its sweeper."""
    made = service(toy.MEMBERS[0], servers)
    yield made
    made.foundation.database.close()


async def test_of_versions_that_arrive_at_once_the_newest_stays(idle: Service[Any, Any]):
    seen = idle.foundation.tenant("liege").projections(toy.SEEN)
    for _ in range(25):
        entity = fresh()
        await asyncio.gather(
            *(seen.apply(toy.Seen(id=entity, postcode=f"{4000 + each}"), each) for each in (1, 2, 3, 4))
        )
        assert (await seen.find(entity)).postcode == "4004"


async def test_what_many_add_and_change_at_once_is_as_if_each_were_alone(idle: Service[Any, Any]):
    pupils = idle.ports("liege").pupils
    ids, nickname = [fresh() for _ in range(12)], fresh()
    kept = await asyncio.gather(
        *(pupils.add(toy.Pupil(id=each, nickname=nickname if each in ids[:2] else None)) for each in ids),
        pupils.add(toy.Pupil(id=fresh(), postcode="\ud800")),
        return_exceptions=True,
    )
    wrong = [each for each in kept if isinstance(each, Exception)]
    assert sorted(type(each).__name__ for each in wrong) == ["Taken", "UnicodeEncodeError"], (
        "one name twice, one that is no text"
    )
    there = [each for each, found in zip(ids, await asyncio.gather(*map(pupils.find, ids)), strict=True) if found]
    assert len(there) == 11

    async def answer(pupil: str, event: str) -> None:
        with within(cause=Cause(event)):
            await pupils.update(pupil, lambda state: toy.Change(state.model_copy(update={"rung": state.rung + 1})))

    events = [fresh() for _ in range(5)]
    await asyncio.gather(*(answer(pupil, event) for event in [*events, *events] for pupil in there))
    assert {(await pupils.get(each)).rung for each in there} == {5}, "each event once, whoever was beside it"


async def test_work_that_changes_nothing_is_not_called_again_at_once(idle: Service[Any, Any]):
    called: list[str] = []
    due = DueWork[Any]()

    @due.on(toy.PUPILS)
    async def nothing(pupil: str, _: Any) -> None:
        called.append(pupil)

    pupil = fresh()
    foundation = idle.foundation
    await idle.ports("liege").pupils.add(toy.Pupil(id=pupil, due_at=toy.now() - timedelta(days=1)))
    sweeper = Sweeper(foundation.database, due, idle.ports, foundation.clock, Metrics("toy"), 0.1)
    async with asyncio.timeout(5):
        for _ in range(3):
            await sweeper.sweep()
    assert called.count(pupil) == 1
    await idle.ports("liege").pupils.update(pupil, lambda state: toy.Change(state.model_copy(update={"due_at": None})))


async def test_a_fact_the_stream_refuses_keeps_back_no_other_entity_and_no_other_kind(idle: Service[Any, Any]):
    refused, passed, tally = fresh(), fresh(), fresh()
    tenant, fact = idle.foundation.tenant("liege"), ParticipantUpdated(status=ParticipantStatus.ACTIVE, roles=[])
    for pupil in (refused, passed):
        await tenant.aggregates(toy.PUPILS).add(toy.Pupil(id=pupil), fact)
    await tenant.aggregates(toy.TALLIES).add(toy.Tally(id=tally), fact)
    told: list[str] = []
    refusing = {refused}

    async def publish(fact: Stored) -> None:
        if any(each.encode() in fact.body for each in refusing):
            raise ConnectionError
        told.append(fact.body.decode())

    relay = Relay(idle.foundation.database, (toy.PUPILS, toy.TALLIES), publish, Metrics("toy"), 0.1)
    with pytest.raises(ConnectionError):
        await relay.sweep()
    for entity in (passed, tally):
        assert sum(entity in body for body in told) == 1
    refusing.clear()
    assert await relay.sweep()
    assert sum(refused in body for body in told) == 1
