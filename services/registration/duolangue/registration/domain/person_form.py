"""What a coordinator typed about a person, read field by field: the changes it makes, or what is wrong next to each field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from duolangue.contracts.facts.registration import AgeRange
from duolangue.contracts.vocabulary import Gender, Interest, Level
from duolangue.registration.domain import application, values
from duolangue.registration.domain.application import NewcomerTold, VolunteerTold
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.participant import Participant

Typed = Mapping[str, Sequence[str]]
MOST_KM: Final = 300


class Faults(Exception):
    """What is wrong with a form, by field; each field once."""

    def __init__(self, faults: Mapping[str, Invalid]) -> None:
        super().__init__(", ".join(fault.code for fault in faults.values()))
        self.faults = dict(faults)


def read(typed: Typed) -> dict[str, Any]:
    """The changes that a form makes.

    Raises:
        Faults: something cannot be read.
    """
    faults: dict[str, Invalid] = {}
    told = {name: _one(typed, name, reader, faults) for name, reader in _READERS.items()}
    for name, reader in _LISTS.items():
        told[name] = _many(typed, name, reader, faults)
    parts = {name: told.pop(name) for name in _PARTS}
    told["host"] = _ticked(typed, "host")
    told["newcomer"] = _newcomer(typed, parts, faults) if _ticked(typed, "newcomer") else None
    told["volunteer"] = _volunteer(typed, parts, told["gender"], faults) if _ticked(typed, "volunteer") else None
    if faults:
        raise Faults(faults)
    return {**told, "first_name": told["first_name"] or "", "last_name": told["last_name"] or ""}


def shown(participant: Participant, waiting_since: date | None) -> dict[str, list[str]]:
    """The form as it stands before anything is typed; `waiting_since` is the day where the association is."""
    newcomer, volunteer = participant.newcomer, participant.volunteer
    single: dict[str, Any] = {
        name: getattr(participant, name) for name in _READERS if name in type(participant).model_fields
    }
    if newcomer:
        single |= {
            "newcomer": "yes",
            "french_oral": newcomer.french_oral,
            "french_written": newcomer.french_written,
            "waiting_since": waiting_since,
            "partner_gender": newcomer.partner_gender,
            "least_age": newcomer.partner_age.least if newcomer.partner_age else None,
            "most_age": newcomer.partner_age.most if newcomer.partner_age else None,
            "needs_common_language": "yes" if newcomer.needs_common_language else None,
        }
    if volunteer:
        single |= {
            "volunteer": "yes",
            "places": volunteer.places,
            "comfort": volunteer.comfort,
            "same_gender": "yes" if volunteer.same_gender_only else None,
        }
    single["host"] = "yes" if participant.host else None
    filled = {name: [str(getattr(value, "value", value))] for name, value in single.items() if value not in (None, "")}
    return filled | {
        name: [str(getattr(each, "value", each)) for each in getattr(participant, name)] for name in _LISTS
    }


def merged(was: Typed, typed: Typed, present: Typed) -> tuple[dict[str, list[str]], list[str]]:
    """Two who change one person at once: what was typed where it differs from what the form showed, all else as it is known at present.
    With it come the fields that both changed, each to something else.
    """
    fields = {name: [each for each in typed.get(name, ()) if each.strip()] for name in (*was, *typed, *present)}
    told = {name: list(present.get(name, ())) if _same(was, fields, name) else given for name, given in fields.items()}
    both = [
        name
        for name in fields
        if not (_same(was, present, name) or _same(was, fields, name) or _same(fields, present, name))
    ]
    return told, both


def _same(one: Typed, other: Typed, name: str) -> bool:
    return set(one.get(name, ())) == set(other.get(name, ()))


def _one(typed: Typed, name: str, reader: Callable[[str], Any], faults: dict[str, Invalid]) -> Any:
    text = next(iter(typed.get(name, ())), "").strip()
    if not text and name not in _NEEDED:
        return None
    try:
        return reader(text)
    except Invalid as fault:
        faults.setdefault(name, fault)
        return None


def _many(typed: Typed, name: str, reader: Callable[[str], Any], faults: dict[str, Invalid]) -> list[Any]:
    try:
        return [reader(text) for text in dict.fromkeys(typed.get(name, ())) if text.strip()]
    except Invalid as fault:
        faults.setdefault(name, fault)
        return []


def _ticked(typed: Typed, name: str) -> bool:
    return bool(next(iter(typed.get(name, ())), ""))


def _newcomer(typed: Typed, parts: Mapping[str, Any], faults: dict[str, Invalid]) -> NewcomerTold | None:
    if parts["french_oral"] is None:
        faults.setdefault("french_oral", Invalid("level_missing", "A newcomer's level of French is needed."))
        return None
    least, most = parts["least_age"], parts["most_age"]
    ages = None
    if least is not None or most is not None:
        youngest, oldest = least or AgeRange().least, most or AgeRange().most
        if not AgeRange().least <= youngest <= oldest <= AgeRange().most:
            faults.setdefault("least_age", Invalid("ages_odd", "Ages go from 18 to 120, the younger one first."))
            return None
        ages = AgeRange(least=youngest, most=oldest)
    return NewcomerTold(
        french_oral=parts["french_oral"],
        french_written=parts["french_written"],
        waiting_since=parts["waiting_since"],
        partner_gender=parts["partner_gender"],
        partner_age=ages,
        needs_common_language=_ticked(typed, "needs_common_language"),
    )


def _volunteer(
    typed: Typed, parts: Mapping[str, Any], gender: Gender | None, faults: dict[str, Invalid]
) -> VolunteerTold | None:
    same = _ticked(typed, "same_gender")
    if same and gender is None:
        wish = Invalid("gender_unknown", "To ask for a partner of the same gender, one's own gender must be known.")
        faults.setdefault("same_gender", wish)
        return None
    places = parts["places"]
    return VolunteerTold(
        places=1 if places is None else places,
        comfort=parts["comfort"] or Level.A0_CANNOT_READ,
        partner_gender=gender if same else None,
    )


def _among(kind: Callable[[str], Any]) -> Callable[[str], Any]:
    def reader(text: str) -> Any:
        try:
            return kind(text)
        except ValueError as error:
            raise Invalid("not_a_choice", "Choose one of the answers.") from error

    return reader


def _between(least: int, most: int) -> Callable[[str], int]:
    def reader(text: str) -> int:
        number = values.whole_number(text)
        if not least <= number <= most:
            raise Invalid("number_outside", "A number from %(least)s to %(most)s.", least=least, most=most)
        return number

    return reader


_NEEDED: Final = frozenset({"first_name", "birth_year", "postcode"})
_READERS: Final[dict[str, Callable[[str], Any]]] = {
    "first_name": values.first_name,
    "last_name": values.name,
    "email": values.email,
    "phone": values.phone,
    "birth_year": values.whole_number,
    "gender": _among(Gender),
    "postcode": values.postcode,
    "radius_km": _between(0, MOST_KM),
    "arrived_on": values.day,
    "ui_language": values.language,
    "french_oral": _among(Level),
    "french_written": _among(Level),
    "waiting_since": values.day,
    "partner_gender": _among(Gender),
    "least_age": values.whole_number,
    "most_age": values.whole_number,
    "places": _between(0, application.MOST_PLACES),
    "comfort": _among(Level),
}
_PARTS: Final = (
    "french_oral", "french_written", "waiting_since", "partner_gender", "least_age", "most_age", "places", "comfort",
)  # fmt: skip
_LISTS: Final[dict[str, Callable[[str], Any]]] = {
    "languages": values.language,
    "interests": _among(Interest),
    "availability": values.slot,
}
