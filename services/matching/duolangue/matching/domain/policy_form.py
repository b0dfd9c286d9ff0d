"""The policy as somebody fills it in: in days, hundredths and hours of the clock; every fault is found at once, by its field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from duolangue.matching.domain.policy import FULL_SCORE, AskOrder, CriterionName, Policy
from duolangue.matching.domain.schedule import Schedule

HUNDREDTH: Final = FULL_SCORE // 100
NUMBERS: Final[Mapping[str, tuple[int, int]]] = {
    **{f"weight_{name.value}": (0, 100) for name in CriterionName},
    "patience": (0, 1000),
    "minimum": (0, 100),
    "reminder_days": (1, 30),
    "expiry_days": (2, 60),
    "question_days": (1, 60),
    "every_weeks": (1, 4),
}
"""The least and the most of each number."""
FIELDS: Final = {"weights": "weights", "tiers": "tiers", "schedule": "days"}
"""Under which field of the form a fault of the policy stands, where the names differ."""

LONGEST: Final = 6
"""Digits of a number that somebody types."""
LAST_HOUR: Final = 23
LAST_MINUTE: Final = 59


@dataclass(frozen=True, slots=True)
class Fault:
    """A sentence in English, a msgid of the catalogues, with its values."""

    code: str
    sentence: str
    values: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(slots=True)
class Filled:
    """A form, as typed."""

    typed: dict[str, str]
    days: list[str]
    """Of the week, 1 is Monday."""
    policy: Policy | None = None
    """None where there are faults."""
    faults: dict[str, Fault] = field(default_factory=dict)


def of(policy: Policy) -> Filled:
    """The form for what holds now."""
    schedule = policy.schedule or Schedule()
    typed = {f"weight_{name.value}": str(policy.weights.of(name)) for name in CriterionName}
    typed |= {
        "patience": str(round(FULL_SCORE / policy.day_waited)) if policy.day_waited else "0",
        "minimum": str(policy.minimum_score // HUNDREDTH),
        "tiers": ", ".join(map(str, policy.tiers)),
        "common_time": "yes" if policy.common_time else "",
        "rhythm": "on" if policy.schedule else "off",
        "time": f"{schedule.hour:02}:{schedule.minute:02}",
        "every_weeks": str(schedule.every_weeks),
        "then": "propose" if policy.proposes_at_once else "draft",
        "ask_order": policy.ask_order.value,
        **{name: str(getattr(policy, name)) for name in ("reminder_days", "expiry_days", "question_days")},
    }
    return Filled(typed, [str(day) for day in schedule.days] if policy.schedule else [], policy)


def read(told: Mapping[str, str], days: Sequence[str]) -> Filled:
    """What somebody filled in."""
    filled = Filled(dict(told), list(days))
    numbers = {name: _number(name, told, filled) for name in NUMBERS}
    weights = {name.value: numbers[f"weight_{name.value}"] for name in CriterionName}
    raw: dict[str, Any] = {
        "weights": weights,
        "day_waited": round(FULL_SCORE / numbers["patience"]) if numbers["patience"] else 0,
        "minimum_score": numbers["minimum"] * HUNDREDTH,
        "tiers": _tiers(told.get("tiers", ""), filled),
        "common_time": told.get("common_time") == "yes",
        "schedule": _schedule(told, days, numbers["every_weeks"], filled),
        "proposes_at_once": told.get("then") == "propose",
        "ask_order": told.get("ask_order", AskOrder.VOLUNTEER_FIRST.value),
        **{name: numbers[name] for name in ("reminder_days", "expiry_days", "question_days")},
    }
    try:
        policy = Policy.model_validate(raw)
    except ValidationError as error:
        for each in error.errors():
            name = str(each["loc"][0]) if each["loc"] else "reminder_days"
            filled.faults.setdefault(FIELDS.get(name, name), _fault(each["type"], each["msg"]))
    else:
        filled.policy = None if filled.faults else policy
    return filled


def _fault(kind: str, message: str) -> Fault:
    """Our own rules speak for themselves; what a browser cannot have sent gets one sentence."""
    ours = {"weights_nothing", "tiers_range", "tiers_order", "reminder_late", "schedule_days"}
    return Fault(kind, message) if kind in ours else Fault("not_kept", "This cannot be kept.")


def _number(name: str, told: Mapping[str, str], filled: Filled) -> int:
    least, most = NUMBERS[name]
    text = told.get(name, "").strip()
    value = int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST else None
    if value is None or not least <= value <= most:
        filled.faults[name] = Fault(
            "number_range", "A whole number from %(least)s to %(most)s.", {"least": least, "most": most}
        )
        return least
    return value


def _tiers(text: str, filled: Filled) -> tuple[int, ...]:
    parts = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    if any(not (part.isascii() and part.isdecimal() and len(part) < LONGEST) for part in parts):
        filled.faults["tiers"] = Fault("tiers_numbers", "Whole numbers of days, with a comma between them.")
        return ()
    return tuple(map(int, parts))


def _schedule(told: Mapping[str, str], days: Sequence[str], weeks: int, filled: Filled) -> dict[str, Any] | None:
    if told.get("rhythm") != "on":
        return None
    hour, _, minute = told.get("time", "").partition(":")
    digits = f"{hour[:3]}{minute[:2]}".isascii() and hour[:3].isdecimal() and minute[:2].isdecimal()
    if not digits or int(hour[:3]) > LAST_HOUR or int(minute[:2]) > LAST_MINUTE:
        filled.faults["time"] = Fault("clock_time", "A time of the day, as in 06:00.")
        return None
    wanted = [int(day) for day in days if day.isascii() and day.isdecimal() and len(day) == 1]
    return {"days": wanted, "hour": int(hour), "minute": int(minute[:2]), "every_weeks": weeks}
