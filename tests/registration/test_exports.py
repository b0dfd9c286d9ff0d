"""People as a file: it opens in a spreadsheet without running anything, and an import takes it again."""

from __future__ import annotations

import csv
import io
from typing import Any

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolangue.chassis.formulas import as_meant, defused
from duolangue.chassis.identity import Access
from duolangue.registration.domain import export, values
from tests.registration.conftest import World

CELLS = st.text(st.characters(exclude_categories=["Cs"])) | st.from_regex(
    r"\A[\s']{0,3}[=+\-@\t\r\n＝＋－＠]{1,2}[A-Z(]*\Z"
)


@given(CELLS)
def test_no_cell_begins_a_formula_and_every_cell_is_read_back(cell: str) -> None:
    written = defused(cell)
    assert as_meant(written) == cell
    bare = written.lstrip()
    assert not bare or bare[0] not in "=+-@＝＋－＠"
    assert written[:1] not in {"\t", "\r", "\n", "\0"} or not written.strip()


@given(st.lists(CELLS, min_size=1, max_size=5))
def test_a_line_of_cells_is_one_line_for_a_spreadsheet(cells: list[str]) -> None:
    text = export.lines([cells]).replace("\0", "")
    (row,) = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    assert [as_meant(cell) for cell in row] == [cell.replace("\0", "") for cell in cells] or "\0" in "".join(cells)


@pytest.mark.parametrize(
    ("number", "written"),
    [("+32470123456", "0470/12.34.56"), ("+3242223344", "04/222.33.44"), ("+4915112345678", "0049/1511.2345678")],
)
def test_a_telephone_number_is_written_as_it_is_dialled_and_read_back(number: str, written: str) -> None:
    assert export.dialled(number) == written
    assert defused(written) == written
    assert values.phone(written) == number


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_a_number_of_any_country_is_read_back(region: str) -> None:
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    if example is not None and phonenumbers.is_valid_number(example):
        number = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        assert values.phone(export.dialled(number)) == number


AMINA: dict[str, Any] = {
    "first_name": "=1+1", "last_name": "Haddad", "phone": "0470 12 34 56", "birth_year": 1990, "gender": "female", "postcode": "4000",
    "languages": ["ar", "fr"], "interests": ["cooking", "music"], "availability": ["mon_evening"], "radius_km": 10,
    "arrived_on": "2025-01-31", "ui_language": "ar",
    "newcomer": {"french_oral": "A0_cannot_read", "french_written": "A1", "partner_gender": "female", "waiting_since": "2026-01-02",
        "partner_age": {"least": 30, "most": 49}, "needs_common_language": True},
    "host": True, "consent": True,
}  # fmt: skip
BEA: dict[str, Any] = {
    "first_name": "Béa", "email": "bea@example.org", "birth_year": 1960, "gender": "female", "postcode": "1000",
    "volunteer": {"places": 2, "comfort": "A2", "partner_gender": "female"}, "newcomer": {"french_oral": "B1"}, "consent": True,
}  # fmt: skip


CLEO: dict[str, Any] = {
    **BEA,
    "first_name": "Cléo",
    "volunteer": {},
    "newcomer": {"french_oral": "A2", "partner_gender": "female"},
}
BOTH = (AMINA, BEA, CLEO)


async def exported(world: World, query: str = "", language: str = "") -> tuple[bytes, list[list[str]]]:
    answer = await world.client.get(f"/people/export{query}", headers=world.desk())
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    return answer.content, list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))


async def test_a_list_is_exported_and_the_file_imports_the_same_people_again(world: World) -> None:
    for told in BOTH:
        assert (await world.client.post("/people/api/participants", json=told, headers=world.desk())).status_code == 201
    before = (await world.client.get("/people/api/participants", headers=world.desk())).json()["participants"]
    body, rows = await exported(world)
    assert body.startswith(b"\xef\xbb\xbf")
    assert rows[0][:3] == ["Role", "First name", "Last name"]
    assert {row[1] for row in rows[1:]} == {"'=1+1", "Béa", "Cléo"}
    for one in before:
        assert await world.ports.participants.forget(one["id"])
    page = await world.client.post("/people/import", files={"file": ("people.csv", body)}, headers=world.desk())
    batch_id = page.headers["location"].rpartition("/")[2]
    batch = await world.ports.batches.get(batch_id)
    assert (batch.good, batch.faulty, batch.notes) == (3, 0, [])
    await world.client.post(f"/people/import/{batch_id}/start", headers=world.desk())
    again = (await world.client.get("/people/api/participants", headers=world.desk())).json()["participants"]
    for one in before:
        twin = next(each for each in again if each["first_name"] == one["first_name"])
        assert {name: twin[name] for name in ALIKE} == {name: one[name] for name in ALIKE}
        assert twin["volunteer"] == one["volunteer"], "also what somebody of both roles wishes as a volunteer"
        assert {**twin["newcomer"], "waiting_since": ""} == {**one["newcomer"], "waiting_since": ""}


ALIKE = (set(AMINA) | set(BEA) | {"roles"}) - {"consent", "newcomer", "volunteer"}


async def test_only_whom_the_list_shows_is_exported(world: World) -> None:
    for told in (AMINA, BEA):
        await world.client.post("/people/api/participants", json=told, headers=world.desk())
    assert len((await exported(world, "?status=applied"))[1]) == 3
    assert len((await exported(world, "?status=active"))[1]) == 1
    assert [row[1] for row in (await exported(world, "?language=ar"))[1][1:]] == ["'=1+1"]


async def test_who_only_reads_takes_nothing_out(world: World) -> None:
    answer = await world.client.get("/people/export", headers=world.desk(Access.READ))
    assert answer.status_code == 403


async def test_an_export_is_written_down(world: World) -> None:
    await exported(world)
    (entry,) = [each for each in await world.ports.audit.latest(None, None, 10) if each.act == "exported"]
    assert entry.actor.id == "c-1"
