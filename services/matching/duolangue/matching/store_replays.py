"""The collections of replays, their indexes, and the queries over them."""

from __future__ import annotations

from duolangue.chassis.store import AggregateKind, Aggregates, Index
from duolangue.matching.domain import replay as replays
from duolangue.matching.domain.replay import Replay, ReplayPart

REPLAYS = AggregateKind(
    "replays", Replay, indexes=(Index("requested", ("requested_at",)),), due=lambda replay: replay.due_at
)
REPLAY_PARTS = AggregateKind("replay_parts", ReplayPart, indexes=(Index("replay", ("replay", "number")),))


class StoredReplays(Aggregates[Replay]):
    """The replays of one association."""

    async def unfinished(self) -> Replay | None:
        """One that is asked for and not over."""
        found = await self.select({"status": {"$in": sorted(status.value for status in replays.OPEN)}}, limit=1)
        return found[0] if found else None

    async def newest(self, count: int) -> list[Replay]:
        """The last ones asked for, the newest first."""
        return await self.select(sort=(("requested_at", -1),), limit=count)

    async def over(self, beyond: int) -> list[Replay]:
        """Those that are over, but for the newest `beyond`."""
        closed = {"$nin": sorted(status.value for status in replays.OPEN)}
        return await self.select({"status": closed}, sort=(("requested_at", -1),), skip=beyond)


class StoredReplayParts(Aggregates[ReplayPart]):
    """The people of files that wait to be replayed, in one association."""

    async def of(self, replay: str) -> list[ReplayPart]:
        """Those of one replay, in order."""
        return await self.select({"replay": replay}, sort=(("number", 1),))
