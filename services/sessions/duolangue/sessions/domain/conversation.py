"""A duo's conversation: told by a side through its link, by both, or by a coordinator.

What one side tells and what the other tells of the same day is one conversation, as long as one of them has told no more of that day
than the other; where they differ, the shorter duration counts and what was told first of how they met. The n-th of a day has an id
made of the day and n, so that two people who tell at the same moment meet in one document.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import NAMESPACE_OID, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from duolangue.chassis.decision import Change, RuleBroken
from duolangue.contracts.facts.sessions import SessionLogged, SessionWithdrawn
from duolangue.contracts.vocabulary import EntityId, Medium, Role, Week
from duolangue.sessions.domain.weeks import week_of

LONGEST: Final = 600
"""Minutes of the longest conversation that is believed."""
MOST_A_DAY: Final = 12
"""Conversations of one day that one side may tell."""
OLDEST_DAYS: Final = 366
"""How far back a coordinator may log, in days: further is a slip of the pen in the year."""


LONGEST_WORD: Final = 500
"""Characters that somebody may write to the coordinator about a conversation."""


class Face(StrEnum):
    """How it went, for who tells it. Only coordinators see it; it counts nowhere."""

    GOOD = "good"
    SO_SO = "so_so"
    HARD = "hard"


class WordTooLong(RuleBroken):
    """A letter where a word was meant."""

    code = "word_too_long"


class MinutesOutOfBounds(RuleBroken):
    """Shorter than a minute or longer than ten hours."""

    code = "minutes_out_of_bounds"


class DayOutOfBounds(RuleBroken):
    """A day in the future, outside the link's week, long ago, or after the duo's end."""

    code = "day_out_of_bounds"


class TooMany(RuleBroken):
    """More conversations in one day than anybody has."""

    code = "too_many"
    status = 409


class Telling(BaseModel):
    """What one person told of a conversation."""

    model_config = ConfigDict(frozen=True)

    side: Role | None
    """None for a coordinator."""
    minutes: int = Field(ge=1, le=LONGEST)
    key: str = Field(min_length=1, max_length=64)
    """The form's own key: the same form sent again tells nothing new."""
    at: AwareDatetime
    face: Face | None = None
    word: str = Field(default="", max_length=LONGEST_WORD)
    """For the coordinator alone: it goes nowhere else, and never on the bus."""


class Conversation(BaseModel):
    """A conversation that took place."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    duo: EntityId
    held_on: date
    """The day, in the association's time zone."""
    week: Week
    medium: Medium
    minutes: int = Field(ge=1, le=LONGEST)
    """What counts: the shorter of what the two sides told."""
    tellings: tuple[Telling, ...] = Field(min_length=1, max_length=2)
    logged_by: Role | None
    """Who told it first; None for a coordinator."""
    logged_at: AwareDatetime
    withdrawn: bool = False
    """A coordinator took it back: it counts nowhere."""
    unread: bool = False
    """Somebody wrote a word that no coordinator has marked as read."""

    def told_with(self, key: str) -> bool:
        """Whether the form with this key was received."""
        return any(telling.key == key for telling in self.tellings)

    def fact(self) -> SessionLogged:
        """The conversation as others know it."""
        return SessionLogged(
            duo=self.duo,
            held_on=self.held_on,
            week=self.week,
            minutes=self.minutes,
            medium=self.medium,
            logged_by=self.logged_by,
        )


def shared_id(duo: str, held_on: date, number: int) -> str:
    """The id of the `number`-th conversation (from 1) that either side tells of this day."""
    return str(uuid5(NAMESPACE_OID, f"{duo}/{held_on.isoformat()}/{number}"))


def of_the_sides(day: Collection[Conversation]) -> list[Conversation]:
    """Those of a day that a side told of, taken back ones included; what the desk logged stands apart."""
    return [each for each in day if each.tellings[0].side is not None]


def told_before(day: Collection[Conversation], key: str) -> Conversation | None:
    """What the form with this key made already."""
    return next((each for each in day if each.told_with(key)), None)


def the_same(day: Collection[Conversation], side: Role, medium: Medium, minutes: int) -> Conversation | None:
    """Which conversation of the day a side tells of: one that only the other side told of, by the same medium rather than by another, and
    the nearest in duration. None: one that nobody told of before.
    """
    other = [
        each
        for each in of_the_sides(day)
        if not each.withdrawn and all(told.side is not side for told in each.tellings)
    ]
    return min(other, key=lambda each: (each.medium is not medium, abs(each.minutes - minutes), each.id), default=None)


def next_number(day: Collection[Conversation], side: Role) -> int:
    """The number of a conversation that nobody told of before.

    Raises:
        TooMany: this side told of more than fits in a day.
    """
    known = of_the_sides(day)
    if sum(any(told.side is side for told in each.tellings) for each in known) >= MOST_A_DAY:
        raise TooMany("That is more than fits in a day. Has it been logged already?", field="held_on")
    return len(known) + 1


def coordinators_id(duo: str, key: str) -> str:
    """The id of a conversation that a coordinator logs with the form of this key."""
    return str(uuid5(NAMESPACE_OID, f"{duo}/coordinator/{key}"))


def told(conversation_id: str, duo: str, held_on: date, medium: Medium, telling: Telling) -> Change[Conversation]:
    """A conversation nobody told of before."""
    conversation = Conversation(
        id=conversation_id,
        duo=duo,
        held_on=held_on,
        week=week_of(held_on),
        medium=medium,
        minutes=telling.minutes,
        tellings=(telling,),
        logged_by=telling.side,
        logged_at=telling.at,
        unread=bool(telling.word),
    )
    return Change(conversation, (conversation.fact(),))


def told_again(conversation: Conversation, telling: Telling) -> Change[Conversation] | None:
    """The other side tells of it too: the shorter duration counts, and is told anew where it differs.

    None when there is nothing to add: the same form again, the same side (another conversation then), or one taken back.
    """
    if conversation.withdrawn or conversation.told_with(telling.key):
        return None
    if any(telling.side is earlier.side for earlier in conversation.tellings):
        return None
    minutes = min(conversation.minutes, telling.minutes)
    changed = conversation.model_copy(
        update={
            "tellings": (*conversation.tellings, telling),
            "minutes": minutes,
            "unread": conversation.unread or bool(telling.word),
        }
    )
    return Change(changed, (changed.fact(),) if minutes != conversation.minutes else ())


def withdraw(conversation: Conversation) -> Change[Conversation] | None:
    """Take a conversation back. Doing it again changes nothing."""
    if conversation.withdrawn:
        return None
    fact = SessionWithdrawn(duo=conversation.duo, held_on=conversation.held_on, week=conversation.week)
    return Change(conversation.model_copy(update={"withdrawn": True, "unread": False}), (fact,))


def read(conversation: Conversation) -> Change[Conversation] | None:
    """A coordinator has read what was written."""
    return Change(conversation.model_copy(update={"unread": False})) if conversation.unread else None


def wordless(conversation: Conversation) -> Change[Conversation] | None:
    """What was written, and how it went for whom, is forgotten; that they talked stays."""
    tellings = tuple(each.model_copy(update={"face": None, "word": ""}) for each in conversation.tellings)
    if tellings == conversation.tellings and not conversation.unread:
        return None
    return Change(conversation.model_copy(update={"tellings": tellings, "unread": False}))


def believable_minutes(minutes: int) -> int:
    """The minutes, if anybody could have talked so long.

    Raises:
        MinutesOutOfBounds: fewer than 1 or more than 600.
    """
    if not 1 <= minutes <= LONGEST:
        raise MinutesOutOfBounds("A conversation lasts between 1 and 600 minutes.", field="minutes")
    return minutes


def day_within(held_on: date, today: date, week: str) -> date:
    """The day, if a link for `week` may log it today.

    Raises:
        DayOutOfBounds: another week, or a day to come.
    """
    if week_of(held_on) != week:
        raise DayOutOfBounds("This link is for another week.", field="held_on")
    return _not_to_come(held_on, today)


def day_for_desk(held_on: date, today: date, ended_on: date | None) -> date:
    """The day, if a coordinator may log it.

    Raises:
        DayOutOfBounds: a day to come, more than a year ago, or after the duo's end.
    """
    if (today - held_on).days > OLDEST_DAYS:
        raise DayOutOfBounds("This day is more than a year ago.", field="held_on")
    if ended_on is not None and held_on > ended_on:
        raise DayOutOfBounds("The duo had ended by then.", field="held_on")
    return _not_to_come(held_on, today)


def offered_days(days: list[date], today: date) -> tuple[list[date], date | None]:
    """The days of a link's week that may be chosen, and the one chosen at first: today, or the last when the week is over."""
    past = [day for day in days if day <= today]
    return past, past[-1] if past else None


def _not_to_come(held_on: date, today: date) -> date:
    if held_on > today:
        raise DayOutOfBounds("This day is still to come.", field="held_on")
    return held_on


def telling(
    side: Role | None, minutes: int, key: str, now: datetime, face: Face | None = None, word: str = ""
) -> Telling:
    """What somebody tells, once its minutes are believable.

    Raises:
        MinutesOutOfBounds: fewer than 1 or more than 600.
        WordTooLong: more than 500 characters.
    """
    lines = word.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(each for each in lines if each == "\n" or unicodedata.category(each) not in {"Cc", "Cs"}).strip()
    if len(plain) > LONGEST_WORD:
        raise WordTooLong("Please write a little less: 500 characters at most.", field="word")
    return Telling(side=side, minutes=believable_minutes(minutes), key=key, at=now, face=face, word=plain)
