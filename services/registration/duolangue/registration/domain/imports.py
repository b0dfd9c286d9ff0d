"""An import: every row becomes a draft of a participant, or is reported with each of its faults. Nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from duolangue.chassis import formulas
from duolangue.contracts.vocabulary import Gender, Level, Role
from duolangue.registration.domain import application, columns, headers, interests, sheet
from duolangue.registration.domain.application import Application, NewcomerTold, VolunteerTold
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.headers import Header
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.participant import ConsentChannel, identities

NOT_NEEDED: Final = frozenset(headers.NAMES) - {"first_name", "birth_year", "postcode", "consent"}


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong with a row, or to be looked at: `row` 1 is the first person, 0 the header."""

    row: int
    fault: Invalid

    @property
    def field(self) -> str:
        """The column it is about."""
        return self.fault.field

    @property
    def code(self) -> str:
        """The rule's stable name."""
        return self.fault.code

    @property
    def reason(self) -> str:
        """A sentence, in English."""
        return str(self.fault)


@dataclass(frozen=True, slots=True)
class Draft:
    """A row that can be imported."""

    row: int
    told: Application
    partner_email: str | None

    @property
    def role(self) -> Role | None:
        """The first of their roles: which side of a running duo they are; none for who only gives workshops."""
        return next(iter(self.told.roles), None)

    @property
    def identities(self) -> list[str]:
        """By which the person is recognised."""
        return identities(
            self.told.first_name, self.told.last_name, self.told.birth_year, self.told.email, self.told.phone
        )


@dataclass(slots=True)
class Reading:
    """What an import found."""

    drafts: list[Draft] = field(default_factory=list)
    rejected: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    rejected_emails: dict[str, int] = field(default_factory=dict)
    """Addresses that rejected rows had, with the row."""


TOO_YOUNG: Final = "too_young"


def minors(reading: Reading) -> frozenset[int]:
    """The rows of people for whom duos are not."""
    return frozenset(remark.row for remark in reading.rejected if remark.code == TOO_YOUNG)


def read(body: bytes, association: Association, now: datetime) -> Reading:
    """Read a file's rows, each by itself.

    Raises:
        sheet.NoSheet: the whole file cannot be read.
    """
    table = sheet.read(body)
    header = headers.complete(headers.recognise(table.header))
    reading = Reading()
    if table.remark is not None:
        reading.warnings.append(Remark(0, table.remark))
    reading.warnings.extend(strange(header))
    take(reading, table.rows, header, association, association.today(now))
    return reading


def strange(header: Header) -> list[Remark]:
    """A remark for each column that means nothing to us."""
    return [
        Remark(
            0,
            Invalid(
                "column_unknown",
                "The column %(value)s is not known; what it holds was left out.",
                field=name,
                value=name,
            ),
        )
        for name in header.strange
    ]


def take(reading: Reading, rows: Iterable[sheet.Row], header: Header, association: Association, today: date) -> None:
    """Read these rows, too."""
    for row in rows:
        if row.cells is None or any(cell.strip() for cell in row.cells):
            _take(reading, row, header.places, association, today)


def _take(
    reading: Reading, row: sheet.Row, places: Sequence[str | None], association: Association, today: date
) -> None:
    cells = row.cells
    if cells is None:
        broken = Invalid(
            "row_broken",
            "This row cannot be read: its quotation marks do not close, or it is far too long.",
            field="row",
        )
        reading.rejected.append(Remark(row.number, broken))
        return
    if len(cells) < len(places) or any(cell.strip() for cell in cells[len(places) :]):
        amount = Invalid(
            "row_cells",
            "The row has %(found)s cells where the header has %(wanted)s.",
            field="row",
            found=len(cells),
            wanted=len(places),
        )
        reading.rejected.append(Remark(row.number, amount))
        return
    told = {
        column: formulas.as_meant(cell.strip()).strip()
        for column, cell in zip(places, cells, strict=False)
        if column is not None
    }
    known, faults = _cells(told)
    remarks: list[Invalid] = []
    draft = None
    if not faults:
        draft, faults, remarks = _draft(row.number, known, association, today)
    else:
        faults.extend(_rules(known, today, {fault.field for fault in faults}))
    if draft is None or faults:
        reading.rejected.extend(Remark(row.number, fault) for fault in faults)
        if "email" in known:
            reading.rejected_emails.setdefault(known["email"], row.number)
        return
    reading.drafts.append(draft)
    reading.warnings.extend(Remark(row.number, remark) for remark in remarks)


def _cells(told: Mapping[str, str]) -> tuple[dict[str, Any], list[Invalid]]:
    known: dict[str, Any] = {}
    faults: list[Invalid] = []
    for column, text in told.items():
        if not text and column in NOT_NEEDED:
            continue
        try:
            known[column] = columns.READERS[column](text)
        except Invalid as fault:
            fault.field = column
            faults.append(fault)
    return known, faults


def _rules(known: Mapping[str, Any], today: date, faulty: set[str]) -> Iterable[Invalid]:
    """The rules that a row breaks besides the cells that cannot be read, as far as what can be read tells."""
    if "role" not in known and not known.get("host") and not {"role", "host"} & faulty:
        yield application.no_role("role")
    if "birth_year" in known:
        yield from application.age_faults(known["birth_year"], today)
        if "arrived_on" in known:
            yield from application.arrival_faults(known["arrived_on"], known["birth_year"], today)
    if not {"email", "phone"} & (set(known) | faulty):
        yield Invalid(
            "no_contact", "An e-mail address or a telephone number is needed, to reach this person.", field="email"
        )
    if known.get("consent") == "no":
        yield Invalid("no_consent", "Nothing can be kept of somebody who has not agreed to it.", field="consent")


def _draft(
    number: int, known: Mapping[str, Any], association: Association, today: date
) -> tuple[Draft | None, list[Invalid], list[Invalid]]:
    remarks = [remark] if (remark := interests.left_out(known.get("interests", ()))) else []
    newcomer = volunteer = None
    wish = known.get("partner_gender")
    roles, host = known.get("role", []), known.get("host", False) or columns.HOST in known.get("role", [])
    if Role.NEWCOMER in roles:
        if "french_level" not in known:
            missing = Invalid("level_missing", "A newcomer's level of French is needed.", field="french_level")
            return None, [*_rules(known, today, set()), missing], []
        newcomer = NewcomerTold(
            french_oral=known["french_level"],
            french_written=known.get("french_written"),
            waiting_since=known.get("waiting_since"),
            partner_gender=wish,
            partner_age=known.get("partner_age"),
            needs_common_language=known.get("common_language", False),
        )
    if Role.VOLUNTEER in roles:
        own, only, column = known.get("gender"), known.get("same_gender"), "partner_gender"
        if only is not None and (newcomer or wish is None):  # the other column says what the newcomer wishes
            wish, column = (own or Gender.OTHER) if only else None, "same_gender"
        elif newcomer and own is not None and wish != own:
            wish = None  # a newcomer may wish what a volunteer may not
        if wish is not None and own is None:
            template = "The wish for the same gender was left out: this volunteer's own is not known."
            remarks.append(Invalid("gender_unknown", template, field=column))
            wish = None
        volunteer = VolunteerTold(
            places=known.get("max_duos", 1),
            comfort=known.get("comfort_level", Level.A0_CANNOT_READ),
            partner_gender=wish,
        )
    kept = {
        "first_name", "last_name", "email", "phone", "birth_year", "gender", "postcode", "languages", "interests", "availability", "radius_km",
        "arrived_on", "ui_language",
    }  # fmt: skip
    told = Application(
        **{name: value for name, value in known.items() if name in kept},
        newcomer=newcomer,
        volunteer=volunteer,
        host=host,
        consent=known["consent"] == "yes",
        consent_channel=ConsentChannel.IMPORT,
    )
    faults = list(application.faults(told, today))
    if not told.roles and not told.host:
        faults[0].field = "role"
    if remark := application.long_here(told, association, today):
        remarks.append(remark)
    return Draft(number, told, known.get("current_partner")), faults, remarks
