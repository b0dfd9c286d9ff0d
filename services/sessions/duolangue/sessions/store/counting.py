"""Whom and what the figures count, and the sums asked of the database for them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final, TypeVar

from pydantic import BaseModel, TypeAdapter

from duolangue.chassis.store import AggregateKind, Aggregates, Index, Tenant
from duolangue.contracts.facts.activities import ActivityKind, Presence
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain import asking
from duolangue.sessions.domain.activity import Activity
from duolangue.sessions.domain.asking import Asking
from duolangue.sessions.domain.attendance import Attendance
from duolangue.sessions.domain.attestation import Attestation
from duolangue.sessions.domain.commitment import Commitment
from duolangue.sessions.domain.conversation import Conversation
from duolangue.sessions.domain.counted import Counted
from duolangue.sessions.domain.figures import MonthSum
from duolangue.sessions.domain.formed import Formed
from duolangue.sessions.domain.material import Held, Material, Noted, Talk, Visit, talks_in
from duolangue.sessions.domain.period import Period
from duolangue.sessions.domain.placement import Learner
from duolangue.sessions.domain.story import Story
from duolangue.sessions.ports.counting import Counting
from duolangue.sessions.store.activities import ACTIVITIES, ATTENDANCES
from duolangue.sessions.store.courses import LEARNERS
from duolangue.sessions.store.duos import COMMITMENTS, CONVERSATIONS

COUNTED: Final = AggregateKind("counted", Counted, indexes=(Index("by_id", ("id",)),))
FORMED: Final = AggregateKind(
    "formed",
    Formed,
    indexes=(Index("by_id", ("id",)), Index("newcomer", ("newcomer",)), Index("volunteer", ("volunteer",))),
)
ASKINGS: Final = AggregateKind("askings", Asking, due=lambda each: each.due_at, snapshot=asking.told_again)
STORIES: Final = AggregateKind("stories", Story, indexes=(Index("by_id", ("id",)),))
ATTESTATIONS: Final = AggregateKind(
    "attestations", Attestation, indexes=(Index("participant", ("participant", "issued_at")),)
)
EVERYBODY: Final = TypeAdapter(list[Counted])
EVERY_DUO: Final = TypeAdapter(list[Formed])
EVERY_STORY: Final = TypeAdapter(list[Story])
EVERY_LEARNER: Final = TypeAdapter(list[Learner])
ModelT = TypeVar("ModelT", bound=BaseModel)


class StoredSums:
    """Sums made by the database, in one association."""

    def __init__(self, tenant: Tenant) -> None:
        self._counted: Aggregates[Counted] = tenant.aggregates(COUNTED)
        self._formed: Aggregates[Formed] = tenant.aggregates(FORMED)
        self._stories: Aggregates[Story] = tenant.aggregates(STORIES)
        self._learners: Aggregates[Learner] = tenant.aggregates(LEARNERS)
        self._commitments: Aggregates[Commitment] = tenant.aggregates(COMMITMENTS)
        self._conversations: Aggregates[Conversation] = tenant.aggregates(CONVERSATIONS)
        self._attendances: Aggregates[Attendance] = tenant.aggregates(ATTENDANCES)
        self._activities: Aggregates[Activity] = tenant.aggregates(ACTIVITIES)

    async def material(self, period: Period) -> Material:
        """All that a report of a period is made of."""
        people, duos, stories, (noted, talks, months), visits, held = await asyncio.gather(
            self._all(self._counted, EVERYBODY, {"erased": False}),
            self._all(self._formed, EVERY_DUO, {}),
            self._all(self._stories, EVERY_STORY, {}),
            self._talks(period),
            self._visits(period),
            self._held(period),
        )
        return Material(
            people={each.id: each for each in people},
            duos={each.id: each for each in duos},
            noted=noted,
            talks=talks,
            visits=visits,
            held=held,
            stories=stories,
            learners=await self._all(self._learners, EVERY_LEARNER, {"reached.0": {"$exists": True}}),
            months=months,
        )

    async def within(self, known: Material, period: Period) -> Material:
        """The same for another period, with the people, duos and stories that are known already."""
        (talks, months), visits, held = await asyncio.gather(
            asyncio.to_thread(talks_in, period, known.noted),
            self._visits(period),
            self._held(period),
        )
        return replace(known, talks=talks, months=months, visits=visits, held=held)

    async def talked(self, duos: Collection[str], since: date, until: date) -> int:
        """How long these duos talked between two days, both included, in minutes."""
        rows = await self._conversations.summarise(
            {"duo": {"$in": sorted(duos)}, "held_on": _between(since, until), "withdrawn": False},
            {"$group": {"_id": None, "minutes": {"$sum": "$state.minutes"}}},
            index="by_duo",
        )
        return sum(int(row["minutes"]) for row in rows)

    async def visited(self, participant: str, since: date, until: date) -> Mapping[ActivityKind, int]:
        """How long somebody was present at activities of each kind between two days, both included, in minutes."""
        rows = await self._attendances.summarise(
            {
                "participant": {"$eq": participant},
                "presence": Presence.PRESENT.value,
                "held_on": _between(since, until),
            },
            {"$group": {"_id": "$state.kind", "minutes": {"$sum": "$state.minutes"}}},
        )
        return {ActivityKind(row["_id"]): int(row["minutes"]) for row in rows}

    async def _all(
        self, kept: Aggregates[ModelT], every: TypeAdapter[list[ModelT]], where: Mapping[str, Any]
    ) -> list[ModelT]:
        rows = await kept.summarise(where, {"$project": {"_id": 0, "state": 1}}, index="by_id")
        return await asyncio.to_thread(every.validate_python, [row["state"] for row in rows])

    async def _talks(self, period: Period) -> tuple[list[Noted], list[Talk], list[MonthSum]]:
        rows = await self._commitments.summarise(
            {},
            {"$project": {"_id": 0, "duo": "$state.id", "months": "$state.months", "lasted": "$state.lasted"}},
            index="by_id",
        )
        noted = [Noted(row["duo"], row["months"], row.get("lasted", ())) for row in rows if row.get("months")]
        return noted, *await asyncio.to_thread(talks_in, period, noted)

    async def _visits(self, period: Period) -> list[Visit]:
        rows = await self._attendances.summarise(
            {"held_on": _between(period.since, period.until), "presence": Presence.PRESENT.value},
            {
                "$group": {
                    "_id": {"participant": "$state.participant", "side": "$state.side", "kind": "$state.kind"},
                    "times": {"$sum": 1},
                    "minutes": {"$sum": "$state.minutes"},
                }
            },
        )
        return [
            Visit(
                row["_id"]["participant"],
                Role(row["_id"]["side"]),
                ActivityKind(row["_id"]["kind"]),
                row["times"],
                row["minutes"],
            )
            for row in rows
        ]

    async def _held(self, period: Period) -> list[Held]:
        rows = await self._attendances.summarise(
            {"held_on": _between(period.since, period.until), "presence": Presence.PRESENT.value},
            {
                "$group": {
                    "_id": {"activity": "$state.activity", "meeting": "$state.meeting", "kind": "$state.kind"},
                    "given_by": {"$max": "$state.given_by"},
                    "day": {"$max": "$state.held_on"},
                }
            },
        )
        named = sorted({row["_id"]["activity"] for row in rows})
        hosts = await self._activities.summarise(
            {"id": {"$in": named}},
            {"$project": {"_id": 0, "id": "$state.id", "host": "$state.host", "key": "$state.host_counted"}},
        )
        before = {row["id"]: row.get("host") or row.get("key") or "" for row in hosts}
        return [
            Held(
                ActivityKind(row["_id"]["kind"]),
                before.get(row["_id"]["activity"], "") if row.get("given_by") is None else row["given_by"],
                row["day"][:7],
            )
            for row in rows
        ]


def _between(since: date, until: date) -> dict[str, str]:
    return {"$gte": since.isoformat(), "$lte": until.isoformat()}


COUNTING_KINDS: Final[tuple[AggregateKind[Any], ...]] = (COUNTED, FORMED, ASKINGS, STORIES, ATTESTATIONS)


def counting_ports(tenant: Tenant) -> Counting:
    """The ports of figures and attestations of one association."""
    return Counting(
        counted=tenant.aggregates(COUNTED),
        formed=tenant.aggregates(FORMED),
        stories=tenant.aggregates(STORIES),
        askings=tenant.aggregates(ASKINGS),
        attestations=tenant.aggregates(ATTESTATIONS),
        sums=StoredSums(tenant),
    )
