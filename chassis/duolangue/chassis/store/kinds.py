"""What a collection holds and how it is indexed. Declared by a service's store, read by the store and by provision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from duolangue.contracts.envelope import Fact

ModelT = TypeVar("ModelT", bound=BaseModel)


def id_of(entity: BaseModel) -> str:
    """The id that every model of a kind has."""
    found: str = entity.id  # type: ignore[attr-defined]  # a model says so by its field, not by its type
    return found


@dataclass(frozen=True, slots=True)
class Index:
    """An index over fields of the state; `association` always comes first, so that no two tenants meet in it.

    `where` limits it to the documents in which those fields of the state have those values.
    """

    name: str
    fields: tuple[str, ...]
    unique: bool = False
    where: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind(Generic[ModelT]):
    """A collection of one kind of document, told apart from others by its name."""

    name: str
    model: type[ModelT]
    """A pydantic model with a field `id`."""
    indexes: tuple[Index, ...] = ()
    append_only: bool = False
    """Whether the service may add and read, and neither change nor remove; the database's own permissions see to it."""
    forgotten_by: str = ""
    """The field of the state with the moment from which on the database itself counts..."""
    forgotten_after: timedelta | None = None
    """...and for how long it keeps a document then; none: the service decides."""
    followed: bool = False
    """Whether each document carries the moment of its last change by the database's own clock, so that somebody may ask what changed
    (`Following`). What is followed is never taken away.
    """

    @property
    def collections(self) -> tuple[str, ...]:
        """The names of the database's collections in which it is kept."""
        return (self.name,)


@dataclass(frozen=True, slots=True)
class AggregateKind(Kind[ModelT]):
    """Entities that their service owns: they tell facts, answer events, and may have something due."""

    due: Callable[[ModelT], datetime | None] | None = None
    """When the entity next needs attention, from its state."""
    snapshot: Callable[[ModelT, str], Fact | None] | None = None
    """The fact that tells the present state again, given the state and the last fact's name; for `republish`."""
    computed: int = 0
    """The number of the rules by which the model's computed fields are made, where it has any that are searched. Whoever changes a rule
    raises it; provision then computes anew what was written under an older one.
    """


@dataclass(frozen=True, slots=True)
class ProjectionKind(Kind[ModelT]):
    """What others told us of their entities, at the version they told."""


class StoredFile(BaseModel):
    """What is known of a file without reading it."""

    id: str


@dataclass(frozen=True, slots=True)
class FileKind(Kind[StoredFile]):
    """Files in GridFS: one collection that names them, one with their bytes in pieces."""

    model: type[StoredFile] = StoredFile

    @property
    def collections(self) -> tuple[str, ...]:
        """The two of them."""
        return (f"{self.name}.files", f"{self.name}.chunks")
