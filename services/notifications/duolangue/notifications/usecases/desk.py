"""What coordinators see and do: hand over what no mail can carry, look after what failed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from duolangue.chassis.store import Absent
from duolangue.chassis.whatsapp import wa_me
from duolangue.contracts.facts.notifications import MessageKind
from duolangue.contracts.links import Purpose
from duolangue.contracts.requests import Concern, Figure
from duolangue.notifications.domain import message as messages
from duolangue.notifications.domain.contact import Contact
from duolangue.notifications.domain.message import Message, MessageStatus
from duolangue.notifications.ports import Ports
from duolangue.notifications.usecases.telling import reach_again
from duolangue.notifications.usecases.writing import makes_sense, write

MOST: Final = 200
"""Messages shown at once."""
URGENCY: Final = (
    MessageKind.PROPOSAL,
    MessageKind.REMINDER,
    MessageKind.CONFIRMATION,
    MessageKind.PLACE_OFFERED,
    MessageKind.PLACE_CANCELLED,
    MessageKind.PLACE_MOVED,
    MessageKind.HOSTING_CANCELLED,
    MessageKind.HOSTING_OVER,
    MessageKind.HOUR_FREE,
    MessageKind.HOSTING_MOVED,
    MessageKind.PLACE_REMINDER,
    MessageKind.HOSTING_REMINDER,
    MessageKind.LAST_QUESTION,
    MessageKind.NEXT_STEP,
    MessageKind.BREAK,
    MessageKind.BREAK_OVER,
    MessageKind.ABSENCES_LAST,
    MessageKind.ABSENCES_SERIOUS,
    MessageKind.HOSTING,
    MessageKind.PLACE,
    MessageKind.HOMEWORK_RETURNED,
    MessageKind.HOMEWORK,
    MessageKind.ABSENCES,
    MessageKind.WAITING_LIST,
    MessageKind.WITHDRAWN,
    MessageKind.ENDED,
    MessageKind.NUDGE,
    MessageKind.QUESTIONS_START,
    MessageKind.QUESTIONS_END,
    MessageKind.WELCOME,
    MessageKind.MILESTONE,
)
"""Which message is handed over first: somebody's answer holds a place, a welcome can wait."""
COUNTED: Final = {"$group": {"_id": {"kind": "$state.kind", "status": "$state.status"}, "count": {"$sum": 1}}}
ASKS: Final = {
    MessageKind.PROPOSAL: Purpose.ANSWER_PROPOSAL,
    MessageKind.REMINDER: Purpose.ANSWER_PROPOSAL,
    MessageKind.LAST_QUESTION: Purpose.STILL_TAKING_PART,
    MessageKind.NUDGE: Purpose.LOG_CONVERSATION,
    MessageKind.NEXT_STEP: Purpose.NEXT_STEP,
    MessageKind.QUESTIONS_START: Purpose.THREE_QUESTIONS,
    MessageKind.QUESTIONS_END: Purpose.THREE_QUESTIONS,
    MessageKind.PLACE_OFFERED: Purpose.OWN_ACTIVITIES,
    MessageKind.HOSTING: Purpose.HOST_ACTIVITY,
    MessageKind.HOSTING_REMINDER: Purpose.HOST_ACTIVITY,
    MessageKind.HOSTING_MOVED: Purpose.HOST_ACTIVITY,
    MessageKind.HOUR_FREE: Purpose.HOST_ACTIVITY,
}
"""What a kind of message asks its recipient to do."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A message that waits, with its words and links made just now."""

    message: Message
    name: str
    phone: str | None
    language: str
    text: str
    whatsapp: str | None
    """Opens a chat with the person, the text ready to send; none without a telephone."""
    links: Mapping[Purpose, str]

    @property
    def code(self) -> str | None:
        """What its printed code leads to: the answer or the log where it asks for one, else the chat with its text."""
        purpose = ASKS.get(self.message.kind)
        return self.links[purpose] if purpose else self.whatsapp


@dataclass(frozen=True, slots=True)
class Totals:
    """How many messages stand where."""

    by_status: Mapping[str, int]
    by_kind: Mapping[str, Mapping[str, int]]
    """By kind, then by status."""
    unreachable: int
    """People whose address refuses mail."""


async def waiting(ports: Ports, start: int = 0, count: int = MOST) -> list[Ready]:
    """What waits to be handed over and still makes sense: the most urgent kind first, then the oldest; `count` from place `start` on.

    Raises:
        bus.Unavailable: registration is away; the words cannot be made without it.
    """
    found: list[Message] = []
    waits = {"status": MessageStatus.WAITING.value}
    there = {row["_id"]["kind"] for row in await ports.messages.summarise(waits, COUNTED, index="to_hand_over")}
    for kind in URGENCY:
        if kind.value in there and (missing := start + count - len(found)):
            wanted = {**waits, "kind": kind.value}
            found += await ports.messages.select(wanted, sort=[("made_at", 1)], limit=missing, index="to_hand_over")

    async def one(message: Message) -> Ready | None:
        return await _ready(message, ports) if await makes_sense(message, ports) else None

    return [each for each in await asyncio.gather(*map(one, found[start:])) if each is not None]


async def ready(message_id: str, ports: Ports) -> Ready:
    """One message with its words.

    Raises:
        Absent: there is no such message, or its recipient is gone.
        bus.Unavailable: registration is away.
    """
    found = await _ready(await ports.messages.get(message_id), ports)
    if found is None:
        raise Absent(f"recipient of message {message_id}")
    return found


async def _ready(message: Message, ports: Ports) -> Ready | None:
    written = await write(message, ports)
    if written is None:
        return None
    letter, recipient = written.letter, written.recipient
    return Ready(
        message=message,
        name=f"{recipient.first_name} {recipient.last_name}".strip(),
        phone=recipient.phone,
        language=letter.language,
        text=letter.short,
        whatsapp=wa_me(recipient.phone, letter.short) if recipient.phone else None,
        links=recipient.links,
    )


async def hand_over(message_id: str, ports: Ports) -> Message:
    """A coordinator gave the message to the person.

    Raises:
        Absent: there is no such message.
        NotWaiting: it is not on the desk.
    """
    now = ports.clock.now()
    return await ports.messages.update(message_id, lambda state: messages.handed_over(state, now))


async def try_again(message_id: str, ports: Ports) -> Message:
    """Send a failed message again: somebody put the address right.

    Raises:
        Absent: there is no such message.
        NotFailed: it did not fail.
    """
    now = ports.clock.now()
    message = await ports.messages.update(message_id, lambda state: messages.tried_again(state, now))
    await reach_again(message.recipient, ports)
    return message


async def list_messages(
    ports: Ports, *, status: MessageStatus | None = None, about: str | None = None, recipient: str | None = None
) -> list[Message]:
    """Messages that fit, the newest first, at most 200."""
    asked = {"status": status.value if status else None, "about": about, "recipient": recipient}
    where = {name: value for name, value in asked.items() if value is not None}
    return await ports.messages.select(where, sort=[("made_at", -1)], limit=MOST)


async def unreachable_people(ports: Ports) -> list[Contact]:
    """Whose address refuses mail, since when; at most 200."""
    return await ports.contacts.select(
        {"unreachable_since": {"$ne": None}}, sort=[("unreachable_since", -1)], limit=MOST
    )


async def concerns(ports: Ports) -> list[Figure]:
    """What waits for a coordinator: messages to hand over, and those that could not be sent."""
    waiting, failed = await asyncio.gather(
        *(standing(each, ports) for each in (MessageStatus.WAITING, MessageStatus.FAILED))
    )
    return [
        Figure(concern=Concern.TO_HAND_OVER, count=waiting, path="/messages#to-hand-over"),
        Figure(concern=Concern.NOT_SENT, count=failed, path="/messages#not-sent"),
    ]


async def standing(status: MessageStatus, ports: Ports) -> int:
    """How many messages stand so."""
    return await ports.messages.count({"status": status.value}, index="standing")


async def totals(ports: Ports, since: datetime | None = None) -> Totals:
    """How many messages stand where: all of them, or those made since then."""
    where = {"made_at": {"$gte": since}} if since else {}
    rows = {
        (row["_id"]["kind"], row["_id"]["status"]): int(row["count"])
        for row in await ports.messages.summarise(where, COUNTED, index="lately")
    }
    by_status = {
        status.value: sum(count for (_, each), count in rows.items() if each == status.value)
        for status in MessageStatus
    }
    by_kind = {
        kind.value: {status.value: rows.get((kind.value, status.value), 0) for status in MessageStatus}
        for kind in MessageKind
    }
    people = await ports.contacts.summarise({"unreachable_since": {"$ne": None}}, {"$count": "people"})
    return Totals(by_status, by_kind, int(people[0]["people"]) if people else 0)
