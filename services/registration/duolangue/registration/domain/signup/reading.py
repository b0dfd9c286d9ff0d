"""Reading what was typed on one page of the sign-up. What cannot be taken is said field by field; nothing of it is kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from duolangue.contracts.facts.registration import AgeRange
from duolangue.contracts.vocabulary import DAYS, SLOTS, Gender, Level
from duolangue.registration.domain import application, values
from duolangue.registration.domain.interests import ASKED
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.signup.answers import Agreed, Answers, Question, Wish
from duolangue.registration.domain.signup.texts import CHARTER_VERSION, CONSENT_VERSION

Typed = Mapping[str, Sequence[str]]
"""A form's fields as they came."""

ORAL: Final = (Level.A0, Level.A1, Level.A2, Level.B1, Level.B2, Level.C1)
WRITTEN: Final = (Level.A0_CANNOT_READ, Level.A0, Level.A1, Level.A2, Level.B1, Level.B2)
EASE: Final = (Level.A0_CANNOT_READ, Level.A0, Level.A1, Level.A2, Level.B1)
MOST_PLACES: Final = 3
RADII: Final = (5, 15, 30)
"""Kilometres: by bicycle, a short ride, a long ride."""
AGES: Final = {"18-29": AgeRange(least=18, most=29), "30-49": AgeRange(least=30, most=49), "50+": AgeRange(least=50)}
_WEEKDAYS: Final = DAYS[:5]
TILES: Final = {
    "day": tuple(f"{day}_{moment}" for day in _WEEKDAYS for moment in ("morning", "midday", "afternoon")),
    "evening": tuple(f"{day}_evening" for day in _WEEKDAYS),
    "weekend": tuple(slot for slot in SLOTS if slot.split("_")[0] in DAYS[5:]),
}


@dataclass(frozen=True, slots=True)
class Asking:
    """What reading an answer depends on, besides what was typed."""

    answers: Answers
    now: datetime
    today: date
    language: str
    """Of the page."""
    feeds: Sequence[str] = ()
    """The association's outside partners."""
    figures: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """The association's own figures in the texts."""


class Faults(Exception):
    """What is wrong on the page, by field."""

    def __init__(self, faults: Mapping[str, Invalid]) -> None:
        super().__init__(", ".join(fault.code for fault in faults.values()))
        self.faults = dict(faults)


class TooYoung(Exception):
    """Somebody under 18: nothing of them is kept."""


def read(question: Question, typed: Typed, asking: Asking) -> Answers:
    """The answers with this page's in them.

    Raises:
        Faults: some of it cannot be taken.
        TooYoung: a year of birth of somebody for whom duos are not.
    """
    told = _READERS[question](typed, asking)
    answered = list(dict.fromkeys([*asking.answers.answered, question]))
    if told.get("postcode", asking.answers.postcode) != asking.answers.postcode:
        answered = [each for each in answered if each is not Question.TOWN]
    if told.get("gender", asking.answers.gender) != asking.answers.gender:
        told["same_gender"] = False
        answered = [each for each in answered if each is not Question.SAME_GENDER]
    return asking.answers.model_copy(update={**told, "answered": answered})


def one(typed: Typed, field: str) -> str:
    """What was typed into a field; empty where there was none."""
    return next(iter(typed.get(field, ())), "").strip()


def _choice(typed: Typed, field: str, choices: Sequence[Any]) -> Any:
    told = one(typed, field)
    found = next((choice for choice in choices if str(getattr(choice, "value", choice)) == told), None)
    if found is None:
        raise Faults({field: Invalid("choose_one", "Please choose one.", field=field)})
    return found


def _wish(typed: Typed, _: Asking) -> dict[str, Any]:
    return {"wish": _choice(typed, "wish", list(Wish))}


def _birth(typed: Typed, asking: Asking) -> dict[str, Any]:
    told = one(typed, "birth_year")
    try:
        if not told:
            raise Invalid("birth_year_missing", "Please write the year you were born, as in 1990.", field="birth_year")
        year = values.whole_number(told)
        for fault in application.age_faults(year, asking.today):
            raise fault
    except Invalid as fault:
        if fault.code == "too_young":
            raise TooYoung from fault
        raise Faults({"birth_year": fault}) from fault
    return {"birth_year": year}


def _name(typed: Typed, _: Asking) -> dict[str, Any]:
    return _each(typed, {"first_name": values.first_name, "last_name": values.name})


def _contact(typed: Typed, _: Asking) -> dict[str, Any]:
    told = _each(
        typed,
        {
            "phone": lambda text: values.phone(text) if text else None,
            "email": lambda text: values.email(text) if text else None,
        },
    )
    if told["phone"] is None and told["email"] is None:
        needed = Invalid("no_contact", "Please write a telephone number or an e-mail address.", field="phone")
        raise Faults({"phone": needed})
    if "ui_language" in typed:
        told["ui_language"] = _language(one(typed, "ui_language"), "ui_language")
    return told


def _gender(typed: Typed, _: Asking) -> dict[str, Any]:
    return {"gender": _choice(typed, "gender", list(Gender)) if one(typed, "gender") else None}


def _place(typed: Typed, _: Asking) -> dict[str, Any]:
    return _each(typed, {"postcode": values.postcode})


def _town(_: Typed, asking: Asking) -> dict[str, Any]:
    if asking.answers.postcode is None:
        missing = Invalid("postcode_missing", "A postcode is needed: people are paired who live near each other.")
        raise Faults({"postcode": missing})
    return {}


def _oral(typed: Typed, _: Asking) -> dict[str, Any]:
    return {"oral": _choice(typed, "oral", ORAL)}


def _written(typed: Typed, _: Asking) -> dict[str, Any]:
    return {"written": _choice(typed, "written", WRITTEN)}


def _languages(typed: Typed, _: Asking) -> dict[str, Any]:
    codes = [code for code in (*typed.get("languages", ()), *typed.get("other", ())) if code.strip()]
    if not codes:
        raise Faults({"languages": Invalid("no_language", "Please choose at least one language.", field="languages")})
    return {"languages": list(dict.fromkeys(_language(code, "languages") for code in codes[:40]))}


def _language(code: str, field: str) -> str:
    try:
        return values.language(code)
    except Invalid as fault:
        raise Faults({field: fault}) from fault


def _interests(typed: Typed, _: Asking) -> dict[str, Any]:
    told = set(typed.get("interests", ()))
    return {"interests": [each for each in ASKED if each.value in told]}


def _free(typed: Typed, _: Asking) -> dict[str, Any]:
    told = set(typed.get("slots", ()))
    for tile in typed.get("tiles", ()):
        told |= set(TILES.get(tile, ()))
    return {"availability": [slot for slot in SLOTS if slot in told]}


def _partner(typed: Typed, _: Asking) -> dict[str, Any]:
    gender = _choice(typed, "partner_gender", (Gender.FEMALE, Gender.MALE)) if one(typed, "partner_gender") else None
    age = _choice(typed, "partner_age", list(AGES)) if one(typed, "partner_age") else None
    return {"partner_gender": gender, "partner_age": AGES[age] if age else None}


def _same_gender(typed: Typed, asking: Asking) -> dict[str, Any]:
    return {"same_gender": one(typed, "same_gender") == "yes" and asking.answers.gender is not None}


def _distance(typed: Typed, _: Asking) -> dict[str, Any]:
    return {"radius_km": _choice(typed, "radius_km", RADII) if one(typed, "radius_km") else None}


def _arrived(typed: Typed, asking: Asking) -> dict[str, Any]:
    month, year = one(typed, "month"), one(typed, "year")
    if not month and not year:
        return {"arrived_on": None}
    faults: dict[str, Invalid] = {}
    if not month:
        faults["month"] = Invalid("month_missing", "Please choose the month too.", field="month")
    if not year:
        faults["year"] = Invalid("year_missing", "Please choose the year too.", field="year")
    if faults:
        raise Faults(faults)
    try:
        arrived_on = date(values.whole_number(year), values.whole_number(month), 1)
    except ValueError as error:
        raise Faults({"month": Invalid("date_invalid", "There is no such date.", field="month")}) from error
    for fault in application.arrival_faults(arrived_on, asking.answers.birth_year or arrived_on.year, asking.today):
        raise Faults({"year": fault})
    return {"arrived_on": arrived_on}


def _places(typed: Typed, _: Asking) -> dict[str, Any]:
    return {"places": _choice(typed, "places", range(1, MOST_PLACES + 1))}


def _ease(typed: Typed, _: Asking) -> dict[str, Any]:
    return {"ease": _choice(typed, "ease", EASE)}


def _charter(typed: Typed, asking: Asking) -> dict[str, Any]:
    return {"charter": _agreed(typed, "charter", CHARTER_VERSION, asking)}


def _consent(typed: Typed, asking: Asking) -> dict[str, Any]:
    agreed = _agreed(typed, "consent", CONSENT_VERSION, asking)
    return {"consent": agreed, "feeds": [feed for feed in asking.feeds if feed in typed.get("feed", ())]}


def _agreed(typed: Typed, field: str, version: str, asking: Asking) -> Agreed:
    if one(typed, field) != version:
        # review: consent text
        missing = Invalid("text_changed", "This text has changed. Please read it again.", field=field)
        raise Faults({field: missing})
    return Agreed(version=version, language=asking.language, at=asking.now, values=dict(asking.figures))


def _each(typed: Typed, readers: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    faults: dict[str, Invalid] = {}
    for field, reader in readers.items():
        try:
            told[field] = reader(one(typed, field))
        except Invalid as fault:
            faults[field] = fault
    if faults:
        raise Faults(faults)
    return told


_READERS: Final[dict[Question, Callable[[Typed, Asking], dict[str, Any]]]] = {
    Question.WISH: _wish,
    Question.BIRTH: _birth,
    Question.NAME: _name,
    Question.CONTACT: _contact,
    Question.GENDER: _gender,
    Question.PLACE: _place,
    Question.TOWN: _town,
    Question.ORAL: _oral,
    Question.WRITTEN: _written,
    Question.LANGUAGES: _languages,
    Question.INTERESTS: _interests,
    Question.FREE: _free,
    Question.PARTNER: _partner,
    Question.SAME_GENDER: _same_gender,
    Question.DISTANCE: _distance,
    Question.ARRIVED: _arrived,
    Question.PLACES: _places,
    Question.EASE: _ease,
    Question.CHARTER: _charter,
    Question.CONSENT: _consent,
}
