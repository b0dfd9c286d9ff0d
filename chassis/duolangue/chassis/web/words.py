"""The shared vocabulary as people say it: interests, moments, levels, languages."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from babel import Locale

from duolangue.chassis.web.languages import spoken, translations
from duolangue.contracts.vocabulary import DAYS, Interest, Level

_CHASSIS: Final = "duolangue.chassis.web"
WORDS: Final = 4096
"""Words that are remembered of each kind, over all languages: lists of choices say the same ones on every page."""


def N_(text: str) -> str:
    """Mark a message for the catalogues."""
    return text


_INTERESTS: Final = {
    Interest.ANIMALS: N_("animals"),
    Interest.BEAUTY: N_("beauty"),
    Interest.BOARD_GAMES: N_("board games"),
    Interest.BUSINESS: N_("business"),
    Interest.CHILDREN: N_("children"),
    Interest.CINEMA: N_("cinema"),
    Interest.COMPUTERS: N_("computers"),
    Interest.COOKING: N_("cooking"),
    Interest.CRAFTS: N_("crafts"),
    Interest.CYCLING: N_("cycling"),
    Interest.DANCE: N_("dance"),
    Interest.DIY: N_("do-it-yourself"),
    Interest.DRAWING: N_("drawing"),
    Interest.FASHION: N_("fashion"),
    Interest.FITNESS: N_("fitness"),
    Interest.FOOTBALL: N_("football"),
    Interest.GARDENING: N_("gardening"),
    Interest.HEALTH: N_("health"),
    Interest.HIKING: N_("hiking"),
    Interest.HISTORY: N_("history"),
    Interest.LANGUAGES: N_("languages"),
    Interest.MUSIC: N_("music"),
    Interest.NATURE: N_("nature"),
    Interest.PHILOSOPHY: N_("philosophy"),
    Interest.PHOTOGRAPHY: N_("photography"),
    Interest.POLITICS: N_("politics"),
    Interest.READING: N_("reading"),
    Interest.RELIGION: N_("religion"),
    Interest.RUNNING: N_("running"),
    Interest.SCIENCE: N_("science"),
    Interest.SEWING: N_("sewing"),
    Interest.SINGING: N_("singing"),
    Interest.SWIMMING: N_("swimming"),
    Interest.THEATRE: N_("theatre"),
    Interest.TRAVEL: N_("travel"),
    Interest.VIDEO_GAMES: N_("video games"),
    Interest.VOLUNTEERING: N_("volunteering"),
    Interest.WRITING: N_("writing"),
}
_INTEREST_ICONS: Final = {
    Interest.ANIMALS: "paw-print",
    Interest.BEAUTY: "sparkles",
    Interest.BOARD_GAMES: "dice-5",
    Interest.BUSINESS: "briefcase",
    Interest.CHILDREN: "baby",
    Interest.CINEMA: "clapperboard",
    Interest.COMPUTERS: "laptop",
    Interest.COOKING: "cooking-pot",
    Interest.CRAFTS: "scissors",
    Interest.CYCLING: "bike",
    Interest.DANCE: "disc-3",
    Interest.DIY: "hammer",
    Interest.DRAWING: "palette",
    Interest.FASHION: "shirt",
    Interest.FITNESS: "dumbbell",
    Interest.FOOTBALL: "volleyball",
    Interest.GARDENING: "sprout",
    Interest.HEALTH: "heart-pulse",
    Interest.HIKING: "footprints",
    Interest.HISTORY: "landmark",
    Interest.LANGUAGES: "languages",
    Interest.MUSIC: "music",
    Interest.NATURE: "trees",
    Interest.PHILOSOPHY: "lightbulb",
    Interest.PHOTOGRAPHY: "camera",
    Interest.POLITICS: "vote",
    Interest.READING: "book-open",
    Interest.RELIGION: "sunrise",
    Interest.RUNNING: "timer",
    Interest.SCIENCE: "flask-conical",
    Interest.SEWING: "spool",
    Interest.SINGING: "mic-vocal",
    Interest.SWIMMING: "waves",
    Interest.THEATRE: "drama",
    Interest.TRAVEL: "luggage",
    Interest.VIDEO_GAMES: "gamepad-2",
    Interest.VOLUNTEERING: "hand-heart",
    Interest.WRITING: "pen-line",
}
_MOMENTS: Final = {
    "morning": N_("{day} morning"),
    "midday": N_("{day} midday"),
    "afternoon": N_("{day} afternoon"),
    "evening": N_("{day} evening"),
}
_BELGIAN_MOBILE: Final = re.compile(r"(\+32)(4\d\d)(\d\d)(\d\d)(\d\d)")
_LEVELS: Final = {
    Level.A0_CANNOT_READ: N_("A0, does not read"),
    Level.A0: N_("A0, beginner"),
}


@lru_cache(maxsize=WORDS)
def interest(word: Interest | str, language: str) -> str:
    """An interest, as in cuisine."""
    return translations(_CHASSIS, spoken(language)).gettext(_INTERESTS[Interest(word)])


def interest_icon(word: Interest | str) -> str:
    """The picture of an interest: the name of an icon."""
    return _INTEREST_ICONS[Interest(word)]


@lru_cache(maxsize=WORDS)
def slot(moment: str, language: str) -> str:
    """A moment of the week, as in mardi soir."""
    day, part = moment.split("_")
    name = Locale.parse(spoken(language)).days["format"]["wide"][DAYS.index(day)]
    return translations(_CHASSIS, spoken(language)).gettext(_MOMENTS[part]).format(day=name)


@lru_cache(maxsize=WORDS)
def level(value: Level | str, language: str) -> str:
    """A level of French, as in A1."""
    known = Level(value)
    return translations(_CHASSIS, spoken(language)).gettext(_LEVELS[known]) if known in _LEVELS else known.cefr


def age_band(band: str, language: str) -> str:
    """A band of ages (as in 25-34 or 75+), as people say it: 25 à 34 ans; nothing for an age that is not told."""
    _ = translations(_CHASSIS, spoken(language)).gettext
    least, to, most = band.partition("-")
    if to:
        return _("{least} to {most} years old").format(least=least, most=most)
    return _("{least} years old or more").format(least=least.rstrip("+")) if least else ""


def phone(number: str) -> str:
    """A telephone number (E.164) as people read it aloud: a Belgian mobile number in groups, any other as it is."""
    found = _BELGIAN_MOBILE.fullmatch(number)
    return " ".join(found.groups()) if found else number


@lru_cache(maxsize=WORDS)
def language_name(code: str, language: str) -> str:
    """A language's name in another, as in arabe; its code where no name is known."""
    return str(Locale.parse(spoken(language)).languages.get(code, code))
