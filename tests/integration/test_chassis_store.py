"""What is stored, on the real mongod: associations apart, nothing lost, work done once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from motor.motor_asyncio import AsyncIOMotorClient

from duolangue.chassis.causality import Lease, within
from duolangue.chassis.decision import Change
from duolangue.chassis.store import Absent, Database, LeaseLost, Taken, across
from duolangue.standalone.servers import Servers
from tests.integration import toy
from tests.integration.running import fresh, service, until


async def test_one_association_never_sees_another(services: Any) -> None:
    owner, _ = services
    pupil = fresh()
    await owner.ports("liege").pupils.add(toy.Pupil(id=pupil, nickname=pupil), toy.registered())
    assert await owner.ports("charleroi").pupils.find(pupil) is None
    with pytest.raises(Absent):
        await owner.ports("charleroi").pupils.update(pupil, Change)
    assert pupil not in [each.id for each in await owner.ports("charleroi").pupils.select({"association": "liege"})]
    await owner.ports("charleroi").pupils.add(toy.Pupil(id=pupil, nickname=pupil))
    with pytest.raises(Taken) as refusal:
        await owner.ports("liege").pupils.add(toy.Pupil(id=fresh(), nickname=pupil))
    assert refusal.value.index == "one_nickname"


async def test_thirty_writers_at_once_lose_nothing(services: Any) -> None:
    owner, _ = services
    pupil = fresh()
    pupils = owner.ports("liege").pupils
    await pupils.add(toy.Pupil(id=pupil))
    await asyncio.gather(
        *(
            pupils.update(pupil, lambda state: Change(state.model_copy(update={"rung": state.rung + 1})))
            for _ in range(30)
        )
    )
    assert (await pupils.get(pupil)).rung == 30


async def test_due_work_is_done_once_by_two_sweepers(services: Any, servers: Servers) -> None:
    owner, _ = services
    other = service(toy.MEMBERS[0], servers)
    ids = [fresh() for _ in range(40)]
    pupils = owner.ports("liege").pupils
    await asyncio.gather(*(pupils.add(toy.Pupil(id=each, due_at=toy.now())) for each in ids))
    await asyncio.gather(*(sweeper.sweep() for sweeper in (owner.sweeper, other.sweeper, owner.sweeper)))

    async def all_rung() -> bool:
        return all([(await pupils.get(each)).rung == 1 for each in ids])

    await until(all_rung)
    assert sorted(each for each in toy.FAULTS.rung if each in ids) == sorted(ids)
    other.foundation.database.close()


async def test_work_under_a_lease_that_was_taken_over_changes_nothing_any_more(services: Any) -> None:
    owner, _ = services
    pupil, elsewhere = fresh(), fresh()
    pupils = owner.ports("liege").pupils
    await pupils.add(toy.Pupil(id=elsewhere))
    await pupils.add(toy.Pupil(id=pupil))
    collection = owner.foundation.database.collection("pupils")
    await collection.update_one(
        {"_id": f"liege/{pupil}"}, {"$set": {"lease": {"token": 2, "until": toy.now() + timedelta(minutes=1)}}}
    )
    old, new = (Lease(f"pupils:liege/{pupil}", token) for token in (1, 2))

    def ring(state: toy.Pupil) -> Change[toy.Pupil]:
        return Change(state.model_copy(update={"rung": state.rung + 1}))

    with within(lease=new):
        await pupils.update(pupil, ring)
        await pupils.update(elsewhere, ring)
    with within(lease=old):
        with pytest.raises(LeaseLost):
            await pupils.update(pupil, ring)
        with pytest.raises(LeaseLost):
            await pupils.update(elsewhere, ring)
    assert (await pupils.get(pupil)).rung == (await pupils.get(elsewhere)).rung == 1


async def test_the_relay_and_the_sweeper_read_indexes_not_collections(servers: Servers) -> None:
    root: Any = AsyncIOMotorClient(servers.mongodb_root_url)
    await root.admin.command("setParameter", 1, notablescan=True)
    try:
        database = Database(servers.mongodb_url("registration"), "registration")
        assert await across.outboxes(database, toy.PUPILS, 10) is not None
        assert await across.outbox_size(database, toy.PUPILS) >= 0
        assert await across.due_size(database, toy.PUPILS, toy.now()) >= 0
        await across.claim(database, toy.PUPILS, now=toy.now(), real_now=toy.now(), seconds=1)
        database.close()
    finally:
        await root.admin.command("setParameter", 1, notablescan=False)
        root.close()
