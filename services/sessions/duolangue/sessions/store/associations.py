"""The association and the rules of following up, remembered for a second: every log asks for them, and they change once a year."""

from __future__ import annotations

import time
from typing import Final

from duolangue.chassis.store import Aggregates, ProjectionKind, Projections
from duolangue.sessions.domain.association import Association
from duolangue.sessions.domain.follow_up import IN_FORCE, REMEMBERED_SECONDS, FollowUp, FollowUpInForce

ASSOCIATIONS: Final = ProjectionKind("associations", Association)


class RememberedAssociations(Projections[Association]):
    """What registration told of the association; what is known is read anew after a second, and at once when this replica hears of it."""

    _known: tuple[float, Association] | None = None

    async def find(self, entity_id: str) -> Association | None:
        """The association as it was at most a second ago, or none as long as nothing was told."""
        if self._known is None or self._known[0] < time.monotonic() or self._known[1].id != entity_id:
            found = await super().find(entity_id)
            self._known = (time.monotonic() + REMEMBERED_SECONDS, found) if found else None
        return self._known[1] if self._known else None

    async def apply(self, state: Association, version: int) -> bool:
        """Keep what was told, if it is newer."""
        self._known = None
        return await super().apply(state, version)


class RememberedRules:
    """The rules of following up, as they were at most a second ago."""

    def __init__(self, follow_up: Aggregates[FollowUpInForce]) -> None:
        self._follow_up = follow_up
        self._known: tuple[float, FollowUp] | None = None

    async def present(self) -> FollowUp:
        """The rules."""
        if self._known is None or self._known[0] < time.monotonic():
            held = await self._follow_up.find(IN_FORCE) or FollowUpInForce()
            self._known = (time.monotonic() + REMEMBERED_SECONDS, held.rules)
        return self._known[1]
