"""The words every service shares: roles, levels of French, interests, languages, moments of the week.

Words that one service alone uses live in that service's domain.
"""

from __future__ import annotations

from enum import StrEnum
from itertools import product
from typing import Annotated, Final

from pydantic import AfterValidator, StringConstraints

SLUG_PATTERN: Final = r"^[a-z0-9]+(-[a-z0-9]+)*$"

Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN, min_length=2, max_length=40)]
"""An association's immutable name in addresses and subjects."""

EntityId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$", min_length=1, max_length=64)]
"""The opaque id of a person, a duo or any other entity: it tells nothing of what it names."""

Postcode = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{3}$")]
"""A Belgian postcode: four digits, from 1000 on."""

Week = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-W[0-9]{2}$")]
"""An ISO 8601 week, as in 2026-W48."""


class Role(StrEnum):
    """The two sides of a duo."""

    NEWCOMER = "newcomer"
    VOLUNTEER = "volunteer"

    @property
    def other(self) -> Role:
        """The opposite side."""
        return Role.VOLUNTEER if self is Role.NEWCOMER else Role.NEWCOMER


class Gender(StrEnum):
    """As a person states it; stating none is always possible."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class Level(StrEnum):
    """A level of French: CEFR, with A0 split into those who cannot read and those who begin.

    Council of Europe, Common European Framework of Reference (2001), with its Companion Volume's Pre-A1 here named A0.
    """

    A0_CANNOT_READ = "A0_cannot_read"
    A0 = "A0"
    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"

    @property
    def rank(self) -> int:
        """The place on the ladder, 0 for the lowest."""
        return list(Level).index(self)

    @property
    def cefr(self) -> str:
        """The level as people write it: both kinds of A0 are A0."""
        return "A0" if self.rank == 0 else self.value


class Interest(StrEnum):
    """What people like to do or talk about; each has a picture and a word on the pages."""

    ANIMALS = "animals"
    BEAUTY = "beauty"
    BOARD_GAMES = "board_games"
    BUSINESS = "business"
    CHILDREN = "children"
    CINEMA = "cinema"
    COMPUTERS = "computers"
    COOKING = "cooking"
    CRAFTS = "crafts"
    CYCLING = "cycling"
    DANCE = "dance"
    DIY = "diy"
    DRAWING = "drawing"
    FASHION = "fashion"
    FITNESS = "fitness"
    FOOTBALL = "football"
    GARDENING = "gardening"
    HEALTH = "health"
    HIKING = "hiking"
    HISTORY = "history"
    LANGUAGES = "languages"
    MUSIC = "music"
    NATURE = "nature"
    PHILOSOPHY = "philosophy"
    PHOTOGRAPHY = "photography"
    POLITICS = "politics"
    READING = "reading"
    RELIGION = "religion"
    RUNNING = "running"
    SCIENCE = "science"
    SEWING = "sewing"
    SINGING = "singing"
    SWIMMING = "swimming"
    THEATRE = "theatre"
    TRAVEL = "travel"
    VIDEO_GAMES = "video_games"
    VOLUNTEERING = "volunteering"
    WRITING = "writing"


class Medium(StrEnum):
    """How a conversation was held."""

    VIDEO = "video"
    PHONE = "phone"
    IN_PERSON = "in_person"


DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOMENTS: Final = ("morning", "midday", "afternoon", "evening")
SLOTS: Final = tuple(f"{day}_{moment}" for day, moment in product(DAYS, MOMENTS))
"""The 28 moments of a week, from Monday morning to Sunday evening."""

LANGUAGES: Final = frozenset(
    "aa ab af ak am ar as ay az ba be bg bm bn bo br bs ca ce co cs cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy "
    "ga gd gl gn gu ha he hi hr ht hu hy id ig is it ja jv ka kg ki kk km kn ko ks ku ky la lb lg ln lo lt lv mg mi mk ml mn mr "
    "ms mt my nb nd ne nl nn no ny om or os pa pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw "
    "ta te tg th ti tk tl tn to tr ts tt ty ug uk ur uz ve vi wa wo xh yi yo za zh zu".split()
)
"""ISO 639-1 codes of the languages somebody can say they speak."""


def _known_language(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError(f"no language has the code {code!r} (ISO 639-1, as in fr, ar, ti)")
    return code


def _known_slot(slot: str) -> str:
    if slot not in SLOTS:
        raise ValueError(f"no moment is called {slot!r} (a day and a moment, as in mon_evening)")
    return slot


Language = Annotated[str, AfterValidator(_known_language)]
"""An ISO 639-1 code, as in fr, ar, ti."""

Slot = Annotated[str, AfterValidator(_known_slot)]
"""One of the 28 moments of a week, as in tue_evening."""
