"""Whatever the platform says to people, it says in twelve languages; nothing is missing, fuzzy, stale, or without its values."""

from __future__ import annotations

import io

import pytest
from babel.messages.pofile import read_po

from duolangue.chassis.web import LANGUAGES, OWN_NAMES, catalogues, direction
from duolangue.provision.platform import PLATFORM

PACKAGES = ("duolangue.chassis.web", *(member.declaration.package for member in PLATFORM))
TRANSLATED = [language for language in LANGUAGES if language != catalogues.SOURCE]


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_exists_in_every_language(package, language):
    assert [str(fault) for fault in catalogues.faults(package, language)] == []


def test_the_languages_are_the_twelve_of_the_people_who_come():
    assert set(LANGUAGES) == {"fr", "nl", "en", "ar", "uk", "es", "tr", "fa", "ps", "ti", "so", "de"}
    assert all(OWN_NAMES.values())
    assert {language for language in LANGUAGES if direction(language) == "rtl"} == {"ar", "fa", "ps"}


def test_sentences_are_found_in_templates_rules_and_letters():
    found = catalogues.said("duolangue.registration")
    assert len(found) > 150
    assert found["A first name is needed."].where.startswith("domain/values.py:")
    assert found["pair to approve"].key == ("pair to approve", "pairs to approve")


PLANTED = """
msgid ""
msgstr ""
"Language: fr\\n"

#, fuzzy
msgid "Sign out"
msgstr "Sortie"

msgid "About: %(field)s"
msgstr "Au sujet de ceci"

msgid "{day} morning"
msgstr "{jour} matin"

msgid "Nobody says this any more"
msgstr "Plus personne ne dit cela"
"""


def test_a_missing_a_fuzzy_a_stale_and_a_broken_sentence_are_each_told(monkeypatch):
    planted = read_po(io.BytesIO(PLANTED.encode()), locale="fr")
    monkeypatch.setattr(catalogues, "read", lambda _package, _language: planted)
    told = {fault.key: fault.what for fault in catalogues.faults("duolangue.chassis.web", "fr")}
    assert told["Sign out"] == "fuzzy"
    assert told["About: %(field)s"] == "lost a placeholder"
    assert told["{day} morning"] == "has a placeholder that the sentence does not know"
    assert told["Nobody says this any more"] == "stale"
    assert told["A problem?"] == "missing"


def test_what_is_signed_or_saves_somebody_stays_listed_until_a_native_speaker_has_read_it(monkeypatch):
    waiting = {fault.key for fault in catalogues.unreviewed("duolangue.registration", "ar")}
    assert waiting, "no sentence of registration is marked `review: consent` or `review: safety`"
    sentence = min(waiting, key=str)
    catalogue = catalogues.read("duolangue.registration", "ar")
    message = catalogue.get(sentence if isinstance(sentence, str) else sentence[0])
    assert catalogues.UNREVIEWED in message.user_comments
    message.user_comments = ["reviewed: Somebody who knows, 2026-11-20"]
    monkeypatch.setattr(catalogues, "read", lambda _package, _language: catalogue)
    assert sentence not in {fault.key for fault in catalogues.unreviewed("duolangue.registration", "ar")}
