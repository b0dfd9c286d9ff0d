"""Duos' commitments and conversations, and the sums asked of the database."""

from __future__ import annotations

from datetime import date
from typing import Final

from duolangue.chassis.store import AggregateKind, Aggregates, Index
from duolangue.contracts.facts.sessions import SessionLogged
from duolangue.contracts.vocabulary import Medium
from duolangue.sessions.domain.commitment import Commitment
from duolangue.sessions.domain.conversation import Conversation
from duolangue.sessions.domain.overview import MediumTotals


def _logged(conversation: Conversation, _: str) -> SessionLogged | None:
    return None if conversation.withdrawn else conversation.fact()


CONVERSATIONS: Final = AggregateKind(
    "conversations",
    Conversation,
    indexes=(Index("by_duo", ("duo", "week")), Index("by_day", ("held_on",))),
    snapshot=_logged,
)
COMMITMENTS: Final = AggregateKind(
    "commitments",
    Commitment,
    indexes=(Index("by_since", ("since",)), Index("newcomer", ("newcomer",)), Index("volunteer", ("volunteer",))),
    due=lambda commitment: commitment.due_at,
)


class StoredTally:
    """Sums made by the database."""

    def __init__(self, conversations: Aggregates[Conversation]) -> None:
        self._conversations = conversations

    async def weeks(self, duo: str | None = None) -> dict[str, dict[str, int]]:
        """Minutes by duo, then by ISO week: of one duo, or of all."""
        rows = await self._conversations.summarise(
            {"withdrawn": False, **({"duo": {"$eq": duo}} if duo else {})},
            {"$group": {"_id": {"duo": "$state.duo", "week": "$state.week"}, "minutes": {"$sum": "$state.minutes"}}},
        )
        sums: dict[str, dict[str, int]] = {}
        for row in rows:
            sums.setdefault(row["_id"]["duo"], {})[row["_id"]["week"]] = row["minutes"]
        return sums

    async def period(self, since: date | None, until: date | None) -> tuple[int, dict[Medium, MediumTotals]]:
        """How many duos talked between two days (both included), and what took place by medium."""
        bounds = {
            **({"$gte": since.isoformat()} if since else {}),
            **({"$lte": until.isoformat()} if until else {}),
        }
        rows = await self._conversations.summarise(
            {"withdrawn": False, **({"held_on": bounds} if bounds else {})},
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
        )
        found = rows[0]
        talked = found["duos"][0]["count"] if found["duos"] else 0
        media = {
            Medium(row["_id"]): MediumTotals(conversations=row["conversations"], minutes=row["minutes"])
            for row in found["media"]
        }
        return talked, media
