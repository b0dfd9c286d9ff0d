"""What happens to a participant after having applied: interview, breaks, changes, leaving. The only place that tells their facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from duolangue.chassis.decision import Change
from duolangue.contracts.facts.registration import (
    ParticipantLeft,
    ParticipantPaused,
    ParticipantRegistered,
    ParticipantResumed,
    ParticipantState,
    ParticipantUpdated,
)
from duolangue.registration.domain import application
from duolangue.registration.domain.application import Application
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.history import MOST as MOST_ENTRIES
from duolangue.registration.domain.history import Act, Entry
from duolangue.registration.domain.interview import Item, RefusalReason, ticked
from duolangue.registration.domain.invalid import Invalid, NotNow, Restricted
from duolangue.registration.domain.participant import AGAIN, HELD, Participant, Status, public

MAY_REOPEN: Final = frozenset({Status.LEFT, Status.REFUSED})
"""Where somebody stands whose first interview may come once more."""


def interview(
    participant: Participant,
    now: datetime,
    *,
    passed: bool,
    reason: str = "",
    because: RefusalReason | None = None,
    guards: bool = False,
) -> Change[Participant] | None:
    """The first interview took place. Who passed is active, and the other services are told. Somebody who left or was refused may be
    interviewed anew; asking the same twice changes nothing. `guards`: who decides is in charge of safety.

    Raises:
        NotNow: they passed one already and are refused now.
        Restricted: they came by a held address, and who decides is not in charge of safety.
    """
    _must_be_whole(participant)
    _must_not_be_excluded(participant)
    if passed:
        if participant.status in {Status.ACTIVE, Status.PAUSED}:
            return None
        _settles(participant, guards=guards)
        return _tell(
            participant,
            ParticipantRegistered,
            status=Status.ACTIVE,
            interviewed_at=now,
            refusal="",
            refusal_reason=None,
            resumes_on=None,
            resumes_at=None,
            asked_for="",
            asked_at=None,
            to_look_at=_unread(participant),
        )
    if participant.status is Status.REFUSED:
        return None
    if participant.status is not Status.APPLIED:
        raise NotNow("interviewed_already", "This person passed an interview already: they can leave, not be refused.")
    _settles(participant, guards=guards)
    refused: dict[str, Any] = {"status": Status.REFUSED, "refusal": reason, "refusal_reason": because}
    return Change(
        participant.model_copy(
            update={**refused, "asked_for": "", "asked_at": None, "to_look_at": _unread(participant)}
        )
    )


def reopen(participant: Participant) -> Change[Participant] | None:
    """The first interview of somebody who was refused, or left, is to come once more: by mistake, or since they came again. The others
    heard that they left, or never heard of them.

    Raises:
        NotNow: they take part, or are kept out.
    """
    _must_be_whole(participant)
    _must_not_be_excluded(participant)
    if participant.status is Status.APPLIED:
        return None
    if participant.status not in MAY_REOPEN:
        raise NotNow("interviewed_already", "The first interview of this person is over.")
    return Change(participant.model_copy(update={"status": Status.APPLIED, "refusal": "", "refusal_reason": None}))


def ask(participant: Participant, words: str, now: datetime) -> Change[Participant] | None:
    """Something more is asked before the interview is over; the person stays where they are.

    Raises:
        NotNow: the interview is over.
        Invalid: nothing is asked.
    """
    if participant.status is not Status.APPLIED:
        raise NotNow("interviewed_already", "The first interview of this person is over.", field="asked")
    if not words:
        raise Invalid("nothing_asked", "Write what you would like to know.", field="asked")
    if participant.asked_for == words:
        return None
    return Change(participant.model_copy(update={"asked_for": words, "asked_at": now}))


def tick(participant: Participant, items: frozenset[Item], by: str, now: datetime) -> Change[Participant] | None:
    """These items of the first interview were gone through."""
    ticks = ticked(participant.checklist, items, by, now)
    return None if ticks == participant.checklist else Change(participant.model_copy(update={"checklist": ticks}))


def looked_at(participant: Participant, *, guards: bool = False) -> Change[Participant] | None:
    """A human looked at what was to be looked at. `guards`: it was somebody in charge of safety.

    Raises:
        Restricted: they came by a held address, and it was somebody else.
    """
    _settles(participant, guards=guards)
    seen: dict[str, Any] = {"to_look_at": [], "said_again": None}
    return Change(participant.model_copy(update=seen)) if participant.to_look_at else None


def remembered(change: Change[Participant] | None, act: Act, now: datetime, by: str = "") -> Change[Participant] | None:
    """The same change, written down in the person's history; what changes nothing is not."""
    if change is None:
        return None
    history = [*change.state.history, Entry(act=act, at=now, by=by)][-MOST_ENTRIES:]
    return Change(change.state.model_copy(update={"history": history}), change.facts)


def pause(
    participant: Participant, until: date | None, association: Association, now: datetime
) -> Change[Participant] | None:
    """Somebody takes a break, until a day if they name one.

    Raises:
        NotNow: they do not take part at the moment.
        Invalid: the day is not in the future.
    """
    _must_be(participant, Status.ACTIVE, Status.PAUSED)
    if until is not None and until <= association.today(now):
        raise Invalid("until_in_past", "The break must end on a day in the future.", field="until")
    if participant.status is Status.PAUSED and participant.resumes_on == until:
        return None
    ends = association.midnight(until) if until else None
    return _tell(participant, ParticipantPaused, status=Status.PAUSED, resumes_on=until, resumes_at=ends)


def resume(participant: Participant) -> Change[Participant] | None:
    """Somebody is back from a break.

    Raises:
        NotNow: they do not take part at the moment.
    """
    _must_be(participant, Status.ACTIVE, Status.PAUSED)
    if participant.status is Status.ACTIVE:
        return None
    return _tell(participant, ParticipantResumed, status=Status.ACTIVE, resumes_on=None, resumes_at=None)


def break_over(participant: Participant, now: datetime) -> Change[Participant] | None:
    """The break ends by itself when its day has come; none when there is no such break (any more)."""
    if participant.status is not Status.PAUSED or participant.resumes_at is None or participant.resumes_at > now:
        return None
    return resume(participant)


def leave(participant: Participant) -> Change[Participant] | None:
    """Somebody leaves the association. Who was never interviewed goes quietly."""
    if participant.status in {Status.LEFT, Status.EXCLUDED, Status.ERASED}:
        return None
    gone: dict[str, Any] = {"status": Status.LEFT, "resumes_on": None, "resumes_at": None, "current_partner": None}
    if participant.status in {Status.APPLIED, Status.REFUSED} and participant.interviewed_at is None:
        return Change(participant.model_copy(update=gone))
    return _tell(participant, ParticipantLeft, **gone)


def exclude(participant: Participant) -> Change[Participant] | None:
    """Somebody is kept out for safety, at once. The others hear no more than of anybody who leaves, and only if they knew of them.

    Raises:
        NotNow: their data are erased.
    """
    may_be_excluded(participant)
    if participant.status is Status.EXCLUDED:
        return None
    gone: dict[str, Any] = {
        "status": Status.EXCLUDED,
        "resumes_on": None,
        "resumes_at": None,
        "current_partner": None,
    }
    if participant.status in {Status.ACTIVE, Status.PAUSED}:
        return _tell(participant, ParticipantLeft, **gone)
    return Change(participant.model_copy(update=gone))


def may_be_excluded(participant: Participant) -> None:
    """Raises `NotNow` for somebody whose data are erased: nothing is left to recognise them by."""
    if participant.status is Status.ERASED:
        raise NotNow("erased", "The data of this person are erased.")


def no_longer_excluded(participant: Participant) -> Change[Participant] | None:
    """An exclusion is over: the person stands as somebody who left, and may be interviewed anew."""
    if participant.status is not Status.EXCLUDED:
        return None
    return Change(participant.model_copy(update={"status": Status.LEFT}))


def update(
    participant: Participant, told: Application, association: Association, now: datetime
) -> Change[Participant] | None:
    """What somebody told has changed. A newcomer keeps their place in the queue unless another date is named.

    Raises:
        Invalid: the first rule that is broken.
    """
    _must_be_whole(participant)
    for fault in application.faults(told, association.today(now)):
        raise fault
    waits_from = participant.newcomer.waiting_since if participant.newcomer else now
    if told.newcomer and told.newcomer.waiting_since == association.today(waits_from):
        told = told.model_copy(update={"newcomer": told.newcomer.model_copy(update={"waiting_since": None})})
    fresh = participant.model_copy(update=application.details(told, association, now, waits_from=waits_from))
    if (fresh.email, fresh.phone) != (participant.email, participant.phone):
        fresh = fresh.model_copy(update={"unreachable_since": None})
    if fresh.alike != participant.alike:
        fresh = fresh.model_copy(update={"named_at": now})
    return changed(participant, fresh)


def pair_with(participant: Participant, partner: str) -> Change[Participant] | None:
    """A duo that ran before the platform was used is known now."""
    return changed(participant, participant.model_copy(update={"current_partner": partner}))


def part_from(participant: Participant, partner: str) -> Change[Participant] | None:
    """A duo that an import took over did not run after all; none where there is another."""
    if participant.current_partner != partner:
        return None
    return changed(participant, participant.model_copy(update={"current_partner": None}))


def unreachable(participant: Participant, since: datetime) -> Change[Participant] | None:
    """An address refused a message for good: the desk shows it."""
    if participant.unreachable_since is not None:
        return None
    return Change(participant.model_copy(update={"unreachable_since": since}))


def reached(participant: Participant, sent_at: datetime) -> Change[Participant] | None:
    """The address took a mail after it had refused one: nobody need look for another."""
    since = participant.unreachable_since
    if since is None or sent_at <= since:
        return None
    return Change(participant.model_copy(update={"unreachable_since": None}))


def told_by(participant: Participant, association: Association) -> Application:
    """What a participant told, as it would be told today: what changes are made to."""
    newcomer = volunteer = None
    if participant.newcomer:
        shown = participant.newcomer.model_dump(exclude={"waiting_since"})
        newcomer = application.NewcomerTold(
            **shown, waiting_since=association.today(participant.newcomer.waiting_since)
        )
    if participant.volunteer:
        own = participant.gender if participant.volunteer.same_gender_only else None
        volunteer = application.VolunteerTold(
            places=participant.volunteer.places, comfort=participant.volunteer.comfort, partner_gender=own
        )
    same = set(Application.model_fields) - {"newcomer", "volunteer", "consent", "consent_channel", "current_partner"}
    return Application(
        **participant.model_dump(include=same),
        newcomer=newcomer,
        volunteer=volunteer,
        current_partner=participant.current_partner,
        consent=True,
        consent_channel=participant.consent.channel,
    )


def changed(before: Participant, fresh: Participant) -> Change[Participant] | None:
    """What is kept of somebody is different now; the others are told where they know the person and it concerns them."""
    if fresh == before:
        return None
    if before.status in {Status.ACTIVE, Status.PAUSED} and public(fresh) != public(before):
        return _tell(fresh, ParticipantUpdated)
    return Change(fresh)


def _must_be_whole(participant: Participant) -> None:
    if participant.merged_into is not None:
        raise NotNow("merged", "This record was made one with another meanwhile. Please open the person's page again.")


def _must_not_be_excluded(participant: Participant) -> None:
    if participant.status is Status.EXCLUDED:
        raise NotNow(
            "excluded", "This person is kept out for safety: the person in charge of safety can end that first."
        )


def _unread(participant: Participant) -> list[str]:
    """What stays to be looked at when an interview is over: answers that came later than it was thought of."""
    return [AGAIN] if participant.said_again is not None else []


def _settles(participant: Participant, *, guards: bool) -> None:
    if HELD in participant.to_look_at and not guards:
        raise Restricted(
            "held", "Only the person in charge of safety, or an administrator, decides about this sign-up."
        )


def _must_be(participant: Participant, *statuses: Status) -> None:
    if participant.status not in statuses:
        raise NotNow("not_taking_part", "This person does not take part at the moment.")


def _tell(participant: Participant, fact: Callable[..., ParticipantState], **changes: Any) -> Change[Participant]:
    fresh = participant.model_copy(update=changes)
    return Change(fresh, (fact(**public(fresh)),))
