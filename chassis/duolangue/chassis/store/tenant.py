"""The gate of tenancy: everything a service reads or writes goes through an object bound to one association."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from duolangue.chassis.clock import Clock
from duolangue.chassis.store.aggregates import Aggregates
from duolangue.chassis.store.documents import key
from duolangue.chassis.store.driver import Database
from duolangue.chassis.store.kinds import AggregateKind, Kind, ModelT, ProjectionKind
from duolangue.chassis.store.projections import Projections


class Tenant:
    """One association's part of a service's database."""

    def __init__(self, database: Database, association: str, clock: Clock, told: Callable[[], None]) -> None:
        self._database = database
        self.association = association
        self.clock = clock
        self.told = told
        """Called after facts were stored: wakes the relay."""

    def aggregates(self, kind: AggregateKind[ModelT]) -> Aggregates[ModelT]:
        """The association's entities of one kind."""
        return Aggregates(self, kind)

    def projections(self, kind: ProjectionKind[ModelT]) -> Projections[ModelT]:
        """What others told of the association's entities of one kind."""
        return Projections(self, kind)

    def raw(self, kind: Kind[Any]) -> Any:
        """The driver's collection: for this package alone."""
        return self._database.collection(kind.name)

    def scope(self, entity_id: str) -> dict[str, Any]:
        """The filter for one document of this association."""
        return {"_id": key(self.association, entity_id), "association": self.association}

    def query(self, where: Mapping[str, Any] | None) -> dict[str, Any]:
        """A filter over fields of the state, within this association whatever `where` says."""
        inner = {name if name.startswith("$") else f"state.{name}": value for name, value in (where or {}).items()}
        return {"$and": [{"association": self.association}, inner]} if inner else {"association": self.association}
