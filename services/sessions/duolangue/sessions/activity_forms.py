"""What people type in the forms of activities: read into a plan, or into faults beside the fields; what was typed stays."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from fastapi import Request
from pydantic import ValidationError

from duolangue.contracts.facts.activities import ActivityKind, Presence
from duolangue.sessions.domain.activity import MOST_MEETINGS, MOST_PLACES, Activity
from duolangue.sessions.domain.activity_policy import BALANCING, ActivityPolicy
from duolangue.sessions.domain.announcing import Plan
from duolangue.sessions.domain.eligibility import Answer, Rule
from duolangue.sessions.domain.meeting import LONGEST, SHORTEST, Meeting

MOST_TIMES: Final = 60
"""Weeks that one series is made for at a time."""
HOURS: Final = {"relax_hours": (1, 720), "offer_hours": (1, 168), "reminder_hours": (1, 168)}
"""Bounds of the numbers that are hours."""
MOST_FIELDS: Final = 2000
Texts = Mapping[str, str]


def N_(text: str) -> str:
    """Mark a message for the catalogues."""
    return text


WRONG: Final = {
    "number": N_("Please type a whole number within these bounds."),
    "day": N_("Please choose a day."),
    "begins": N_("Please type an hour, as in 18:30."),
    "place": N_("A place has at most 200 letters."),
    "minutes": N_("Between 15 and 720 minutes."),
    "link": N_("The address of a video room begins with https://."),
    "times": N_("Between 1 and 60 weeks."),
    "many": N_("These are too many meetings for one activity."),
}
"""What is wrong with a field, in words for whoever filled it in."""


@dataclass(slots=True)
class Filled:
    """A form as it was typed, and what is wrong with it."""

    typed: dict[str, str]
    rules: frozenset[Rule] = frozenset()
    meetings: list[Meeting] = field(default_factory=list)
    """Those that the rows of the form say, as far as they can be read."""
    faults: dict[str, str] = field(default_factory=dict)
    """Sentences, by field."""
    plan: Plan | None = None


def blank(kind: ActivityKind, policy: ActivityPolicy) -> Filled:
    """The form of a new activity, with what the association decided."""
    typed = {"title": "", "text": "", "capacity": "12", "host": "", **_hours_of(policy)}
    typed["balanced"] = "yes" if kind in policy.balanced else ""
    return Filled(typed, rules=frozenset(policy.rules_for(kind)))


def of(activity: Activity) -> Filled:
    """The form of an activity as it stands."""
    typed = {
        "title": activity.title,
        "text": activity.text,
        "capacity": str(activity.capacity),
        "balanced": "yes" if activity.balanced else "",
        "shows_names": "yes" if activity.shows_names else "",
        **_hours_of(activity),
    }
    return Filled(typed, rules=frozenset(activity.rules), meetings=list(activity.meetings))


def read(texts: Texts, rules: Iterable[str], known: Iterable[Meeting] = (), host: str | None = None) -> Filled:
    """What was typed, as a plan where all of it can be."""
    filled = Filled(dict(texts), rules=frozenset(rule for rule in Rule if rule.value in set(rules)))
    for meeting in known:
        if not texts.get(f"drop-{meeting.id}"):
            filled.meetings += _meetings(filled, meeting.id)
    if texts.get("day-new", "").strip():
        filled.meetings += _meetings(filled, "new")
    if len(filled.meetings) > MOST_MEETINGS:
        filled.faults["meetings"] = WRONG["many"]
    capacity = _number(filled, "capacity", 1, MOST_PLACES)
    hours = {name: _number(filled, name, *bounds) for name, bounds in HOURS.items()}
    if not filled.faults:
        filled.plan = Plan(
            title=texts.get("title", ""),
            text=texts.get("text", ""),
            meetings=filled.meetings,
            capacity=capacity,
            balanced=bool(texts.get("balanced")),
            rules=sorted(filled.rules),
            shows_names=bool(texts.get("shows_names")),
            host=host,
            relax_hours=hours["relax_hours"],
            offer_hours=hours["offer_hours"],
            reminder_hours=hours["reminder_hours"],
        )
    return filled


def read_policy(texts: Texts, known: ActivityPolicy, chosen: Iterable[str]) -> tuple[Filled, ActivityPolicy | None]:
    """The settings as they were typed; `chosen` are the boxes that are ticked, as in rule-module-zone or balanced-workshop."""
    ticked, filled = set(chosen), Filled(dict(texts))
    hours = {name: _number(filled, name, *bounds) for name, bounds in HOURS.items()}
    if filled.faults:
        return filled, None
    rules = {
        kind: tuple(rule for rule in Rule if f"rule-{kind.value}-{rule.value}" in ticked)
        for kind in ActivityKind
        if any(f"rule-{kind.value}-{rule.value}" in ticked for rule in Rule)
    }
    balanced = tuple(kind for kind in BALANCING if f"balanced-{kind.value}" in ticked)
    return filled, known.model_copy(update={"rules": rules, "balanced": balanced, **hours})


def answers(texts: Texts, rules: Iterable[Rule], on: date, by: str = "") -> list[Answer]:
    """What was answered to the questions of an activity; one that was not is absent."""
    said = {rule: texts.get(f"rule-{rule.value}", "") for rule in rules}
    return [
        Answer(rule=rule, yes=word == "yes", on=on, checked_by=by)
        for rule, word in said.items()
        if word in {"yes", "no"}
    ]


def presences(texts: Texts) -> dict[str, Presence]:
    """Who came, by enrolment; whoever nothing was ticked for is absent from it."""
    words = {each.value: each for each in Presence}
    prefix = "presence-"
    return {
        name.removeprefix(prefix): words[value]
        for name, value in texts.items()
        if name.startswith(prefix) and value in words
    }


def _hours_of(of_these: Activity | ActivityPolicy) -> dict[str, str]:
    return {name: str(getattr(of_these, name)) for name in HOURS}


def _meetings(filled: Filled, row: str) -> list[Meeting]:
    """The meetings of one row; a new one may be repeated every week at the same hour."""
    texts, fresh = filled.typed, row == "new"
    typed = {name: texts.get(f"{name}-{row}", "").strip() for name in ("day", "begins", "minutes", "place", "link")}
    try:
        day = date.fromisoformat(typed["day"])
    except ValueError:
        filled.faults[f"day-{row}"] = WRONG["day"]
        return []
    minutes = _number(filled, f"minutes-{row}", SHORTEST, LONGEST, wrong="minutes")
    times = _number(filled, f"times-{row}", 1, MOST_TIMES, wrong="times", absent=1) if fresh else 1
    if f"minutes-{row}" in filled.faults or f"times-{row}" in filled.faults:
        return []
    try:
        return [
            Meeting(
                id=uuid.uuid4().hex[:8] if fresh else row,
                day=day + timedelta(weeks=week),
                begins=typed["begins"][:5],
                minutes=minutes,
                place=typed["place"],
                link=typed["link"],
            )
            for week in range(times)
        ]
    except ValidationError as error:
        where = str(error.errors()[0]["loc"][0])
        filled.faults[f"{where}-{row}"] = WRONG[where]
    except OverflowError:
        filled.faults[f"day-{row}"] = WRONG["day"]
    return []


def _number(
    filled: Filled, name: str, least: int, most: int, *, wrong: str = "number", absent: int | None = None
) -> int:
    text = filled.typed.get(name, "").strip()
    if not text and absent is not None:
        return absent
    if text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most:
        return int(text)
    filled.faults[name] = WRONG[wrong]
    return least


async def several_typed(request: Request, several: str) -> tuple[dict[str, str], list[str]]:
    """The fields of a form, and the values of the one that may be ticked several times."""
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        texts = {name: value for name, value in form.items() if isinstance(value, str) and name != several}
        return texts, [value for value in form.getlist(several) if isinstance(value, str)]
