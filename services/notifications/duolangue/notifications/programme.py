"""What activities are called, when and where they are: asked of sessions over the bus, and remembered nowhere."""

from __future__ import annotations

from collections.abc import Sequence

from duolangue.chassis.identity.directory import Asks
from duolangue.contracts.requests import ACTIVITIES, ActivitiesAnswer, ActivitiesQuestion, ActivityTold


class AskedProgramme:
    """Sessions, at the other end of the bus."""

    def __init__(self, bus: Asks) -> None:
        self._bus = bus

    async def activities(self, association: str, ids: Sequence[str]) -> dict[str, ActivityTold]:
        """By id; what is unknown is absent.

        Raises:
            Unavailable: sessions is away.
            Refused: it says no.
        """
        question = ActivitiesQuestion(association=association, activities=list(ids))
        return (await self._bus.ask(ACTIVITIES, question, ActivitiesAnswer)).activities
