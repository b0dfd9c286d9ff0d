"""A service that cannot start says in one sentence which server is not as it should be; once that is mended, it starts."""

from __future__ import annotations

from typing import Any

import nats
import pytest
from pydantic import SecretStr

from duolangue.chassis.starting import CannotStart
from duolangue.contracts.subjects import EVENTS_STREAM
from duolangue.provision.apply import apply_nats
from duolangue.standalone.servers import Servers
from tests.integration import toy
from tests.integration.running import service

MEMBER, OTHER = toy.MEMBERS
SECRET = "secret-word"


async def why(servers: Servers, **changes: Any) -> str:
    """What the service says, on its way out."""
    with pytest.raises(CannotStart) as said:
        async with service(MEMBER, servers, **changes).running():
            pass
    assert SECRET not in str(said.value)
    assert len(str(said.value).splitlines()) == 1
    return str(said.value)


async def test_a_user_who_is_refused_is_named(servers: Servers) -> None:
    url = servers.mongodb_url(MEMBER.name).replace(servers.secrets.read(f"mongodb-{MEMBER.name}"), SECRET)
    said = await why(servers, mongodb_url=SecretStr(url))
    assert f"the database {MEMBER.name} at " in said
    assert f"refuses the user {MEMBER.name}" in said
    said = await why(servers, nats_password=SecretStr(SECRET))
    assert f"the bus at {servers.nats_url.rpartition('//')[2]} refuses the user {MEMBER.name}" in said


async def test_a_user_without_permission_is_named_with_what_it_may_not_do(servers: Servers) -> None:
    said = await why(servers, mongodb_database=OTHER.name)
    assert f"the database {OTHER.name}" in said
    assert f"lets the user {MEMBER.name} read nothing" in said
    theirs = {"nats_user": OTHER.name, "nats_password": SecretStr(servers.secrets.read(f"nats-{OTHER.name}"))}
    said = await why(servers, **theirs, nats_inbox=servers.secrets.inbox(OTHER.name))
    assert f"does not let the user {OTHER.name} do what it needs" in said
    assert f"EVENTS.{MEMBER.name}".casefold() in said.casefold()


async def test_what_provision_has_not_made_is_named_and_once_it_is_there_the_service_starts(servers: Servers) -> None:
    secrets = servers.secrets
    client = await nats.connect(
        servers.nats_url, user="provision", password=secrets.read("nats-provision"), inbox_prefix=b"_INBOX_provision"
    )
    await client.jetstream().delete_consumer(EVENTS_STREAM, MEMBER.name)
    assert f"consumer not found: has provision prepared it for {MEMBER.name}?" in await why(servers)
    await client.jetstream().delete_stream(EVENTS_STREAM)
    assert "stream not found" in await why(servers)
    await client.close()
    await apply_nats(toy.MEMBERS, secrets, servers.nats_url)
    async with service(MEMBER, servers).running():
        pass
