"""Entities with their facts. One atomic write carries the new state, the facts to publish and the event it answers."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any, Final, Generic

from duolangue.chassis.causality import current_cause, current_lease
from duolangue.chassis.decision import Change
from duolangue.chassis.store.documents import key
from duolangue.chassis.store.driver import Change as Write
from duolangue.chassis.store.driver import DuplicateKey, SomeRefused, refusals
from duolangue.chassis.store.kinds import AggregateKind, ModelT, id_of
from duolangue.chassis.store.passage import said
from duolangue.chassis.store.scope import Scope
from duolangue.chassis.store.writing import Writing
from duolangue.contracts.envelope import Fact

ADDED: Final[Mapping[str, Any]] = {"revision": 1, "version": 0, "seen": ()}
"""What stands beside the state of an entity that was added without a fact."""
ATTEMPTS: Final = 25
"""How often a change is decided anew when somebody else was faster."""


class Absent(LookupError):
    """No such entity in the association."""


class Taken(Exception):
    """A unique index says no; `index` is its name (`_id_` for the id itself)."""

    def __init__(self, index: str) -> None:
        super().__init__(index)
        self.index = index


class Contended(Exception):
    """Too many writers at once on one entity; trying again later helps."""


class LeaseLost(Exception):
    """Somebody else holds the lease by now: this work's writes no longer count."""


class Aggregates(Generic[ModelT]):
    """The entities of one kind in one association."""

    def __init__(self, scope: Scope, kind: AggregateKind[ModelT]) -> None:
        self._scope = scope
        self._kind = kind
        self._raw = scope.raw(kind)
        self._passage = scope.passage(kind)
        self._writing = Writing(scope, kind)

    async def get(self, entity_id: str) -> ModelT:
        """The entity.

        Raises:
            Absent: there is none in this association.
        """
        found = await self.find(entity_id)
        if found is None:
            raise Absent(f"{self._kind.name} {entity_id}")
        return found

    async def find(self, entity_id: str) -> ModelT | None:
        """The entity, or none."""
        document = await self._passage.document(entity_id)
        return None if document is None else self._load(document)

    async def several(self, entity_ids: Collection[str]) -> list[ModelT]:
        """Those of these that there are."""
        found = await asyncio.gather(*(self._passage.document(each) for each in entity_ids))
        return [self._load(document) for document in found if document is not None]

    async def select(
        self,
        where: Mapping[str, Any] | None = None,
        *,
        sort: Sequence[tuple[str, int]] = (),
        limit: int = 0,
        skip: int = 0,
        index: str = "",
        without: Sequence[str] = (),
    ) -> list[ModelT]:
        """The entities whose state fits `where` (fields of the state, in the database's own operators); found by this index, where one
        is named that the database need not look for. Fields `without` which they are read have their defaults.
        """
        cursor = self._raw.find(self._scope.query(where), self._scope.all_but(without), limit=limit, skip=skip)
        if index:
            cursor = cursor.hint(index)
        if sort:
            cursor = cursor.sort([(f"state.{name}", way) for name, way in sort])
        return [self._load(document) for document in await cursor.to_list(None)]

    async def count(self, where: Mapping[str, Any] | None = None, *, most: int = 0, index: str = "") -> int:
        """How many fit; counted no further than `most`, where that is given; by this index, where one is named."""
        bound: dict[str, Any] = {"limit": most} if most else {}
        if index:
            bound["hint"] = index
        return int(await self._raw.count_documents(self._scope.query(where), **bound))

    async def summarise(
        self, where: Mapping[str, Any], *stages: Mapping[str, Any], index: str = ""
    ) -> list[dict[str, Any]]:
        """An aggregation over the entities that fit, found by an index where one is named; the stages see whole documents
        (`$state.<field>`).
        """
        led = {"hint": index} if index else {}
        found = self._raw.aggregate([{"$match": self._scope.query(where)}, *stages], **led)
        rows: list[dict[str, Any]] = await found.to_list(None)
        return rows

    async def add(self, entity: ModelT, *facts: Fact) -> ModelT:
        """Keep a new entity and tell its facts. Under an event that already added it, nothing happens twice.

        Raises:
            Taken: the id or a unique index is held by another entity.
        """
        cause = current_cause()
        entity_id = id_of(entity)
        document = {"association": self._scope.association, **self._writing.fresh(entity, facts)}
        if refused := await self._passage.add(document):
            held = await self._passage.document(entity_id) if cause else None
            if held is not None and cause and cause.event_id in held["seen"]:
                return self._load(held)
            raise Taken(_index_name(refused))
        if facts:
            self._scope.told(self._kind.name)
        return entity

    async def add_many(self, changes: Sequence[Change[ModelT]]) -> dict[str, str]:
        """Keep many new entities, each in its own atomic write with its facts, and all of them on one way to the database.

        Returns the ids of those that are held by others, with the index that says so (as in `Taken`); the rest is kept.
        """
        fresh = await asyncio.to_thread(lambda: [self._writing.fresh(change.state, change.facts) for change in changes])
        documents = [{"association": self._scope.association, **each} for each in fresh]
        refused: dict[int, str] = {}
        try:
            await self._raw.insert_many(documents, ordered=False)
        except SomeRefused as error:
            refused = refusals(error)
        if any(change.facts for place, change in enumerate(changes) if place not in refused):
            self._scope.told(self._kind.name)
        return {id_of(changes[place].state): _index_name(words) for place, words in refused.items()}

    async def update(self, entity_id: str, decide: Callable[[ModelT], Change[ModelT] | None]) -> ModelT:
        """Change an entity: `decide` sees its present state and returns the change, or none to leave it.

        `decide` may be called again when another writer was faster, so it has no effects of its own. Under an event that
        this entity already answered, nothing happens. Returns the entity as it stands afterwards.

        Raises:
            Absent: there is none in this association.
            Taken: a unique index says no.
            Contended: others were faster too often.
            LeaseLost: the work this belongs to was taken over by somebody else.
        """

        async def at_once(state: ModelT) -> Change[ModelT] | None:
            return decide(state)

        return await self.update_after(entity_id, at_once)

    async def update_after(
        self, entity_id: str, decide: Callable[[ModelT], Awaitable[Change[ModelT] | None]]
    ) -> ModelT:
        """Change an entity by what is found out once its present state was read: as `update`, whose `decide` may look elsewhere first.

        The change counts only if nobody changed the entity since, so what was found out is at least as new as its state.
        """
        cause = current_cause()
        for attempt in range(ATTEMPTS):
            document = await self._passage.document(entity_id)
            if document is None:
                raise Absent(f"{self._kind.name} {entity_id}")
            state = self._load(document)
            if cause and cause.event_id in document["seen"]:
                if attempt:  # it may have been this very call
                    self._scope.told(self._kind.name)
                return state
            change = await decide(state)
            if change is None:
                return state
            if await self._write(entity_id, document, change):
                if change.facts:
                    self._scope.told(self._kind.name)
                return change.state
            await self._still_ours(entity_id)
            await asyncio.sleep(random.uniform(0, 0.002 * (attempt + 1)))  # noqa: S311
        raise Contended(f"{self._kind.name} {entity_id}")

    async def update_many(
        self,
        entity_ids: Collection[str],
        decide: Callable[[ModelT], Change[ModelT] | None],
        *,
        fresh: Collection[ModelT] = (),
    ) -> dict[str, ModelT]:
        """Change many entities, each in its own atomic write with its facts, and all of them on one way to the database. Returns those
        there are, as they stand afterwards, by their ids. Those that are `fresh` were added a moment ago, without a fact and as they are
        given: they are changed, too, and need not be read.

        Where others were faster with some, each that is in doubt is decided upon once more by itself: deciding the same a second time
        must change nothing. Raises as `update`, but for `Absent`.
        """
        cause = current_cause()
        keys = [key(self._scope.association, each) for each in entity_ids]
        known: list[tuple[Mapping[str, Any], ModelT]] = [(ADDED, state) for state in fresh]
        if keys:
            found = self._raw.find({"_id": {"$in": keys}, "association": self._scope.association})
            known += [(document, self._load(document)) for document in await found.to_list(None)]
        states, writes, changed = dict[str, ModelT](), list[Write](), dict[str, ModelT]()
        tells = False
        for document, state in known:
            entity_id = id_of(state)
            states[entity_id] = state
            change = None if cause and cause.event_id in document["seen"] else decide(state)
            if change is not None:
                writes.append(Write(*self._writing.change(entity_id, document, change)))
                changed[entity_id] = change.state
                tells = tells or bool(change.facts)
        if not writes:
            return states
        try:
            written = (await self._raw.bulk_write(writes, ordered=False)).modified_count
        except SomeRefused as error:
            refusals(error)
            written = 0
        if tells:
            self._scope.told(self._kind.name)
        if written == len(writes):
            return states | changed
        for entity_id in changed:
            states[entity_id] = await self.update(entity_id, decide)
        return states

    async def forget(self, entity_id: str, may: Callable[[ModelT], bool] = lambda _: True) -> bool:
        """Take an entity away for good, if `may` says so of its present state. Returns whether it is gone.

        Only one of which no fact was ever told: what others know of needs a tombstone, not a gap.
        """
        for _ in range(ATTEMPTS):
            document = await self._raw.find_one(self._scope.scope(entity_id))
            if document is None:
                return True
            if document["version"] or not may(self._load(document)):
                return False
            where = {**self._scope.scope(entity_id), "revision": document["revision"], "version": 0}
            if (await self._raw.delete_one(where)).deleted_count:
                return True
        raise Contended(f"{self._kind.name} {entity_id}")

    async def _write(self, entity_id: str, document: Mapping[str, Any], change: Change[ModelT]) -> bool:
        write = self._writing.change(entity_id, document, change)
        if (
            current_cause()
        ):  # the document remembers its event: a call that is not told whether it was the one finds out
            changed = await self._passage.change(write)
            if isinstance(changed, str):
                raise Taken(_index_name(changed))
            return changed
        try:
            return bool((await self._raw.update_one(*write)).modified_count)
        except DuplicateKey as error:
            raise Taken(_index_name(said(error))) from error

    async def _still_ours(self, entity_id: str) -> None:
        lease = current_lease()
        if lease is None:
            return
        document = await self._raw.find_one(self._scope.scope(entity_id)) or {}
        mine = lease.key == self._writing.lease_key(entity_id)
        holder = document.get("lease", {}).get("token") if mine else document.get("fence", {}).get("token")
        if holder is not None and holder > lease.token and (mine or document["fence"]["lease"] == lease.key):
            raise LeaseLost(lease.key)

    def _load(self, document: Mapping[str, Any]) -> ModelT:
        return self._kind.model.model_validate(document["state"])


def _index_name(words: str) -> str:
    return words.partition("index: ")[2].partition(" ")[0]
