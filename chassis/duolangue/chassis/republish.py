"""Sends the present state of a service's entities again, at their stored versions: for who comes late, or after a restore."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from duolangue.chassis.clock import Clock
from duolangue.chassis.outbox import Publish
from duolangue.chassis.store import AggregateKind, Database, across
from duolangue.chassis.store.across import Stored
from duolangue.contracts.envelope import Event


async def republish(
    database: Database,
    kinds: Sequence[AggregateKind[Any]],
    publish: Publish,
    clock: Clock,
    association: str | None = None,
) -> int:
    """Publish one fact for each entity that ever told one; returns how many.

    The facts are marked as replayed: projections take what is newer than theirs, and nobody is told again.
    """
    count = 0
    for kind in kinds:
        if kind.snapshot is None:
            continue
        async for document in across.documents(database, kind, association):
            if not document.get("version"):
                continue
            fact = kind.snapshot(kind.model.model_validate(document["state"]), document["last_fact"])
            if fact is None:
                continue
            event = Event.of(
                fact,
                event_id=str(uuid.uuid4()),
                association=document["association"],
                entity_id=document["state"]["id"],
                entity_version=document["version"],
                time=clock.now(),
                correlation_id="republish",
                replayed=True,
            )
            await publish(
                Stored(event.id, fact.fact_name(), str(fact.subject(document["association"])), event.encode())
            )
            count += 1
    return count
