"""What somebody must tell to take part, and what is refused, each time naming the field."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from duolangue.contracts.vocabulary import Gender, Level, Role
from duolangue.registration.domain import application, participant, values
from duolangue.registration.domain.application import Application
from duolangue.registration.domain.association import Association, AssociationSettings, register
from duolangue.registration.domain.invalid import Invalid

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
RANIA: dict[str, Any] = {
    "first_name": "Rania",
    "last_name": "Haddad",
    "email": "Rania@Example.org",
    "phone": "0470 12 34 56",
    "birth_year": 1990,
    "postcode": "4020",
    "consent": True,
    "newcomer": {"french_oral": "A1"},
}


def told(**changes: Any) -> Application:
    return Application.model_validate({**RANIA, **changes})


def broken(interra: Association, **changes: Any) -> list[tuple[str, str]]:
    return [(fault.field, fault.code) for fault in application.faults(told(**changes), interra.today(NOW))]


def test_an_address_is_kept_in_lower_case_and_a_number_with_its_country(interra: Association) -> None:
    rania = application.register(told(), "p1", interra, NOW)
    assert rania.email == "rania@example.org"
    assert rania.phone == "+32470123456"
    assert rania.roles == [Role.NEWCOMER]
    assert rania.consent.given_at == NOW


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", "  "),
        ("first_name", "Ra\x00nia"),
        ("email", "rania@"),
        ("email", "a@b.c\r\nBcc: x@example.org"),
        ("phone", "12"),
        ("postcode", "4999"),
        ("postcode", "75011"),
        ("languages", ["xx"]),
        ("interests", ["sleeping"]),
        ("availability", ["mon_night"]),
        ("radius_km", 301),
        ("radius_km", -1),
        ("arrived_on", "2025-02-31"),
        ("ui_language", "zz"),
        ("birth_year", "long ago"),
        ("papers", "none"),
    ],
)
def test_a_value_that_cannot_be_taken_is_refused_by_its_name(field: str, value: object) -> None:
    with pytest.raises(ValidationError) as refusal:
        told(**{field: value})
    assert {error["loc"][0] for error in refusal.value.errors()} == {field}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"newcomer": None}, "newcomer"),
        ({"email": " ", "phone": ""}, "email"),
        ({"consent": False}, "consent"),
        ({"birth_year": 2**80}, "birth_year"),
        ({"birth_year": 1897}, "birth_year"),
        ({"arrived_on": "2027-01-01"}, "arrived_on"),
        ({"arrived_on": "1980-01-01"}, "arrived_on"),
        ({"newcomer": {"french_oral": "A1", "waiting_since": "2026-11-23"}}, "waiting_since"),
    ],
)
def test_a_broken_rule_names_its_field(interra: Association, changes: dict[str, Any], field: str) -> None:
    assert [fault for fault, _ in broken(interra, **changes)] == [field]


def test_whoever_turns_eighteen_this_year_counts_as_a_minor_until_the_year_turns(interra: Association) -> None:
    born_2008 = told(birth_year=2008)
    last_evening = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)
    assert [fault.code for fault in application.faults(born_2008, interra.today(last_evening))] == ["too_young"]
    # Half past midnight in Brussels, while it is still December in UTC.
    just_after = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert list(application.faults(born_2008, interra.today(just_after))) == []


def test_the_oldest_who_can_take_part_is_a_hundred_and_ten() -> None:
    today = date(2026, 1, 1)
    assert not list(application.age_faults(1916, today))
    assert [fault.code for fault in application.age_faults(1915, today)] == ["birth_year_invalid"]


def test_a_volunteer_may_ask_for_the_same_gender_and_nothing_else(interra: Association) -> None:
    wish = {"volunteer": {"partner_gender": "female"}, "newcomer": None}
    assert broken(interra, **wish, gender="female") == []
    assert broken(interra, **wish, gender="male") == [("partner_gender", "other_gender_wished")]
    assert broken(interra, **wish) == [("partner_gender", "gender_unknown")]
    claire = application.register(told(**wish, gender="female"), "p1", interra, NOW)
    assert claire.volunteer is not None
    assert claire.volunteer.same_gender_only


def test_a_newcomer_may_wish_for_a_gender_and_an_age(interra: Association) -> None:
    wish = {"french_oral": "A0_cannot_read", "partner_gender": "female", "partner_age": {"least": 50, "most": 65}}
    rania = application.register(told(newcomer=wish), "p1", interra, NOW)
    assert rania.newcomer is not None
    assert rania.newcomer.partner_gender is Gender.FEMALE
    assert rania.newcomer.french_oral is Level.A0_CANNOT_READ


def test_who_waits_since_a_day_waits_since_its_beginning_and_who_names_none_since_now(interra: Association) -> None:
    since = application.register(
        told(newcomer={"french_oral": "A1", "waiting_since": "2026-03-01"}), "p1", interra, NOW
    )
    assert since.newcomer is not None
    assert since.newcomer.waiting_since == datetime(2026, 2, 28, 23, tzinfo=UTC)
    fresh = application.register(told(), "p2", interra, NOW)
    assert fresh.newcomer is not None
    assert fresh.newcomer.waiting_since == NOW


def test_an_identity_ignores_case_accents_and_spaces_but_not_the_year() -> None:
    def known(first: str, year: int) -> set[str]:
        return set(participant.identities(first, "Yılmaz", year, "a@example.org", "+32470123456"))

    assert known("Éloïse ", 1980) == known("eloise", 1980)
    assert not known("Éloïse", 1980) & known("Éloïse", 1981)


def test_a_name_stays_text_whatever_it_looks_like() -> None:
    assert values.first_name('=HYPERLINK("http://example.org")') == '=HYPERLINK("http://example.org")'
    assert values.name("علی‌رضا") == "علی‌رضا"
    with pytest.raises(Invalid):
        values.name("Rania\u202egnp.exe")


@pytest.mark.parametrize("slug", ["platform", "api"])
def test_an_association_cannot_take_a_name_the_platform_needs(slug: str) -> None:
    with pytest.raises(Invalid) as refusal:
        register(slug, AssociationSettings(name="Interra"), NOW)
    assert refusal.value.field == "slug"
