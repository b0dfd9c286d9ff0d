"""The form in which somebody corrects what is kept about them: what it shows, what was typed, what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError
from starlette.datastructures import FormData

from duolangue.contracts.vocabulary import Gender
from duolangue.registration.domain import life
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.participant import Participant

LINES: Final = (
    "first_name", "last_name", "email", "phone", "birth_year", "gender", "postcode", "radius_km", "arrived_on", "ui_language",
)  # fmt: skip
LISTS: Final = ("languages", "interests", "availability")
NEWCOMER: Final = ("french_oral", "french_written", "partner_gender", "partner_least", "partner_most")
VOLUNTEER: Final = ("places", "comfort")
NUMBERS: Final = frozenset({"birth_year", "radius_km", "places", "partner_least", "partner_most"})
UNREADABLE: Final = Invalid("value_unreadable", "This is not right. Please look at it again.")
NOT_A_NUMBER: Final = Invalid("not_a_number", "Write a number here.")


@dataclass
class OwnForm:
    """Values as they stand in the form, and what is wrong by field."""

    values: dict[str, Any]
    faults: dict[str, Invalid] = field(default_factory=dict)

    def take(self, error: Invalid | ValidationError) -> None:
        """Put what is wrong next to its field; what has none stands above."""
        if isinstance(error, Invalid):
            self.faults[_shown_at(error.field)] = error
            return
        for fault in error.errors(include_url=False, include_input=False):
            own = fault.get("ctx", {}).get("error")
            names = [part for part in fault["loc"] if isinstance(part, str)]
            place = _shown_at(".".join(names))
            self.faults.setdefault(place, own if isinstance(own, Invalid) else UNREADABLE)


def of(participant: Participant, association: Association) -> OwnForm:
    """The form, filled in with what is known."""
    told = life.told_by(participant, association).model_dump(mode="json")
    values: dict[str, Any] = {name: told[name] if told[name] is not None else "" for name in LINES}
    values["arrived_on"] = str(values["arrived_on"])[:7]
    values |= {name: list(told[name]) for name in LISTS}
    newcomer, volunteer = told["newcomer"] or {}, told["volunteer"] or {}
    age = newcomer.get("partner_age") or {}
    values |= {
        "french_oral": newcomer.get("french_oral") or "",
        "french_written": newcomer.get("french_written") or "",
        "partner_gender": newcomer.get("partner_gender") or "",
        "partner_least": age.get("least", ""),
        "partner_most": age.get("most", ""),
        "places": volunteer.get("places", ""),
        "comfort": volunteer.get("comfort") or "",
        "same_gender": bool(volunteer.get("partner_gender")),
    }
    return OwnForm(values)


def typed(form: FormData) -> OwnForm:
    """The form as somebody sent it."""
    lines = {name: str(form.get(name, "")).strip() for name in (*LINES, *NEWCOMER, *VOLUNTEER)}
    lists = {name: [str(each) for each in form.getlist(name)] for name in LISTS}
    return OwnForm({**lines, **lists, "same_gender": "same_gender" in form})


def changes(form: OwnForm, participant: Participant, association: Association) -> dict[str, Any]:
    """What is to be changed; numbers that are none become faults of the form."""
    said = {**form.values, **_numbers(form)}
    changed: dict[str, Any] = {name: said[name] if said[name] != "" else None for name in LINES}
    changed["first_name"], changed["last_name"] = said["first_name"], said["last_name"]
    changed["postcode"] = said["postcode"]
    if changed["arrived_on"] is not None and len(changed["arrived_on"]) == len("2026-01"):
        known = participant.arrived_on.isoformat() if participant.arrived_on else ""
        month = changed["arrived_on"]
        changed["arrived_on"] = known if known.startswith(month) else f"{month}-01"
    changed |= {name: said[name] for name in LISTS}
    told = life.told_by(participant, association)
    if told.newcomer:
        changed["newcomer"] = {**told.newcomer.model_dump(), **_newcomer(said)}
    if told.volunteer:
        gender = Gender(said["gender"]) if said["gender"] in set(Gender) else None
        changed["volunteer"] = {
            "places": said["places"],
            "comfort": said["comfort"],
            "partner_gender": gender if said["same_gender"] else None,
        }
        if said["same_gender"] and gender is None:
            form.faults["gender"] = Invalid(
                "gender_unknown", "To ask for a partner of the same gender, one's own gender must be known."
            )
    return changed


def _newcomer(said: dict[str, Any]) -> dict[str, Any]:
    least, most = said["partner_least"], said["partner_most"]
    age = {name: value for name, value in (("least", least), ("most", most)) if value != ""}
    return {
        "french_oral": said["french_oral"],
        "french_written": said["french_written"] or None,
        "partner_gender": said["partner_gender"] or None,
        "partner_age": age or None,
    }


def _numbers(form: OwnForm) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for name in NUMBERS:
        text = str(form.values.get(name, ""))
        if not text:
            continue
        if text.isascii() and text.isdigit() and len(text) <= 4:
            read[name] = int(text)
        else:
            form.faults[name] = NOT_A_NUMBER
    return read


def _shown_at(path: str) -> str:
    """The field of the form that a field of what somebody told stands in."""
    parts = [part for part in path.split(".") if part]
    name = parts[-1] if parts else ""
    if name == "partner_age" or (len(parts) > 1 and parts[-2] == "partner_age"):
        return "partner_most" if name == "most" else "partner_least"
    known = {*LINES, *LISTS, *NEWCOMER, *VOLUNTEER}
    return next((part for part in reversed(parts) if part in known), "")
