"""Cells in words, and people without a side in a duo: what an import understands, and what it does not guess."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from babel import Locale

from duolangue.chassis.web import words
from duolangue.contracts.vocabulary import SLOTS, Interest, Level
from duolangue.registration.domain import cell_words, imports, known_already, partners
from duolangue.registration.domain.application import Application
from duolangue.registration.domain.association import AssociationSettings, register
from duolangue.registration.domain.imports import Reading
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.sheet import NoSheet

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
INTERRA = register("liege", AssociationSettings(name="Interra"), NOW).state
SPOKEN = ("fr", "nl", "en")


def read(*lines: str) -> Reading:
    return known_already.settle(imports.read("\n".join(lines).encode(), INTERRA, NOW), [])


def told(*lines: str) -> Application:
    (draft,) = read(*lines).drafts
    return draft.told


def test_a_row_may_be_in_french_words_alone() -> None:
    ali = told(
        "profil;prénom;gsm;année de naissance;genre;code postal;niveau de français;langues;centres d’intérêt;disponibilités;langue;accord",
        "arrivante;Aïcha;0470 12 34 56;1990;femme;4000;débutante;arabe et dari;Cuisine, jeux de société / vélo;mardi soir, week-end;français;oui",
    )
    assert ali.newcomer is not None
    assert ali.newcomer.french_oral is Level.A0
    assert (ali.languages, ali.ui_language) == (["ar", "fa"], "fr")
    assert ali.interests == [Interest.COOKING, Interest.BOARD_GAMES, Interest.CYCLING]
    assert ali.availability == ["tue_evening", *(slot for slot in SLOTS if slot[:3] in {"sat", "sun"})]


def test_a_row_may_be_in_dutch_or_in_english_words() -> None:
    bea = told(
        "rol;voornaam;e-mail;geboortejaar;postcode;talen;interesses;beschikbaarheid;comfortabel vanaf;toestemming",
        "vrijwilligster;Bea;bea@example.org;1960;4000;Nederlands, Frans;koken|lezen;woensdagavond;iedereen;ja",
    )
    assert (bea.languages, bea.interests) == (["nl", "fr"], [Interest.COOKING, Interest.READING])
    assert bea.availability == ["wed_evening"]
    assert bea.volunteer is not None
    assert bea.volunteer.comfort is Level.A0_CANNOT_READ
    carl = told(
        "role,first name,email,year of birth,postcode,languages,interests,availability,consent",
        'volunteer,Carl,c@example.org,1960,4000,"English, Dutch","board games, DIY",any time,yes',
    )
    assert carl.interests == [Interest.BOARD_GAMES, Interest.DIY]
    assert carl.availability == []


@pytest.mark.parametrize("language", SPOKEN)
def test_words_as_our_own_pages_say_them_are_understood(language: str) -> None:
    for interest in Interest:
        assert cell_words.interest(words.interest(interest, language)) is interest
    for level in Level:
        assert cell_words.level(words.level(level, language)) is level
    for slot in SLOTS:
        assert cell_words.slots(words.slot(slot, language)) == [slot]
    for code in cell_words.LANGUAGES_NAMED:
        known = str(Locale.parse(language).languages[code])
        assert cell_words.language(known) == code, known


@pytest.mark.parametrize(
    ("said", "slots"),
    [
        ("mon_evening", ["mon_evening"]),
        ("lundi et mardi soir", ["mon_evening", "tue_evening"]),
        ("le samedi matin", ["sat_morning"]),
        ("vendredi après-midi", ["fri_afternoon"]),
        ("zaterdag", ["sat_morning", "sat_midday", "sat_afternoon", "sat_evening"]),
        ("soirs", [f"{day}_evening" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")]),
        ("en semaine, le midi", [f"{day}_midday" for day in ("mon", "tue", "wed", "thu", "fri")]),
        ("toujours", []),
    ],
)
def test_moments_are_read_as_people_say_them(said: str, slots: list[str]) -> None:
    assert cell_words.slots(said) == slots


@pytest.mark.parametrize("said", ["lundi matin et mardi soir", "17h", "demain", "le", "", "lundi ou jamais"])
def test_what_is_ambiguous_or_unknown_is_refused_and_not_guessed(said: str) -> None:
    with pytest.raises(Invalid):
        cell_words.slots(said)
    for reader in (cell_words.interest, cell_words.language, cell_words.level):
        with pytest.raises(Invalid):
            reader("créole ou jardin")


def test_who_only_gives_workshops_is_imported_without_a_role() -> None:
    header = "prénom;e-mail;année de naissance;code postal;anime des ateliers;accord"
    host = told(header, "Samir;samir@example.org;1985;4000;oui;oui")
    assert (host.roles, host.host) == ([], True)
    by_role = told("profil;" + header, "animateur;Samir;samir@example.org;1985;4000;;oui")
    assert (by_role.roles, by_role.host) == ([], True)
    both = told("profil;" + header, "bénévole, ateliers;Samir;samir@example.org;1985;4000;;oui")
    assert (both.volunteer is not None, both.host) == (True, True)


def test_who_takes_part_in_nothing_is_reported_in_the_column_of_roles() -> None:
    header = "profil;prénom;e-mail;année de naissance;code postal;anime des ateliers;accord"
    for year in ("1985", "nothing"):
        reading = read(header, f";Samir;samir@example.org;{year};4000;non;oui")
        assert ("role", "role_missing") in [(remark.field, remark.code) for remark in reading.rejected]
    with pytest.raises(NoSheet) as refused:
        read("prénom;e-mail;année de naissance;code postal;accord", "Samir;samir@example.org;1985;4000;oui")
    assert "role" in str(refused.value)


def test_who_only_gives_workshops_has_no_running_duo() -> None:
    header = "role,first_name,email,birth_year,postcode,host,french_level,current_partner,consent"
    reading = read(
        header,
        "newcomer,Ali,ali@example.org,1990,4000,,A1,,yes",
        ",Bo,bo@example.org,1990,4000,yes,,ali@example.org,yes",
    )
    found = partners.resolve(reading, {draft.row: f"p{draft.row}" for draft in reading.drafts}, [])
    assert found.pairs == []
    assert [remark.code for remark in found.remarks] == ["partner_without_role"]
