"""Who is missing: the kinds of volunteer by whom most of those who wait would get a duo. Counts and places, never a person."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from duolangue.chassis.decision import Change
from duolangue.contracts.facts.registration import AgeRange
from duolangue.contracts.vocabulary import DAYS, MOMENTS, Gender, Level
from duolangue.matching.domain.state import State

MISSING: Final = "missing"
"""The id of an association's only answer."""
WEEKEND: Final = ("sat", "sun")


class Hours(StrEnum):
    """When a volunteer would have time."""

    DAYTIME = "daytime"
    """From Monday to Friday, before the evening."""
    EVENING = "evening"
    """From Monday to Friday."""
    WEEKEND = "weekend"

    @property
    def slots(self) -> tuple[str, ...]:
        """The moments of the week."""
        days = WEEKEND if self is Hours.WEEKEND else tuple(day for day in DAYS if day not in WEEKEND)
        moments = {Hours.DAYTIME: MOMENTS[:-1], Hours.EVENING: MOMENTS[-1:], Hours.WEEKEND: MOMENTS}[self]
        return tuple(f"{day}_{moment}" for day in days for moment in moments)


class Profile(State):
    """A kind of volunteer: what is asked of them, and nothing else."""

    postcode: str
    comfort: Level
    """The lowest level of French they are at ease with."""
    language: str | None = None
    """A language they should speak besides French."""
    hours: Hours | None = None
    """None where the association does not ask for a common moment."""
    gender: Gender | None = None
    age: AgeRange | None = None
    """The ages that meet most wishes; none where nobody who is left wishes for one."""

    @property
    def id(self) -> str:
        """Names the profile in an address."""
        parts = (self.comfort.cefr, self.language, self.hours, self.gender)
        named = [self.postcode, *(str(each or "any") for each in parts)]
        return "-".join([*named, f"{self.age.least}to{self.age.most}"] if self.age else named)

    @property
    def beginners(self) -> bool:
        """Whether beginners need them."""
        return self.comfort.rank <= Level.A1.rank

    @property
    def demands(self) -> int:
        """How much is asked of them; fewer demands find more people."""
        wanted = (self.language, self.hours, self.gender, self.age)
        return self.beginners + sum(each is not None for each in wanted)


class Call(State):
    """A kind of volunteer who is missing."""

    profile: Profile
    more: int
    """How many people more would have a duo, if volunteers like this offered so many places: each place gives one more, up to this."""


class Finding(State):
    """What was found by looking at the pool."""

    waiting: int = 0
    """Newcomers who wait."""
    left: int = 0
    """Of those, for how many there is nobody now, however all are paired."""
    calls: tuple[Call, ...] = ()
    """By how many they would help, the most first; each helps somebody whom those found before it do not. Checked by pairing everybody anew."""
    complete: bool = True
    """Whether no kind of volunteer that was thought of helps more than the first; not where the pool was too large to try them all."""


class Missing(State):
    """What was last found, and whether it is being looked for anew."""

    id: str = MISSING
    wanted_at: datetime | None = None
    """Since when somebody waits for a new answer; none when nobody does."""
    found_at: datetime | None = None
    finding: Finding = Finding()

    @property
    def due_at(self) -> datetime | None:
        """As soon as somebody waits for it."""
        return self.wanted_at


def want(state: Missing, now: datetime) -> Change[Missing] | None:
    """It is to be looked for anew."""
    return None if state.wanted_at is not None else Change(state.model_copy(update={"wanted_at": now}))


def found(state: Missing, finding: Finding, wanted_at: datetime | None, now: datetime) -> Change[Missing]:
    """It was found for who wanted it then; whoever asked since waits on."""
    still = None if state.wanted_at == wanted_at else state.wanted_at
    return Change(state.model_copy(update={"finding": finding, "found_at": now, "wanted_at": still}))
