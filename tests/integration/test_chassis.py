"""The chassis on the real nats-server and the real mongod."""

from __future__ import annotations

import json
import uuid
from typing import Any

import nats
import pytest
from motor.motor_asyncio import AsyncIOMotorClient
from nats.js.errors import APIError
from pymongo.errors import OperationFailure

from duolangue.chassis.bus import Refused, Unavailable
from duolangue.chassis.decision import Change
from duolangue.chassis.republish import republish
from duolangue.chassis.store import across
from duolangue.contracts.envelope import Event
from duolangue.contracts.requests import PEOPLE, PeopleAnswer, PeopleQuestion
from duolangue.provision.apply import apply_mongodb, apply_nats
from duolangue.standalone.servers import Servers
from tests.integration import toy
from tests.integration.running import fresh, operator, service, until


async def test_what_is_stored_reaches_the_other_service_once_and_in_order(services: Any) -> None:
    owner, follower = services
    pupil = fresh()
    pupils = owner.ports("liege").pupils
    await pupils.add(toy.Pupil(id=pupil), toy.registered())
    for number in range(5):
        await pupils.update(
            pupil,
            lambda state, number=number: Change(
                state.model_copy(update={"postcode": f"402{number}"}), (toy.updated(f"402{number}"),)
            ),
        )

    async def arrived() -> bool:
        seen = await follower.ports("liege").seen.find(pupil)
        tally = await follower.ports("liege").tallies.find(pupil)
        return bool(seen and seen.postcode == "4024" and tally and tally.effects == 6)

    await until(arrived)
    assert await across.outbox_size(owner.foundation.database, toy.PUPILS) == 0


async def test_an_event_that_comes_again_changes_nothing(services: Any) -> None:
    owner, follower = services
    pupil = fresh()
    event = Event.of(
        toy.registered(),
        event_id=str(uuid.uuid4()),
        association="liege",
        entity_id=pupil,
        entity_version=1,
        time=toy.now(),
    )
    for copy in range(3):
        await owner.foundation.bus._put(
            str(toy.registered().subject("liege")), event.encode(), {"Nats-Msg-Id": f"{event.id}-{copy}"}
        )

    async def thrice() -> bool:
        return toy.FAULTS.handled.count((pupil, 1)) == 3

    await until(thrice)
    await until(lambda: follower.ports("liege").tallies.find(pupil))
    assert (await follower.ports("liege").tallies.get(pupil)).effects == 1


async def test_an_older_fact_that_comes_late_does_not_undo_a_newer_one(services: Any) -> None:
    _, follower = services
    pupil = fresh()
    seen = follower.ports("liege").seen
    assert await seen.apply(toy.Seen(id=pupil, postcode="4100"), 7)
    assert not await seen.apply(toy.Seen(id=pupil, postcode="4000"), 6)
    assert not await seen.apply(toy.Seen(id=pupil, postcode="4000"), 7)
    assert (await seen.find(pupil)).postcode == "4100"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{not json", "JSON"),
        (b"[]", "object"),
        (json.dumps({"specversion": "1.0"}).encode(), "id"),
        (b"\xff\xfe", "JSON"),
    ],
)
async def test_a_broken_event_goes_to_the_dead_letters_at_once_with_the_reason(
    services: Any, servers: Servers, body: bytes, words: str
) -> None:
    owner, _ = services
    client = await operator(servers)
    subject = str(toy.registered().subject("liege"))
    before = (await client.jetstream().stream_info("DEAD")).state.last_seq
    await owner.foundation.bus._put(subject, body, {"Nats-Msg-Id": str(uuid.uuid4())})

    async def buried() -> Any:
        state = (await client.jetstream().stream_info("DEAD")).state
        return state.last_seq > before and await client.jetstream().get_msg("DEAD", state.last_seq)

    letter = await until(buried)
    assert letter.subject == f"dead.matching.{subject}"
    assert letter.data == body
    assert words in letter.headers["Duo-Reason"]
    assert letter.headers["Duo-Deliveries"] == "1"
    await client.close()


async def test_a_mistyped_field_or_another_tenant_is_dead_and_an_unknown_field_is_no_fault(
    services: Any, servers: Servers
) -> None:
    owner, follower = services
    client = await operator(servers)
    before = (await client.jetstream().stream_info("DEAD")).state.last_seq
    good = json.loads(
        Event.of(
            toy.registered(), event_id="e-1", association="liege", entity_id=fresh(), entity_version=1, time=toy.now()
        ).encode()
    )
    pupil = fresh()
    for number, change in enumerate(
        ({"entityversion": "many"}, {"associationid": "namur"}, {"data": {"status": "asleep", "roles": []}})
    ):
        broken = {**good, "id": f"broken-{uuid.uuid4()}", **change}
        await owner.foundation.bus._put(
            str(toy.registered().subject("liege")), json.dumps(broken).encode(), {"Nats-Msg-Id": broken["id"]}
        )

        async def one_more(number: int = number) -> bool:
            return (await client.jetstream().stream_info("DEAD")).state.last_seq == before + number + 1

        await until(one_more)
    odd = {**good, "id": str(uuid.uuid4()), "subject": pupil, "novelty": 1, "data": {**good["data"], "shoe_size": 44}}
    await owner.foundation.bus._put(
        str(toy.registered().subject("liege")), json.dumps(odd).encode(), {"Nats-Msg-Id": odd["id"]}
    )
    await until(lambda: follower.ports("liege").seen.find(pupil))
    await client.close()


async def test_a_service_may_not_say_read_or_keep_what_is_anothers(services: Any, servers: Servers) -> None:
    _, follower = services
    settings = follower.foundation.settings
    refused: list[str] = []

    async def note(error: Exception) -> None:
        refused.append(str(error))

    client = await nats.connect(
        servers.nats_url,
        user="matching",
        password=settings.nats_password.get_secret_value(),
        inbox_prefix=settings.nats_inbox.encode(),
        error_cb=note,
    )
    stream = client.jetstream(timeout=0.5)
    with pytest.raises((nats.errors.TimeoutError, APIError)):
        await stream.publish("events.liege.registration.participant.registered.v1", b"{}", stream="EVENTS")
    with pytest.raises((nats.errors.TimeoutError, APIError)):
        await stream.consumer_info("EVENTS", "registration")
    with pytest.raises((nats.errors.TimeoutError, APIError)):
        await stream.publish("retry.registration.events.liege.matching.duo.ended.v1", b"{}", stream="EVENTS")
    with pytest.raises((nats.errors.TimeoutError, APIError)):
        await stream.delete_stream("EVENTS")
    await client.subscribe("_INBOX_registration.>")
    await client.subscribe(">")
    await client.flush()
    await until(lambda: _settled(refused, 6))
    await client.close()

    own: Any = AsyncIOMotorClient(servers.mongodb_url("matching"))
    assert await own["matching"]["seen"].count_documents({}) >= 0
    for forbidden in (
        own["registration"]["pupils"].find_one({}),
        own["registration"]["pupils"].insert_one({"_id": "x"}),
        own["matching"]["seen"].aggregate([{"$out": {"db": "registration", "coll": "pupils"}}]).to_list(None),
        own["matching"]["seen"].drop(),
        own["local"]["oplog.rs"].find_one({}),
        own["matching"].command("createUser", "intruder", pwd="x", roles=[]),
    ):
        with pytest.raises(OperationFailure):
            await forbidden
    own.close()


async def _settled(found: list[str], most: int) -> bool:
    return len([line for line in found if "permissions violation" in line.lower()]) >= most


async def test_a_question_is_answered_refused_or_known_to_be_unanswered(services: Any) -> None:
    owner, follower = services
    pupil = fresh()
    await owner.ports("liege").pupils.add(toy.Pupil(id=pupil))
    ask = follower.foundation.bus.ask
    answer = await ask(PEOPLE, PeopleQuestion(association="liege", people=[pupil, "nobody"]), PeopleAnswer)
    assert list(answer.people) == [pupil]
    with pytest.raises(Refused):
        await ask(PEOPLE, PeopleQuestion(association="liege", people=["boom"]), PeopleAnswer)
    known = await follower.foundation.directory.people("liege", [pupil, "nobody"])
    assert known[pupil].first_name == pupil
    assert known["nobody"].first_name == "#nobody"


async def test_nobody_listening_is_unavailable_not_a_hang(servers: Servers) -> None:
    follower = service(toy.MEMBERS[1], servers)
    await follower.foundation.bus.start()
    with pytest.raises(Unavailable):
        await follower.foundation.bus.ask(
            "rpc.registration.keys", PeopleQuestion(association="liege", people=[]), PeopleAnswer, 1
        )
    await follower.foundation.bus.stop()


async def test_republished_facts_teach_a_late_comer_without_telling_anybody_twice(services: Any) -> None:
    owner, follower = services
    pupil = fresh()
    await owner.ports("namur").pupils.add(toy.Pupil(id=pupil, postcode="5000"), toy.registered("5000"))
    await until(lambda: follower.ports("namur").seen.find(pupil))
    await follower.foundation.database.collection("seen").delete_one({"_id": f"namur/{pupil}"})
    count = await republish(
        owner.foundation.database, (toy.PUPILS,), owner.foundation.bus.publish, owner.foundation.clock, "namur"
    )
    assert count == 1
    await until(lambda: follower.ports("namur").seen.find(pupil))


async def test_to_provision_again_changes_nothing(services: Any, servers: Servers) -> None:
    _, follower = services
    before = await follower.foundation.bus.consumer_info()
    await apply_nats(toy.MEMBERS, servers.secrets, servers.nats_url)
    await apply_mongodb(toy.MEMBERS, servers.secrets, servers.mongodb_root_url)
    after = await follower.foundation.bus.consumer_info()
    assert (before.created, before.config) == (after.created, after.config)


async def test_readiness_asks_the_consumer_and_the_database(servers: Servers) -> None:
    follower = service(toy.MEMBERS[1], servers)
    async with follower.running():
        for check in follower.checks.values():
            await check()
    with pytest.raises(ConnectionError):
        await follower.checks["bus"]()
