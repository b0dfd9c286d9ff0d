"""What a coordinator sees first in the morning: what waits for them, the most urgent first, then how things stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from duolangue.contracts.requests import Concern


class Own(StrEnum):
    """What may wait for a coordinator in registration, or how things stand there."""

    PROBLEMS = "problems"
    """Reports that nobody has closed."""
    INTERVIEWS = "interviews"
    """People who wait for a first interview."""
    TO_LOOK_AT = "to_look_at"
    """Applications with something a human is to look at."""
    UNREACHABLE = "unreachable"
    """People whose address refuses messages."""
    ASKED = "asked"
    """People who were asked for more before their interview is over."""
    LINKS = "links"
    """People who asked for the link to their own page and have no e-mail."""
    MINORS = "minors"
    """Days on which minors wanted to sign up, which nobody has read of yet."""
    DUPLICATES = "duplicates"
    """Pairs of records that may be one person."""
    ERASURES = "erasures"
    """Erasures that some service has not answered yet."""
    ACTIVE = "active"
    """People who take part."""
    PAUSED = "paused"
    """People on a break."""


URGENCY: Final[tuple[str, ...]] = (
    Own.PROBLEMS,
    Own.INTERVIEWS,
    Own.TO_LOOK_AT,
    Concern.DRAFTS,
    Concern.HOST_LEFT,
    Concern.PROPOSED_WORKSHOPS,
    Concern.TO_HAND_OVER,
    Own.LINKS,
    Concern.NOT_SENT,
    Concern.TO_CALL,
    Concern.HOMEWORK,
    Own.UNREACHABLE,
    Own.ASKED,
    Own.MINORS,
    Own.DUPLICATES,
    Own.ERASURES,
)
"""What waits, in the order in which it is shown: somebody in trouble before somebody who waits, people before paper."""
STANDING: Final[tuple[str, ...]] = (Own.ACTIVE, Own.PAUSED, Concern.RUNNING, Concern.PROPOSED)
"""How things stand: nothing to be done about them today."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure, and the page that lists what it counts."""

    concern: str
    count: int
    path: str
    most: int = 0
    """Where it was counted no further than this; 0 means to the end."""

    @property
    def more(self) -> bool:
        """Whether there may be more than the figure says."""
        return 0 < self.most <= self.count

    @property
    def alarming(self) -> bool:
        """Whether somebody may be in trouble."""
        return self.concern == Own.PROBLEMS


@dataclass(frozen=True, slots=True)
class Today:
    """The desk of one morning."""

    waiting: list[Line]
    """What is to be done: only what there is."""
    standing: list[Line]
    away: list[str]
    """Services that did not answer: their figures are missing, which is not nothing to do."""


def arrange(lines: Iterable[Line], away: Iterable[str]) -> Today:
    """The figures of all services in the order of the desk."""
    known: Mapping[str, Line] = {line.concern: line for line in lines}
    return Today(
        waiting=[known[each] for each in URGENCY if each in known and known[each].count],
        standing=[known[each] for each in STANDING if each in known],
        away=list(away),
    )
