"""Participants as everybody but an erasure sees them: who is erased is absent, and nothing brings them back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from duolangue.chassis.decision import Change
from duolangue.chassis.store import Absent, Aggregates
from duolangue.registration.domain import erasure
from duolangue.registration.domain.participant import Participant, Status

_LIVING: Final = {"status": {"$ne": Status.ERASED.value}}


class LivingParticipants(Aggregates[Participant]):
    """Those who are not erased. It also keeps since when somebody stands where they stand."""

    async def find(self, entity_id: str) -> Participant | None:
        """The participant, or none; none too for who is erased."""
        found = await super().find(entity_id)
        return None if found is None or found.status is Status.ERASED else found

    async def select(
        self,
        where: Mapping[str, Any] | None = None,
        *,
        sort: Sequence[tuple[str, int]] = (),
        limit: int = 0,
        skip: int = 0,
        index: str = "",
        without: Sequence[str] = (),
    ) -> list[Participant]:
        """Those whose state fits."""
        wanted = dict(where or {})
        wanted["$and"] = [*wanted.get("$and", ()), {f"state.{name}": rule for name, rule in _LIVING.items()}]
        return await super().select(wanted, sort=sort, limit=limit, skip=skip, index=index, without=without)

    async def update(self, entity_id: str, decide: Callable[[Participant], Change[Participant] | None]) -> Participant:
        """Change somebody; raises `Absent` for who is erased."""

        def on_the_living(present: Participant) -> Change[Participant] | None:
            if present.status is Status.ERASED:
                raise Absent(f"participants {entity_id}")
            change = decide(present)
            if change is None or change.state.status is present.status:
                return change
            return Change(change.state.model_copy(update={"standing_since": self._scope.clock.now()}), change.facts)

        return await super().update(entity_id, on_the_living)

    async def erased(self, entity_id: str) -> bool:
        """Whether somebody was here and is erased."""
        found = await super().find(entity_id)
        return found is not None and found.status is Status.ERASED

    async def erase(self, entity_id: str) -> None:
        """Make a tombstone of somebody, in one write with its fact; done again it changes nothing.

        Raises:
            Absent: nobody has this id.
        """
        await super().update(entity_id, erasure.tombstone)
