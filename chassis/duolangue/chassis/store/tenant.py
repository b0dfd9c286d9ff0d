"""The gate of tenancy: everything a service reads or writes goes through an object bound to one association."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from duolangue.chassis.store.aggregates import Aggregates
from duolangue.chassis.store.files import Files
from duolangue.chassis.store.following import Following
from duolangue.chassis.store.kinds import AggregateKind, FileKind, Kind, ModelT, ProjectionKind
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

    def files(self, kind: FileKind) -> Files:
        """The association's files of one kind."""
        return Files(self, kind)

    def following(self, kind: Kind[Any], fields: Sequence[str]) -> Following:
        """What changes in the association's documents of one kind, these fields of their states."""
        return Following(self, kind, fields)
