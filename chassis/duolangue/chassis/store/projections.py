"""What others told us, gated on version: duplicates, disorder and gaps heal by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic

from duolangue.chassis.store.documents import state_of
from duolangue.chassis.store.driver import STAMPED
from duolangue.chassis.store.kinds import ModelT, ProjectionKind, id_of
from duolangue.chassis.store.scope import Scope


class Projections(Generic[ModelT]):
    """The projections of one kind in one association."""

    def __init__(self, scope: Scope, kind: ProjectionKind[ModelT]) -> None:
        self._scope = scope
        self._kind = kind
        self._raw = scope.raw(kind)
        self._passage = scope.passage(kind)

    async def apply(self, state: ModelT, version: int) -> bool:
        """Keep `state` if `version` is newer than what is held. Returns whether it was."""
        entity_id = id_of(state)
        where = {**self._scope.scope(entity_id), "version": {"$lt": version}}
        write: dict[str, Any] = {"$set": {"version": version, "state": state_of(state)}}
        if self._kind.followed:
            write["$currentDate"] = STAMPED
        return await self._passage.replace((where, write))

    async def find(self, entity_id: str) -> ModelT | None:
        """What is known of one entity."""
        document = await self._passage.document(entity_id)
        return None if document is None else self._kind.model.model_validate(document["state"])

    async def select(
        self,
        where: Mapping[str, Any] | None = None,
        *,
        sort: Sequence[tuple[str, int]] = (),
        limit: int = 0,
        without: Sequence[str] = (),
    ) -> list[ModelT]:
        """What is known of the entities whose state fits. Fields `without` which they are read have their defaults."""
        cursor = self._raw.find(self._scope.query(where), self._scope.all_but(without), limit=limit)
        if sort:
            cursor = cursor.sort([(f"state.{name}", way) for name, way in sort])
        return [self._kind.model.model_validate(document["state"]) for document in await cursor.to_list(None)]

    async def count(self, where: Mapping[str, Any] | None = None) -> int:
        """How many fit."""
        return int(await self._raw.count_documents(self._scope.query(where)))
