"""The form of a replay as somebody fills it in: up to four policies, how people behave, a time, a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from duolangue.matching.domain import policy_form
from duolangue.matching.domain.policy import Policy
from duolangue.matching.domain.policy_form import Fault
from duolangue.matching.domain.replay_question import MOST_CASES, Behaviour, Case

PLACES: Final = tuple(str(number) for number in range(1, MOST_CASES))
LONGEST_NAME: Final = 40
BEHAVIOUR: Final[Mapping[str, tuple[int, int]]] = {
    "volunteer_yes": (0, 100),
    "newcomer_yes": (0, 100),
    "approval_days": (0, 60),
    "answer_days": (0, 60),
    "duo_days": (1, 3650),
    "look_again": (0, 100),
}
"""The least and the most of each figure."""
KEPT_AS_THEY_ARE: Final = ("time", "reminder_days", "question_days")
"""Settings that a replay does not vary."""


@dataclass(slots=True)
class Tried:
    """One policy of the form, as typed."""

    place: str
    on: bool
    name: str
    typed: dict[str, str]
    days: list[str]
    faults: dict[str, Fault] = field(default_factory=dict)
    case: Case | None = None


@dataclass(slots=True)
class FilledReplay:
    """The whole form, as typed."""

    tried: list[Tried]
    typed: dict[str, str] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    told: dict[str, float] = field(default_factory=dict)

    @property
    def cases(self) -> list[Case]:
        """The policies that are tried."""
        return [each.case for each in self.tried if each.case is not None]

    @property
    def count(self) -> int:
        """How many fields are not right."""
        return len(self.faults) + sum(len(each.faults) for each in self.tried)


def blank(policy: Policy) -> FilledReplay:
    """The form before anything is typed: each policy as the one in force, the first one to be tried."""
    return FilledReplay([_blank(place, policy, on=place == PLACES[0]) for place in PLACES], _nothing())


def read(form: Mapping[str, Sequence[str]], present: Policy) -> FilledReplay:
    """What somebody filled in."""
    told = {name: values[0].strip() for name, values in form.items() if values}
    filled = FilledReplay([_read(place, form, present) for place in PLACES], _nothing() | told)
    filled.first, filled.last = _day("first", told, filled), _day("last", told, filled)
    for name, (least, most) in BEHAVIOUR.items():
        if told.get(name):
            _figure(name, told[name], least, most, filled)
    if not filled.cases and not filled.count:
        filled.faults["cases"] = Fault("no_cases", "Choose at least one set of other settings.")
    return filled


def _nothing() -> dict[str, str]:
    return {**dict.fromkeys((*BEHAVIOUR, "first", "last"), ""), "source": "history", "leave_out": ""}


def _blank(place: str, policy: Policy, *, on: bool) -> Tried:
    shown = policy_form.of(policy)
    return Tried(place, on, "", {**shown.typed, "rhythm": "on"}, shown.days or ["1"])


def _read(place: str, form: Mapping[str, Sequence[str]], present: Policy) -> Tried:
    prefix = f"c{place}_"
    own = {name.removeprefix(prefix): values for name, values in form.items() if name.startswith(prefix) and values}
    tried = _blank(place, present, on="on" in own)
    if not tried.on:
        return tried
    told = {name: values[0] for name, values in own.items()}
    tried.name = told.get("name", "").strip()[:LONGEST_NAME]
    kept = {name: tried.typed[name] for name in KEPT_AS_THEY_ARE}
    typed = {**dict.fromkeys(tried.typed, ""), **told, **kept, "rhythm": "on"}
    tried.days = list(own.get("days", ()))
    filled = policy_form.read(_reminded_in_time(typed), tried.days)
    tried.typed, tried.faults = typed, filled.faults
    if filled.policy is not None:
        tried.case = Case(name=tried.name or place, policy=filled.policy)
    return tried


def _reminded_in_time(typed: dict[str, str]) -> dict[str, str]:
    """A reminder says nothing in a replay: where the proposal is over sooner, it comes before."""
    expiry = typed.get("expiry_days", "").strip()
    if expiry.isascii() and expiry.isdecimal() and int(expiry[:4]) <= int(typed["reminder_days"]):
        return {**typed, "reminder_days": str(max(1, int(expiry[:4]) - 1))}
    return typed


def _day(name: str, told: Mapping[str, str], filled: FilledReplay) -> date | None:
    if not told.get(name):
        return None
    try:
        return date.fromisoformat(told[name])
    except ValueError:
        filled.faults[name] = Fault("no_day", "No such day.")
        return None


def _figure(name: str, text: str, least: int, most: int, filled: FilledReplay) -> None:
    values: dict[str, Any] = {"least": least, "most": most}
    try:
        value = float(text.replace(",", "."))
        behaviour = Behaviour.model_validate({name: value})
    except (ValueError, ValidationError):
        filled.faults[name] = Fault("number_range", "A number from %(least)s to %(most)s.", values)
    else:
        filled.told[name] = getattr(behaviour, name)
