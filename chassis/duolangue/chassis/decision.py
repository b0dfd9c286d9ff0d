"""What a domain decides: a new state, and the facts to tell. Pure, so that domains may use it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from duolangue.contracts.envelope import Fact

StateT = TypeVar("StateT")


@dataclass(frozen=True, slots=True)
class Change(Generic[StateT]):
    """The state an entity has from now on, and the facts that tell it, in order."""

    state: StateT
    facts: tuple[Fact, ...] = ()


class RuleBroken(Exception):
    """A rule of the domain says no. Subclasses say which; the edge turns them into a sentence.

    Attributes:
        field: the input it is about, when it is about one.
        code: a stable name of the rule, for interfaces and translations.
    """

    code = "rule_broken"

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field
