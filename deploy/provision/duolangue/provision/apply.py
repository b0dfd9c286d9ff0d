"""What is made once the servers run: streams, consumers, databases, users, roles, indexes. To do it again changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

import nats
from motor.motor_asyncio import AsyncIOMotorClient
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import NotFoundError
from pymongo.errors import OperationFailure

from duolangue.chassis.bus.failures import ACK_WAIT_SECONDS, MAX_DELIVER
from duolangue.chassis.store import Database, FileKind, Kind
from duolangue.chassis.store.across import compute_again, create_indexes
from duolangue.contracts.subjects import DEAD_STREAM, DEAD_SUBJECTS, EVENTS_STREAM, EVENTS_SUBJECTS
from duolangue.provision.member import Member
from duolangue.provision.nats_permissions import PROVISION
from duolangue.provision.secrets import Secrets

DAY: Final = 86_400.0
EVENTS_MAX_AGE: Final = 90 * DAY
"""Facts are still personal data: the stream forgets them, the databases know the state."""
DEAD_MAX_AGE: Final = 30 * DAY
DUPLICATE_WINDOW: Final = 600.0
"""For how long the stream recognises a fact it has already, in seconds."""
USER_NOT_FOUND: Final = 11
ROLE_NOT_FOUND: Final = 31


async def apply_nats(members: Sequence[Member], secrets: Secrets, url: str, replicas: int = 1) -> None:
    """The two streams and one durable consumer for each service, as they should be."""
    client = await nats.connect(
        url,
        user=PROVISION,
        password=secrets.read("nats-provision"),
        inbox_prefix=f"_INBOX_{PROVISION}".encode(),
        name="provision",
    )
    try:
        stream = client.jetstream(timeout=10)
        for name, subjects, age in (
            (EVENTS_STREAM, EVENTS_SUBJECTS, EVENTS_MAX_AGE),
            (DEAD_STREAM, DEAD_SUBJECTS, DEAD_MAX_AGE),
        ):
            config = StreamConfig(
                name=name,
                subjects=list(subjects),
                retention=RetentionPolicy.LIMITS,
                storage=StorageType.FILE,
                discard=DiscardPolicy.OLD,
                max_age=age,
                duplicate_window=DUPLICATE_WINDOW,
                num_replicas=replicas,
                deny_purge=True,
            )
            try:
                await stream.stream_info(name)
                await stream.update_stream(config)
            except NotFoundError:
                await stream.add_stream(config)
        for member in members:
            await stream.add_consumer(
                EVENTS_STREAM,
                ConsumerConfig(
                    durable_name=member.name,
                    ack_policy=AckPolicy.EXPLICIT,
                    deliver_policy=DeliverPolicy.ALL,
                    ack_wait=ACK_WAIT_SECONDS,
                    max_deliver=MAX_DELIVER,
                    max_ack_pending=256,
                    filter_subjects=member.declaration.reactions.filter_subjects(),
                ),
            )
    finally:
        await client.close()


async def apply_mongodb(members: Sequence[Member], secrets: Secrets, root_url: str) -> None:
    """A database, a role and a user for each service; then the indexes, made by a user who may do nothing else.

    `root_url` names a user who may create users and roles.
    """
    client: Any = AsyncIOMotorClient(root_url, serverSelectionTimeoutMS=10_000)
    try:
        for member in members:
            database = client[member.name]
            privileges = [
                {"resource": {"db": member.name, "collection": collection}, "actions": _may(kind)}
                for kind in member.declaration.kinds
                for collection in kind.collections
            ]
            await _upsert(database, "Role", "service", privileges=privileges, roles=[])
            await _upsert(
                database, "User", member.name, pwd=secrets.read(f"mongodb-{member.name}"),
                roles=[{"role": "service", "db": member.name}], mechanisms=["SCRAM-SHA-256"],
            )  # fmt: skip
        migrations = [{"role": "readWrite", "db": member.name} for member in members]
        await _upsert(
            client["admin"],
            "User",
            "migrations",
            pwd=secrets.read("mongodb-migrations"),
            roles=migrations,
            mechanisms=["SCRAM-SHA-256"],
        )
    finally:
        client.close()
    url = with_user(root_url, "migrations", secrets.read("mongodb-migrations"), "admin")
    await asyncio.gather(*(_indexes(url, member) for member in members))


def _may(kind: Kind[Any]) -> list[str]:
    """What a service may do with a collection: what is append-only it can neither change nor remove."""
    if isinstance(kind, FileKind):  # GridFS looks whether its indexes are there before it stores a first file
        return ["find", "insert", "update", "remove", "listIndexes"]
    return ["find", "insert"] if kind.append_only else ["find", "insert", "update", "remove"]


async def _indexes(url: str, member: Member) -> None:
    """The indexes as they are declared; then the fields that are searched, where older rules made them."""
    database = Database(url, member.name)
    try:
        await asyncio.gather(*(create_indexes(database, kind) for kind in member.declaration.kinds))
        for kind in member.declaration.kinds:
            await compute_again(database, kind)
    finally:
        database.close()


def with_user(url: str, user: str, password: str, database: str) -> str:
    """The same servers, with another user, who is known in `database`."""
    scheme, _, rest = url.partition("://")
    hosts, _, options = rest.rpartition("@")[2].partition("/")
    query = "&".join(
        part for part in options.partition("?")[2].split("&") if part and not part.startswith("authSource=")
    )
    return f"{scheme}://{quote(user)}:{quote(password)}@{hosts}/?{query + '&' if query else ''}authSource={database}"


def root_url(url: str, secrets: Secrets) -> str:
    """The same servers, as the user who may do everything."""
    return with_user(url, "root", secrets.read("mongodb-root"), "admin")


async def _upsert(database: Any, what: str, name: str, **fields: Any) -> None:
    try:
        await database.command(f"update{what}", name, **fields)
    except OperationFailure as error:
        if error.code not in {USER_NOT_FOUND, ROLE_NOT_FOUND}:
            raise
        await database.command(f"create{what}", name, **fields)
