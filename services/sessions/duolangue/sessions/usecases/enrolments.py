"""Who has a place in an activity: enrolling, waiting, offers, giving up. Each place is given once, however many ask at once.

No document is shared by those who ask: a place is a number that the store gives to one enrolment. What must follow from a change (a free
place goes to whoever waits) is due in the enrolment that changed, so that no crash forgets it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Final

from duolangue.chassis.decision import RuleBroken
from duolangue.chassis.store import Absent, Taken
from duolangue.contracts.facts.activities import ActivityKind, CancelledBy, EnrolmentStatus
from duolangue.sessions.domain import answered, eligibility, offers, seats
from duolangue.sessions.domain import enrolment as enrolments
from duolangue.sessions.domain.activity import Activity, NotOpen, Status
from duolangue.sessions.domain.eligibility import Answer, Rule
from duolangue.sessions.domain.enrolment import Enrolment, Wish
from duolangue.sessions.domain.participant import Participant
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import associations, seating

MOST_OFFERS: Final = 1000
"""In one go."""


class NotTakingPart(RuleBroken):
    """Somebody who is unknown here, left or was erased."""

    code = "not_taking_part"
    status = 409


class HourTaken(RuleBroken):
    """An hour of one teacher for one participant that is somebody's already: nobody waits for it."""

    code = "hour_taken"
    status = 409


class HostsIt(RuleBroken):
    """Who gives an activity needs no place in it."""

    code = "hosts_it"
    status = 409


async def enrol(
    activity_id: str,
    participant: str,
    ports: Ports,
    *,
    answers: Iterable[Answer] = (),
    by: str = "",
    instead: str = "",
) -> Enrolment:
    """A place for somebody, or one on the waiting list; a yes where a place is offered to them. Asking twice changes nothing.

    `by` is the coordinator who does it for them; then it may have begun already. `instead`: the enrolment of theirs that they give up for it.

    Raises:
        Absent: there is no such activity.
        NotOpen: it is not open to them (any more).
        NotTakingPart, HostsIt: it is nothing for them.
        NotAnswered, NotEligible: a question is not answered, or not with yes.
        HourTaken: it is an individual lesson, and somebody else has it.
    """
    now = ports.clock.now()
    activity = await ports.activities.get(activity_id)
    known = await ports.enrolments.of(activity_id, participant)
    if known is not None and known.status is EnrolmentStatus.OFFERED:
        told = {each.rule: each for each in (*known.answers, *answers)}
        return await accept(known.id, ports, answers=eligibility.examined(activity.rules, told.values()))
    if by:
        activity.open_to_desk()
    else:
        activity.open_to_people(now, waited=known is not None and known.waited)
    person = await _for_them(activity, participant, ports)
    if known is not None and known.open:
        return await seating.let_in(activity, known, ports) if by and activity.begun(now) else known
    if known is not None and known.refused_for in activity.rules and not by:
        raise eligibility.REFUSALS[known.refused_for]  # somebody looked: another yes by oneself changes nothing
    kept = eligibility.examined(activity.rules, answers)
    wish = Wish(
        id=known.id if known else str(uuid.uuid4()),
        activity=activity_id,
        kind=activity.kind,
        participant=participant,
        side=person.side,
        at=now,
        by=by,
        answers=kept,
        plan=activity.plan,
        instead=instead,
    )
    seated = await seating.seated(activity, wish, ports)
    if seated is None and activity.kind is ActivityKind.LESSON:
        raise HourTaken("Somebody else has just taken this hour. Please choose another one.", field="hour")
    placed = seated or await seating.put(enrolments.queued(wish), ports)
    placed = await _still_open(placed, ports)
    if placed.status is not EnrolmentStatus.WAITING:
        return placed
    placed = await settle(placed.id, ports)
    return await accept(placed.id, ports) if placed.status is EnrolmentStatus.OFFERED else placed


async def _for_them(activity: Activity, participant: str, ports: Ports) -> Participant:
    person = await ports.participants.find(participant)
    if person is None or not person.takes_part:
        raise NotTakingPart("You do not take part in this association (any more).")
    if activity.host == participant:
        raise HostsIt("You give this yourself: you need no place.")
    return person


async def _still_open(placed: Enrolment, ports: Ports) -> Enrolment:
    """What was decided of the activity while the place was given holds for this one, too: whoever decided may have looked before it was there.

    Raises:
        NotOpen: it does not take place any more, or is in preparation again; the place is given up.
        NotTakingPart, HostsIt: they left, or are to give it; the place is given up.
    """
    activity, now = await ports.activities.get(placed.activity), ports.clock.now()
    if activity.status is not Status.PUBLISHED:
        await ports.enrolments.update(placed.id, lambda known: enrolments.cancel(known, CancelledBy.ACTIVITY, now))
        activity.open_to_desk()
    try:
        await _for_them(activity, placed.participant, ports)
    except RuleBroken:
        await ports.enrolments.update(placed.id, lambda known: enrolments.cancel(known, CancelledBy.DEPARTURE, now))
        await settle(placed.id, ports)
        raise
    await seating.reseat(activity, [placed], ports)
    return await ports.enrolments.update(placed.id, lambda known: enrolments.crowded_out(known, activity.capacity, now))


async def accept(enrolment_id: str, ports: Ports, *, answers: tuple[Answer, ...] | None = None) -> Enrolment:
    """Yes to an offered place; `answers` to what is asked, where whoever says so answered.

    Raises:
        Absent: there is no such enrolment.
        offers.OfferOver: the place is not kept any more.
    """
    now = ports.clock.now()
    try:
        return await ports.enrolments.update(enrolment_id, lambda known: offers.accept(known, now, answers))
    except offers.OfferOver:
        await settle(enrolment_id, ports)
        raise


async def give_up(enrolment_id: str, by: CancelledBy, ports: Ports, *, refused_for: Rule | None = None) -> Enrolment:
    """A place, or the wait for one, is given up; the place goes to whoever waits.

    Raises:
        Absent: there is no such enrolment.
        NotOpen: the activity is over: who had a place, had one.
    """
    return (await give_up_once(enrolment_id, by, ports, refused_for=refused_for))[0]


async def give_up_once(
    enrolment_id: str, by: CancelledBy, ports: Ports, *, refused_for: Rule | None = None
) -> tuple[Enrolment, bool]:
    """The same, and whether it was this that gave it up: of several at once one alone.

    Raises:
        Absent, NotOpen: as `give_up`.
    """
    now, mine = ports.clock.now(), False
    known = await ports.enrolments.get(enrolment_id)
    if known.open and (await ports.activities.get(known.activity)).over(now):
        raise NotOpen("This is over.")

    def decide(present: Enrolment) -> enrolments.Decision:
        nonlocal mine
        change = enrolments.cancel(present, by, now, refused_for)
        mine = change is not None
        return change

    await ports.enrolments.update(enrolment_id, decide)
    return await settle(enrolment_id, ports), mine


async def check_answer(enrolment_id: str, rule: Rule, *, yes: bool, by: str, ports: Ports) -> Enrolment:
    """A coordinator checked what somebody had answered; a no gives their place up, with the reason for them to read.

    Raises:
        Absent: there is no such enrolment.
    """
    if not yes:
        return await give_up(enrolment_id, CancelledBy.ASSOCIATION, ports, refused_for=rule)
    answer = Answer(rule=rule, yes=True, on=await associations.today(ports), checked_by=by)
    return await ports.enrolments.update(enrolment_id, lambda known: answered.checked(known, answer))


async def offer_sent(enrolment_id: str, sent_at: datetime, ports: Ports) -> None:
    """The message with an offer really left: from now on silence counts."""
    known = await ports.enrolments.find(enrolment_id)
    if known is None:
        return
    activity = await ports.activities.get(known.activity)
    latest = known.kept_until or activity.next_start(sent_at) or sent_at
    await ports.enrolments.update(
        enrolment_id, partial(offers.offer_sent, sent_at=sent_at, hours=activity.offer_hours, latest=latest)
    )


async def settle(enrolment_id: str, ports: Ports) -> Enrolment:
    """Do what is due for an enrolment: an offer that nobody answered ends, free places go to whoever waits."""
    now = ports.clock.now()
    known = await ports.enrolments.update(enrolment_id, lambda state: offers.lapse(state, now))
    if known.due_at is None or known.status is EnrolmentStatus.OFFERED:
        return known
    await fill(known.activity, ports)
    return await ports.enrolments.update(enrolment_id, lambda state: enrolments.looked_at(state, known.due_at))


async def fill(activity_id: str, ports: Ports) -> None:
    """Offer what is free to whoever waits, as long as there is both: until the last meeting begins, and at most until the next one does."""
    for _ in range(MOST_OFFERS):
        now = ports.clock.now()
        activity = await ports.activities.get(activity_id)
        begins = activity.next_start(now)
        if activity.status is not Status.PUBLISHED or begins is None:
            return
        held = await ports.enrolments.held(activity_id)
        if len(held) >= activity.capacity:
            return
        first = [
            seats.Waiting(each.id, each.side, each.asked_at)
            for each in await ports.enrolments.first_waiting(activity_id)
        ]
        choose = seats.next_offer if activity.balanced else seats.first_come
        found = choose(activity.room, held, first)
        if found is None:
            return
        place, waiting = found
        try:
            await ports.enrolments.update(waiting.enrolment, partial(offers.offer, place=place, latest=begins, now=now))
        except Taken:
            continue


async def leave(participant: str, ports: Ports) -> None:
    """Somebody left the association: whatever they had a place in, or waited for, is given up; what was, stays."""
    now = ports.clock.now()
    for each in await ports.enrolments.of_participant(participant):
        if each.open and not (await ports.activities.get(each.activity)).over(now):
            await give_up(each.id, CancelledBy.DEPARTURE, ports)


async def own_in(activity_id: str, participant: str, ports: Ports) -> Enrolment:
    """Somebody's enrolment in an activity.

    Raises:
        Absent: there is none.
    """
    known = await ports.enrolments.of(activity_id, participant)
    if known is None:
        raise Absent(f"enrolments {activity_id}")
    return known


async def own(enrolment_id: str, participant: str, ports: Ports) -> Enrolment:
    """Somebody's own enrolment.

    Raises:
        Absent: there is none, or it is somebody else's.
    """
    known = await ports.enrolments.get(enrolment_id)
    if known.participant != participant:
        raise Absent(f"enrolments {enrolment_id}")
    return known


async def within(enrolment_id: str, activity_id: str, ports: Ports) -> Enrolment:
    """An enrolment in this very activity.

    Raises:
        Absent: there is none, or it is in another.
    """
    known = await ports.enrolments.get(enrolment_id)
    if known.activity != activity_id:
        raise Absent(f"enrolments {enrolment_id}")
    return known
