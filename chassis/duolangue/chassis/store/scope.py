"""One association's part of a database: what every read and write is bound to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from duolangue.chassis.clock import Clock
from duolangue.chassis.store.documents import key
from duolangue.chassis.store.driver import Database
from duolangue.chassis.store.kinds import FileKind, Kind
from duolangue.chassis.store.passage import Passage


class Scope:
    """The association, and filters that cannot leave it."""

    def __init__(self, database: Database, association: str, clock: Clock, told: Callable[[str], None]) -> None:
        self._database = database
        self.association = association
        self.clock = clock
        self.told = told
        """Called with the kind of which facts were stored: wakes the relay."""

    def raw(self, kind: Kind[Any]) -> Any:
        """The driver's collection: for this package alone."""
        return self._database.collection(kind.name)

    def passage(self, kind: Kind[Any]) -> Passage:
        """The way to single documents that all who work in this association share: for this package alone."""
        shared = self._database.passages
        name = (kind.name, self.association)
        found = shared.get(name)
        if found is None:
            found = shared[name] = Passage(self.association, self.raw(kind))
        return found

    def raw_bucket(self, kind: FileKind) -> Any:
        """The driver's bucket: for this package alone."""
        return self._database.bucket(kind.name)

    def scope(self, entity_id: str) -> dict[str, Any]:
        """The filter for one document of this association."""
        return {"_id": key(self.association, entity_id), "association": self.association}

    def query(self, where: Mapping[str, Any] | None) -> dict[str, Any]:
        """A filter over fields of the state, within this association whatever `where` says."""
        inner = {name if name.startswith("$") else f"state.{name}": value for name, value in (where or {}).items()}
        return {"$and": [{"association": self.association}, inner]} if inner else {"association": self.association}

    def all_but(self, fields: Sequence[str]) -> dict[str, bool] | None:
        """What is read of documents, without some fields of their states."""
        return {f"state.{name}": False for name in fields} or None
