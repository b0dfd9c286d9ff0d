"""Provision on a database that is there already: nothing is built twice, what is declared no more goes, older documents are found."""

from __future__ import annotations

from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient

from duolangue.chassis.store import AggregateKind, Database, Index
from duolangue.chassis.store.across import compute_again, create_indexes
from duolangue.provision.platform import PLATFORM
from duolangue.registration.domain import application
from duolangue.registration.domain.application import Application, VolunteerTold
from duolangue.registration.domain.association import AssociationSettings, register
from duolangue.registration.domain.participant import Participant
from duolangue.registration.store_people import PARTICIPANTS
from duolangue.standalone.servers import Servers
from tests.integration import toy
from tests.registration.conftest import NOW


async def test_what_was_provisioned_is_not_built_again(servers: Servers) -> None:
    for member in PLATFORM:
        database = Database(servers.mongodb_root_url, member.name)
        for kind in member.declaration.kinds:
            await create_indexes(database, kind)
            assert await create_indexes(database, kind) == [], (member.name, kind.name)
        database.close()


async def test_an_index_that_is_declared_no_more_or_otherwise_goes(servers: Servers) -> None:
    database = Database(servers.mongodb_root_url, "older")
    before = AggregateKind(
        "pupils", toy.PUPILS.model, indexes=(Index("one_address", ("email",)), Index("by_name", ("name",)))
    )
    after = AggregateKind("pupils", toy.PUPILS.model, indexes=(Index("by_name", ("name", "id")),))
    assert await create_indexes(database, before) == []
    assert await create_indexes(database, after) == ["by_name", "one_address"]
    client: Any = AsyncIOMotorClient(servers.mongodb_root_url)
    present = await client["older"]["pupils"].index_information()
    client.close()
    database.close()
    assert "one_address" not in present
    assert [name for name, _ in present["by_name"]["key"]] == ["association", "state.name", "state.id"]


async def test_fields_computed_by_older_rules_are_computed_anew_once(servers: Servers) -> None:
    own = register("liege", AssociationSettings(name="Interra"), NOW).state
    told = Application(
        first_name="Amina", email="amina@example.org", birth_year=1990, postcode="4000", consent=True, volunteer=VolunteerTold()
    )  # fmt: skip
    person: Participant = application.register(told, "a" * 32, own, NOW)
    client: Any = AsyncIOMotorClient(servers.mongodb_root_url, tz_aware=True)
    raw = client["older"][PARTICIPANTS.name]
    state = person.model_dump(mode="json", exclude={"search", "alike"})
    await raw.insert_one(
        {"_id": "liege/a", "association": "liege", "revision": 3, "version": 0, "outbox": [], "state": state}
    )
    database = Database(servers.mongodb_root_url, "older")
    assert await compute_again(database, PARTICIPANTS) == 1
    assert await compute_again(database, PARTICIPANTS) == 0
    document = await raw.find_one({"_id": "liege/a"})
    client.close()
    database.close()
    assert document["state"]["search"] == person.search
    assert (document["revision"], document["state"]["first_name"]) == (3, "Amina")
