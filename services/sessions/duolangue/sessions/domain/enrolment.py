"""One participant in one activity: waiting, offered a place, in it, or not any more. Pure decisions.

An enrolment that holds a place names its number; the store gives each number of an activity to one enrolment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from duolangue.chassis.decision import Change, RuleBroken
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

HELD: Final = frozenset({EnrolmentStatus.CONFIRMED, EnrolmentStatus.OFFERED})
OPEN: Final = HELD | {EnrolmentStatus.WAITING}


class OfferOver(RuleBroken):
    """The place was kept for some time, and that is over."""

    code = "offer_over"
    status = 409


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
    asked_at: AwareDatetime
    """Since when a place was wanted: the order of the waiting list."""
    asked_by: str = ""
    """The coordinator who enrolled them; empty where they did so themselves."""
    answers: tuple[Answer, ...] = ()
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
    closed_at: AwareDatetime | None = None
    due_at: AwareDatetime | None = None
    """When it is to be looked at: an offer ends, or a place may be free for whoever waits."""

    @model_validator(mode="after")
    def _held_with_a_seat(self) -> Self:
        if self.held != (self.status in HELD) or self.held != (self.seat is not None):
            raise ValueError("an enrolment holds a place, with a number, when it is confirmed or offered")
        return self

    @property
    def open(self) -> bool:
        """Whether something may still come of it."""
        return self.status in OPEN


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
        }


def seated(wish: Wish, seat: int) -> Change[Enrolment]:
    """A place was free."""
    state = Enrolment(status=EnrolmentStatus.CONFIRMED, held=True, seat=seat, **wish.values())
    return Change(state, (_told(EnrolmentConfirmed, state),))


def queued(wish: Wish) -> Change[Enrolment]:
    """All places are taken: wait. It is looked at once more at once, since one may have become free this very moment."""
    state = Enrolment(status=EnrolmentStatus.WAITING, held=False, due_at=wish.at, **wish.values())
    return Change(state, (_told(EnrolmentWaitlisted, state),))


def anew(known: Enrolment, fresh: Change[Enrolment]) -> Decision:
    """Somebody who cancelled, or let an offer go by, wants to take part after all; none while something is open."""
    return None if known.open else fresh


def offer(enrolment: Enrolment, seat: int, latest: datetime, now: datetime) -> Decision:
    """A place became free: it is kept for whoever waited, at most until `latest`, and shorter once the offer was really sent."""
    if enrolment.status is not EnrolmentStatus.WAITING:
        return None
    state = _moved(
        enrolment,
        EnrolmentStatus.OFFERED,
        seat=seat,
        offered_at=now,
        kept_until=latest,
        offer_sent_at=None,
        due_at=latest,
    )
    return Change(state, (_told(EnrolmentOffered, state, kept_until=latest),))


def offer_sent(enrolment: Enrolment, sent_at: datetime, hours: int, latest: datetime) -> Decision:
    """The message with the offer really left: silence counts from here."""
    if enrolment.status is not EnrolmentStatus.OFFERED or enrolment.offer_sent_at is not None:
        return None
    if enrolment.offered_at is not None and sent_at < enrolment.offered_at:
        return None
    until = min(sent_at + timedelta(hours=hours), latest)
    return Change(enrolment.model_copy(update={"offer_sent_at": sent_at, "kept_until": until, "due_at": until}))


def accept(enrolment: Enrolment, now: datetime) -> Decision:
    """Yes to an offered place. Saying it twice changes nothing.

    Raises:
        OfferOver: it is not kept any more.
    """
    if enrolment.status is EnrolmentStatus.CONFIRMED:
        return None
    over = enrolment.kept_until is not None and enrolment.kept_until <= now
    if enrolment.status is not EnrolmentStatus.OFFERED or over:
        raise OfferOver(
            "This place was kept for you for some time; now somebody else has it. You can wait for another one."
        )
    state = _moved(enrolment, EnrolmentStatus.CONFIRMED, seat=enrolment.seat, kept_until=None, due_at=None)
    return Change(state, (_told(EnrolmentConfirmed, state),))


def lapse(enrolment: Enrolment, now: datetime) -> Decision:
    """Nobody answered in time: the place goes to the next."""
    if enrolment.status is not EnrolmentStatus.OFFERED or enrolment.kept_until is None or enrolment.kept_until > now:
        return None
    state = _closed(enrolment, EnrolmentStatus.LAPSED, now)
    return Change(state, (_told(EnrolmentLapsed, state),))


def unplaced(enrolment: Enrolment, now: datetime) -> Decision:
    """It is over, and no place became free for whoever waited."""
    if enrolment.status is not EnrolmentStatus.WAITING:
        return None
    state = _closed(enrolment, EnrolmentStatus.LAPSED, now)
    return Change(state, (_told(EnrolmentLapsed, state),))


def cancel(enrolment: Enrolment, by: CancelledBy, now: datetime, refused_for: Rule | None = None) -> Decision:
    """Give up a place, or the wait for one; answers go with it. Doing it twice changes nothing."""
    if not enrolment.open:
        return None
    state = _closed(enrolment, EnrolmentStatus.CANCELLED, now, cancelled_by=by, refused_for=refused_for)
    return Change(state, (_told(EnrolmentCancelled, state),))


def looked_at(enrolment: Enrolment, due: datetime | None) -> Decision:
    """What was due at that moment is done."""
    if enrolment.due_at is None or enrolment.due_at != due or enrolment.status is EnrolmentStatus.OFFERED:
        return None
    return Change(enrolment.model_copy(update={"due_at": None}))


def moved(enrolment: Enrolment, plan: int) -> Decision:
    """Times or places changed: whoever has a place or waits is told, once for each plan."""
    if not enrolment.open or enrolment.plan >= plan:
        return None
    state = enrolment.model_copy(update={"plan": plan})
    return Change(state, (_told(EnrolmentMoved, state),))


def reminded(enrolment: Enrolment, meeting: Meeting, starts_at: datetime, plan: int) -> Decision:
    """A meeting is near: whoever has a place is reminded, once for each time it was set to."""
    mark = f"{meeting.id}-{plan}"
    if enrolment.status is not EnrolmentStatus.CONFIRMED or mark in enrolment.reminded:
        return None
    state = enrolment.model_copy(update={"reminded": (*enrolment.reminded, mark)})
    return Change(state, (_told(EnrolmentReminded, state, meeting_at=starts_at),))


def reseated(enrolment: Enrolment, seat: int) -> Decision:
    """Another number for the same place: the capacity was lowered."""
    if not enrolment.held or enrolment.seat == seat:
        return None
    return Change(enrolment.model_copy(update={"seat": seat}))


def checked(enrolment: Enrolment, answer: Answer) -> Decision:
    """A coordinator checked an answer, and it is yes."""
    if not enrolment.open or answer.rule not in {each.rule for each in enrolment.answers}:
        return None
    answers = tuple(answer if each.rule is answer.rule else each for each in enrolment.answers)
    return Change(enrolment.model_copy(update={"answers": answers}))


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
    return Change(state, (_told(EnrolmentTransferred, state),))


def again(enrolment: Enrolment, last: str) -> EnrolmentState | None:
    """The last fact told of it, told again; of a moment that passed (a reminder) the state alone."""
    kind = Fact.registry.get(last)
    if kind is None or not issubclass(kind, EnrolmentState):
        return None
    if kind is EnrolmentOffered and enrolment.kept_until is not None and enrolment.status is EnrolmentStatus.OFFERED:
        return _told(EnrolmentOffered, enrolment, kept_until=enrolment.kept_until)
    return _told(_FACTS[enrolment.status], enrolment)


_FACTS: Final[dict[EnrolmentStatus, type[EnrolmentState]]] = {
    EnrolmentStatus.WAITING: EnrolmentWaitlisted,
    EnrolmentStatus.OFFERED: EnrolmentMoved,
    EnrolmentStatus.CONFIRMED: EnrolmentConfirmed,
    EnrolmentStatus.LAPSED: EnrolmentLapsed,
    EnrolmentStatus.CANCELLED: EnrolmentCancelled,
}


def _moved(enrolment: Enrolment, status: EnrolmentStatus, **more: Any) -> Enrolment:
    update = {"status": status, "held": status in HELD, **more}
    return Enrolment.model_validate({**enrolment.model_dump(), **update})


def _closed(enrolment: Enrolment, status: EnrolmentStatus, now: datetime, **more: Any) -> Enrolment:
    """A place that becomes free so is to be handed on: that is due at once."""
    due_at = now if enrolment.held else None
    return _moved(
        enrolment,
        status,
        seat=None,
        answers=(),
        kept_until=None,
        offer_sent_at=None,
        closed_at=now,
        due_at=due_at,
        **more,
    )


def _told(kind: type[EnrolmentState], enrolment: Enrolment, **more: Any) -> EnrolmentState:
    return kind(
        activity=enrolment.activity,
        kind=enrolment.kind,
        participant=enrolment.participant,
        side=enrolment.side,
        status=enrolment.status,
        cancelled_by=enrolment.cancelled_by,
        **more,
    )
