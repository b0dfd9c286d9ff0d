"""What becomes of a duo: pure decisions, each `(duo, input, now) -> change`, or none where nothing changes.

Asking the same again changes nothing; asking what contradicts the state is refused with a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from duolangue.chassis.decision import Change
from duolangue.contracts.facts.matching import (
    DuoAccepted,
    DuoConfirmed,
    DuoDeclined,
    DuoEnded,
    DuoExpired,
    DuoOrigin,
    DuoPaused,
    DuoProposed,
    DuoResumed,
    DuoUnanswered,
)
from duolangue.contracts.vocabulary import Role
from duolangue.matching.domain.duo import HELD, RUNNING, Break, Closing, Duo, Override, Status, tell
from duolangue.matching.domain.people import Person
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.reasons import Criterion, Ground
from duolangue.matching.domain.rules import (
    AlreadyAccepted,
    AlreadyConfirmed,
    AlreadyDeclined,
    AlreadyEnded,
    NotADraft,
    NotProposed,
    NotRefused,
    NotRunning,
    PersonAway,
    Refused,
    TooLate,
)

Decision = Change[Duo] | None


def draft(
    duo: str, newcomer: str, volunteer: str, place: int, now: datetime, *, ground: Ground, score: int = 0,
    reasons: Iterable[Criterion] = (), run: str = "", by: str = "", override: Override | None = None,
) -> Duo:  # fmt: skip
    """A pair for the coordinator to look at. It holds both places and tells nobody."""
    return Duo(
        id=duo, newcomer=newcomer, volunteer=volunteer, place=place, run=run, status=Status.DRAFT, held=True,
        origin=DuoOrigin.RUN if run else DuoOrigin.BY_HAND, score=score, reasons=tuple(reasons), drafted_at=now,
        shared_interests=ground.interests, shared_languages=ground.languages, shared_slots=ground.slots, drafted_by=by, override=override,
    )  # fmt: skip


def already_running(duo: str, newcomer: str, volunteer: str, place: int, now: datetime, ground: Ground) -> Change[Duo]:
    """A duo that ran before the association used the platform: confirmed at once, whatever the places say."""
    state = Duo(
        id=duo, newcomer=newcomer, volunteer=volunteer, place=place, status=Status.CONFIRMED, held=True,
        origin=DuoOrigin.IMPORT, accepted_by=tuple(Role), confirmed_at=now,
        shared_interests=ground.interests, shared_languages=ground.languages, shared_slots=ground.slots,
    )  # fmt: skip
    return Change(state, (tell(DuoConfirmed, state),))


def approve(
    duo: Duo, newcomer: Person | None, volunteer: Person | None, now: datetime, policy: Policy, by: str = ""
) -> Decision:
    """The coordinator says yes, or the association's policy does: both are to be asked, in the order of the policy.

    Raises:
        NotADraft: it was discarded or is over.
        PersonAway: one of the two paused or left meanwhile.
    """
    if duo.status in HELD - {Status.DRAFT}:
        return None
    if duo.status is not Status.DRAFT:
        raise NotADraft
    for person, side in ((newcomer, Role.NEWCOMER), (volunteer, Role.VOLUNTEER)):
        if person is None or not person.available(side):
            raise PersonAway(field=side.value)
    state = _moved(
        duo, Status.PROPOSED, proposed_at=now, approved_by=by, order=policy.ask_order,
        reminder_days=policy.reminder_days, expiry_days=policy.expiry_days,
    )  # fmt: skip
    return Change(state, (tell(DuoProposed, state),))


def discard(duo: Duo, now: datetime) -> Decision:
    """The coordinator says no to a draft: nobody hears of it, and it is never made again.

    Raises:
        NotADraft: somebody was asked already, or it is over.
    """
    if duo.status is Status.DISCARDED:
        return None
    if duo.status is not Status.DRAFT:
        raise NotADraft
    return Change(_moved(duo, Status.DISCARDED, barred=True, closing=Closing.COORDINATOR, ended_at=now))


def asked(duo: Duo, side: Role, sent_at: datetime) -> Decision:
    """The proposal's message really left for one side: from now on its silence counts."""
    before = duo.asked.get(side)
    if duo.status is not Status.PROPOSED or (before is not None and before >= sent_at):
        return None
    return Change(duo.model_copy(update={"asked": {**duo.asked, side: sent_at}}))


def accept(duo: Duo, side: Role, now: datetime) -> Decision:
    """One side says yes; the second yes makes the duo.

    Raises:
        NotProposed, AlreadyDeclined, TooLate, AlreadyEnded: the state does not wait for an answer.
    """
    if side in duo.accepted_by and duo.status in {Status.PROPOSED, *RUNNING}:
        return None
    if duo.status is not Status.PROPOSED:
        raise _not_answerable(duo, side)
    state = duo.model_copy(
        update={"accepted_by": tuple(each for each in Role if each is side or each in duo.accepted_by)}
    )
    told = tell(DuoAccepted, state)
    if state.unanswered:
        return Change(state, (told,))
    confirmed = _moved(state, Status.CONFIRMED, confirmed_at=now)
    return Change(confirmed, (told, tell(DuoConfirmed, confirmed)))


def decline(duo: Duo, side: Role, reason: str, now: datetime) -> Decision:
    """One side says no. Why stays here.

    Raises:
        NotProposed, AlreadyAccepted, AlreadyConfirmed, TooLate, AlreadyEnded: the state does not wait for this answer.
    """
    if duo.status is Status.DECLINED:
        return None
    if duo.status in RUNNING:
        raise AlreadyConfirmed
    if duo.status is not Status.PROPOSED:
        raise _not_answerable(duo, side)
    if side in duo.accepted_by:
        raise AlreadyAccepted
    state = _moved(
        duo, Status.DECLINED, barred=True, declined_by=side, reason=reason, closing=Closing.DECLINED, ended_at=now
    )
    return Change(state, (tell(DuoDeclined, state),))


def allow_again(duo: Duo) -> Decision:
    """A no, or a draft discarded for good, was a mistake: the two may be proposed to each other again. What was told stays told; nobody goes
    first for it. Who was kept from somebody since a report stays so, and nothing says it.

    Raises:
        NotRefused: nobody said no to this pair.
    """
    if duo.status not in {Status.DECLINED, Status.DISCARDED}:
        raise NotRefused
    if not duo.barred or duo.unsafe:
        return None
    nobody = {"declined_by": None, "reason": "", "closing": Closing.WITHDRAWN}
    return Change(duo.model_copy(update={"barred": False, **nobody}))


def remind(duo: Duo, now: datetime) -> Decision:
    """Who was asked and has not answered for a while is to be reminded, once."""
    silent = duo.to_remind(now)
    if not silent:
        return None
    state = duo.model_copy(update={"reminded": {**duo.reminded, **dict.fromkeys(silent, now)}})
    return Change(state, (tell(DuoUnanswered, state, silent),))


def expire(duo: Duo, now: datetime) -> Decision:
    """No answer came in time. The pair may be proposed again."""
    if duo.expires_at is None or duo.expires_at > now:
        return None
    silent = tuple(side for side in duo.asking if side in duo.asked)
    state = _moved(duo, Status.EXPIRED, closing=Closing.SILENCE, silent=silent, ended_at=now)
    return Change(state, (tell(DuoExpired, state),))


def count_silence(duo: Duo) -> Decision:
    """It was looked at what the silence means for who was silent."""
    if not duo.silent or duo.silence_counted:
        return None
    return Change(duo.model_copy(update={"silence_counted": True}))


def withdraw(duo: Duo, now: datetime, closing: Closing = Closing.WITHDRAWN) -> Decision:
    """Take back a draft (nobody hears of it) or a proposal (who was asked is told kindly); a running duo stays.

    This says nothing about the pair, which may be proposed again.
    """
    if duo.status is Status.DRAFT:
        return Change(_moved(duo, Status.DISCARDED, closing=closing, ended_at=now))
    if duo.status is Status.PROPOSED:
        state = _moved(duo, Status.EXPIRED, closing=closing, ended_at=now)
        return Change(state, (tell(DuoExpired, state),))
    return None


def make_way(duo: Duo, now: datetime, rearrangement: str) -> Decision:
    """A draft makes way for others, without prejudice to the pair; anything else stays."""
    if duo.status is not Status.DRAFT:
        return None
    return withdraw(duo.model_copy(update={"made_way_for": rearrangement}), now, Closing.SWAPPED)


def drop_draft(duo: Duo, now: datetime) -> Decision:
    """Take back a draft whose people cannot be paired now; anything else stays."""
    return withdraw(duo, now) if duo.status is Status.DRAFT else None


def pause(duo: Duo, now: datetime) -> Decision:
    """The duo takes a break and keeps its places.

    Raises:
        NotRunning: it is not confirmed.
    """
    if duo.status is Status.PAUSED:
        return None
    if duo.status is not Status.CONFIRMED:
        raise NotRunning
    state = _moved(duo, Status.PAUSED, paused_at=now)
    return Change(state, (tell(DuoPaused, state),))


def resume(duo: Duo, now: datetime) -> Decision:
    """The duo goes on.

    Raises:
        NotRunning: it never ran, or is over.
    """
    if duo.status is Status.CONFIRMED:
        return None
    if duo.status is not Status.PAUSED:
        raise NotRunning
    state = _moved(duo, Status.CONFIRMED, paused_at=None, breaks=_breaks(duo, now))
    return Change(state, (tell(DuoResumed, state),))


def end(duo: Duo, reason: str, now: datetime, closing: Closing = Closing.ENDED) -> Decision:
    """The duo is over; why stays here.

    Raises:
        NotRunning: it is not running; a draft is discarded, a proposal withdrawn.
    """
    if duo.status is Status.ENDED:
        return None
    if duo.status not in RUNNING:
        raise NotRunning
    return _ended(duo, reason, now, closing)


def end_for_safety(duo: Duo, now: datetime) -> Decision:
    """The duo is over at once, whether it runs or was only proposed; nobody has to say why, and these two are not paired again.

    A proposal is over as any other that does not go on: another fact or other words would tell that there was a report.
    """
    if duo.status in RUNNING:
        return _ended(duo, "", now, Closing.SAFETY)
    if not duo.held:  # it was over before: what was told of it holds, but the two are kept from each other for good
        known = duo.unsafe or duo.closing is Closing.SAFETY
        return None if known else Change(duo.model_copy(update={"barred": True, "unsafe": True}))
    return withdraw(duo.model_copy(update={"barred": True}), now, Closing.SAFETY)


def leave(duo: Duo, now: datetime, side: Role) -> Decision:
    """Somebody of the duo left the association."""
    if duo.status in RUNNING:
        return _ended(duo.model_copy(update={"away": side}), "", now, Closing.LEFT)
    return _gone(duo, now, side, Closing.LEFT)


def rest(duo: Duo, now: datetime, side: Role) -> Decision:
    """Somebody takes a break from the association: what they were to be asked is taken back, a duo that runs stays."""
    return None if duo.status in RUNNING else _gone(duo, now, side, Closing.WITHDRAWN)


def _gone(duo: Duo, now: datetime, side: Role, closing: Closing) -> Decision:
    """A draft, or a proposal, without one of its two; of a draft the other one knew nothing, and loses nothing."""
    away = {"away": side} if duo.status is Status.PROPOSED else {}
    return withdraw(duo.model_copy(update=away), now, closing)


def erase(duo: Duo, now: datetime, side: Role) -> Decision:
    """Somebody of the duo is erased: of what they said and liked nothing stays, only who, when and what became of it."""
    bare = duo.model_copy(
        update={
            "override": None,
            "reason": "",
            "reasons": (),
            "shared_interests": (),
            "shared_languages": (),
            "shared_slots": (),
        }
    )
    return leave(bare, now, side) or (None if bare == duo else Change(bare))


def _ended(duo: Duo, reason: str, now: datetime, closing: Closing) -> Change[Duo]:
    over = {"paused_at": None, "breaks": _breaks(duo, now), "ended_at": now}
    state = _moved(duo, Status.ENDED, barred=True, reason=reason, closing=closing, **over)
    return Change(state, (tell(DuoEnded, state),))


def _breaks(duo: Duo, now: datetime) -> tuple[Break, ...]:
    """The duo's breaks, with the one it takes now, over."""
    return duo.breaks if duo.paused_at is None else (*duo.breaks, Break(begun=duo.paused_at, over=now))


def _moved(duo: Duo, status: Status, **more: Any) -> Duo:
    return duo.model_copy(update={"status": status, "held": status in HELD, **more})


def _not_answerable(duo: Duo, side: Role) -> Refused:
    """Why a side can answer no more; that the other one declined is not for it to know."""
    if duo.status in {Status.DRAFT, Status.DISCARDED}:
        return NotProposed()
    if duo.status is Status.DECLINED:
        return AlreadyDeclined() if duo.declined_by is side else TooLate()
    return TooLate() if duo.status is Status.EXPIRED else AlreadyEnded()
