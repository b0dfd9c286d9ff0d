"""A file of who came and went, for a replay: a CSV with one person a row. Columns that are not named here, names above all, are not read."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Final, NoReturn, TypeVar

from duolangue.chassis import places
from duolangue.contracts.facts.registration import NewcomerProfile, ParticipantStatus, VolunteerProfile
from duolangue.contracts.vocabulary import LANGUAGES, SLOTS, Gender, Interest, Level, Role
from duolangue.matching.domain.people import Person
from duolangue.matching.domain.replay_question import Stay
from duolangue.matching.domain.rules import Refused

MOST_BYTES: Final = 4 * 1024 * 1024
MOST_ROWS: Final = 10_000
MOST_SIGNS: Final = 500
"""In one cell."""
NAMED: Final = 20
"""Faults that are named one by one."""
EARLIEST: Final = 2000
"""The first year in which somebody can have come."""
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "role": ("profil", "rol", "type"),
    "came_on": (
        "registered on", "waiting since", "inscrite le", "inscrit le", "inscription", "en attente depuis", "ingeschreven op",
        "ingeschreven", "wacht sinds",
    ),
    "left_on": ("departure", "partie le", "parti le", "depart", "vertrokken op", "vertrek"),
    "postcode": ("code postal", "cp", "postal code"),
    "birth_year": ("year of birth", "annee de naissance", "geboortejaar"),
    "gender": ("genre", "sexe", "geslacht"),
    "french_level": ("level of french", "level", "niveau de francais", "niveau", "niveau frans"),
    "languages": ("langues", "talen"),
    "interests": ("centres d interet", "interets", "interesses"),
    "availability": ("disponibilites", "beschikbaarheid"),
    "partner_gender": ("gender of the partner", "genre du partenaire", "geslacht van de partner"),
    "max_duos": ("number of duos", "nombre de duos", "aantal duo s", "places"),
    "comfort_level": ("at ease from", "a l aise a partir de", "comfortabel vanaf"),
    "radius_km": ("distance", "distance km", "rayon km", "afstand", "afstand km"),
}  # fmt: skip
"""By column, the other names it is recognised by, without accents; several values in a cell are separated by `;` or `|`."""
NEEDED: Final = ("role", "came_on", "postcode")
_ROLES: Final = {
    "newcomer": Role.NEWCOMER, "primo arrivant": Role.NEWCOMER, "primo arrivante": Role.NEWCOMER, "nieuwkomer": Role.NEWCOMER,
    "volunteer": Role.VOLUNTEER, "benevole": Role.VOLUNTEER, "vrijwilliger": Role.VOLUNTEER,
}  # fmt: skip
ValueT = TypeVar("ValueT")


def N_(text: str) -> str:
    """Mark a message for the catalogues."""
    return text


class UnfitFile(Refused):
    """A file that cannot be read at all. The sentence has its values beside it, so that it can be translated."""

    code = "unfit_file"
    status = 422

    def __init__(self, template: str, **values: str | int) -> None:
        super().__init__(template % values, field="file")
        self.template, self.values = template, values


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell."""

    row: int
    """1 is the first person."""
    column: str
    cell: str
    template: str
    """An English sentence, which the catalogues translate."""


class FaultyRows(Refused):
    """Rows that cannot be read; the first few are named."""

    code = "faulty_rows"
    status = 422

    def __init__(self, faults: Sequence[Fault]) -> None:
        named = "; ".join(f"row {each.row}, {each.column}: {each.template}" for each in faults[:NAMED])
        super().__init__(f"{named}; ..." if len(faults) > NAMED else named, field="people")


@dataclass(slots=True)
class Sheet:
    """What a file says."""

    stays: list[Stay] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    rows_left_out: int = 0
    unread: list[str] = field(default_factory=list)
    """Names of columns that were not looked at."""


class _Unfit(Exception):
    def __init__(self, template: str) -> None:
        super().__init__(template)
        self.template = template


def read(body: bytes) -> Sheet:
    """Who came and went. A row with a fault is left out; its faults are told.

    Raises:
        UnfitFile: too large, no text, columns missing, too many rows, nobody in it.
    """
    if len(body) > MOST_BYTES:
        raise UnfitFile(N_("The file is larger than %(most)s MB."), most=MOST_BYTES // 1024 // 1024)
    text = _decoded(body)
    records = _records(text)
    header = next(records, [])
    known = _known(header)
    missing = [column for column in NEEDED if column not in known]
    if missing:
        raise UnfitFile(N_("These columns are missing: %(columns)s."), columns=", ".join(missing))
    sheet = Sheet(unread=[name for place, name in enumerate(header) if name.strip() and place not in known.values()])
    for number, cells in enumerate((each for each in records if any(cell.strip() for cell in each)), start=1):
        if number > MOST_ROWS:
            raise UnfitFile(N_("The file has more than %(most)s rows."), most=MOST_ROWS)
        _take(number, {column: _cell(cells, place) for column, place in known.items()}, sheet)
    if not sheet.stays and not sheet.faults:
        raise UnfitFile(N_("Nobody is in the file."))
    return sheet


def _decoded(body: bytes) -> str:
    if b"\0" in body:
        raise UnfitFile(N_("This is not a CSV file."))
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace")


def _records(text: str) -> Iterator[list[str]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    try:
        yield from rows
    except csv.Error as error:
        raise UnfitFile(N_("This is not a CSV file.")) from error


def _known(header: list[str]) -> dict[str, int]:
    """At which place each column stands, by its own name or, where that is not there, by another."""
    keys = [_key(name) for name in header]
    found: dict[str, int] = {}
    for column, others in COLUMNS.items():
        for name in (_key(column), *others):
            if name in keys:
                found[column] = keys.index(name)
                break
    return found


def _key(name: str) -> str:
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", " ", plain.casefold()).strip()


def _cell(cells: list[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""


def _take(number: int, cells: Mapping[str, str], sheet: Sheet) -> None:
    faults: list[Fault] = []

    def value(column: str, of: Callable[[str], ValueT], empty: ValueT | None = None) -> ValueT | None:
        cell = cells.get(column, "")
        try:
            if len(cell) > MOST_SIGNS:
                _refuse(N_("too long"))
            if not cell and column in NEEDED:
                _refuse(N_("is missing"))
            return of(cell) if cell else empty
        except _Unfit as unfit:
            faults.append(Fault(number, column, cell[:80], unfit.template))
            return empty

    role = value("role", _role)
    came, left = value("came_on", _day), value("left_on", _day)
    told: dict[str, Any] = {
        "birth_year": value("birth_year", _year),
        "gender": value("gender", _gender),
        "postcode": value("postcode", _postcode),
        "languages": value("languages", _languages, ()),
        "interests": value("interests", _interests, ()),
        "availability": value("availability", _moments, ()),
        "radius_km": value("radius_km", lambda cell: _whole(cell, 0, 300)),
    }
    level = value("french_level", _level)
    if role is Role.NEWCOMER:
        if level is None and not cells.get("french_level"):
            faults.append(Fault(number, "french_level", "", N_("is missing")))
        wish = value("partner_gender", _gender)
    else:
        most = value("max_duos", lambda cell: _whole(cell, 0, 5), 1)
        comfort = value("comfort_level", _level, Level.A0_CANNOT_READ)
    if came and left and left < came:
        faults.append(Fault(number, "left_on", cells["left_on"], N_("is before the day they came")))
    if faults or role is None or came is None:
        sheet.faults += faults
        sheet.rows_left_out += 1
        return
    moment = _moment(came)
    if role is Role.NEWCOMER:
        assert level is not None
        told["newcomer"] = NewcomerProfile(french_oral=level, waiting_since=moment, partner_gender=wish)
    else:
        assert most is not None
        assert comfort is not None
        told["volunteer"] = VolunteerProfile(places=most, comfort=comfort)
    person = Person(id=f"r{number}", status=ParticipantStatus.ACTIVE, roles=(role,), **told)
    sheet.stays.append(Stay(person=person, came_at=moment, left_at=_moment(left) if left else None))


def _refuse(template: str) -> NoReturn:
    raise _Unfit(template)


def _role(cell: str) -> Role:
    return _ROLES.get(_key(cell)) or _refuse(N_("neither newcomer nor volunteer"))


def _day(cell: str) -> date:
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"):
        try:
            found = datetime.strptime(cell, pattern).replace(tzinfo=UTC).date()
        except ValueError:
            continue
        return found if found.year >= EARLIEST else _refuse(N_("before the year 2000"))
    _refuse(N_("no such day: write 2026-03-31 or 31/03/2026"))


def _year(cell: str) -> int:
    return _whole(cell, 1900, 2100)


def _whole(cell: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", cell):
        _refuse(N_("not a whole number"))
    return int(cell) if least <= int(cell) <= most else _refuse(N_("too small or too large"))


def _postcode(cell: str) -> str:
    return cell if cell in places.table() else _refuse(N_("no such Belgian postcode"))


def _gender(cell: str) -> Gender:
    found = {"f": Gender.FEMALE, "m": Gender.MALE, "x": Gender.OTHER, **{each.value: each for each in Gender}}
    return found.get(cell.casefold()) or _refuse(N_("write female, male or other"))


def _level(cell: str) -> Level:
    found = {each.value.casefold(): each for each in Level}
    return found.get(cell.casefold()) or _refuse(N_("no such level of French"))


def _languages(cell: str) -> tuple[str, ...]:
    codes = _several(cell)
    return codes if set(codes) <= LANGUAGES else _refuse(N_("no such language: write codes, as in ar;uk"))


def _interests(cell: str) -> tuple[Interest, ...]:
    known = {each.value: each for each in Interest}
    names = _several(cell)
    return tuple(known[name] for name in names) if set(names) <= set(known) else _refuse(N_("no such interest"))


def _moments(cell: str) -> tuple[str, ...]:
    names = _several(cell)
    return names if set(names) <= set(SLOTS) else _refuse(N_("no such moment: write mon_evening, as an example"))


def _several(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip().casefold() for part in re.split(r"[;|,]", cell) if part.strip()))


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
