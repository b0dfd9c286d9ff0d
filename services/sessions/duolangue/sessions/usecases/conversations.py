"""Conversations: told by a side with its link or by a coordinator, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from duolangue.chassis.store import Taken
from duolangue.contracts.vocabulary import Medium, Role
from duolangue.sessions.domain import conversation as conversations
from duolangue.sessions.domain import weeks
from duolangue.sessions.domain.commitment import Commitment, CommitmentStatus, DuoOver
from duolangue.sessions.domain.conversation import Conversation, Telling, TooMany
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import associations


@dataclass(frozen=True, slots=True)
class LogLink:
    """A log link as its person opened it."""

    duo: str
    person: str
    week: str


@dataclass(frozen=True, slots=True)
class LogForm:
    """What may be logged with a link, and what has been."""

    association: str
    """Its name."""
    partner: str
    """The participant on the other side."""
    week: str
    days: list[date]
    """Those of the week that are not to come."""
    chosen: date | None
    promised: int
    logged: list[Conversation]

    @property
    def minutes(self) -> int:
        """What the duo talked that week, as known now."""
        return sum(conversation.minutes for conversation in self.logged)


async def open_log(link: LogLink, ports: Ports) -> LogForm:
    """What a log link shows.

    Raises:
        Absent, NotInDuo, DuoOver, NoSuchWeek: the link's sentence.
        DayOutOfBounds: its week is still to come.
    """
    association = await associations.known(ports)
    commitment, side = await _running(link, ports)
    today = weeks.day_at(ports.clock.now(), association.zone)
    days, chosen = conversations.offered_days(weeks.days_of(link.week), today)
    if chosen is None:
        conversations.day_within(weeks.monday_of(link.week), today, link.week)
    logged = await ports.conversations.select(
        {"duo": link.duo, "week": link.week, "withdrawn": False}, sort=[("held_on", 1), ("logged_at", 1)]
    )
    partner = commitment.volunteer if side is Role.NEWCOMER else commitment.newcomer
    return LogForm(association.name, partner, link.week, days, chosen, commitment.promised, logged)


async def log_by_link(
    link: LogLink, ports: Ports, *, held_on: date, minutes: int, medium: Medium, key: str
) -> Conversation:
    """Log a conversation as one side tells it. The same form again (its `key`) gives what it logged the first time.

    Raises:
        Absent, NotInDuo, DuoOver, DayOutOfBounds, MinutesOutOfBounds, TooMany: the link's sentence, or the field's.
    """
    association = await associations.known(ports)
    _, side = await _running(link, ports)
    now = ports.clock.now()
    conversations.day_within(held_on, weeks.day_at(now, association.zone), link.week)
    telling = conversations.telling(side, minutes, key, now)
    for number in range(1, conversations.MOST_A_DAY + 1):
        conversation_id = conversations.shared_id(link.duo, held_on, medium, number)
        conversation = await _tell(conversation_id, link.duo, held_on, medium, telling, ports)
        if conversation.told_with(key):
            return conversation
    raise TooMany("That is more than fits in a day. Has it been logged already?", field="held_on")


async def log_by_desk(duo: str, ports: Ports, *, held_on: date, minutes: int, medium: Medium, key: str) -> Conversation:
    """Log a conversation a coordinator heard of. The same `key` gives what it logged the first time.

    Raises:
        Absent: no such duo was ever confirmed.
        DayOutOfBounds, MinutesOutOfBounds: the field's sentence.
    """
    association = await associations.known(ports)
    commitment = await ports.commitments.get(duo)
    now, ended_at = ports.clock.now(), commitment.ended_at
    ended_on = weeks.day_at(ended_at, association.zone) if ended_at else None
    conversations.day_for_desk(held_on, weeks.day_at(now, association.zone), ended_on)
    telling = conversations.telling(None, minutes, key, now)
    return await _tell(conversations.coordinators_id(duo, key), duo, held_on, medium, telling, ports)


async def withdraw(conversation: str, ports: Ports) -> Conversation:
    """Take a conversation back: it counts nowhere from now on.

    Raises:
        Absent: there is no such conversation.
    """
    return await ports.conversations.update(conversation, conversations.withdraw)


async def of_duo(duo_id: str, ports: Ports) -> list[Conversation]:
    """A duo's conversations, the latest first, without those taken back.

    Raises:
        Absent: no such duo was ever confirmed.
    """
    await ports.commitments.get(duo_id)
    return await ports.conversations.select(
        {"duo": duo_id, "withdrawn": False}, sort=[("held_on", -1), ("logged_at", -1)]
    )


async def _running(link: LogLink, ports: Ports) -> tuple[Commitment, Role]:
    commitment = await ports.commitments.get(link.duo)
    side = commitment.side_of(link.person)
    if commitment.status is CommitmentStatus.ENDED:
        raise DuoOver(
            "This duo has come to its end: nothing needs to be logged any more. Thank you for your time together."
        )
    return commitment, side


async def _tell(
    conversation_id: str, duo_id: str, held_on: date, medium: Medium, telling: Telling, ports: Ports
) -> Conversation:
    """Add the telling to the conversation of this id, or begin it; whoever else tells at the same moment."""
    if await ports.conversations.find(conversation_id) is None:
        begun = conversations.told(conversation_id, duo_id, held_on, medium, telling)
        try:
            return await ports.conversations.add(begun.state, *begun.facts)
        except Taken:
            pass
    return await ports.conversations.update(
        conversation_id, lambda conversation: conversations.told_again(conversation, telling)
    )
