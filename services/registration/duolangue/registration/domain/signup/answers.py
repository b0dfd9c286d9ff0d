"""What somebody answered so far while signing up. Only what could be taken is in here, tidy."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from duolangue.contracts.facts.registration import AgeRange
from duolangue.contracts.vocabulary import Gender, Language, Level, Postcode, Slot
from duolangue.registration.domain.interests import Interests


class Wish(StrEnum):
    """Why somebody comes."""

    SPEAK = "speak"
    HELP = "help"
    BOTH = "both"


class Question(StrEnum):
    """A page of the sign-up, in the order in which they come. The year of birth stands early: of a minor nothing is kept."""

    WISH = "wish"
    BIRTH = "birth"
    NAME = "name"
    CONTACT = "contact"
    GENDER = "gender"
    PLACE = "place"
    TOWN = "town"
    ORAL = "oral"
    WRITTEN = "written"
    LANGUAGES = "languages"
    INTERESTS = "interests"
    FREE = "free"
    PARTNER = "partner"
    SAME_GENDER = "same-gender"
    DISTANCE = "distance"
    ARRIVED = "arrived"
    PLACES = "places"
    EASE = "ease"
    CHARTER = "charter"
    CONSENT = "consent"


class Agreed(BaseModel):
    """That a text was agreed to: which version, in which language, when."""

    model_config = ConfigDict(frozen=True)

    version: str
    language: Language
    at: datetime
    values: dict[str, str] = {}
    """What the association's own figures were in the text: months that data are kept, minutes a week."""


class Answers(BaseModel):
    """The answers so far; `answered` names the questions that were gone through, also those left empty."""

    model_config = ConfigDict(frozen=True)

    wish: Wish | None = None
    birth_year: int | None = None
    first_name: str = ""
    last_name: str = ""
    phone: str | None = None
    email: str | None = None
    gender: Gender | None = None
    postcode: Postcode | None = None
    ui_language: Language | None = None
    """In which language messages shall come, where a coordinator asks for it; else the language of the pages."""
    oral: Level | None = None
    written: Level | None = None
    languages: list[Language] = []
    interests: Interests = []
    availability: list[Slot] = []
    partner_gender: Gender | None = None
    partner_age: AgeRange | None = None
    same_gender: bool = False
    radius_km: int | None = None
    arrived_on: date | None = None
    places: int | None = None
    ease: Level | None = None
    charter: Agreed | None = None
    consent: Agreed | None = None
    feeds: list[str] = []
    """Outside partners who may be told of them: each by a yes of its own."""
    answered: list[Question] = []

    @property
    def speaks(self) -> bool:
        """Whether they want to speak French."""
        return self.wish in {Wish.SPEAK, Wish.BOTH}

    @property
    def helps(self) -> bool:
        """Whether they want to help."""
        return self.wish in {Wish.HELP, Wish.BOTH}
