"""What registration keeps, how it is indexed, and its queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

from duolangue.chassis.store import AggregateKind, Aggregates, Index, Kind, Tenant
from duolangue.registration.domain import association, participant
from duolangue.registration.domain.allowance import Allowance
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.coordinator import Coordinator
from duolangue.registration.domain.door import Door, Revocation
from duolangue.registration.domain.exclusion import Exclusion
from duolangue.registration.domain.participant import Participant, Status
from duolangue.registration.domain.report import Report
from duolangue.registration.domain.sign_in import Session, SignIn
from duolangue.registration.ports import FEW_A_DAY

ASSOCIATIONS: Final = AggregateKind("associations", Association, snapshot=association.snapshot)
PARTICIPANTS: Final = AggregateKind(
    "participants",
    Participant,
    indexes=(
        Index("same_person", ("identities",), unique=True),
        Index("ids", ("id",)),
        Index("emails", ("email",)),
        Index("phones", ("phone",)),
        Index("desk", ("status", "applied_at")),
    ),
    due=lambda one: one.resumes_at,
    snapshot=participant.snapshot,
)
COORDINATORS: Final = AggregateKind(
    "coordinators", Coordinator, indexes=(Index("one_address", ("email",), unique=True, where={"active": True}),)
)
SLOTTED: Final = {"slot": {"$type": "string"}}
"""Documents of before there were slots have none; they bar nobody."""
SIGN_INS: Final = AggregateKind(
    "sign_ins", SignIn, indexes=(Index("few_at_once", ("coordinator", "slot"), unique=True, where=SLOTTED),)
)
SESSIONS: Final = AggregateKind("sessions", Session, indexes=(Index("held", ("coordinator", "expires_at")),))
REPORTS: Final = AggregateKind(
    "reports",
    Report,
    indexes=(Index("latest", ("reported_at",)), Index(FEW_A_DAY, ("person", "slot"), unique=True, where=SLOTTED)),
    due=lambda report: report.due_at,
)
EXCLUSIONS: Final = AggregateKind(
    "exclusions", Exclusion, indexes=(Index("held", ("hashes",)),), due=lambda exclusion: exclusion.due_at
)
DOORS: Final = AggregateKind("doors", Door)
ALLOWANCES: Final = AggregateKind("allowances", Allowance, due=lambda one: one.until)
REVOCATIONS: Final = AggregateKind("revocations", Revocation, indexes=(Index("recent", ("revoked_at",)),))

KINDS: Final[tuple[Kind[Any], ...]] = (
    ASSOCIATIONS, PARTICIPANTS, COORDINATORS, SIGN_INS, SESSIONS, REPORTS, EXCLUSIONS, DOORS, ALLOWANCES, REVOCATIONS,
)  # fmt: skip


class StoredParticipants(Aggregates[Participant]):
    """The participants of one association, with the questions registration asks about them."""

    def __init__(self, tenant: Tenant) -> None:
        super().__init__(tenant, PARTICIPANTS)

    async def with_ids(self, ids: Collection[str]) -> list[Participant]:
        """Those of these who exist."""
        return await self.select({"id": {"$in": list(ids)}})

    async def with_addresses(self, addresses: Iterable[str]) -> list[Participant]:
        """Those who have one of these e-mail addresses or telephone numbers."""
        wanted = list(addresses)
        return await self.select({"$or": [{"state.email": {"$in": wanted}}, {"state.phone": {"$in": wanted}}]})

    async def page(self, status: Status | None, after: str, limit: int) -> list[Participant]:
        """Some, in the order of their ids, beginning after one."""
        return await self.select({"id": {"$gt": after}, **_standing(status)}, sort=[("id", 1)], limit=limit)

    async def desk(self, status: Status | None, skip: int, limit: int) -> list[Participant]:
        """Some, in the order the desk shows them: who applied last comes first, who waits longest for an interview too."""
        way = 1 if status is Status.APPLIED else -1
        return await self.select(_standing(status), sort=[("applied_at", way), ("id", 1)], skip=skip, limit=limit)

    async def numbers(self) -> dict[Status, int]:
        """How many stand where."""
        rows = await self.summarise({}, {"$group": {"_id": "$state.status", "number": {"$sum": 1}}})
        return {Status(row["_id"]): int(row["number"]) for row in rows}


def _standing(status: Status | None) -> dict[str, Any]:
    return {"status": {"$eq": status.value}} if status else {}
