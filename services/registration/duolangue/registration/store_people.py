"""Participants: how they are kept and indexed, and the questions that registration asks about them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final

from duolangue.chassis.store import AggregateKind, Index, Tenant
from duolangue.registration import store_leads, store_search
from duolangue.registration.domain import duplicates, participant
from duolangue.registration.domain.duplicates import Known
from duolangue.registration.domain.filters import Filters, Mark
from duolangue.registration.domain.participant import Participant, Status
from duolangue.registration.ports import MOST_COUNTED
from duolangue.registration.store_leads import Lead
from duolangue.registration.store_living import LivingParticipants

PARTICIPANTS: Final = AggregateKind(
    "participants",
    Participant,
    indexes=(
        Index("same_person", ("identities",), unique=True),
        Index("ids", ("id",)),
        Index("emails", ("email",)),
        Index("phones", ("phone",)),
        Index("desk", ("status", "applied_at", "id")),
        Index("by_applied", ("applied_at", "id")),
        Index("by_name", ("sort_name", "id")),
        Index("by_status_name", ("status", "sort_name", "id")),
        Index("by_waiting", ("newcomer.waiting_since", "id")),
        Index("by_status_waiting", ("status", "newcomer.waiting_since", "id")),
        Index("by_words", ("search",)),
        Index("by_place", ("postcode",)),
        Index("by_level", ("newcomer.french_oral", "applied_at", "id")),
        Index("by_language", ("languages", "applied_at", "id")),
        Index("by_interest", ("interests", "applied_at", "id")),
        Index("alike", ("alike",)),
        Index("named", ("named_at", "id")),
        Index("marked", ("applied_at", "id"), where={"to_look_at.0": {"$exists": True}}),
        Index("unreachable", ("status", "applied_at", "id"), where={"unreachable_since": {"$type": "date"}}),
        Index("asked", ("applied_at", "id"), where={"asked_at": {"$type": "date"}}),
        Index("hosts", ("applied_at", "id"), where={"host": True}),
        Index("both", ("applied_at", "id"), where={"roles.1": {"$exists": True}}),
        Index("standing", ("status", "standing_since")),
    ),
    due=lambda one: one.resumes_at,
    snapshot=participant.snapshot,
    computed=1,
)


class StoredParticipants(LivingParticipants):
    """The participants of one association, with the questions registration asks about them."""

    def __init__(self, tenant: Tenant) -> None:
        super().__init__(tenant, PARTICIPANTS)

    async def with_ids(self, ids: Collection[str]) -> list[Participant]:
        """Those of these who exist."""
        return await self.select({"id": {"$in": list(ids)}}, index="ids")

    async def with_addresses(self, addresses: Iterable[str]) -> list[Participant]:
        """Those who have one of these e-mail addresses or telephone numbers."""
        wanted = {"$in": list(addresses)}
        by_mail, by_phone = await asyncio.gather(
            self.select({"email": wanted}, index="emails"), self.select({"phone": wanted}, index="phones")
        )
        return list({one.id: one for one in (*by_mail, *by_phone)}.values())

    async def page(self, status: Status | None, after: str, limit: int, *, discreet: bool = False) -> list[Participant]:
        """Some, in the order of their ids, beginning after one; `discreet` as in `participant.meant_by`."""
        meant = [each.value for each in participant.meant_by(status, discreet=discreet)] if status else []
        standing = {"status": {"$in": meant}} if status else {}
        return await self.select({"id": {"$gt": after}, **standing}, sort=[("id", 1)], limit=limit, index="ids")

    async def desk(self, status: Status | None, skip: int, limit: int) -> list[Participant]:
        """Some, in the order the desk shows them: who applied last comes first, who waits longest for an interview too."""
        way = 1 if status is Status.APPLIED else -1
        return await self.select(
            _standing(status),
            sort=[("applied_at", way), ("id", way)],
            skip=skip,
            limit=limit,
            index="desk" if status else "by_applied",
        )

    async def numbers(self, *wanted: Status) -> dict[Status, int]:
        """How many stand where (all, where nothing is named), counted up to `MOST_COUNTED` each: larger lists would take longer to count
        than to show.
        """
        standing = wanted or [status for status in Status if status is not Status.ERASED]
        found = await asyncio.gather(
            *(self.count({"status": {"$eq": status.value}}, most=MOST_COUNTED, index="desk") for status in standing)
        )
        return {status: number for status, number in zip(standing, found, strict=True) if number}

    async def listed(
        self,
        filters: Filters,
        now: datetime,
        *,
        after: str = "",
        before: str = "",
        limit: int,
        discreet: bool = False,
    ) -> list[Participant]:
        """Those who fit, in the order asked for: beginning after somebody, or ending before somebody; `discreet` as in
        `participant.meant_by`.
        """
        order = filters.order
        field, way = store_search.ORDERS[order]
        beyond: list[dict[str, Any]] = []
        anchor = await self.find(after or before) if after or before else None
        back = bool(before and not after and anchor)
        if anchor is not None:
            beyond.append(store_search.beyond(order, anchor, back=back))
        turned = -way if back else way
        lead = await self._lead(filters, now, discreet=discreet)
        wanted = store_search.conditions(filters, now, discreet=discreet, but=lead.word or None)
        found = await asyncio.gather(
            *(
                self.select(
                    {"$and": [*wanted, condition, *beyond]},
                    sort=[(field, turned), ("id", turned)],
                    limit=limit,
                    index=index,
                )
                for index, condition in lead.ways
            )
        )
        if len(found) > 1:  # by name and by town: each in order, some in both
            together = {one.id: one for some in found for one in some}.values()
            ordered = sorted(together, key=lambda one: (store_search.placed(order, one), one.id), reverse=turned < 0)
            found = [ordered[:limit]]
        return found[0][::-1] if back else found[0]

    async def _lead(self, filters: Filters, now: datetime, *, discreet: bool) -> Lead:
        """What finds those who fit soonest: a condition that few fulfil, else the order they are shown in."""
        if (sure := store_leads.certain(filters)) is not None:
            return sure
        leads = store_leads.possible(filters, now, discreet=discreet)
        few = store_leads.few(leads)
        numbers = await asyncio.gather(*(self._led(lead, few) for lead in leads))
        fewest = min(range(len(leads)), key=lambda place: numbers[place], default=None)
        if fewest is not None and numbers[fewest] <= few:
            return leads[fewest]
        return Lead(((store_leads.walked(filters), {}),))

    async def _led(self, lead: Lead, few: int) -> int:
        """How many a condition finds, counted a little further than few."""
        found = [await self.count({"$and": [condition]}, most=few + 1, index=index) for index, condition in lead.ways]
        return sum(found)

    async def marked(self, mark: Mark, *, most: int) -> int:
        """How many a coordinator should look at, for this reason; counted no further than `most`."""
        return await self.count({"$and": [store_search.MARKED[mark]]}, most=most, index=store_leads.MARKS[mark])

    async def named_since(self, since: datetime | None, after: str, limit: int) -> list[Participant]:
        """Those whose name, year or telephone was told at a moment or later, in that order, beginning after somebody."""
        where: dict[str, Any] = {"named_at": {"$type": "date"}}
        if since is not None:
            where["named_at"] = {"$gte": since}
            where["$or"] = [{"state.named_at": {"$gt": since}}, {"state.id": {"$gt": after}}]
        return await self.select(where, sort=[("named_at", 1), ("id", 1)], limit=limit, index="named")

    async def alike(self, keys: Collection[str]) -> list[Known]:
        """Those who share one of these keys, with no more than is needed to compare; none whose record stands for another."""
        rows = await self.summarise(
            {
                "alike": {"$in": list(keys)},
                "merged_into": {"$eq": None},
                "status": {"$ne": Status.ERASED.value},
            },
            {"$project": {f"state.{name}": 1 for name in ("id", "sort_name", "birth_year", "phone", "alike")}},
            index="alike",
        )
        states = (row["state"] for row in rows)
        return [
            duplicates.known(each["id"], each["sort_name"], each["birth_year"], each["phone"], each["alike"])
            for each in states
        ]


def _standing(status: Status | None) -> dict[str, Any]:
    return {"status": {"$eq": status.value}} if status else {}
