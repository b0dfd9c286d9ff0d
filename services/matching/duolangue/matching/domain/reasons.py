"""Why a pair was made and why somebody waits: codes with parameters, from which sentences are built in any language."""

from __future__ import annotations

from duolangue.contracts.vocabulary import SLOTS, Interest
from duolangue.matching.domain.people import Person
from duolangue.matching.domain.policy import CriterionName
from duolangue.matching.domain.state import State

Parameter = int | str | tuple[str, ...] | None
MILLION = 1_000_000
_MOMENT_ORDER = ("evening", "afternoon", "midday", "morning")


class Criterion(State):
    """One criterion of one pair."""

    criterion: CriterionName
    value: int
    """From 0 to 1,000,000."""
    parameters: dict[str, Parameter] = {}


class Reason(State):
    """Why somebody waits: the first constraint, in a fixed order, after which nobody is left."""

    code: str
    parameters: dict[str, Parameter] = {}


class Ground(State):
    """What two people have in common."""

    interests: tuple[Interest, ...] = ()
    languages: tuple[str, ...] = ()
    """Other than French."""
    slots: tuple[str, ...] = ()
    """Moments that suit both, the most convenient for a first call first; empty when neither named any."""


def common_ground(one: Person, other: Person) -> Ground:
    """What two people have in common. Who named no moment can at any time."""
    if one.availability and other.availability:
        slots = set(one.availability) & set(other.availability)
    else:
        slots = {*one.availability, *other.availability}
    return Ground(
        interests=tuple(sorted(set(one.interests) & set(other.interests))),
        languages=tuple(sorted((set(one.languages) & set(other.languages)) - {"fr"})),
        slots=tuple(sorted(slots, key=_convenience)),
    )


def _convenience(slot: str) -> tuple[int, int]:
    return _MOMENT_ORDER.index(slot.partition("_")[2]), SLOTS.index(slot)
