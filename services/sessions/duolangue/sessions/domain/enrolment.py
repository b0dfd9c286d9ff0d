"""One participant in one activity: waiting, offered a place, in it, or not any more. Pure decisions.

An enrolment that holds a place names its number; the store gives each number of an activity to one enrolment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from duolangue.chassis.decision import Change
from duolangue.contracts.envelope import Fact
from duolangue.contracts.facts.activities import (
    ActivityKind,
    CancelledBy,
    EnrolmentCancelled,
    EnrolmentConfirmed,
    EnrolmentLapsed,
    EnrolmentMoved,
    EnrolmentOffered,
    EnrolmentReminded,
    EnrolmentState,
    EnrolmentStatus,
    EnrolmentTransferred,
    EnrolmentWaitlisted,
)
from duolangue.contracts.vocabulary import EntityId, Role
from duolangue.sessions.domain.eligibility import Answer, Rule
from duolangue.sessions.domain.meeting import Meeting
from duolangue.sessions.domain.seats import Place

HELD: Final = frozenset({EnrolmentStatus.CONFIRMED, EnrolmentStatus.OFFERED})
OPEN: Final = HELD | {EnrolmentStatus.WAITING}


class Enrolment(BaseModel):
    """There is one for an activity and a participant, whatever becomes of it. Its id tells neither."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    activity: EntityId
    kind: ActivityKind
    participant: EntityId
    side: Role
    status: EnrolmentStatus
    held: bool
    """Whether it takes a place."""
    seat: int | None = Field(default=None, ge=1)
    """The number of that place."""
    side_seat: int | None = Field(default=None, ge=1)
    """Its number among those of its side, where places were kept for sides when it was given."""
    asked_at: AwareDatetime
    """Since when a place was wanted: the order of the waiting list."""
    asked_by: str = ""
    """The coordinator who enrolled them; empty where they did so themselves."""
    answers: tuple[Answer, ...] = ()
    instead: str = ""
    """The enrolment of theirs, in another hour of a teacher, for which they took this one."""
    plan: int = Field(default=1, ge=1)
    """The number of the times and places they were last told of."""
    offered_at: AwareDatetime | None = None
    kept_until: AwareDatetime | None = None
    """Until when an offered place is kept."""
    offer_sent_at: AwareDatetime | None = None
    reminded: tuple[EntityId, ...] = ()
    """The meetings they were reminded of."""
    cancelled_by: CancelledBy | None = None
    refused_for: Rule | None = None
    """The rule that a coordinator found not to be met."""
    confirmed_at: AwareDatetime | None = None
    """Since when they have the place, or when they last had one; none where they never had, or where it was not kept yet."""
    closed_at: AwareDatetime | None = None
    due_at: AwareDatetime | None = None
    """When it is to be looked at: an offer ends, or a place may be free for whoever waits."""

    @model_validator(mode="after")
    def _held_with_a_seat(self) -> Self:
        numbered = self.seat is not None
        if self.held != (self.status in HELD) or self.held != numbered or (self.side_seat is not None and not numbered):
            raise ValueError("an enrolment holds a place, with a number, when it is confirmed or offered")
        return self

    @property
    def open(self) -> bool:
        """Whether something may still come of it."""
        return self.status in OPEN

    @property
    def waited(self) -> bool:
        """Whether they let an offer of a place go by, and may wait for another one."""
        return self.status is EnrolmentStatus.LAPSED

    def had_place(self, moment: datetime) -> bool:
        """Whether they have a place, or still had theirs at a moment: who gave it up later could come then."""
        if self.status is EnrolmentStatus.CONFIRMED:
            return True
        return (
            self.confirmed_at is not None
            and self.closed_at is not None
            and self.confirmed_at <= moment < self.closed_at
        )


Decision = Change[Enrolment] | None


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody wants to take part."""

    id: str
    activity: str
    kind: ActivityKind
    participant: str
    side: Role
    at: datetime
    by: str = ""
    answers: tuple[Answer, ...] = ()
    plan: int = 1
    instead: str = ""

    def values(self) -> dict[str, Any]:
        """What its enrolment begins with."""
        return {
            "id": self.id,
            "activity": self.activity,
            "kind": self.kind,
            "participant": self.participant,
            "side": self.side,
            "asked_at": self.at,
            "asked_by": self.by,
            "answers": self.answers,
            "plan": self.plan,
            "instead": self.instead,
        }


def seated(wish: Wish, place: Place) -> Change[Enrolment]:
    """A place was free."""
    values = {**wish.values(), **place._asdict()}
    state = Enrolment(status=EnrolmentStatus.CONFIRMED, held=True, confirmed_at=wish.at, **values)
    return Change(state, (tell(EnrolmentConfirmed, state),))


def queued(wish: Wish) -> Change[Enrolment]:
    """All places are taken: wait. It is looked at once more at once, since one may have become free this very moment."""
    state = Enrolment(status=EnrolmentStatus.WAITING, held=False, due_at=wish.at, **wish.values())
    return Change(state, (tell(EnrolmentWaitlisted, state),))


def anew(known: Enrolment, fresh: Change[Enrolment]) -> Decision:
    """Somebody who cancelled, or let an offer go by, wants to take part after all; none while something is open."""
    return None if known.open else fresh


def crowded_out(enrolment: Enrolment, capacity: int, now: datetime) -> Decision:
    """A place given at the very moment at which there came to be fewer: it is none, and they wait for one since they asked."""
    if enrolment.seat is None or enrolment.seat <= capacity:
        return None
    nothing = {"seat": None, "side_seat": None, "confirmed_at": None, "kept_until": None, "offer_sent_at": None}
    state = become(enrolment, EnrolmentStatus.WAITING, due_at=now, **nothing)
    return Change(state, (tell(EnrolmentWaitlisted, state),))


def unplaced(enrolment: Enrolment, now: datetime) -> Decision:
    """It is over, and no place became free for whoever waited."""
    if enrolment.status is not EnrolmentStatus.WAITING:
        return None
    state = closed(enrolment, EnrolmentStatus.LAPSED, now)
    return Change(state, (tell(EnrolmentLapsed, state),))


def cancel(enrolment: Enrolment, by: CancelledBy, now: datetime, refused_for: Rule | None = None) -> Decision:
    """Give up a place, or the wait for one; answers go with it. Doing it twice changes nothing."""
    if not enrolment.open:
        return None
    state = closed(enrolment, EnrolmentStatus.CANCELLED, now, cancelled_by=by, refused_for=refused_for)
    return Change(state, (tell(EnrolmentCancelled, state),))


def looked_at(enrolment: Enrolment, due: datetime | None) -> Decision:
    """What was due at that moment is done."""
    if enrolment.due_at is None or enrolment.due_at != due or enrolment.status is EnrolmentStatus.OFFERED:
        return None
    return Change(enrolment.model_copy(update={"due_at": None}))


def moved(enrolment: Enrolment, plan: int, begins: datetime | None = None, offer_hours: int = 0) -> Decision:
    """Times or places changed: whoever has a place or waits is told, once for each plan. An offered place is kept for as long as before,
    and at most until it `begins` now.
    """
    if not enrolment.open or enrolment.plan >= plan:
        return None
    state = enrolment.model_copy(update={"plan": plan})
    if enrolment.status is EnrolmentStatus.OFFERED and begins is not None:
        sent = enrolment.offer_sent_at
        until = begins
        if sent is not None:
            promised = max(enrolment.kept_until or sent, sent + timedelta(hours=offer_hours))
            until = min(begins, promised)
        state = state.model_copy(update={"kept_until": until, "due_at": until})
    return Change(state, (tell(EnrolmentMoved, state, kept_until=state.kept_until),))


def reminded(enrolment: Enrolment, meeting: Meeting, starts_at: datetime, plan: int) -> Decision:
    """A meeting is near: whoever has a place is reminded, once for each time it was set to."""
    mark = f"{meeting.id}-{plan}"
    if enrolment.status is not EnrolmentStatus.CONFIRMED or mark in enrolment.reminded:
        return None
    state = enrolment.model_copy(update={"reminded": (*enrolment.reminded, mark)})
    return Change(state, (tell(EnrolmentReminded, state, meeting_at=starts_at),))


def reseated(enrolment: Enrolment, seat: int) -> Decision:
    """Another number for the same place: the capacity was lowered."""
    if not enrolment.held or enrolment.seat == seat:
        return None
    return Change(enrolment.model_copy(update={"seat": seat}))


def erased(enrolment: Enrolment, now: datetime, *, over: bool) -> Decision:
    """Its participant is erased: nothing they answered stays. Of an activity that is over it stays that there was somebody."""
    change = None if over else cancel(enrolment, CancelledBy.DEPARTURE, now)
    if change is not None:
        return change
    bare = enrolment.model_copy(update={"answers": (), "refused_for": None})
    return None if bare == enrolment else Change(bare)


def transferred(enrolment: Enrolment, participant: str) -> Decision:
    """Two records were one person: it is theirs under the id that stays."""
    if enrolment.participant == participant:
        return None
    state = enrolment.model_copy(update={"participant": participant})
    return Change(state, (tell(EnrolmentTransferred, state, kept_until=state.kept_until),))


def again(enrolment: Enrolment, last: str) -> EnrolmentState | None:
    """The last fact told of it, told again; of a moment that passed (a reminder) the state alone."""
    kind = Fact.registry.get(last)
    if kind is None or not issubclass(kind, EnrolmentState):
        return None
    if kind is EnrolmentOffered and enrolment.kept_until is not None and enrolment.status is EnrolmentStatus.OFFERED:
        return tell(EnrolmentOffered, enrolment, kept_until=enrolment.kept_until)
    return tell(_FACTS[enrolment.status], enrolment)


_FACTS: Final[dict[EnrolmentStatus, type[EnrolmentState]]] = {
    EnrolmentStatus.WAITING: EnrolmentWaitlisted,
    EnrolmentStatus.OFFERED: EnrolmentMoved,
    EnrolmentStatus.CONFIRMED: EnrolmentConfirmed,
    EnrolmentStatus.LAPSED: EnrolmentLapsed,
    EnrolmentStatus.CANCELLED: EnrolmentCancelled,
}


def become(enrolment: Enrolment, status: EnrolmentStatus, **more: Any) -> Enrolment:
    """The enrolment in another status, with what goes with it; checked as a whole."""
    update = {"status": status, "held": status in HELD, **more}
    return Enrolment.model_validate({**enrolment.model_dump(), **update})


def closed(enrolment: Enrolment, status: EnrolmentStatus, now: datetime, **more: Any) -> Enrolment:
    """A place that becomes free so is to be handed on: that is due at once."""
    due_at = now if enrolment.held else None
    return become(
        enrolment,
        status,
        seat=None,
        side_seat=None,
        answers=(),
        kept_until=None,
        offer_sent_at=None,
        closed_at=now,
        due_at=due_at,
        **more,
    )


def tell(kind: type[EnrolmentState], enrolment: Enrolment, **more: Any) -> EnrolmentState:
    """A fact of this kind, as the enrolment stands."""
    return kind(
        activity=enrolment.activity,
        kind=enrolment.kind,
        participant=enrolment.participant,
        side=enrolment.side,
        status=enrolment.status,
        cancelled_by=enrolment.cancelled_by,
        **more,
    )
