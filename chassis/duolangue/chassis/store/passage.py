"""The way to the documents of one kind in one association, shared by all who need it at once: found, added and changed together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from duolangue.chassis.store.documents import key
from duolangue.chassis.store.driver import Change, DuplicateKey, Encoded, SomeRefused, encoded, refusals
from duolangue.chassis.store.together import Together

LARGE: Final = 256 * 1024
"""Bytes of a document that is added by itself."""
Write = tuple[Mapping[str, Any], Mapping[str, Any]]
"""Which document, if it is still as it was; and what becomes of it."""


class Passage:
    """One association's documents of one kind."""

    def __init__(self, association: str, raw: Any) -> None:
        self._association = association
        self._raw = raw

    async def document(self, entity_id: str) -> Mapping[str, Any] | None:
        """A document as it is now, for reading alone: others may hold the same."""
        return await self._reads.ask(key(self._association, entity_id))

    async def add(self, document: Mapping[str, Any]) -> str:
        """Add a document; empty, or what the server says of the unique index that holds it already.

        Raises:
            UnicodeError, OverflowError: the database cannot keep a value of it.
        """
        fresh = encoded(document)
        return await (self._added(fresh) if len(fresh.raw) > LARGE else self._additions.ask(fresh))

    async def change(self, write: Write) -> bool | str:
        """Change a document that says itself, once it is changed, that this was done: whether it was changed now, or what the server says of
        the unique index in its way. Where one of several was not changed, none is told so: they look.
        """
        return await self._changes.ask(write)

    async def replace(self, write: Write) -> bool:
        """Write a document whether or not it is there, if the one that is there fits. Returns whether it was written."""
        return await self._replacements.ask(write)

    @cached_property
    def _reads(self) -> Together[str, Mapping[str, Any] | None]:
        return Together(self._read, self._read_some, repeatable=True)

    @cached_property
    def _additions(self) -> Together[Encoded, str]:
        return Together(self._added, self._added_some, repeatable=False)

    @cached_property
    def _changes(self) -> Together[Write, bool | str]:
        return Together(self._changed, self._changed_some, repeatable=True)

    @cached_property
    def _replacements(self) -> Together[Write, bool]:
        return Together(self._replaced, self._replaced_some, repeatable=True)

    async def _read(self, wanted: str) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = await self._raw.find_one({"_id": wanted, "association": self._association})
        return found

    async def _read_some(self, wanted: Sequence[str]) -> Sequence[Mapping[str, Any] | None]:
        every = list(dict.fromkeys(wanted))
        found = await self._raw.find({"_id": {"$in": every}, "association": self._association}).to_list(None)
        known = {document["_id"]: document for document in found}
        return [known.get(each) for each in wanted]

    async def _added(self, document: Encoded) -> str:
        try:
            await self._raw.insert_one(document)
        except DuplicateKey as error:
            return said(error)
        return ""

    async def _added_some(self, documents: Sequence[Encoded]) -> Sequence[str]:
        try:
            await self._raw.insert_many(documents, ordered=False)
        except SomeRefused as error:
            refused = refusals(error)
            return [refused.get(place, "") for place in range(len(documents))]
        return [""] * len(documents)

    async def _changed(self, write: Write) -> bool | str:
        try:
            return bool((await self._raw.update_one(*write)).modified_count)
        except DuplicateKey as error:
            return said(error)

    async def _changed_some(self, writes: Sequence[Write]) -> Sequence[bool | str]:
        refused: dict[int, str] = {}
        try:
            changed = (await self._raw.bulk_write([Change(*write) for write in writes], ordered=False)).modified_count
        except SomeRefused as error:
            refused, changed = refusals(error), int((error.details or {}).get("nModified", 0))
        every = changed == len(writes) - len(refused)
        return [refused.get(place, every) for place in range(len(writes))]

    async def _replaced(self, write: Write) -> bool:
        try:
            result = await self._raw.update_one(*write, upsert=True)
        except DuplicateKey:  # what is held is newer, or was inserted this very moment and may be older
            result = await self._raw.update_one(*write)
        return bool(result.modified_count or result.upserted_id)

    async def _replaced_some(self, writes: Sequence[Write]) -> Sequence[bool]:
        try:
            await self._raw.bulk_write([Change(*write, upsert=True) for write in writes], ordered=False)
        except SomeRefused as error:
            refused = refusals(error)
            return [
                place not in refused or bool((await self._raw.update_one(*write)).modified_count)
                for place, write in enumerate(writes)
            ]
        return [True] * len(writes)


def said(error: DuplicateKey) -> str:
    """What the server says of the index that refuses."""
    return str((error.details or {}).get("errmsg", error))
