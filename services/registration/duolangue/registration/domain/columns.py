"""The columns of an import: their names in English and French, and how each cell is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

from duolangue.contracts.vocabulary import Gender, Interest, Level, Role
from duolangue.registration.domain import values
from duolangue.registration.domain.application import MOST_PLACES
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.sheet import NoSheet

ItemT = TypeVar("ItemT")

NAMES: Final[dict[str, tuple[str, ...]]] = {
    "role": ("role", "type", "profil"),
    "first_name": ("first name", "firstname", "prenom"),
    "last_name": ("last name", "lastname", "surname", "family name", "nom", "nom de famille"),
    "email": ("email", "e mail", "mail", "email address", "courriel", "adresse e mail", "adresse email", "adresse mail"),
    "phone": ("phone", "telephone", "phone number", "mobile", "gsm", "tel", "numero de telephone", "numero de gsm"),
    "birth_year": ("birth year", "year of birth", "annee de naissance", "annee naissance", "naissance", "ne en"),
    "gender": ("gender", "sex", "genre", "sexe"),
    "partner_gender": (
        "partner gender", "genre partenaire", "genre du partenaire", "genre du ou de la partenaire", "sexe du partenaire", "genre souhaite",
        "partenaire souhaite",
    ),
    "postcode": ("postcode", "post code", "postal code", "zip", "code postal", "cp"),
    "french_level": ("french level", "level", "niveau de francais", "niveau francais", "niveau"),
    "languages": ("languages", "langues", "langues parlees"),
    "interests": ("interests", "interets", "centres d interet", "centres d interets", "centre d interet", "loisirs"),
    "availability": ("availability", "disponibilites", "disponibilite", "dispos", "moments"),
    "arrived_on": ("arrived on", "arrival", "arrivee le", "arrive le", "arrive e le", "date d arrivee", "arrivee", "arrivee en belgique"),
    "waiting_since": ("waiting since", "en attente depuis", "attend depuis", "inscrite le", "inscrit le", "inscrit e le", "date d inscription"),
    "max_duos": ("max duos", "places", "nombre de duos", "duos max", "nombre maximum de duos", "max de duos", "duos maximum"),
    "comfort_level": (
        "comfort level", "niveau de confort", "niveau minimum", "niveau minimal", "a l aise a partir de", "niveau d aisance", "niveau accepte",
    ),
    "radius_km": ("radius km", "radius", "distance km", "distance", "distance maximale", "distance max", "rayon km", "rayon"),
    "current_partner": ("current partner", "partner", "partenaire actuel", "partenaire actuelle", "partenaire", "duo actuel", "binome actuel"),
    "ui_language": (
        "ui language", "contact language", "language", "langue", "langue de contact", "langue des messages", "langue d interface",
        "langue de l interface",
    ),
    "consent": ("consent", "consentement", "accord"),
}  # fmt: skip
NEEDED: Final = ("role", "first_name", "birth_year", "postcode", "consent")
"""Without these no row could be imported."""

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
        ),
        Role.VOLUNTEER: ("volunteer", "benevole", "volontaire"),
    },
    "gender": {
        Gender.FEMALE: ("female", "f", "woman", "femme", "feminin"),
        Gender.MALE: ("male", "m", "man", "h", "homme", "masculin"),
        Gender.OTHER: ("other", "x", "autre"),
    },
    "consent": {"yes": ("yes", "y", "oui", "o", "ja"), "no": ("no", "n", "non", "nee", "")},
}


def _key(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", values.folded(text)))


_COLUMNS: Final = {name: column for column, names in NAMES.items() for name in names}
_MEANINGS: Final = {
    kind: {word: meaning for meaning, words in table.items() for word in words} for kind, table in _WORDS.items()
}


def recognise(header: Iterable[str]) -> tuple[list[str | None], list[str]]:
    """Which column stands at each place (none: not ours), and the names that mean nothing to us.

    Raises:
        NoSheet: a column stands twice, or one is missing without which no row can be imported.
    """
    found: list[str | None] = []
    strange = []
    for name in header:
        column = _COLUMNS.get(_key(name))
        if column is not None and column in found:
            raise NoSheet("column_twice", "The column %(value)s stands in the header twice.", value=column)
        if column is None and name.strip():
            strange.append(values.shown(name.strip()))
        found.append(column)
    missing = [column for column in NEEDED if column not in found]
    if missing:
        raise NoSheet("columns_missing", "The header lacks these columns: %(value)s.", value=", ".join(missing))
    return found, strange


def _word(kind: str, code: str, template: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        meaning = _MEANINGS[kind].get(_key(text))
        if meaning is None:
            raise Invalid(code, template, value=values.shown(text))
        return meaning

    return read


def _interest(text: str) -> Interest:
    try:
        return Interest(_key(text).replace(" ", "_"))
    except ValueError as error:
        raise Invalid("interest_unknown", "No interest is called %(value)s.", value=values.shown(text)) from error


def _level(text: str) -> Level:
    try:
        return Level(text.strip().upper())
    except ValueError as error:
        raise Invalid(
            "level_unknown",
            "%(value)s is not a level of French: A0, A1, A2, B1, B2, C1 or C2.",
            value=values.shown(text),
        ) from error


def _comfort(text: str) -> Level:
    level = _level(text)
    return Level.A0_CANNOT_READ if level is Level.A0 else level


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
        return list(dict.fromkeys(read(item) for item in re.split(r"[;,|\n]", text) if item.strip()))

    return items


READERS: Final[dict[str, Callable[[str], Any]]] = {
    "role": _word("role", "role_unknown", "%(value)s is no role: newcomer or volunteer."),
    "first_name": values.first_name,
    "last_name": values.name,
    "email": values.email,
    "phone": values.phone,
    "birth_year": _year,
    "gender": _word("gender", "gender_unreadable", "%(value)s: female, male or other; or nothing."),
    "partner_gender": _word("gender", "gender_unreadable", "%(value)s: female, male or other; or nothing."),
    "postcode": values.postcode,
    "french_level": _level,
    "languages": _each(values.language),
    "interests": _each(_interest),
    "availability": _each(values.slot),
    "arrived_on": values.day,
    "waiting_since": values.day,
    "max_duos": _places,
    "comfort_level": _comfort,
    "radius_km": _radius,
    "current_partner": values.email,
    "ui_language": values.language,
    "consent": _word("consent", "consent_unclear", "%(value)s: yes or no is needed."),
}
