"""One message to one person about one thing, and its way to that person. What it says is written elsewhere, at the last moment."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from duolangue.chassis.decision import Change, RuleBroken
from duolangue.contracts.facts.notifications import (
    Channel,
    MessageKind,
    NotificationFailed,
    NotificationSent,
    NotificationState,
)
from duolangue.contracts.facts.sessions import Milestone
from duolangue.contracts.vocabulary import EntityId, Week

NAMESPACE: Final = uuid.UUID("5b0d0c0e-6c8d-4f0a-9d43-6b1c6f0f6b0e")
"""Message ids are made in it; changing it would send every message of a redelivered event again."""

DELAYS: Final = tuple(timedelta(seconds=each) for each in (10, 60, 300, 900, 3600, 3 * 3600))
"""How long to wait after the first, second... attempt that failed for now; the last one repeats for ever."""


class MessageStatus(StrEnum):
    """Where a message stands."""

    DUE = "due"
    """To be sent by mail, now or after a delay."""
    SENT = "sent"
    WAITING = "waiting"
    """On the desk, for a coordinator to hand over."""
    HANDED_OVER = "handed_over"
    FAILED = "failed"
    """The address refused it for good, and there is no telephone either."""
    DROPPED = "dropped"
    """Not wanted any more before anybody was told."""


OPEN: Final = frozenset({MessageStatus.DUE, MessageStatus.WAITING})
"""Nobody was told yet, and somebody may still be."""
TOLD: Final = frozenset({MessageStatus.SENT, MessageStatus.HANDED_OVER})
"""The recipient really has it."""


class NotWaiting(RuleBroken):
    """Only what waits on the desk, or failed, can be handed over."""

    code = "not_waiting"
    status = 409


class NotFailed(RuleBroken):
    """Only a failed message can be tried again."""

    code = "not_failed"
    status = 409


class Message(BaseModel):
    """Kept without personal data: ids, a kind and a week, from which the words are made when they are needed."""

    model_config = ConfigDict(frozen=True)

    id: str
    kind: MessageKind
    recipient: EntityId
    about: EntityId
    """The duo, or the participant, it is about."""
    week: Week | None = None
    """The ISO week a nudge is for."""
    milestone: Milestone | None = None
    """What a word of thanks is for."""
    status: MessageStatus = MessageStatus.DUE
    channel: Channel | None = None
    """How it went or is to go; none until that is known."""
    attempts: int = Field(default=0, ge=0)
    """How often sending was tried."""
    made_at: AwareDatetime
    due_at: AwareDatetime | None
    """When to try to send it or, once on the desk, when it is too late to hand over; none when nothing is to be done."""
    lapses_at: AwareDatetime | None = None
    """From when on it would be pointless; none when it never is."""
    told_at: AwareDatetime | None = None
    """When the recipient really got it."""


def message_id(association: str, occasion: str, recipient: str, kind: MessageKind) -> str:
    """The same occasion (an event's id, or a duo's week) gives a recipient the same message, however often it comes."""
    return str(uuid.uuid5(NAMESPACE, f"{association}/{occasion}/{recipient}/{kind.value}"))


def dropped(message: Message) -> Change[Message] | None:
    """Nobody needs this any more; what was told stays told."""
    if message.status not in OPEN:
        return None
    return Change(message.model_copy(update={"status": MessageStatus.DROPPED, "due_at": None}))


def worth_until(message: Message, lapses_at: datetime | None) -> Change[Message] | None:
    """What it tells of happens later: it is pointless only from then on."""
    if message.status not in OPEN or message.lapses_at == lapses_at:
        return None
    on_the_desk = {"due_at": lapses_at} if message.status is MessageStatus.WAITING else {}
    return Change(message.model_copy(update={"lapses_at": lapses_at, **on_the_desk}))


def sent(message: Message, now: datetime) -> Change[Message] | None:
    """The mail server took it. True also of a message that was dropped while it was on its way."""
    if message.status in TOLD:
        return None
    state = message.model_copy(
        update={
            "status": MessageStatus.SENT,
            "channel": Channel.MAIL,
            "attempts": message.attempts + 1,
            "due_at": None,
            "told_at": now,
        }
    )
    return Change(state, (_told(state, now),))


def postponed(message: Message, now: datetime) -> Change[Message] | None:
    """The mail server, or registration, is away: later, with growing delays, and never given up."""
    if message.status is not MessageStatus.DUE:
        return None
    delay = DELAYS[min(message.attempts, len(DELAYS) - 1)]
    return Change(message.model_copy(update={"attempts": message.attempts + 1, "due_at": now + delay}))


def refused(message: Message, *, by_hand: bool) -> Change[Message] | None:
    """The address will never take it: said at once, and put on the desk where somebody can hand it over."""
    if message.status is not MessageStatus.DUE:
        return None
    state = message.model_copy(
        update={
            "status": MessageStatus.WAITING if by_hand else MessageStatus.FAILED,
            "channel": Channel.BY_HAND if by_hand else Channel.MAIL,
            "attempts": message.attempts + 1,
            "due_at": message.lapses_at if by_hand else None,
        }
    )
    return Change(state, (_failed(state),))


def put_on_desk(message: Message) -> Change[Message] | None:
    """There is no address for mail: a coordinator hands it over."""
    if message.status is not MessageStatus.DUE:
        return None
    return Change(
        message.model_copy(
            update={"status": MessageStatus.WAITING, "channel": Channel.BY_HAND, "due_at": message.lapses_at}
        )
    )


def handed_over(message: Message, now: datetime) -> Change[Message] | None:
    """A coordinator gave it to the person. Saying so twice changes nothing.

    Raises:
        NotWaiting: it is not on the desk.
    """
    if message.status is MessageStatus.HANDED_OVER:
        return None
    if message.status not in {MessageStatus.WAITING, MessageStatus.FAILED}:
        raise NotWaiting(f"This message is {message.status.value}, it does not wait to be handed over.")
    state = message.model_copy(
        update={"status": MessageStatus.HANDED_OVER, "channel": Channel.BY_HAND, "due_at": None, "told_at": now}
    )
    return Change(state, (_told(state, now),))


def tried_again(message: Message, now: datetime) -> Change[Message] | None:
    """After a failure, the whole way again: somebody put the address right. Asking twice changes nothing.

    Raises:
        NotFailed: it did not fail.
    """
    if message.status is MessageStatus.DUE:
        return None
    if message.status is not MessageStatus.FAILED:
        raise NotFailed(f"This message is {message.status.value}, there is nothing to try again.")
    return Change(
        message.model_copy(update={"status": MessageStatus.DUE, "channel": None, "attempts": 0, "due_at": now})
    )


def snapshot(message: Message, last_fact: str) -> NotificationState | None:
    """The fact that tells a message's present state again; none while nothing was told of it."""
    if message.status in TOLD and message.told_at is not None:
        return _told(message, message.told_at)
    return _failed(message) if last_fact == NotificationFailed.fact_name() else None


def _told(message: Message, at: datetime) -> NotificationSent:
    return NotificationSent(
        kind=message.kind,
        recipient=message.recipient,
        about=message.about,
        channel=message.channel or Channel.MAIL,
        sent_at=at,
    )


def _failed(message: Message) -> NotificationFailed:
    return NotificationFailed(kind=message.kind, recipient=message.recipient, about=message.about, channel=Channel.MAIL)
