"""Conversations: told by a side with its link or by a coordinator, and taken back."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from duolangue.chassis.decision import Change
from duolangue.chassis.store import Absent, Contended, Taken
from duolangue.contracts.vocabulary import Medium, Role
from duolangue.sessions.domain import conversation as conversations
from duolangue.sessions.domain import day, weeks
from duolangue.sessions.domain.commitment import Commitment, CommitmentStatus, DuoOver
from duolangue.sessions.domain.conversation import Conversation, Face, Telling
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
    another: bool = False
    """They talked more than once that day, and say so."""
    seen: Collection[str] | None = None
    """Of a coordinator: the keys of what was known when they were asked that; none: all that is."""


async def open_log(link: LogLink, ports: Ports) -> LogForm:
    """What a log link shows.

    Raises:
        Absent, NotInDuo, DuoOver, NoSuchWeek: the link's sentence.
        DayOutOfBounds: its week is still to come, or was before the duo began.
    """
    association = await associations.known(ports)
    commitment, side = await _running(link, ports)
    today = weeks.day_at(ports.clock.now(), association.zone)
    days, chosen = conversations.offered_days(weeks.days_of(link.week), today)
    if chosen is None:
        conversations.day_within(weeks.monday_of(link.week), today, link.week)
    conversations.day_within(days[0], today, link.week, commitment.earliest_week(association.zone))
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
        ToldAlready: this side told of this day, and does not say that this is another one.
    """
    association = await associations.known(ports)
    commitment, side = await _running(link, ports)
    today, earliest = weeks.day_at(ports.clock.now(), association.zone), commitment.earliest_week(association.zone)
    conversations.day_within(told.held_on, today, link.week, earliest)
    kept, quietly = await _tell(link.duo, side, told, ports)
    if quietly:
        await following.look(link.duo, ports, week=kept.week)
    return kept


async def log_by_desk(duo: str, told: Told, ports: Ports) -> Conversation:
    """Log a conversation a coordinator heard of. The same `key` gives what it logged the first time.

    Raises:
        Absent: no such duo was ever confirmed.
        ToldAlready: one of this day is known, and nobody said that this is another.
        DayOutOfBounds, MinutesOutOfBounds: the field's sentence.
    """
    association = await associations.known(ports)
    commitment = await ports.commitments.get(duo)
    now, ended_at = ports.clock.now(), commitment.ended_at
    ended_on = weeks.day_at(ended_at, association.zone) if ended_at else None
    earliest = commitment.earliest_week(association.zone)
    conversations.day_for_desk(told.held_on, weeks.day_at(now, association.zone), ended_on, earliest)
    logged, _ = await _tell(duo, None, told, ports)
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


async def known_of(duo: str, held_on: date, ports: Ports) -> list[str]:
    """The keys of what is known of a duo's day."""
    return sorted(day.known(await _of_the_day(duo, held_on, ports)))


async def told_of(shown: list[Conversation], ports: Ports) -> dict[str, list[Telling]]:
    """What was told of each of a duo's conversations, by its id: it may be kept with another one of that day, one taken back included."""
    days = sorted({each.held_on.isoformat() for each in shown if each.of})
    kept = await ports.conversations.select({"duo": {"$eq": shown[0].duo}, "held_on": {"$in": days}}) if days else []
    return conversations.told_of({each.id: each for each in (*kept, *shown)}.values())


async def _running(link: LogLink, ports: Ports) -> tuple[Commitment, Role]:
    commitment = await ports.commitments.get(link.duo)
    side = commitment.side_of(link.person)
    if commitment.status is CommitmentStatus.ENDED:
        raise DuoOver(
            "This duo has come to its end: nothing needs to be logged any more. Thank you for your time together."
        )
    return commitment, side


async def _tell(duo: str, side: Role | None, told: Told, ports: Ports) -> tuple[Conversation, bool]:
    """Keep what somebody tells; whether nothing was told of it to others, as what counts is what counted before."""
    telling = conversations.telling(
        side, told.minutes, told.key, ports.clock.now(), told.face, told.word, medium=told.medium
    )
    for _ in range(ATTEMPTS):
        known = await _of_the_day(duo, told.held_on, ports)
        if kept := day.told_before(known, told.key):
            await _settle(duo, told.held_on, ports)
            return kept, False
        if not told.another:
            day.not_again(known, side)
        day.fits(known, side, told.minutes)
        same = day.the_same(known, side, told.medium, told.minutes)
        if same is not None:
            kept = await ports.conversations.update(same.id, lambda state: conversations.told_again(state, telling))
            if kept.told_with(told.key):
                return kept, not await _settle(duo, told.held_on, ports) and kept.minutes == same.minutes
            continue  # somebody told of it at this very moment: look again
        number = len(known) + 1
        name, fresh = day.shared_id(duo, told.held_on, number), day.apart(known, telling, told.seen)
        begun = conversations.told(name, duo, told.held_on, told.medium, fresh)
        try:
            kept = await ports.conversations.add(begun.state, *begun.facts)
        except Taken:
            continue
        if number > 1:
            await _settle(duo, told.held_on, ports)
        return kept, False
    raise Contended(duo)


async def _settle(duo: str, held_on: date, ports: Ports) -> bool:
    """See which tellings of the day are of one conversation, until nothing is left to change; whether anything was."""
    changed = False
    for _ in range(ATTEMPTS):
        changes = day.settled(await _of_the_day(duo, held_on, ports))
        if not changes:
            return changed
        for seen, change in changes:
            if seen is None:
                with suppress(Taken):
                    await ports.conversations.add(change.state, *change.facts)
            else:
                await ports.conversations.update(seen.id, partial(_unless_changed, seen=seen, change=change))
        changed = True
    raise Contended(duo)


def _unless_changed(
    state: Conversation, seen: Conversation, change: Change[Conversation]
) -> Change[Conversation] | None:
    return change if state == seen else None


async def _of_the_day(duo: str, held_on: date, ports: Ports) -> list[Conversation]:
    """What was told of a day, by the ids that such conversations have."""
    found: list[Conversation] = []
    while len(found) % AT_A_TIME == 0:
        numbers = range(len(found) + 1, len(found) + 1 + AT_A_TIME)
        more = await ports.conversations.several([day.shared_id(duo, held_on, each) for each in numbers])
        if not more:
            break
        found += more
    return found
