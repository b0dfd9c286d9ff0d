"""Conversations: told by a side with its link or by a coordinator, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from duolangue.chassis.store import Absent, Contended, Taken
from duolangue.contracts.vocabulary import Medium, Role
from duolangue.sessions.domain import conversation as conversations
from duolangue.sessions.domain import weeks
from duolangue.sessions.domain.commitment import Commitment, CommitmentStatus, DuoOver
from duolangue.sessions.domain.conversation import Conversation, Face
from duolangue.sessions.domain.standing import Break
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import associations, following

ATTEMPTS: Final = 25
AT_A_TIME: Final = 3
"""Conversations of one day that are looked for at once: more are rare."""
WORDS_SHOWN: Final = 20


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
    resting: Break | None = None
    """The break that the duo takes today."""
    paused: bool = False
    """A coordinator paused it."""

    @property
    def minutes(self) -> int:
        """What the duo talked that week, as known now."""
        return sum(conversation.minutes for conversation in self.logged)


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody tells of a conversation, as it was typed."""

    held_on: date
    minutes: int
    medium: Medium
    key: str
    """The form's own: the same form sent again tells nothing new."""
    face: Face | None = None
    word: str = ""


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
        {"duo": {"$eq": link.duo}, "week": link.week, "withdrawn": False}, sort=[("held_on", 1), ("logged_at", 1)]
    )
    partner = commitment.volunteer if side is Role.NEWCOMER else commitment.newcomer
    return LogForm(
        association=association.name,
        partner=partner,
        week=link.week,
        days=days,
        chosen=chosen,
        promised=commitment.promised,
        logged=logged,
        resting=commitment.break_on(today),
        paused=commitment.status is CommitmentStatus.PAUSED,
    )


async def log_by_link(link: LogLink, told: Told, ports: Ports) -> Conversation:
    """Log a conversation as one side tells it. The same form again (its `key`) gives what it logged the first time.

    What it means for the duo is found out by our own reaction to `session.logged`.

    Raises:
        Absent, NotInDuo, DuoOver, DayOutOfBounds, MinutesOutOfBounds, WordTooLong, TooMany: the link's sentence, or the field's.
    """
    association = await associations.known(ports)
    _, side = await _running(link, ports)
    now = ports.clock.now()
    conversations.day_within(told.held_on, weeks.day_at(now, association.zone), link.week)
    telling = conversations.telling(side, told.minutes, told.key, now, told.face, told.word)
    for _ in range(ATTEMPTS):
        day = await _of_the_day(link.duo, told.held_on, ports)
        if known := conversations.told_before(day, told.key):
            return known
        same = conversations.the_same(day, side, told.medium, told.minutes)
        if same is None:
            number = conversations.next_number(day, side)
            fresh = conversations.shared_id(link.duo, told.held_on, number)
            begun = conversations.told(fresh, link.duo, told.held_on, told.medium, telling)
            try:
                return await ports.conversations.add(begun.state, *begun.facts)
            except Taken:
                continue  # somebody tells of the same day at this very moment: look again
        kept = await ports.conversations.update(same.id, lambda state: conversations.told_again(state, telling))
        if kept.told_with(told.key):
            return kept
    raise Contended(link.duo)


async def log_by_desk(duo: str, told: Told, ports: Ports) -> Conversation:
    """Log a conversation a coordinator heard of. The same `key` gives what it logged the first time.

    Raises:
        Absent: no such duo was ever confirmed.
        DayOutOfBounds, MinutesOutOfBounds: the field's sentence.
    """
    association = await associations.known(ports)
    commitment = await ports.commitments.get(duo)
    now, ended_at = ports.clock.now(), commitment.ended_at
    ended_on = weeks.day_at(ended_at, association.zone) if ended_at else None
    conversations.day_for_desk(told.held_on, weeks.day_at(now, association.zone), ended_on)
    telling = conversations.telling(None, told.minutes, told.key, now)
    begun = conversations.told(conversations.coordinators_id(duo, told.key), duo, told.held_on, told.medium, telling)
    try:
        logged = await ports.conversations.add(begun.state, *begun.facts)
    except Taken:
        logged = await ports.conversations.get(begun.state.id)
    await following.look(duo, ports, week=logged.week)
    return logged


async def withdraw(conversation: str, ports: Ports) -> Conversation:
    """Take a conversation back: it counts nowhere from now on.

    Raises:
        Absent: there is no such conversation.
    """
    taken_back = await ports.conversations.update(conversation, conversations.withdraw)
    await following.look(taken_back.duo, ports, week=taken_back.week)
    return taken_back


async def unread(ports: Ports) -> list[Conversation]:
    """Conversations with a word that no coordinator has marked as read, the latest first; at most 20."""
    return await ports.conversations.select({"unread": True}, sort=[("logged_at", -1)], limit=WORDS_SHOWN)


async def mark_read(duo: str, conversation: str, ports: Ports) -> Conversation:
    """A coordinator has read what somebody wrote.

    Raises:
        Absent: the duo has no such conversation.
    """
    if (await ports.conversations.get(conversation)).duo != duo:
        raise Absent(f"conversation {conversation} of duo {duo}")
    return await ports.conversations.update(conversation, conversations.read)


async def of_duo(duo_id: str, ports: Ports, most: int = 0) -> list[Conversation]:
    """A duo's conversations, the latest first, without those taken back; so many, where a number is given.

    Raises:
        Absent: no such duo was ever confirmed.
    """
    await ports.commitments.get(duo_id)
    return await ports.conversations.select(
        {"duo": {"$eq": duo_id}, "withdrawn": False}, sort=[("held_on", -1), ("logged_at", -1)], limit=most
    )


async def _running(link: LogLink, ports: Ports) -> tuple[Commitment, Role]:
    commitment = await ports.commitments.get(link.duo)
    side = commitment.side_of(link.person)
    if commitment.status is CommitmentStatus.ENDED:
        raise DuoOver(
            "This duo has come to its end: nothing needs to be logged any more. Thank you for your time together."
        )
    return commitment, side


async def _of_the_day(duo: str, held_on: date, ports: Ports) -> list[Conversation]:
    """What the sides told of a day, by the ids that such conversations have."""
    day: list[Conversation] = []
    while len(day) % AT_A_TIME == 0:
        numbers = range(len(day) + 1, len(day) + 1 + AT_A_TIME)
        more = await ports.conversations.several([conversations.shared_id(duo, held_on, each) for each in numbers])
        if not more:
            break
        day += more
    return day
