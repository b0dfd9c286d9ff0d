"""What changed in one collection since it was last looked at: for who keeps a view of it in memory, exact at each look."""

from __future__ import annotations

import math
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from typing import Any, Final

from duolangue.chassis.store.driver import STAMP, Stamp
from duolangue.chassis.store.kinds import Kind
from duolangue.chassis.store.scope import Scope

SETTLES_SECONDS: Final = 5.0
"""A write takes its stamp, then some milliseconds until it can be read, so that a later stamp may be seen first. After so long it is taken
for certain that all up to a stamp were seen; what is younger is read again at each look, and told only where it changed.
"""
TOGETHER: Final = 1000


class Following:
    """Follows the documents of one kind in one association. Only for kinds that are `followed`, and for one who looks at a time."""

    def __init__(
        self, scope: Scope, kind: Kind[Any], fields: Sequence[str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        if not kind.followed:
            raise ValueError(f"{kind.name} is not followed")
        self._scope = scope
        self._raw = scope.raw(kind)
        self._fields = {"version": True, **{f"state.{name}": True for name in fields}}
        self._clock = clock
        self._certain: Stamp | None = None
        """All up to here was seen."""
        self._seen = STAMP
        """The newest that was seen, by a look that began..."""
        self._at = 0.0
        self._told: dict[str, Stamp] = {}
        """What was told of what is younger, so that it is told once."""

    async def changes(self) -> AsyncGenerator[list[tuple[int, Mapping[str, Any]]], None]:
        """What changed since the last look, as the database has it now, some documents at a time: their versions, and the fields of their
        states. At the first look that is everything; what is told then may come a second time.

        What is acknowledged before a look begins is in it. A look that is not finished counts for nothing.
        """
        begun = self._clock()
        if self._certain is None:
            newest = await self._newest()
            async for some in self._batches(None):
                yield some
            earlier = max(0, newest.time - math.ceil(SETTLES_SECONDS))
            self._certain, self._seen, self._at = Stamp(earlier, 0), newest, begun
            return
        since = {"$and": [{"changed": {"$gt": self._certain}}]}
        cursor = self._raw.find(self._scope.query(since), {"changed": True})
        cursor.hint("changed")
        stamps = {each["_id"]: each["changed"] for each in await cursor.to_list(None)}
        fresh = [each for each, stamp in stamps.items() if self._told.get(each) != stamp]
        for start in range(0, len(fresh), TOGETHER):
            these = {"$and": [{"_id": {"$in": fresh[start : start + TOGETHER]}}]}
            async for some in self._batches(these):
                yield some
        self._told = stamps
        if begun - self._at >= SETTLES_SECONDS:
            newest = max(stamps.values(), default=self._seen)
            self._certain, self._seen, self._at = self._seen, newest, begun

    async def _batches(
        self, where: Mapping[str, Any] | None
    ) -> AsyncGenerator[list[tuple[int, Mapping[str, Any]]], None]:
        cursor = self._raw.find(self._scope.query(where), self._fields)
        cursor.batch_size(TOGETHER)
        while documents := await cursor.to_list(TOGETHER):
            yield [(each["version"], each["state"]) for each in documents]

    async def _newest(self) -> Stamp:
        cursor = self._raw.find(self._scope.query(None), {"changed": True}, limit=1)
        cursor.sort("changed", -1)
        found = await cursor.to_list(1)
        stamp: Stamp | None = found[0].get("changed") if found else None
        return stamp or STAMP  # an older version wrote none
