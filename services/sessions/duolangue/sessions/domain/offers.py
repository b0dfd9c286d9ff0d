"""A place that became free is offered to whoever waited, kept for a while, taken or let go. Pure decisions."""

from __future__ import annotations

from datetime import datetime, timedelta

from duolangue.chassis.decision import Change, RuleBroken
from duolangue.contracts.facts.activities import (
    EnrolmentConfirmed,
    EnrolmentLapsed,
    EnrolmentOffered,
    EnrolmentStatus,
    EnrolmentWaitlisted,
)
from duolangue.sessions.domain.eligibility import Answer
from duolangue.sessions.domain.enrolment import Decision, Enrolment, become, closed, tell
from duolangue.sessions.domain.seats import Place


class OfferOver(RuleBroken):
    """The place was kept for some time, and that is over."""

    code = "offer_over"
    status = 409


def offer(enrolment: Enrolment, place: Place, latest: datetime, now: datetime) -> Decision:
    """A place became free: it is kept for whoever waited, at most until `latest`, and shorter once the offer was really sent."""
    if enrolment.status is not EnrolmentStatus.WAITING:
        return None
    state = become(
        enrolment,
        EnrolmentStatus.OFFERED,
        **place._asdict(),
        offered_at=now,
        kept_until=latest,
        offer_sent_at=None,
        due_at=latest,
    )
    return Change(state, (tell(EnrolmentOffered, state, kept_until=latest),))


def let_in(enrolment: Enrolment, place: Place, now: datetime) -> Decision:
    """Whoever waited has a place at once: a coordinator says so."""
    if enrolment.status is not EnrolmentStatus.WAITING:
        return None
    state = become(enrolment, EnrolmentStatus.CONFIRMED, **place._asdict(), confirmed_at=now, due_at=None)
    return Change(state, (tell(EnrolmentConfirmed, state),))


def offer_sent(enrolment: Enrolment, sent_at: datetime, hours: int, latest: datetime) -> Decision:
    """The message with the offer really left: silence counts from here."""
    if enrolment.status is not EnrolmentStatus.OFFERED or enrolment.offer_sent_at is not None:
        return None
    if enrolment.offered_at is not None and sent_at < enrolment.offered_at:
        return None
    until = min(sent_at + timedelta(hours=hours), latest)
    return Change(enrolment.model_copy(update={"offer_sent_at": sent_at, "kept_until": until, "due_at": until}))


def accept(enrolment: Enrolment, now: datetime, answers: tuple[Answer, ...] | None = None) -> Decision:
    """Yes to an offered place, with what is answered now where something is asked. Saying it twice changes nothing.

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
    state = become(
        enrolment,
        EnrolmentStatus.CONFIRMED,
        confirmed_at=now,
        answers=(answers if answers is not None else enrolment.answers),
        kept_until=None,
        due_at=None,
    )
    return Change(state, (tell(EnrolmentConfirmed, state),))


def lapse(enrolment: Enrolment, now: datetime) -> Decision:
    """Nobody answered in time: the place goes to the next. Whom the offer never reached did not let it go by: they wait on, behind those who
    wait by now, so that nobody's place is kept all term for somebody who cannot be reached.
    """
    if enrolment.status is not EnrolmentStatus.OFFERED or enrolment.kept_until is None or enrolment.kept_until > now:
        return None
    if enrolment.offer_sent_at is None:
        state = become(
            enrolment, EnrolmentStatus.WAITING, seat=None, side_seat=None, kept_until=None, asked_at=now, due_at=now
        )
        return Change(state, (tell(EnrolmentWaitlisted, state),))
    state = closed(enrolment, EnrolmentStatus.LAPSED, now)
    return Change(state, (tell(EnrolmentLapsed, state),))
