"""Where the audit log is kept: the service may add to it and read it, and the database lets it do nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from duolangue.chassis.store import AggregateKind, Aggregates, Index, Tenant
from duolangue.registration.domain import audit
from duolangue.registration.domain.audit import Act, Actor, Entry

AUDIT: Final = AggregateKind(
    "audit",
    Entry,
    indexes=(Index("latest", ("at",)), Index("about", ("subjects", "at"))),
    append_only=True,
    forgotten_by="at",
    forgotten_after=audit.KEPT,
)


class StoredAudit:
    """The audit log of one association."""

    def __init__(self, tenant: Tenant) -> None:
        self._entries = Aggregates(tenant, AUDIT)
        self._clock = tenant.clock

    async def record(self, actor: Actor, act: Act, subjects: Iterable[str], what: str = "") -> None:
        """Write down that this was done."""
        for entry in audit.entries(actor, act, subjects, what, self._clock.now()):
            await self._entries.add(entry)

    async def latest(self, subject: str | None, before: datetime | None, limit: int) -> list[Entry]:
        """The latest first: of everybody, or about one person; those before a moment where one is given."""
        where: dict[str, Any] = {"subjects": {"$eq": subject}} if subject else {}
        if before is not None:
            where["at"] = {"$lt": before}
        return await self._entries.select(where, sort=[("at", -1)], limit=limit)
