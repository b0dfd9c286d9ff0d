"""How each cell of an import is read, by its column. What the columns are called stands in `headers`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

from duolangue.contracts.facts.registration import AgeRange
from duolangue.contracts.vocabulary import Gender, Role
from duolangue.registration.domain import cell_words, values
from duolangue.registration.domain.application import MOST_PLACES
from duolangue.registration.domain.headers import key
from duolangue.registration.domain.invalid import Invalid

ItemT = TypeVar("ItemT")

HOST: Final = "host"
"""In a cell of roles: gives workshops, which is no side of a duo."""
_WORDS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "role": {
        Role.NEWCOMER: (
            "newcomer",
            "nouvel arrivant",
            "nouvelle arrivante",
            "primo arrivant",
            "primo arrivante",
            "arrivant",
            "arrivante",
            "nieuwkomer",
        ),
        Role.VOLUNTEER: ("volunteer", "benevole", "volontaire", "vrijwilliger", "vrijwilligster"),
        HOST: (
            "host",
            "animateur",
            "animatrice",
            "atelier",
            "ateliers",
            "workshop",
            "workshops",
            "workshopgever",
            "workshopgeefster",
        ),
    },
    "gender": {
        Gender.FEMALE: ("female", "f", "woman", "femme", "feminin", "vrouw", "v"),
        Gender.MALE: ("male", "m", "man", "h", "homme", "masculin"),
        Gender.OTHER: ("other", "x", "autre", "ander", "anders"),
    },
    "consent": {"yes": ("yes", "y", "oui", "o", "ja"), "no": ("no", "n", "non", "nee", "")},
}


_MEANINGS: Final = {
    kind: {word: meaning for meaning, words in table.items() for word in words} for kind, table in _WORDS.items()
}


def _word(kind: str, code: str, template: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        meaning = _MEANINGS[kind].get(key(text))
        if meaning is None:
            raise Invalid(code, template, value=values.shown(text))
        return meaning

    return read


_role = _word("role", "role_unknown", "%(value)s is no role: newcomer or volunteer.")


def _roles(text: str) -> list[str]:
    """One role, or both, or none for who only gives workshops."""
    return list(dict.fromkeys(_role(word) for word in re.split(r"[;,|/+&]", text)))


def _bounded(text: str, least: int, most: int, code: str, template: str) -> int:
    number = values.whole_number(text)
    if not least <= number <= most:
        raise Invalid(code, template, value=values.shown(number))
    return number


def _year(text: str) -> int:
    if not re.fullmatch(r"[0-9]{4}", text):
        raise Invalid("birth_year_invalid", "%(value)s is not a year of birth.", value=values.shown(text))
    return int(text)


def _places(text: str) -> int:
    return _bounded(text, 0, MOST_PLACES, "max_duos_out_of_range", "%(value)s: between 0 and 5 duos at the same time.")


def _radius(text: str) -> int:
    return _bounded(text, 0, 300, "radius_out_of_range", "%(value)s: between 0 and 300 kilometres.")


def _each(read: Callable[[str], ItemT]) -> Callable[[str], list[ItemT]]:
    def items(text: str) -> list[ItemT]:
        return list(dict.fromkeys(read(item) for item in re.split(r"[;,|/&+\n]|\s(?:et|and)\s", text) if item.strip()))

    return items


def _moments(text: str) -> list[str]:
    told = [slot for item in re.split(r"[;,|/\n]", text) if item.strip() for slot in cell_words.slots(item)]
    return list(dict.fromkeys(told))


def _yes_or_no(code: str) -> Callable[[str], bool]:
    read = _word("consent", code, "%(value)s: yes or no is needed.")
    return lambda text: read(text) == "yes"


def _ages(text: str) -> AgeRange:
    """Two ages, as in 30-49; both ends included."""
    found = re.fullmatch(r"([0-9]{1,3})\D{1,5}([0-9]{1,3})", text)
    try:
        ages = AgeRange(least=int(found[1]), most=int(found[2])) if found else None
    except ValueError:
        ages = None
    if ages is None or ages.least > ages.most:
        raise Invalid(
            "ages_unclear", "%(value)s: two ages from 18 on are needed, as in 30-49.", value=values.shown(text)
        )
    return ages


READERS: Final[dict[str, Callable[[str], Any]]] = {
    "role": _roles,
    "first_name": values.first_name,
    "last_name": values.name,
    "email": values.email,
    "phone": values.phone,
    "birth_year": _year,
    "gender": _word("gender", "gender_unreadable", "%(value)s: female, male or other; or nothing."),
    "partner_gender": _word("gender", "gender_unreadable", "%(value)s: female, male or other; or nothing."),
    "partner_age": _ages,
    "common_language": _yes_or_no("common_language_unclear"),
    "same_gender": _yes_or_no("same_gender_unclear"),
    "host": _yes_or_no("host_unclear"),
    "postcode": values.postcode,
    "french_level": cell_words.level,
    "french_written": cell_words.level,
    "languages": _each(cell_words.language),
    "interests": _each(cell_words.interest),
    "availability": _moments,
    "arrived_on": values.day,
    "waiting_since": values.day,
    "max_duos": _places,
    "comfort_level": cell_words.comfort,
    "radius_km": _radius,
    "current_partner": values.email,
    "ui_language": cell_words.language,
    "consent": _word("consent", "consent_unclear", "%(value)s: yes or no is needed."),
}
