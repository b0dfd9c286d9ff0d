"""What one atomic write of an entity carries: the new state, the facts to publish, the event it answers, the lease it is made under."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final, Generic

from duolangue.chassis.causality import correlation_id, current_cause, current_lease, traceparent
from duolangue.chassis.decision import Change
from duolangue.chassis.store.documents import key, state_of
from duolangue.chassis.store.driver import STAMP, STAMPED
from duolangue.chassis.store.kinds import AggregateKind, ModelT, id_of
from duolangue.chassis.store.scope import Scope
from duolangue.contracts.envelope import Event, Fact

SEEN: Final = 200
"""How many answered events a document remembers."""


class Writing(Generic[ModelT]):
    """Makes the documents and the changes of one kind in one association."""

    def __init__(self, scope: Scope, kind: AggregateKind[ModelT]) -> None:
        self._scope = scope
        self._kind = kind

    def fresh(self, entity: ModelT, facts: Sequence[Fact]) -> dict[str, Any]:
        """The document of a new entity, but for its association."""
        cause = current_cause()
        entity_id = id_of(entity)
        return {
            "_id": key(self._scope.association, entity_id),
            "revision": 1,
            "version": len(facts),
            "seen": [cause.event_id] if cause else [],
            "outbox": self._events(entity_id, 0, facts),
            **self._derived(entity, facts),
            **({"changed": STAMP} if self._kind.followed else {}),
        }

    def change(
        self, entity_id: str, document: Mapping[str, Any], change: Change[ModelT]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The filter and the update that change an entity, if its document is still this one."""
        cause, lease = current_cause(), current_lease()
        where: dict[str, Any] = {
            **self._scope.scope(entity_id),
            "revision": document["revision"],
            "version": document["version"],
        }
        values: dict[str, Any] = self._derived(change.state, change.facts)
        if lease and lease.key == self.lease_key(entity_id):
            where["lease.token"] = lease.token
        elif lease:
            where["$nor"] = [{"fence.lease": lease.key, "fence.token": {"$gt": lease.token}}]
            values["fence"] = {"lease": lease.key, "token": lease.token}
        write: dict[str, Any] = {"$set": values, "$inc": {"revision": 1, "version": len(change.facts)}}
        if self._kind.followed:
            write["$currentDate"] = STAMPED
        if change.facts:
            write.setdefault("$push", {})["outbox"] = {
                "$each": self._events(entity_id, document["version"], change.facts)
            }
        if cause:
            where["seen"] = {"$ne": cause.event_id}
            write.setdefault("$push", {})["seen"] = {"$each": [cause.event_id], "$slice": -SEEN}
        return where, write

    def lease_key(self, entity_id: str) -> str:
        """How a lease on an entity is named."""
        return f"{self._kind.name}:{key(self._scope.association, entity_id)}"

    def _derived(self, entity: ModelT, facts: Sequence[Fact]) -> dict[str, Any]:
        values: dict[str, Any] = {"state": state_of(entity)}
        if self._kind.computed:
            values["computed"] = self._kind.computed
        if self._kind.due:
            values["due"] = self._kind.due(entity)
        if facts:
            values["last_fact"] = facts[-1].fact_name()
        return values

    def _events(self, entity_id: str, version: int, facts: Sequence[Fact]) -> list[dict[str, Any]]:
        cause = current_cause()
        return [
            {
                "id": (event_id := str(uuid.uuid4())),
                "fact": fact.fact_name(),
                "subject": str(fact.subject(self._scope.association)),
                "body": Event.of(
                    fact,
                    event_id=event_id,
                    association=self._scope.association,
                    entity_id=entity_id,
                    entity_version=version + number,
                    time=self._scope.clock.now(),
                    correlation_id=correlation_id(),
                    causation_id=cause.event_id if cause else "",
                    traceparent=traceparent(),
                ).encode(),
            }
            for number, fact in enumerate(facts, start=1)
        ]
