"""People as rows of a file that a spreadsheet opens well, and that an import takes again. Formulas are defused."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from typing import Final

import phonenumbers

from duolangue.chassis.formulas import defused
from duolangue.contracts.vocabulary import Gender, Level, Role
from duolangue.registration.domain import headers
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.participant import Participant, Status
from duolangue.registration.domain.values import HOME_REGION

MARK: Final = "\ufeff"
"""So that spreadsheets see that it is UTF-8."""
COLUMNS: Final = (*headers.NAMES, "status", "applied_at", "interviewed_at", "municipality")
_WORDS: Final[dict[str, dict[str, str]]] = {
    "en": {
        Role.NEWCOMER: "newcomer", Role.VOLUNTEER: "volunteer",
        Gender.FEMALE: "female", Gender.MALE: "male", Gender.OTHER: "other", "yes": "yes", "no": "no",
        Status.APPLIED: "first interview to come", Status.ACTIVE: "takes part", Status.PAUSED: "on a break", Status.LEFT: "left",
        Status.REFUSED: "not accepted", Status.EXCLUDED: "excluded",
    },
    "fr": {
        Role.NEWCOMER: "nouvel arrivant", Role.VOLUNTEER: "bénévole",
        Gender.FEMALE: "femme", Gender.MALE: "homme", Gender.OTHER: "autre", "yes": "oui", "no": "non",
        Status.APPLIED: "premier entretien à faire", Status.ACTIVE: "participe", Status.PAUSED: "en pause", Status.LEFT: "parti",
        Status.REFUSED: "pas accepté", Status.EXCLUDED: "exclu",
    },
    "nl": {
        Role.NEWCOMER: "nieuwkomer", Role.VOLUNTEER: "vrijwilliger",
        Gender.FEMALE: "vrouw", Gender.MALE: "man", Gender.OTHER: "ander", "yes": "ja", "no": "nee",
        Status.APPLIED: "eerste gesprek te doen", Status.ACTIVE: "doet mee", Status.PAUSED: "pauze", Status.LEFT: "vertrokken",
        Status.REFUSED: "niet aanvaard", Status.EXCLUDED: "uitgesloten",
    },
}  # fmt: skip
"""The words of the file, in the languages that an import recognises."""


def heading(language: str) -> list[str]:
    """The names of the columns."""
    named = headers.headings(language)
    return [named[column] for column in COLUMNS]


def row(one: Participant, partner: Participant | None, own: Association, language: str) -> list[str]:
    """A participant's cells. `partner`: with whom a duo ran before the platform was used."""
    say = _WORDS.get(language, _WORDS["en"])
    newcomer, volunteer = one.newcomer, one.volunteer
    wish = newcomer.partner_gender if newcomer else None
    if volunteer and volunteer.same_gender_only and not newcomer:
        wish = one.gender
    cells = {
        "role": ", ".join(say[role] for role in one.roles),
        "first_name": one.first_name,
        "last_name": one.last_name,
        "email": one.email,
        "phone": dialled(one.phone) if one.phone else "",
        "birth_year": one.birth_year,
        "gender": say[one.gender] if one.gender else "",
        "partner_gender": say[wish] if wish else "",
        "partner_age": f"{newcomer.partner_age.least}-{newcomer.partner_age.most}"
        if newcomer and newcomer.partner_age
        else "",
        "common_language": say["yes" if newcomer.needs_common_language else "no"] if newcomer else "",
        "host": say["yes" if one.host else "no"],
        "same_gender": say["yes" if volunteer.same_gender_only else "no"] if volunteer else "",
        "postcode": one.postcode,
        "french_level": newcomer.french_oral.value if newcomer else "",
        "french_written": newcomer.french_written.value if newcomer and newcomer.french_written else "",
        "languages": ", ".join(one.languages),
        "interests": ", ".join(one.interests),
        "availability": ", ".join(one.availability),
        "arrived_on": one.arrived_on,
        "waiting_since": own.today(newcomer.waiting_since) if newcomer else "",
        "max_duos": volunteer.places if volunteer else "",
        "comfort_level": _comfort(volunteer.comfort) if volunteer else "",
        "radius_km": one.radius_km,
        "current_partner": partner.email if partner else "",
        "ui_language": one.ui_language,
        "consent": say["yes"],
        "status": say.get(one.status, ""),
        "applied_at": own.today(one.applied_at),
        "interviewed_at": own.today(one.interviewed_at) if one.interviewed_at else "",
        "municipality": one.municipality,
    }
    return ["" if cells[column] is None else str(cells[column]) for column in COLUMNS]


def faulty_row(cells: Mapping[str, str], columns: Iterable[str], sentences: Iterable[str]) -> list[str]:
    """A row that could not be imported, with what is wrong behind it."""
    return [*(cells.get(column, "") for column in columns), " · ".join(sentences)]


def lines(rows: Iterable[Iterable[str]]) -> str:
    """The rows as a file holds them: semicolons, quotes where needed, no cell a formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([defused(cell) for cell in cells] for cells in rows)
    return text.getvalue()


def dialled(number: str) -> str:
    """A number (E.164) as it is dialled from Belgium, written so that no spreadsheet takes it for a number or a formula: 0470/12.34.56."""
    parsed = phonenumbers.parse(number, None)
    form = phonenumbers.PhoneNumberFormat
    if parsed.country_code == phonenumbers.country_code_for_region(HOME_REGION):
        first, *others = re.split(r"\D+", phonenumbers.format_number(parsed, form.NATIONAL))
        return f"{first}/{'.'.join(others)}"
    country, *others = re.split(r"\D+", phonenumbers.format_number(parsed, form.INTERNATIONAL).removeprefix("+"))
    return f"00{country}/{'.'.join(others)}"


def _comfort(level: Level) -> str:
    return level.cefr
