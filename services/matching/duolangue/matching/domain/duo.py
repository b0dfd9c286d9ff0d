"""The duo: its state, and how others are told of it. What becomes of it is decided in `life`."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from duolangue.contracts.facts.matching import DuoOrigin, DuoState, DuoStatus, DuoUnanswered
from duolangue.contracts.vocabulary import Interest, Role
from duolangue.matching.domain.policy import AskOrder
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
    SWAPPED = "swapped"
    """A draft that made way for another."""
    ENDED = "ended"
    LEFT = "left"
    SAFETY = "safety"


class Override(State):
    """A coordinator made a pair that a rule or a wish speaks against."""

    rules: tuple[str, ...]
    """Which, by their names in `rules`."""
    by: str
    why: str
    at: datetime


class Break(State):
    """A break that a duo took."""

    begun: datetime
    over: datetime


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
    unsafe: bool = False
    """Whether one of them was reported when it was over already: how it ended stays as it was, but no coordinator sets their history aside."""
    origin: DuoOrigin
    place: int = Field(ge=1)
    """Which of the volunteer's places it takes, from 1."""
    run: str = ""
    accepted_by: tuple[Role, ...] = ()
    declined_by: Role | None = None
    order: AskOrder = AskOrder.TOGETHER
    """Who is asked first; settled when it is proposed."""
    asked: dict[Role, datetime] = {}
    """When the proposal last really left for each side."""
    reminded: dict[Role, datetime] = {}
    """When it was found that a side was to be reminded."""
    silent: tuple[Role, ...] = ()
    """Who was asked and never answered, once that ended it."""
    away: Role | None = None
    """Who left or took a break, where that ended a proposal or the duo."""
    silence_counted: bool = False
    """Whether it was looked at whether who was silent is to be asked a last question."""
    closing: Closing | None = None
    reason: str = ""
    """Why it was declined or ended, in somebody's own words: never leaves matching."""
    score: int = 0
    """In millionths."""
    reasons: tuple[Criterion, ...] = ()
    shared_interests: tuple[Interest, ...] = ()
    shared_languages: tuple[str, ...] = ()
    shared_slots: tuple[str, ...] = ()
    reminder_days: int = Field(default=1, ge=1)
    expiry_days: int = Field(default=4, ge=1)
    override: Override | None = None
    drafted_by: str = ""
    """The coordinator who made the pair by hand or by a swap."""
    made_way_for: str = ""
    """The rearrangement for which it made way, as a draft."""
    approved_by: str = ""
    """The coordinator who approved it; empty where a run proposed at once."""
    drafted_at: datetime | None = None
    proposed_at: datetime | None = None
    confirmed_at: datetime | None = None
    paused_at: datetime | None = None
    breaks: tuple[Break, ...] = ()
    """Those that are over, the first one first."""
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
        """The sides that have not said yes to an open proposal, asked or still to be asked."""
        return tuple(side for side in Role if side not in self.accepted_by) if self.status is Status.PROPOSED else ()

    @property
    def asking(self) -> tuple[Role, ...]:
        """The sides that are asked at present: one after the other, or all who have not answered."""
        if self.order is AskOrder.VOLUNTEER_FIRST and Role.VOLUNTEER in self.unanswered:
            return (Role.VOLUNTEER,)
        return self.unanswered

    @property
    def expires_at(self) -> datetime | None:
        """When silence ends a proposal: some days after its message last left for a side that is asked and has not answered.

        None while no such message left: nobody is silent who was not asked.
        """
        moments = [self.asked[side] for side in self.asking if side in self.asked]
        return max(moments) + timedelta(days=self.expiry_days) if moments else None

    def to_remind(self, now: datetime) -> tuple[Role, ...]:
        """Who was asked long enough ago to be reminded now, and was not yet."""
        return tuple(side for side, moment in self._reminders.items() if moment <= now)

    @property
    def _reminders(self) -> dict[Role, datetime]:
        waiting = (side for side in self.asking if side in self.asked and side not in self.reminded)
        return {side: self.asked[side] + timedelta(days=self.reminder_days) for side in waiting}

    @property
    def due_at(self) -> datetime | None:
        """When somebody is to be reminded, silence ends the proposal, or that silence is to be counted."""
        if self.silent and not self.silence_counted:
            return self.ended_at
        return min((moment for moment in (*self._reminders.values(), self.expires_at) if moment), default=None)

    @property
    def ran(self) -> bool:
        """Whether it was a duo once, and is over."""
        return self.status is Status.ENDED and self.confirmed_at is not None

    @property
    def innocent(self) -> tuple[Role, ...]:
        """Who neither refused nor stayed silent nor went away when a proposal came to nothing or a duo was over: they go first now."""
        if self.status is Status.DECLINED and self.declined_by is not None:
            return (self.declined_by.other,)
        if self.away is not None:
            return (self.away.other,)
        if self.closing is Closing.SILENCE:
            return tuple(side for side in Role if side not in self.silent)
        return ()

    @property
    def public(self) -> bool:
        """Whether others ever heard of it: drafts publish nothing."""
        return self.proposed_at is not None or self.confirmed_at is not None


def tell(kind: type[DuoState], duo: Duo, silent: tuple[Role, ...] = ()) -> DuoState:
    """The fact of this kind that carries the duo's public state."""
    more = {"silent": list(silent)} if issubclass(kind, DuoUnanswered) else {}
    return kind(
        **more,
        newcomer=duo.newcomer,
        volunteer=duo.volunteer,
        status=DuoStatus(duo.status.value),
        origin=duo.origin,
        accepted_by=list(duo.accepted_by),
        asking=list(duo.asking),
        shared_interests=list(duo.shared_interests),
        shared_languages=list(duo.shared_languages),
        shared_slots=list(duo.shared_slots),
        proposed_at=duo.proposed_at,
        confirmed_at=duo.confirmed_at,
        ended_at=duo.ended_at,
    )
