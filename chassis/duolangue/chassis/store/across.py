"""The only reads and writes that cross tenants: the relay's, the sweeper's, republication's, provision's, and the operator's list of
associations.

A test proves that no other module leaves out the association.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from duolangue.chassis.causality import Lease
from duolangue.chassis.store.documents import state_of
from duolangue.chassis.store.driver import AFTER, Change, Database, described, grid_indexes, indexes_of
from duolangue.chassis.store.kinds import AggregateKind, FileKind, Kind

COMPUTED: Final = 500
"""Documents that are computed again at once."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A fact that waits in a document's outbox."""

    id: str
    fact: str
    subject: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Claimed:
    """A due document, and the lease under which it is worked on."""

    association: str
    entity_id: str
    lease: Lease
    attempts: int
    due: datetime
    """When it was due as it was claimed."""


async def outboxes(database: Database, kind: AggregateKind[Any], most: int) -> list[tuple[str, list[Stored]]]:
    """Documents that have facts to publish: their keys, with the facts in order."""
    cursor = database.collection(kind.name).find({"outbox.id": {"$exists": True}}, {"outbox": True}, limit=most)
    return [
        (
            document["_id"],
            [Stored(each["id"], each["fact"], each["subject"], bytes(each["body"])) for each in document["outbox"]],
        )
        async for document in cursor
    ]


async def published(
    database: Database, kind: AggregateKind[Any], document_keys: Sequence[str], event_ids: Sequence[str]
) -> None:
    """These facts of these documents are in the stream: take them out of the outboxes."""
    await database.collection(kind.name).update_many(
        {"_id": {"$in": list(document_keys)}}, {"$pull": {"outbox": {"id": {"$in": list(event_ids)}}}}
    )


async def outbox_size(database: Database, kind: AggregateKind[Any]) -> int:
    """How many documents have facts that wait for the stream."""
    return int(await database.collection(kind.name).count_documents({"outbox.id": {"$exists": True}}))


async def claim(
    database: Database, kind: AggregateKind[Any], *, now: datetime, real_now: datetime, seconds: float
) -> Claimed | None:
    """Take the lease of the document that is due longest and that nobody works on.

    `now` decides what is due (a clock that may be shifted); leases run on the machine's own time.
    """
    free: list[dict[str, Any]] = [{"lease.until": None}, {"lease.until": {"$lte": real_now}}]
    document = await database.collection(kind.name).find_one_and_update(
        {**_due(now), "$or": free},
        {
            "$inc": {"lease.token": 1, "lease.attempts": 1},
            "$set": {"lease.until": real_now + timedelta(seconds=seconds)},
        },
        sort=[("due", 1)],
        return_document=AFTER,
    )
    if document is None:
        return None
    lease = Lease(f"{kind.name}:{document['_id']}", document["lease"]["token"])
    return Claimed(
        document["association"], document["state"]["id"], lease, document["lease"]["attempts"], document["due"]
    )


def _due(now: datetime) -> dict[str, Any]:
    """What is due. The type stands in it because the server uses a partial index only when the filter repeats its condition."""
    return {"due": {"$type": "date", "$lte": now}}


async def hold(database: Database, kind: AggregateKind[Any], lease: Lease, until: datetime) -> bool:
    """Extend a lease to `until`. Returns whether it was still ours."""
    result = await database.collection(kind.name).update_one(_held(lease), {"$set": {"lease.until": until}})
    return bool(result.matched_count)


async def finish(database: Database, kind: AggregateKind[Any], claimed: Claimed) -> bool:
    """Give a lease back after work that was done. Returns false, and keeps it, where the document is due exactly as it was before.

    Where the work was to forget the document, there is nothing left to give back.
    """
    collection = database.collection(kind.name)
    result = await collection.update_one(
        {**_held(claimed.lease), "due": {"$ne": claimed.due}}, {"$set": {"lease.until": None, "lease.attempts": 0}}
    )
    if result.matched_count:
        return True
    return await collection.find_one({"_id": _held(claimed.lease)["_id"]}, {"_id": True}) is None


def _held(lease: Lease) -> dict[str, Any]:
    return {"_id": lease.key.partition(":")[2], "lease.token": lease.token}


async def due_size(database: Database, kind: AggregateKind[Any], now: datetime) -> int:
    """How many documents are due."""
    return int(await database.collection(kind.name).count_documents(_due(now)))


async def documents(
    database: Database, kind: Kind[Any], association: str | None = None
) -> AsyncIterator[dict[str, Any]]:
    """All documents of a kind, of one association or of all; for republication."""
    async for document in database.collection(kind.name).find({"association": association} if association else {}):
        yield document


async def create_indexes(database: Database, kind: Kind[Any]) -> list[str]:
    """Make a kind's collection and indexes, and drop those that are declared no more or otherwise; returns the names of these. To do
    again changes nothing. For provision, with a user who may.
    """
    if isinstance(kind, FileKind):
        for name, index in grid_indexes(kind).items():
            await database.collection(name).create_indexes([index])
        return []
    collection, wanted = database.collection(kind.name), indexes_of(kind)
    declared = {each.document["name"]: described(each.document) for each in wanted}
    present = {name: described(each) for name, each in (await collection.index_information()).items() if name != "_id_"}
    stale = sorted(name for name, each in present.items() if each != declared.get(name))
    for name in stale:
        await collection.drop_index(name)
    await collection.create_indexes(wanted)
    return stale


async def compute_again(database: Database, kind: Kind[Any]) -> int:
    """Bring computed fields up to date where they were written under older rules (`AggregateKind.computed`); returns in how many
    documents. What a service changes meanwhile is computed by the service. For provision.
    """
    if not isinstance(kind, AggregateKind) or not kind.computed:
        return 0
    collection, fields = database.collection(kind.name), kind.model.model_computed_fields
    older = {"computed": {"$ne": kind.computed}}
    changes: list[Change] = []
    done = 0
    async for document in collection.find(older, {"state": True, "revision": True}).sort("_id", 1):
        state = state_of(kind.model.model_validate(document["state"]))
        fresh = {f"state.{name}": state[name] for name in fields} | {"computed": kind.computed}
        changes.append(Change({"_id": document["_id"], "revision": document["revision"]}, {"$set": fresh}))
        if len(changes) == COMPUTED:
            done += (await collection.bulk_write(changes, ordered=False)).modified_count
            changes = []
    if changes:
        done += (await collection.bulk_write(changes, ordered=False)).modified_count
    return done
