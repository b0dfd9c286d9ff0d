"""What the columns of an import are called, in English, French and Dutch; and which column stands where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from duolangue.registration.domain import values
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.sheet import NoSheet

NAMES: Final[dict[str, tuple[str, ...]]] = {
    "role": ("role", "roles", "type", "profil", "rol", "profiel"),
    "first_name": ("first name", "firstname", "prenom", "voornaam"),
    "last_name": (
        "last name", "lastname", "surname", "family name", "nom", "nom de famille", "naam", "achternaam", "familienaam",
    ),
    "email": (
        "email", "e mail", "mail", "email address", "e mail address", "courriel", "adresse e mail", "adresse email", "adresse mail",
        "mailadres", "e mailadres", "emailadres",
    ),
    "phone": (
        "phone", "telephone", "phone number", "mobile", "gsm", "tel", "numero de telephone", "numero de gsm", "telefoon", "telefoonnummer",
        "gsm nummer", "gsmnummer",
    ),
    "birth_year": (
        "birth year", "year of birth", "annee de naissance", "annee naissance", "naissance", "ne en", "geboortejaar", "jaar van geboorte",
        "geboren in",
    ),
    "gender": ("gender", "sex", "genre", "sexe", "geslacht"),
    "partner_gender": (
        "partner gender", "gender of the partner", "genre partenaire", "genre du partenaire", "genre du ou de la partenaire",
        "sexe du partenaire", "genre souhaite", "partenaire souhaite", "geslacht partner", "geslacht van de partner", "gewenst geslacht",
    ),
    "partner_age": (
        "partner age", "age of the partner", "age du partenaire", "age partenaire", "age souhaite", "leeftijd van de partner", "leeftijd partner",
    ),
    "common_language": (
        "common language", "another language in common", "langue commune", "autre langue en commun", "gemeenschappelijke taal",
        "andere taal gemeen",
    ),
    "same_gender": (
        "same gender only", "same gender", "meme genre uniquement", "meme genre", "meme sexe", "enkel hetzelfde geslacht",
        "hetzelfde geslacht", "zelfde geslacht",
    ),
    "host": ("host", "gives workshops", "anime des ateliers", "animateur", "animatrice", "geeft workshops"),
    "postcode": ("postcode", "post code", "postal code", "zip", "code postal", "cp", "postnummer"),
    "french_level": (
        "french level", "level", "level of french", "niveau de francais", "niveau francais", "niveau", "niveau frans", "niveau van het frans",
    ),
    "french_written": (
        "french written", "written french", "level of written french", "francais ecrit", "niveau ecrit", "niveau a l ecrit", "geschreven frans",
        "niveau geschreven frans",
    ),
    "languages": ("languages", "langues", "langues parlees", "talen", "gesproken talen"),
    "interests": (
        "interests", "interets", "centres d interet", "centres d interets", "centre d interet", "loisirs", "interesses", "hobby s", "hobbys",
    ),
    "availability": (
        "availability", "disponibilites", "disponibilite", "dispos", "moments", "beschikbaarheid", "beschikbaar", "momenten",
    ),
    "arrived_on": (
        "arrived on", "arrival", "arrivee le", "arrive le", "arrive e le", "date d arrivee", "arrivee", "arrivee en belgique", "aangekomen op",
        "aankomst", "aankomst in belgie", "datum van aankomst",
    ),
    "waiting_since": (
        "waiting since", "en attente depuis", "attend depuis", "inscrite le", "inscrit le", "inscrit e le", "date d inscription",
        "wacht sinds", "ingeschreven op", "inschrijvingsdatum",
    ),
    "max_duos": (
        "max duos", "number of duos", "places", "nombre de duos", "duos max", "nombre maximum de duos", "max de duos", "duos maximum",
        "aantal duo s", "aantal duos", "max duo s", "plaatsen",
    ),
    "comfort_level": (
        "comfort level", "at ease from", "niveau de confort", "niveau minimum", "niveau minimal", "a l aise a partir de", "niveau d aisance",
        "niveau accepte", "minimumniveau", "comfortabel vanaf", "op zijn gemak vanaf",
    ),
    "radius_km": (
        "radius km", "radius", "distance km", "distance", "distance maximale", "distance max", "rayon km", "rayon", "straal", "straal km",
        "afstand", "afstand km", "maximale afstand",
    ),
    "current_partner": (
        "current partner", "partner", "partenaire actuel", "partenaire actuelle", "partenaire", "duo actuel", "binome actuel",
        "huidige partner", "huidig duo",
    ),
    "ui_language": (
        "ui language", "contact language", "language", "language of messages", "langue", "langue de contact", "langue des messages",
        "langue d interface", "langue de l interface", "taal", "contacttaal", "taal van de berichten",
    ),
    "consent": ("consent", "consentement", "accord", "toestemming", "akkoord"),
}  # fmt: skip
NEEDED: Final = ("first_name", "birth_year", "postcode", "consent")
"""Without these no row could be imported; nor without one of those that say in what somebody takes part."""
TAKES_PART: Final = ("role", "host")
OUR_OWN: Final = frozenset(
    {
        "what is wrong", "ce qui ne va pas", "wat er mis is",
        "status", "statut", "etat",
        "registered on", "inscription", "ingeschreven",
        "first interview on", "premier entretien le", "eerste gesprek op",
        "municipality", "commune", "gemeente",
    }
)  # fmt: skip
"""Columns of our own files that say something to people and nothing to an import: left out without a word."""
HEADINGS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "role": "Role", "first_name": "First name", "last_name": "Last name", "email": "E-mail", "phone": "Phone",
        "birth_year": "Year of birth", "gender": "Gender", "partner_gender": "Gender of the partner",
        "partner_age": "Age of the partner", "common_language": "Another language in common", "same_gender": "Same gender only",
        "host": "Gives workshops", "postcode": "Postcode",
        "french_level": "Level of French", "french_written": "Written French", "languages": "Languages", "interests": "Interests",
        "availability": "Availability", "arrived_on": "Arrived on", "waiting_since": "Waiting since", "max_duos": "Number of duos",
        "comfort_level": "At ease from", "radius_km": "Distance (km)", "current_partner": "Current partner",
        "ui_language": "Language of messages", "consent": "Consent", "wrong": "What is wrong", "status": "Status",
        "applied_at": "Registered on", "interviewed_at": "First interview on", "municipality": "Municipality",
    },
    "fr": {
        "role": "Profil", "first_name": "Prénom", "last_name": "Nom", "email": "E-mail", "phone": "GSM",
        "birth_year": "Année de naissance", "gender": "Genre", "partner_gender": "Genre du partenaire",
        "partner_age": "Âge du partenaire", "common_language": "Autre langue en commun", "same_gender": "Même genre uniquement",
        "host": "Anime des ateliers", "postcode": "Code postal",
        "french_level": "Niveau de français", "french_written": "Français écrit", "languages": "Langues", "interests": "Centres d’intérêt",
        "availability": "Disponibilités", "arrived_on": "Arrivée le", "waiting_since": "En attente depuis", "max_duos": "Nombre de duos",
        "comfort_level": "À l’aise à partir de", "radius_km": "Distance (km)", "current_partner": "Partenaire actuel",
        "ui_language": "Langue des messages", "consent": "Accord", "wrong": "Ce qui ne va pas", "status": "Statut",
        "applied_at": "Inscription", "interviewed_at": "Premier entretien le", "municipality": "Commune",
    },
    "nl": {
        "role": "Rol", "first_name": "Voornaam", "last_name": "Naam", "email": "E-mail", "phone": "Gsm",
        "birth_year": "Geboortejaar", "gender": "Geslacht", "partner_gender": "Geslacht van de partner",
        "partner_age": "Leeftijd van de partner", "common_language": "Andere taal gemeen", "same_gender": "Enkel hetzelfde geslacht",
        "host": "Geeft workshops", "postcode": "Postcode",
        "french_level": "Niveau Frans", "french_written": "Geschreven Frans", "languages": "Talen", "interests": "Interesses",
        "availability": "Beschikbaarheid", "arrived_on": "Aangekomen op", "waiting_since": "Wacht sinds", "max_duos": "Aantal duo’s",
        "comfort_level": "Comfortabel vanaf", "radius_km": "Afstand (km)", "current_partner": "Huidige partner",
        "ui_language": "Taal van de berichten", "consent": "Toestemming", "wrong": "Wat er mis is", "status": "Status",
        "applied_at": "Ingeschreven", "interviewed_at": "Eerste gesprek op", "municipality": "Gemeente",
    },
}  # fmt: skip
"""The columns as our own files name them, in the languages that an import recognises."""

_COLUMNS: Final = {name: column for column, names in NAMES.items() for name in names}


@dataclass(frozen=True, slots=True)
class Header:
    """Which column stands at each place (none: left out), and what that leaves open."""

    places: tuple[str | None, ...]
    strange: tuple[str, ...]
    """Names that mean nothing to us."""
    missing: tuple[str, ...]
    """Columns without which no row can be imported."""


@lru_cache(maxsize=2048)
def key(text: str) -> str:
    """A name as it is compared: small letters and digits, one blank between."""
    return " ".join(re.findall(r"[a-z0-9]+", values.folded(text)))


def headings(language: str) -> dict[str, str]:
    """What our own files call the columns, for a reader of this language."""
    return HEADINGS.get(language, HEADINGS["en"])


def recognise(header: Iterable[str], by_hand: Sequence[str] = ()) -> Header:
    """Which column stands at each place: by its name, or as somebody said by hand for every place (an empty word leaves it out).

    Raises:
        NoSheet: a column stands twice.
        Invalid: by hand, something was chosen that is no column.
    """
    found: list[str | None] = []
    strange = []
    for place, name in enumerate(header):
        column = (by_hand[place] if place < len(by_hand) else "") or None if by_hand else _COLUMNS.get(key(name))
        if column is not None and column not in NAMES:
            raise Invalid("column_unknown", "There is no column %(value)s.", value=values.shown(column))
        if column is not None and column in found:
            raise NoSheet("column_twice", "The column %(value)s stands in the header twice.", value=column)
        if column is None and not by_hand and name.strip() and key(name) not in OUR_OWN:
            strange.append(values.shown(name.strip()))
        found.append(column)
    return Header(tuple(found), tuple(strange), missing(found))


def missing(places: Sequence[str | None]) -> tuple[str, ...]:
    """The columns that are not there and without which no row can be imported."""
    absent = tuple(column for column in NEEDED if column not in places)
    return absent if any(column in places for column in TAKES_PART) else (TAKES_PART[0], *absent)


def guessed(header: Sequence[str]) -> list[str]:
    """The column at each place as far as names tell: of two places with one name, the first has it."""
    found: list[str] = []
    for name in header:
        column = _COLUMNS.get(key(name), "")
        found.append("" if column in found else column)
    return found


def complete(header: Header) -> Header:
    """The header, if rows can be imported with it.

    Raises:
        NoSheet: a column is missing without which no row can be imported.
    """
    if header.missing:
        raise NoSheet("columns_missing", "The header lacks these columns: %(value)s.", value=", ".join(header.missing))
    return header
