"""The shared vocabulary reads as people say it, in every language of the pages."""

from __future__ import annotations

import pytest

from duolangue.chassis.web import words


@pytest.mark.parametrize(
    ("band", "language", "said"),
    [
        ("25-34", "fr", "25 à 34 ans"),
        ("75+", "fr", "75 ans et plus"),
        ("75+", "nl", "75 jaar en ouder"),
        ("25-34", "en", "25 to 34 years old"),
        ("", "fr", ""),
    ],
)
def test_an_age_band_is_said_in_words(band: str, language: str, said: str) -> None:
    assert words.age_band(band, language) == said


@pytest.mark.parametrize(
    ("number", "shown"),
    [("+32475119281", "+32 475 11 92 81"), ("+3242211111", "+3242211111"), ("+33612345678", "+33612345678")],
)
def test_a_belgian_mobile_number_is_shown_in_groups_and_any_other_as_it_is(number: str, shown: str) -> None:
    assert words.phone(number) == shown
