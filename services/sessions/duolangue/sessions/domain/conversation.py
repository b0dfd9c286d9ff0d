"""A duo's conversation: told by a side through its link, by both, or by a coordinator.

Where those who tell of it differ, the shorter duration counts, and what was told first of how they met.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from duolangue.chassis.decision import Change, RuleBroken
from duolangue.contracts.facts.sessions import SessionLogged, SessionWithdrawn
from duolangue.contracts.vocabulary import EntityId, Medium, Role, Week
from duolangue.sessions.domain.weeks import week_of

LONGEST: Final = 600
"""Minutes of the longest conversation that is believed."""
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


class Telling(BaseModel):
    """What one person told of a conversation."""

    model_config = ConfigDict(frozen=True)

    side: Role | None
    """None for a coordinator."""
    minutes: int = Field(ge=1, le=LONGEST)
    key: str = Field(min_length=1, max_length=64)
    """The form's own key: the same form sent again tells nothing new."""
    at: AwareDatetime
    medium: Medium | None = None
    """How they met, as told here; None where that is what the conversation says."""
    face: Face | None = None
    word: str = Field(default="", max_length=LONGEST_WORD)
    """For the coordinator alone: it goes nowhere else, and never on the bus."""
    apart: tuple[str, ...] = ()
    """The keys of what was known of the day when a coordinator said that this is another conversation."""


class Part(BaseModel):
    """A telling, kept here or with another conversation of the day, that is of this one."""

    model_config = ConfigDict(frozen=True)

    key: str
    side: Role | None


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
    """What counts: the shortest of what was told."""
    tellings: tuple[Telling, ...] = Field(min_length=1, max_length=24)
    """As they came. Where two talked more than once that day, one of these may be of another conversation (`of`)."""
    of: tuple[Part, ...] = ()
    """The tellings of the day that are of this conversation, where these are not simply its own."""
    logged_by: Role | None
    """Who told it first; None for a coordinator."""
    logged_at: AwareDatetime
    withdrawn: bool = False
    """A coordinator took it back: it counts nowhere."""
    spare: bool = False
    """Two told at one moment, and there was one conversation too many: its tellings count with the others of the day."""
    unread: bool = False
    """Somebody wrote a word that no coordinator has marked as read."""

    def told_with(self, key: str) -> bool:
        """Whether the form with this key was received."""
        return any(telling.key == key for telling in self.tellings)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The tellings that are of it, wherever they are kept."""
        return self.of or tuple(Part(key=each.key, side=each.side) for each in self.tellings)

    def told_by(self, side: Role | None) -> bool:
        """Whether this side told of it; None for the desk."""
        return any(part.side is side for part in self.parts)

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


def told_of(known: Iterable[Conversation]) -> dict[str, list[Telling]]:
    """What was told of each of these conversations, by its id, wherever among them it is kept."""
    every = list(known)
    kept: dict[str, Telling] = {}
    for telling in (telling for each in every for telling in each.tellings):
        if telling.key not in kept or telling.word or telling.face:  # a copy has neither
            kept[telling.key] = telling
    return {each.id: [kept[part.key] for part in each.parts if part.key in kept] for each in every}


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
    """Another side tells of it too: the shorter duration counts, and is told anew where it differs.

    None when there is nothing to add: the same form again, the same side (another conversation then), or one taken back.
    """
    if conversation.withdrawn or conversation.told_with(telling.key):
        return None
    if conversation.told_by(telling.side):
        return None
    minutes = min(conversation.minutes, telling.minutes)
    part = Part(key=telling.key, side=telling.side)
    changed = conversation.model_copy(
        update={
            "of": (*conversation.of, part) if conversation.of else (),
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
    own = {part.key for part in conversation.parts}
    others = any(telling.word and telling.key not in own for telling in conversation.tellings)
    update = {"withdrawn": True, "unread": conversation.unread and others}
    return Change(conversation.model_copy(update=update), (fact,))


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


def day_within(held_on: date, today: date, week: str, earliest: str = "") -> date:
    """The day, if a link for `week` may log it today, of a duo that may have talked from the week `earliest` on.

    Raises:
        DayOutOfBounds: another week, a day to come, or before the duo began.
    """
    if week_of(held_on) != week:
        raise DayOutOfBounds("This link is for another week.", field="held_on")
    return _not_to_come(_not_before(held_on, earliest), today)


def day_for_desk(held_on: date, today: date, ended_on: date | None, earliest: str = "") -> date:
    """The day, if a coordinator may log it.

    Raises:
        DayOutOfBounds: a day to come, more than a year ago, before the duo began or after its end.
    """
    if (today - held_on).days > OLDEST_DAYS:
        raise DayOutOfBounds("This day is more than a year ago.", field="held_on")
    if ended_on is not None and held_on > ended_on:
        raise DayOutOfBounds("The duo had ended by then.", field="held_on")
    return _not_to_come(_not_before(held_on, earliest), today)


def offered_days(days: list[date], today: date) -> tuple[list[date], date | None]:
    """The days of a link's week that may be chosen, and the one chosen at first: today, or the last when the week is over."""
    past = [day for day in days if day <= today]
    return past, past[-1] if past else None


def _not_before(held_on: date, earliest: str) -> date:
    if week_of(held_on) < earliest:
        raise DayOutOfBounds("The duo began later.", field="held_on")
    return held_on


def _not_to_come(held_on: date, today: date) -> date:
    if held_on > today:
        raise DayOutOfBounds("This day is still to come.", field="held_on")
    return held_on


def telling(
    side: Role | None,
    minutes: int,
    key: str,
    now: datetime,
    face: Face | None = None,
    word: str = "",
    medium: Medium | None = None,
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
    return Telling(
        side=side, minutes=believable_minutes(minutes), key=key, at=now, medium=medium, face=face, word=plain
    )
