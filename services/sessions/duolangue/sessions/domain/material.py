"""What a report is made of, and who is looked at in it. How it is counted is decided in `impact`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeVar

from duolangue.contracts.facts.activities import ActivityKind
from duolangue.contracts.vocabulary import Medium, Role
from duolangue.sessions.domain.apart import rests
from duolangue.sessions.domain.counted import Counted, Told
from duolangue.sessions.domain.figures import MonthSum
from duolangue.sessions.domain.formed import Formed
from duolangue.sessions.domain.period import Period
from duolangue.sessions.domain.placement import Learner
from duolangue.sessions.domain.story import Story
from duolangue.sessions.domain.talked import months_between

Known = tuple[Counted, Told]
"""Somebody, and how they stood."""
KeyT = TypeVar("KeyT")


@dataclass(frozen=True, slots=True)
class Talk:
    """What a duo talked by one medium in the period."""

    duo: str
    medium: Medium
    conversations: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Visit:
    """How often somebody came to one kind of activity in the period."""

    participant: str
    side: Role
    kind: ActivityKind
    times: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting of an activity that somebody came to."""

    kind: ActivityKind
    host: str = ""
    """The participant who gave it; empty where nobody did."""
    month: str = ""
    """In which it was."""


class Noted(NamedTuple):
    """What a duo's last look noted of all its conversations."""

    duo: str
    months: str
    """Month by month (`Talked.months_noted`)."""
    lasted: Collection[int]
    """After which so many weeks it still met."""


def talks_in(period: Period, noted: Iterable[Noted]) -> tuple[list[Talk], list[MonthSum]]:
    """What each duo talked in a period by each medium, and what all talked in each of its months; from the months noted of each duo."""
    talks, sums = [], {month: [0, 0] for month in period.months()}
    for duo, months, _ in noted:
        every: dict[str, list[int]] = {}
        for month, medium, conversations, minutes in months_between(period.first, period.last, months):
            for sum_of in (every.setdefault(medium, [0, 0]), sums[month]):
                sum_of[0] += conversations
                sum_of[1] += minutes
        talks += [Talk(duo, Medium(medium), *sum_of) for medium, sum_of in every.items()]
    return talks, [MonthSum(month=month, conversations=each[0], minutes=each[1]) for month, each in sums.items()]


@dataclass(frozen=True)
class Material:
    """All that a report is made of."""

    people: Mapping[str, Counted]
    duos: Mapping[str, Formed]
    noted: Sequence[Noted] = ()
    talks: Sequence[Talk] = ()
    visits: Sequence[Visit] = ()
    held: Sequence[Held] = ()
    stories: Sequence[Story] = ()
    learners: Sequence[Learner] = ()
    """Who came to the end of a level."""
    months: Sequence[MonthSum] = ()
    """Without the duos formed."""


@dataclass(frozen=True)
class Sight:
    """Who is looked at: everybody, or those who live in a zone; as they stood at the end of the period."""

    material: Material
    period: Period
    municipalities: frozenset[str] | None = None
    """Those of the zone, by their first postcodes; none for everybody."""
    others: tuple[frozenset[str], ...] = ()
    """Those of the association's other zones: their reports could be compared with this one."""

    @cached_property
    def standing(self) -> Mapping[str, Told]:
        """How everybody stood at the end of the period."""
        people = self.material.people.items()
        return {key: told for key, person in people if (told := person.as_of(self.period.last))}

    def known(self, person: str) -> Known | None:
        """Somebody with how they stood at the end of the period."""
        told = self.standing.get(person)
        return (self.material.people[person], told) if told else None

    def lives_there(self, person: str) -> bool:
        """Whether somebody counts here: everybody where no zone is chosen, else whoever lives in it."""
        if self.municipalities is None:
            return True
        told = self.standing.get(person)
        return told is not None and told.municipality in self.municipalities

    def rests(self, keys: Iterable[tuple[str, KeyT]]) -> list[Counter[KeyT]]:
        """Whom this report sets apart beside those of everybody and of other zones, by key; `keys`: everybody who is counted, with theirs."""
        if self.municipalities is None:
            return []
        lives = ((told.municipality if (told := self.standing.get(each)) else None, key) for each, key in keys)
        return rests(lives, self.municipalities, self.others)

    def around(self) -> list[Sight]:
        """What else is told that holds this one whole: everybody, and larger zones."""
        if self.municipalities is None:
            return []
        zones = {*self.others, self.municipalities}
        larger = [each for each in self.others if each > self.municipalities]
        return [
            Sight(self.material, self.period, None, tuple(zones)),
            *(Sight(self.material, self.period, each, tuple(zones - {each})) for each in larger),
        ]

    def holds(self, other: Sight) -> bool:
        """Whether this is more than another, and all of it."""
        theirs = other.municipalities
        return theirs is not None and (self.municipalities is None or self.municipalities > theirs)

    def parts(self) -> list[frozenset[str]]:
        """The zones within this one, whose totals are told."""
        return [each for each in self.others if self.municipalities is None or each < self.municipalities]

    @cached_property
    def reached(self) -> Mapping[Role, set[str]]:
        """Whoever talked in a duo or came to an activity in the period, by side."""
        return {side: {each for each in self.everybody[side] if self.lives_there(each)} for side in Role}

    @cached_property
    def everybody(self) -> Mapping[Role, set[str]]:
        """The same of all zones."""
        return {side: set(_reached(self.material, side)) for side in Role}


def _reached(material: Material, side: Role) -> Iterable[str]:
    for talk in material.talks:
        formed = material.duos.get(talk.duo)
        if formed is not None:
            yield formed.newcomer if side is Role.NEWCOMER else formed.volunteer
    yield from (visit.participant for visit in material.visits if visit.side is side)
    for held in material.held:  # whoever gives it is there
        person = material.people.get(held.host)
        told = person.as_of(held.month) if person else None
        if told and (Role.NEWCOMER if Role.NEWCOMER in told.roles else Role.VOLUNTEER) is side:
            yield held.host
