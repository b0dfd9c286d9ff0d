"""The languages of pages and messages: gettext catalogues, read as they are committed."""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

OWN_NAMES: Final = {
    "fr": "Français",
    "nl": "Nederlands",
    "en": "English",
    "ar": "العربية",
    "uk": "Українська",
    "es": "Español",
    "tr": "Türkçe",
    "fa": "فارسی",
    "ps": "پښتو",
    "ti": "ትግርኛ",
    "so": "Soomaali",
    "de": "Deutsch",
}
"""What pages and messages exist in, each by its own name in its own script."""
LANGUAGES: Final = tuple(OWN_NAMES)
"""The codes of those; English is the language of the sources."""
RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "ps"})


def spoken(*wishes: str) -> str:
    """The first wish that pages and messages exist in, else French."""
    return next((wish for wish in wishes if wish in LANGUAGES), "fr")


def direction(language: str) -> str:
    """Which way the language is written: ltr or rtl, as HTML says it."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def translations(package: str, language: str) -> gettext.NullTranslations:
    """The words of a service in one language, with the chassis' own behind them."""
    return _merged((package, "duolangue.chassis.web"), language)


@cache
def _merged(packages: Iterable[str], language: str) -> gettext.NullTranslations:
    merged: gettext.NullTranslations | None = None
    for package in packages:
        found = _catalogue(package, language)
        if merged is None:
            merged = found
        else:
            merged.add_fallback(found)
    return merged or gettext.NullTranslations()


def _catalogue(package: str, language: str) -> gettext.NullTranslations:
    file = resources.files(package).joinpath("locale", language, "LC_MESSAGES", "messages.po")
    if not file.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(file.read_bytes()), locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
