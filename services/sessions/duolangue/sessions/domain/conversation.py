"""A duo's conversation: told by a side through its link, by both, or by a coordinator.

What one side tells and what the other tells of the same day and medium is one conversation; the shorter duration counts. The
n-th a side tells of that day and medium is the n-th the other tells, which the ids express: so two people who tell at the same
moment meet in one document.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from uuid import NAMESPACE_OID, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from duolangue.chassis.decision import Change, RuleBroken
from duolangue.contracts.facts.sessions import SessionLogged
from duolangue.contracts.vocabulary import EntityId, Medium, Role, Week
from duolangue.sessions.domain.weeks import week_of

LONGEST: Final = 600
"""Minutes of the longest conversation that is believed."""
MOST_A_DAY: Final = 12
"""Conversations by one medium on one day that one side may tell."""
OLDEST_DAYS: Final = 366
"""How far back a coordinator may log, in days: further is a slip of the pen in the year."""


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


def shared_id(duo: str, held_on: date, medium: Medium, number: int) -> str:
    """The id of the `number`-th conversation (from 1) that either side tells of this day and medium."""
    return str(uuid5(NAMESPACE_OID, f"{duo}/{held_on.isoformat()}/{medium.value}/{number}"))


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
    changed = conversation.model_copy(update={"tellings": (*conversation.tellings, telling), "minutes": minutes})
    return Change(changed, (changed.fact(),) if minutes != conversation.minutes else ())


def withdraw(conversation: Conversation) -> Change[Conversation] | None:
    """Take a conversation back. Doing it again changes nothing."""
    return None if conversation.withdrawn else Change(conversation.model_copy(update={"withdrawn": True}))


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


def telling(side: Role | None, minutes: int, key: str, now: datetime) -> Telling:
    """What somebody tells, once its minutes are believable.

    Raises:
        MinutesOutOfBounds: fewer than 1 or more than 600.
    """
    return Telling(side=side, minutes=believable_minutes(minutes), key=key, at=now)
