"""The gate of tenancy: everything a service reads or writes goes through an object bound to one association."""

from __future__ import annotations

from duolangue.chassis.store.aggregates import Aggregates
from duolangue.chassis.store.kinds import AggregateKind, ModelT, ProjectionKind
from duolangue.chassis.store.projections import Projections
from duolangue.chassis.store.scope import Scope


class Tenant(Scope):
    """One association's part of a service's database."""

    def aggregates(self, kind: AggregateKind[ModelT]) -> Aggregates[ModelT]:
        """The association's entities of one kind."""
        return Aggregates(self, kind)

    def projections(self, kind: ProjectionKind[ModelT]) -> Projections[ModelT]:
        """What others told of the association's entities of one kind."""
        return Projections(self, kind)
