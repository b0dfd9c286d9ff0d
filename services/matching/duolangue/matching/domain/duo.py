"""The duo: its state, and how others are told of it. What becomes of it is decided in `life`."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from duolangue.contracts.facts.matching import DuoOrigin, DuoState, DuoStatus
from duolangue.contracts.vocabulary import Interest, Role
from duolangue.matching.domain.reasons import Criterion
from duolangue.matching.domain.rules import NotInDuo
from duolangue.matching.domain.state import State


class Status(StrEnum):
    """The life of a duo; what is public of it has the same names in the contracts."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    PAUSED = "paused"
    DISCARDED = "discarded"
    DECLINED = "declined"
    EXPIRED = "expired"
    ENDED = "ended"


HELD = frozenset({Status.DRAFT, Status.PROPOSED, Status.CONFIRMED, Status.PAUSED})
RUNNING = frozenset({Status.CONFIRMED, Status.PAUSED})


class Closing(StrEnum):
    """Why a duo is no more, for the coordinator alone."""

    COORDINATOR = "coordinator"
    DECLINED = "declined"
    SILENCE = "silence"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    LEFT = "left"
    SAFETY = "safety"


class Duo(State):
    """One newcomer and one volunteer, from draft to end."""

    id: str
    newcomer: str
    volunteer: str
    status: Status
    held: bool
    """Whether it takes the newcomer's only place and one of the volunteer's."""
    barred: bool = False
    """Whether these two are never to be proposed to each other again."""
    origin: DuoOrigin
    place: int = Field(ge=1)
    """Which of the volunteer's places it takes, from 1."""
    run: str = ""
    accepted_by: tuple[Role, ...] = ()
    declined_by: Role | None = None
    asked: dict[Role, datetime] = {}
    """When the proposal last really left for each side."""
    closing: Closing | None = None
    reason: str = ""
    """Why it was declined or ended, in somebody's own words: never leaves matching."""
    score: int = 0
    """In millionths."""
    reasons: tuple[Criterion, ...] = ()
    shared_interests: tuple[Interest, ...] = ()
    shared_languages: tuple[str, ...] = ()
    shared_slots: tuple[str, ...] = ()
    expiry_days: int = Field(default=4, ge=1)
    drafted_at: datetime | None = None
    proposed_at: datetime | None = None
    confirmed_at: datetime | None = None
    paused_at: datetime | None = None
    ended_at: datetime | None = None

    @model_validator(mode="after")
    def _held_while_alive(self) -> Self:
        if self.held != (self.status in HELD):
            raise ValueError("held says whether the duo is a draft, proposed, confirmed or paused")
        return self

    def person(self, side: Role) -> str:
        """The participant on one side."""
        return self.newcomer if side is Role.NEWCOMER else self.volunteer

    def side(self, participant: str) -> Role:
        """On which side somebody is.

        Raises:
            NotInDuo: on neither.
        """
        for side in Role:
            if self.person(side) == participant:
                return side
        raise NotInDuo

    @property
    def unanswered(self) -> tuple[Role, ...]:
        """The sides whose answer is waited for."""
        return tuple(side for side in Role if side not in self.accepted_by) if self.status is Status.PROPOSED else ()

    @property
    def due_at(self) -> datetime | None:
        """When silence ends a proposal: some days after its message last left for a side that has not answered.

        None while no such message left: nobody is silent who was not asked.
        """
        moments = [self.asked[side] for side in self.unanswered if side in self.asked]
        return max(moments) + timedelta(days=self.expiry_days) if moments else None

    @property
    def public(self) -> bool:
        """Whether others ever heard of it: drafts publish nothing."""
        return self.proposed_at is not None or self.confirmed_at is not None


def tell(kind: type[DuoState], duo: Duo) -> DuoState:
    """The fact of this kind that carries the duo's public state."""
    return kind(
        newcomer=duo.newcomer,
        volunteer=duo.volunteer,
        status=DuoStatus(duo.status.value),
        origin=duo.origin,
        accepted_by=list(duo.accepted_by),
        shared_interests=list(duo.shared_interests),
        shared_languages=list(duo.shared_languages),
        shared_slots=list(duo.shared_slots),
        proposed_at=duo.proposed_at,
        confirmed_at=duo.confirmed_at,
        ended_at=duo.ended_at,
    )
