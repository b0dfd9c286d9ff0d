"""How people are found by what somebody types: no database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from duolangue.registration.domain import duplicates, search
from duolangue.registration.domain.duplicates import Known, Why
from duolangue.registration.domain.filters import Filters, Sort

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def found(typed: str, first: str, last: str = "", email: str | None = None, phone: str | None = None) -> bool:
    terms = search.terms(first, last, email, phone)
    return all(any(term.startswith(word) for term in terms) for word in search.words(typed))


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("eloi", "Éloïse", "Müller"),
        ("MÜL elo", "Éloïse", "Müller"),
        ("jeanp", "Jean-Pierre", "Dubois"),
        ("jean pierre", "Jean-Pierre", "Dubois"),
        ("o'br", "Sean", "O'Brien"),
        ("obrien", "Sean", "O\u2019Brien"),
        ("احمد", "أحمد", "الحسن"),
        ("فاطمه", "فاطمة", ""),
        ("علی", "علي", ""),
        ("олен", "Олена", "Коваль"),
        ("ዮናስ", "ዮናስ", "ተስፋይ"),
        ("isik", "Işık", ""),
        ("lukasz", "Łukasz", ""),
    ],
)
def test_a_name_is_found_by_its_beginning_whatever_the_script_the_case_and_the_accents(
    typed: str, first: str, last: str
) -> None:
    assert found(typed, first, last)


@pytest.mark.parametrize(
    "typed", ["0470 12 34 56", "0470/12.34.56", "+32 470 12 34 56", "0032470123456", "rania 0470 12 34", "٠٤٧٠ ١٢ ٣٤"]
)
def test_a_telephone_number_is_found_however_it_is_written(typed: str) -> None:
    assert found(typed, "Rania", phone="+32470123456")


def test_an_e_mail_address_is_found_whole_and_by_its_parts() -> None:
    for typed in ("Rania.Haddad@ex", "haddad", "rania.haddad@example.org"):
        assert found(typed, "R.", email="rania.haddad@example.org")
    assert not found("example", "R.", email="rania.haddad@example.org")


def test_a_word_names_a_town_by_its_beginning_or_by_digits() -> None:
    assert "4100" in search.postcodes("serai")
    assert "4020" in search.postcodes("40")
    assert search.postcodes("se") == []
    assert "4000" in search.municipality("LIEGE")
    assert search.municipality("Luik") == search.municipality("Liège")
    assert search.municipality("nowhere") == []


def test_what_is_asked_for_stands_in_the_address_and_comes_back() -> None:
    asked = Filters.model_validate({"q": "ran", "status": "applied", "level": "", "waits": "", "role": "host"})
    assert asked.told == {"q": "ran", "status": "applied", "role": "host"}
    assert Filters.model_validate(asked.told) == asked
    assert asked.order is Sort.EARLIEST
    assert not Filters(sort=Sort.NAME).narrowed


def known(first: str, last: str, year: int = 1990, phone: str | None = None) -> Known:
    keys = duplicates.keys(first, last, year, phone)
    return duplicates.known("any", duplicates.sortable(first, last), year, phone, keys)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (known("Rania", "Haddad"), known("rania", "HADDAD")),
        (known("Rania", "Haddad"), known("Haddad", "Rania")),
        (known("Rania", "Haddad"), known("Ranya", "Haddad")),
        (known("Rania", "Haddad"), known("Rania", "Hadad")),
        (known("Rania", "Haddad"), known("Rania", "Hdadad")),
        (known("Éloïse", "Petit"), known("Eloise", "Petit")),
    ],
)
def test_the_same_year_and_names_one_slip_apart_may_be_one_person(one: Known, other: Known) -> None:
    assert duplicates.alike(one, other) == [Why.NAME]
    assert set(one.keys) & set(other.keys)


def test_another_year_or_two_slips_are_another_person() -> None:
    assert duplicates.alike(known("Rania", "Haddad"), known("Rania", "Haddad", 1991)) == []
    assert duplicates.alike(known("Rania", "Haddad"), known("Ranja", "Hadad")) == []
    assert not duplicates.near("ali", "al")


def test_a_telephone_of_two_is_remarked_that_of_a_house_is_not() -> None:
    one, other = known("Rania", "Haddad", phone="+32470123456"), known("Samir", "Nasr", 1985, "+32470123456")
    assert duplicates.alike(one, other) == [Why.PHONE]
    assert duplicates.alike(one, other, sharing=12) == []


def test_who_is_told_apart_stays_so_when_seen_again() -> None:
    pair = duplicates.found("b", "a", [Why.NAME], NOW)
    assert (pair.one, pair.other, pair.id) == ("a", "b", duplicates.pair_id("a", "b"))
    apart = duplicates.dismiss(pair, "c-1", NOW)
    assert apart is not None
    assert duplicates.seen_again(apart.state, [Why.NAME]) is None


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("amina ba", "Amina", "Balota"),
        ("ba amina", "Amina", "Balota"),
        ("jeanp dub", "Jean-Pierre", "Dubois"),
        ("jeanne jeannot", "Jeanne", "Jeannot"),
        ("ami amina", "Amina", "Balota"),
        ("ol pe", "Olena", "Petit"),
    ],
)
def test_two_words_of_somebody_are_found_together_where_that_tells_more(typed: str, first: str, last: str) -> None:
    assert found(typed, first, last)
    terms = search.terms(first, last, None, None)
    assert all(any(term.startswith(pair) for term in terms) for pair in search.pairs(search.words(typed)).values())


def test_a_number_and_a_town_are_looked_for_by_themselves() -> None:
    assert search.pairs(["amina", "0470", "liege"]) == {}
    assert search.pairs(["amina", "ba", "zz"]) == {("amina", "ba"): "ami ba", ("amina", "zz"): "ami zz"}
