"""Files as associations really have them: what is imported, and what is reported, row by row."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolangue.contracts.vocabulary import Level
from duolangue.registration.domain import application, imports, known_already, partners
from duolangue.registration.domain.association import AssociationSettings, register
from duolangue.registration.domain.imports import Reading
from duolangue.registration.domain.sheet import NoSheet

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SAMPLES = Path(__file__).parents[2] / "data"
FAULTS = Path(__file__).parent / "data" / "charleroi-messy.faults.txt"
INTERRA = register("liege", AssociationSettings(name="Interra"), NOW).state
HEADER = "role,first_name,last_name,email,phone,birth_year,gender,partner_gender,postcode,french_level,max_duos,current_partner,consent"

SAID = {"long_in_belgium", "interest_not_kept"}
"""What is remarked upon in both files, many times."""


def read(body: bytes | str) -> Reading:
    return known_already.settle(imports.read(body.encode() if isinstance(body, str) else body, INTERRA, NOW), [])


def rows(*lines: str) -> Reading:
    return read("\n".join([HEADER, *lines]))


def running(reading: Reading) -> partners.Running:
    return partners.resolve(reading, {draft.row: f"p{draft.row}" for draft in reading.drafts}, [])


def listed() -> dict[int, str]:
    """The faults of the messy file: row, and the field it is about (empty where none is named)."""
    found = {}
    for line in FAULTS.read_text().splitlines():
        matched = re.match(r"row (\d+): (?:(\w+)='.*')?(.*)", line)
        assert matched is not None
        found[int(matched[1])] = matched[2] or matched[3]
    return found


def test_the_clean_file_is_imported_whole() -> None:
    reading = read((SAMPLES / "liege.csv").read_bytes())
    assert len(reading.drafts) == 105
    assert reading.rejected == []
    assert {remark.code for remark in reading.warnings} == SAID
    assert len(running(reading).pairs) == 4


def test_every_fault_of_the_messy_file_is_found_and_nothing_else() -> None:
    reading = read((SAMPLES / "charleroi-messy.csv").read_bytes())
    faults = listed()
    with_field = {row: field for row, field in faults.items() if re.fullmatch(r"\w+", field)}
    assert len(with_field) == 15
    assert {remark.row: remark.field for remark in reading.rejected} == {**with_field, 50: "email"}
    assert [remark.code for remark in reading.rejected if remark.row == 50] == ["same_person"]
    assert [(remark.row, remark.code) for remark in reading.warnings if remark.code not in SAID] == [
        (57, "shared_address")
    ]
    assert len(reading.drafts) == 70 - 16


def test_a_formula_for_a_name_is_a_name() -> None:
    reading = read((SAMPLES / "charleroi-messy.csv").read_bytes())
    (selam,) = [draft for draft in reading.drafts if draft.row == 31]
    assert selam.told.last_name == '=HYPERLINK("http://example.org")'


def test_a_row_with_several_faults_has_each_reported() -> None:
    reading = rows("newcomer,,X,nobody,12,2015,,,4999,Z9,9,,no")
    assert [remark.field for remark in reading.rejected] == [
        "first_name", "email", "phone", "postcode", "french_level", "max_duos", "birth_year", "consent",
    ]  # fmt: skip
    assert {remark.row for remark in reading.rejected} == {1}


@pytest.mark.parametrize(
    ("cell", "ages"), [("30-49", (30, 49)), ("25 à 35", (25, 35)), ("17-30", None), ("50-20", None)]
)
def test_the_ages_of_a_partner_are_two_and_in_order(cell: str, ages: tuple[int, int] | None) -> None:
    file = f"role,first_name,phone,birth_year,postcode,french_level,partner_age,consent\nnewcomer,A,0470123456,1990,4000,A1,{cell},yes"
    reading = read(file.encode())
    found = [draft.told.newcomer.partner_age for draft in reading.drafts if draft.told.newcomer]
    assert [(each.least, each.most) for each in found if each] == ([ages] if ages else [])
    assert [remark.code for remark in reading.rejected] == ([] if ages else ["ages_unclear"])


def test_the_same_person_twice_is_refused_and_a_couple_is_not() -> None:
    reading = rows(
        "volunteer,Anne,Petit,a@example.org,,1980,,,4000,,,,yes",
        "volunteer,  ANNÉ ,petit,A@Example.org,,1980,,,4020,,,,yes",
        "volunteer,Paul,Petit,a@example.org,,1979,,,4000,,,,yes",
    )
    assert [(remark.row, remark.code) for remark in reading.rejected] == [(2, "same_person")]
    assert [(remark.row, remark.code) for remark in reading.warnings] == [(3, "shared_address")]
    assert "row 1" in reading.warnings[0].reason


def test_somebody_registered_before_is_refused() -> None:
    first = rows("volunteer,Anne,Petit,a@example.org,,1980,,,4000,,,,yes")
    known = application.register(first.drafts[0].told, "p0", INTERRA, NOW)
    again = known_already.settle(first, [known])
    assert [remark.code for remark in again.rejected] == ["same_person"]


def test_a_faulty_row_does_not_stand_in_the_way_of_its_correction() -> None:
    reading = rows(
        "volunteer,Anne,Petit,a@example.org,,1980,,,4999,,,,yes",
        "volunteer,Anne,Petit,a@example.org,,1980,,,4000,,,,yes",
    )
    assert [draft.row for draft in reading.drafts] == [2]
    assert [remark.row for remark in reading.rejected] == [1]


def test_french_headers_semicolons_a_mark_and_windows_line_ends_are_read() -> None:
    header = "Rôle;Prénom;Nom;Adresse e-mail;GSM;Année de naissance;Sexe;Code postal;Niveau de français;Langues parlées;Centres d’intérêt;Consentement"
    person = (
        'Nouvelle arrivante;Rania;Haddad;RANIA@EXAMPLE.ORG;0470/12.34.56;1990;F;4020;a1;"ar, EN";"Cooking;cinema";Oui'
    )
    reading = read(f"\ufeff{header}\r\n{person}\r\n")
    assert reading.rejected == []
    assert reading.warnings == []
    (draft,) = reading.drafts
    assert draft.told.email == "rania@example.org"
    assert draft.told.languages == ["ar", "en"]
    assert [interest.value for interest in draft.told.interests] == ["cooking", "cinema"]


def test_a_zero_means_everyone_for_a_volunteer_and_beginner_for_a_newcomer() -> None:
    header = "role,first_name,phone,birth_year,postcode,french_level,comfort_level,consent"
    reading = read(f"{header}\nnewcomer,Ali,0470123456,1990,4000,A0,,yes\nvolunteer,Bea,0470123457,1990,4000,,A0,yes")
    newcomer, volunteer = (draft.told for draft in reading.drafts)
    assert newcomer.newcomer is not None
    assert newcomer.newcomer.french_oral is Level.A0
    assert volunteer.volunteer is not None
    assert volunteer.volunteer.comfort is Level.A0_CANNOT_READ


def test_a_volunteers_wish_for_a_gender() -> None:
    reading = rows(
        "volunteer,Anne,A,a@example.org,,1980,female,female,4000,,,,yes",
        "volunteer,Bea,B,b@example.org,,1980,,female,4000,,,,yes",
        "volunteer,Carl,C,c@example.org,,1980,male,female,4000,,,,yes",
    )
    assert [draft.told.volunteer.partner_gender for draft in reading.drafts if draft.told.volunteer] == ["female", None]
    assert [(remark.row, remark.code) for remark in reading.warnings] == [(2, "gender_unknown")]
    assert [(remark.row, remark.field) for remark in reading.rejected] == [(3, "partner_gender")]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("role;prénom".encode("utf-16-le"), "encoding_utf16"),
        ("rôle;prénom".encode("mac-roman"), "encoding_unknown"),
        (b"", "file_empty"),
        (b"\n\n", "file_empty"),
        (b"name,age\nAnne,30", "columns_missing"),
        (b"role,role,first_name\n", "column_twice"),
        (b"x" * (5 * 1024 * 1024 + 1), "file_too_large"),
        ((HEADER + "\n" + "x\n" * 5001).encode(), "too_many_rows"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(body: bytes, code: str) -> None:
    with pytest.raises(NoSheet) as refusal:
        read(body)
    assert refusal.value.code == code
    assert refusal.value.field == "file"


def test_an_unclosed_quote_costs_its_own_row_and_no_other() -> None:
    reading = rows(
        'volunteer,"Anne,A,a@example.org,,1980,,,4000,,,,yes',
        'volunteer,"Bea",B,b@example.org,,1980,,,4000,,,,yes',
        "volunteer,Carl,C,c@example.org,,1980,,,4000,,,,yes",
    )
    assert [(remark.row, remark.code) for remark in reading.rejected] == [(1, "row_broken")]
    assert [draft.told.first_name for draft in reading.drafts] == ["Bea", "Carl"]


def test_a_row_with_other_cells_than_the_header_is_reported() -> None:
    reading = rows("volunteer,Anne", "volunteer,Bea,B,b@example.org,,1980,,,4000,,,,yes,,")
    assert [(remark.row, remark.code) for remark in reading.rejected] == [(1, "row_cells")]
    assert len(reading.drafts) == 1


def test_an_unknown_column_is_remarked_upon_and_left_out() -> None:
    reading = read(f"{HEADER},nationality\nvolunteer,Bea,B,b@example.org,,1980,,,4000,,,,yes,BE")
    assert [(remark.row, remark.field) for remark in reading.warnings] == [(0, "nationality")]
    assert len(reading.drafts) == 1


def person(role: str, name: str, partner: str = "", places: str = "", year: int = 1980, email: str = "") -> str:
    level = "A1" if role == "newcomer" else ""
    return f"{role},{name},X,{email or name.lower()}@example.org,,{year},,,4000,{level},{places},{partner},yes"


def test_a_running_duo_is_known_by_either_side() -> None:
    duos = running(rows(person("newcomer", "Ali", "bea@example.org"), person("volunteer", "Bea"), person("volunteer", "Carl", "dia@example.org"), person("newcomer", "Dia")))  # fmt: skip
    assert duos.pairs == [("p1", "p2"), ("p4", "p3")]
    assert duos.partner == {"p1": "p2", "p2": "p1", "p4": "p3", "p3": "p4"}
    assert duos.remarks == []


@pytest.mark.parametrize(
    ("lines", "code", "row"),
    [
        ([person("newcomer", "Ali", "nobody@example.org")], "partner_unknown", 1),
        ([person("newcomer", "Ali", "ali@example.org")], "partner_self", 1),
        ([person("newcomer", "Ali", "bea@example.org"), person("newcomer", "Bea")], "partner_same_role", 1),
        ([person("newcomer", "Ali", "bea@example.org"), person("volunteer", "Bea", year=2020)], "partner_rejected", 1),
        (
            [
                person("newcomer", "Ali", "b@example.org"),
                person("volunteer", "Bea", email="b"),
                person("volunteer", "Bob", email="b"),
            ],
            "partner_ambiguous",
            1,
        ),
        (
            [
                person("newcomer", "Ali", "bea@example.org"),
                person("volunteer", "Bea"),
                person("volunteer", "Carl", "ali@example.org"),
            ],
            "partner_taken",
            3,
        ),
        (
            [
                person("newcomer", "Ali", "bea@example.org"),
                person("newcomer", "Dia", "bea@example.org"),
                person("volunteer", "Bea", places="1"),
            ],
            "more_duos_than_places",
            3,
        ),
    ],
)
def test_a_partner_who_cannot_be_found_is_remarked_upon_and_the_person_imported(
    lines: list[str], code: str, row: int
) -> None:
    reading = rows(*lines)
    assert [(remark.row, remark.code) for remark in running(reading).remarks] == [(row, code)]
    assert row in {draft.row for draft in reading.drafts}


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fail(body: bytes) -> None:
    with suppress(NoSheet):
        read(body)


CELL = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.lists(st.lists(CELL, min_size=13, max_size=13), max_size=5))
def test_no_cells_make_the_reader_fail_and_every_row_is_imported_or_reported(cells: list[list[str]]) -> None:
    quoted = [
        '"' + '","'.join(cell.replace('"', '""').replace("\n", " ").replace("\r", " ") for cell in row) + '"'
        for row in cells
    ]
    reading = rows(*quoted)
    accounted = {draft.row for draft in reading.drafts} | {remark.row for remark in reading.rejected}
    assert accounted == {number for number, row in enumerate(cells, start=1) if any(cell.strip() for cell in row)}
