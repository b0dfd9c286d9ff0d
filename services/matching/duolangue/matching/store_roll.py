"""The rolls of associations, in this replica's memory: each look reads what changed since the last one, and nothing else."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Final

from duolangue.chassis import memory
from duolangue.chassis.store import Tenant
from duolangue.contracts.facts.matching import ParticipationStatus
from duolangue.contracts.facts.registration import ParticipantStatus
from duolangue.contracts.vocabulary import Level
from duolangue.matching.domain.duo import Duo
from duolangue.matching.domain.roll import Member, Roll, Tie
from duolangue.matching.ports import Exclusions
from duolangue.matching.store import DUOS, EXCLUSIONS, PEOPLE, QUESTIONS

KEPT: Final = 64
"""Rolls that are kept, of associations whose desk was looked at last. One of 60,000 active people takes about 60 MB."""
MANY: Final = 2000
"""Active people from whom on a roll, once read, is taken for lasting."""
OF_MEMBER: Final = (
    "id", "status", "roles", "newcomer.waiting_since", "newcomer.french_oral", "volunteer.places", "current_partner",
)  # fmt: skip
OF_TIE: Final = (
    "id", "newcomer", "volunteer", "status", "held", "barred", "origin", "place", "closing", "declined_by", "silent", "away",
    "confirmed_at", "ended_at",
)  # fmt: skip
OF_QUESTION: Final = ("id", "participant", "status")


class Rolls:
    """The rolls of all associations."""

    def __init__(self, tenant: Callable[[str], Tenant]) -> None:
        self._tenant = tenant
        self._followed: OrderedDict[str, _Followed] = OrderedDict()

    def of(self, association: str) -> _Followed:
        """One association's, among those kept."""
        found = self._followed.pop(association, None) or _Followed(self._tenant(association))
        self._followed[association] = found
        while len(self._followed) > KEPT:
            self._followed.popitem(last=False)
        return found


class _Followed:
    """One association's roll, and what it follows."""

    def __init__(self, tenant: Tenant) -> None:
        self._roll = Roll()
        self._settled = False
        self._turn = asyncio.Lock()
        self._next: asyncio.Task[None] | None = None
        self._people = tenant.following(PEOPLE, OF_MEMBER)
        self._duos = tenant.following(DUOS, OF_TIE)
        self._questions = tenant.following(QUESTIONS, OF_QUESTION)
        self._exclusions: Exclusions = tenant.aggregates(EXCLUSIONS)

    async def now(self) -> Roll:
        """The roll with all that was written before. Who asks while somebody looks shares the look that begins next."""
        if self._next is None:
            self._next = asyncio.create_task(self._look())
        await asyncio.shield(self._next)
        return self._roll

    async def _look(self) -> None:
        async with self._turn:
            self._next = None
            looks = self._take_exclusions(), self._take_duos(), self._take_questions(), self._take_people()
            outcomes = await asyncio.gather(*looks, return_exceptions=True)  # all end before the next look begins
            for outcome in outcomes:
                if outcome is not None:
                    raise outcome
            if not self._settled and self._roll.active > MANY:
                self._settled = True
                memory.settled()

    async def _take_exclusions(self) -> None:
        self._roll.change(excluded=frozenset(each.id for each in await self._exclusions.select()))

    async def _take_people(self) -> None:
        async for some in self._people.changes():
            self._roll.change(members=[_member(version, state) for version, state in some])
            await asyncio.sleep(0)

    async def _take_duos(self) -> None:
        async for some in self._duos.changes():
            self._roll.change(ties=[Tie.of(Duo.model_validate(state)) for _, state in some])
            await asyncio.sleep(0)

    async def _take_questions(self) -> None:
        async for some in self._questions.changes():
            still_open = ParticipationStatus.QUESTIONED.value
            self._roll.change(
                asked=[(state["id"], state["participant"], state["status"] == still_open) for _, state in some]
            )


def _member(version: int, state: Mapping[str, Any]) -> Member:
    newcomer, volunteer = state.get("newcomer") or {}, state.get("volunteer") or {}
    level = newcomer.get("french_oral")
    return Member(
        id=state["id"],
        version=version,
        status=ParticipantStatus(state["status"]),
        roles=tuple(state.get("roles") or ()),
        since=newcomer.get("waiting_since"),
        level=Level(level) if level else None,
        places=volunteer.get("places"),
        partner=state.get("current_partner"),
    )
