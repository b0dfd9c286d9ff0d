"""Duos' commitments and conversations, and the sums asked of the database."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from duolangue.chassis.store import AggregateKind, Aggregates, Index, Together
from duolangue.contracts.facts.sessions import SessionLogged, SessionWithdrawn
from duolangue.contracts.vocabulary import Medium, Role
from duolangue.sessions.domain import resting
from duolangue.sessions.domain.commitment import Commitment
from duolangue.sessions.domain.conversation import Conversation
from duolangue.sessions.domain.follow_up import FollowUpInForce
from duolangue.sessions.domain.overview import MediumTotals
from duolangue.sessions.domain.standing import Health
from duolangue.sessions.domain.talked import MonthTalk, Talked, WeekTalk

BY_DAY: Final = "sums_by_day"
"""Holds all that a report sums, so that a year of conversations is summed without reading them."""
BY_HEALTH: Final = "by_health"
_TOLD: Final = {
    "duo": "duo", "week": "week", "minutes": "minutes", "held_on": "held_on", "medium": "medium",
}  # fmt: skip
"""What the sums of a week are made of."""
_SIDES: Final = {
    "$cond": [{"$gt": [{"$size": {"$ifNull": ["$state.of", []]}}, 0]}, "$state.of.side", "$state.tellings.side"]
}
"""Who told of a conversation."""


def _again(conversation: Conversation, _: str) -> SessionLogged | SessionWithdrawn:
    if not conversation.withdrawn:
        return conversation.fact()
    return SessionWithdrawn(duo=conversation.duo, held_on=conversation.held_on, week=conversation.week)


CONVERSATIONS: Final = AggregateKind(
    "conversations",
    Conversation,
    indexes=(
        Index("by_duo", ("duo", "week")),
        Index(BY_DAY, ("held_on", "withdrawn", "duo", "medium", "minutes")),
        Index("unread", ("logged_at",), where={"unread": True}),
    ),
    snapshot=_again,
)
COMMITMENTS: Final = AggregateKind(
    "commitments",
    Commitment,
    indexes=(
        Index("by_id", ("id",)),
        Index("newcomer", ("newcomer",)),
        Index("volunteer", ("volunteer",)),
        Index(BY_HEALTH, ("standing.health", "since")),
        Index(
            "to_call",
            ("standing.to_call", "standing.rank", "standing.since", "id"),  # the first, so that they are counted unread
            where={"standing.to_call": True},
        ),
        Index("missed", ("missed",)),
    ),
    due=lambda commitment: commitment.due_at,
    snapshot=resting.told_again,
)
FOLLOW_UP: Final = AggregateKind("follow_up", FollowUpInForce, due=lambda present: present.due_at)


Asked = tuple[str, str]
"""A duo, and the week from which on."""


class StoredTally:
    """Sums made by the database."""

    def __init__(self, conversations: Aggregates[Conversation], commitments: Aggregates[Commitment]) -> None:
        self._conversations = conversations
        self._commitments = commitments
        self._asked = Together(self._talked, self._talked_each, repeatable=True)

    async def of(self, duo: str, since: str | None = None) -> Talked:
        """All that one duo talked, from a week on where one is given."""
        return await self._asked.ask((duo, since or ""))

    async def _talked(self, asked: Asked) -> Talked:
        return (await self._talked_each([asked]))[0]

    async def _talked_each(self, asked: Sequence[Asked]) -> list[Talked]:
        together: dict[str, list[str]] = {}
        for duo, since in dict.fromkeys(asked):
            together.setdefault(since, []).append(duo)
        told: dict[Asked, dict[str, list[Mapping[str, Any]]]] = {each: {} for each in asked}
        for since, duos in together.items():
            rows = await self._conversations.summarise(
                {"duo": {"$in": duos}, "week": {"$gte": since}, "withdrawn": False},
                {"$project": {"_id": 0, "sides": _SIDES, **{name: f"$state.{field}" for name, field in _TOLD.items()}}},
                index="by_duo",
            )
            for row in rows:
                told[row["duo"], since].setdefault(row["week"], []).append(row)
        return [
            Talked(
                tuple(_week(week, some) for week, some in sorted(told[each].items())),
                tuple(_months([row for some in told[each].values() for row in some])),
            )
            for each in asked
        ]

    async def by_health(self) -> Mapping[Health, int]:
        """How many duos are of which health, ended ones included; counted in the index alone, each health by itself: that takes a third of the
        time of one question that groups them.
        """
        counts = (self._commitments.count({"standing.health": each.value}, index=BY_HEALTH) for each in Health)
        return dict(zip(Health, await asyncio.gather(*counts), strict=True))

    async def weeks(self, duos: Collection[str], first: str = "", last: str = "") -> dict[str, dict[str, int]]:
        """Minutes by duo, then by ISO week, of these duos; from a week to another, both included, where they are given."""
        bounds = {"week": {"$gte": first, "$lte": last}} if first and last else {}
        rows = await self._conversations.summarise(
            {"withdrawn": False, "duo": {"$in": list(duos)}, **bounds},
            {"$group": {"_id": {"duo": "$state.duo", "week": "$state.week"}, "minutes": {"$sum": "$state.minutes"}}},
        )
        sums: dict[str, dict[str, int]] = {}
        for row in rows:
            sums.setdefault(row["_id"]["duo"], {})[row["_id"]["week"]] = row["minutes"]
        return sums

    async def period(self, since: date, until: date) -> tuple[int, dict[Medium, MediumTotals]]:
        """How many duos talked between two days (both included), and what took place by medium; summed in the index alone."""
        rows = await self._conversations.summarise(
            {"withdrawn": False, "held_on": {"$gte": since.isoformat(), "$lte": until.isoformat()}},
            {
                "$facet": {
                    "duos": [{"$group": {"_id": "$state.duo"}}, {"$count": "count"}],
                    "media": [
                        {
                            "$group": {
                                "_id": "$state.medium",
                                "conversations": {"$sum": 1},
                                "minutes": {"$sum": "$state.minutes"},
                            }
                        }
                    ],
                }
            },
            index=BY_DAY,
        )
        found = rows[0]
        talked = found["duos"][0]["count"] if found["duos"] else 0
        media = {
            Medium(row["_id"]): MediumTotals(conversations=row["conversations"], minutes=row["minutes"])
            for row in found["media"]
        }
        return talked, media


def _week(week: str, told: Sequence[Mapping[str, Any]]) -> WeekTalk:
    return WeekTalk(
        week,
        sum(each["minutes"] for each in told),
        len(told),
        date.fromisoformat(max(each["held_on"] for each in told)),
        sum(each["medium"] == Medium.IN_PERSON.value for each in told),
        *(sum(side.value in each["sides"] for each in told) for side in (Role.NEWCOMER, Role.VOLUNTEER)),
    )


def _months(told: Sequence[Mapping[str, Any]]) -> Iterator[MonthTalk]:
    talks, minutes = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for each in told:
        key = each["held_on"][:7], each["medium"]
        talks[key] += 1
        minutes[key] += each["minutes"]
    for month, medium in sorted(talks):
        yield MonthTalk(month, Medium(medium), talks[month, medium], minutes[month, medium])
