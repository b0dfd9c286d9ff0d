"""People and pairs while a replay goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from duolangue.contracts.vocabulary import Role
from duolangue.matching.domain.people import Person
from duolangue.matching.domain.question import PATIENCE
from duolangue.matching.replaying.record import Standing


class Stage(Enum):
    """How far a pair is."""

    DRAFT = auto()
    ASKED = auto()
    DUO = auto()
    OVER = auto()


@dataclass(slots=True)
class Together:
    """A pair, from draft to end."""

    newcomer: Somebody
    volunteer: Somebody
    score: int = 0
    tenths_km: int = 0
    stage: Stage = Stage.DRAFT
    yes: set[Role] = field(default_factory=set)
    asked: set[Role] = field(default_factory=set)

    def side(self, role: Role) -> Somebody:
        """Who is on one side."""
        return self.newcomer if role is Role.NEWCOMER else self.volunteer


@dataclass(slots=True)
class Somebody:
    """One person, on either side or both."""

    person: Person
    came: bool = False
    """Whether they were there at any time."""
    here: bool = False
    on_break: bool = False
    silences: int = 0
    """Proposals in a row without an answer."""
    first: bool = False
    """Goes first, since somebody else refused or stayed silent."""
    pair: Together | None = None
    """As a newcomer."""
    began: datetime | None = None
    """Since when they wait as a newcomer."""
    content: bool = False
    """Had a duo and looks for none."""
    helps: list[Together] = field(default_factory=list)
    """As a volunteer."""
    times: dict[str, int] = field(default_factory=dict)

    @property
    def not_asked(self) -> bool:
        """Stayed silent so often that nobody asks any more."""
        return self.silences >= PATIENCE

    @property
    def available(self) -> bool:
        """Whether they may be drafted, or stay so."""
        return self.here and not self.on_break and not self.not_asked

    @property
    def searches(self) -> bool:
        """Whether a run looks for a volunteer for them."""
        return self.person.newcomer is not None and self.available and self.pair is None and not self.content

    @property
    def places(self) -> int:
        """Free ones, as a volunteer."""
        limit = self.person.places if self.available else 0
        return max(0, limit - len(self.helps))

    def nth(self, what: str) -> int:
        """The how manieth time this is that something happens to them."""
        self.times[what] = self.times.get(what, 0) + 1
        return self.times[what]

    def standing(self) -> Standing:
        """Where they stand as a newcomer."""
        if not self.here:
            return Standing.LEFT
        if self.pair is not None and self.pair.stage is Stage.DUO:
            return Standing.IN_DUO
        if self.content:
            return Standing.CONTENT
        return Standing.WAITING if self.available or self.pair is not None else Standing.AWAY
