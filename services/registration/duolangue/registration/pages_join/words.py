"""What the pages of the sign-up say: the questions, and the choices with a picture and a word each. Very simple words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from duolangue.contracts.vocabulary import Gender, Interest, Level
from duolangue.registration.domain.signup.answers import Question, Wish


def N_(text: str) -> str:
    """Mark a message for the catalogues."""
    return text


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose: what is sent, a picture, a word, and a hint where one helps."""

    value: str
    icon: str
    label: str
    hint: str = ""


TITLES: Final[dict[Question, str]] = {
    Question.WISH: N_("What would you like?"),
    Question.BIRTH: N_("In which year were you born?"),
    Question.NAME: N_("What is your name?"),
    Question.CONTACT: N_("How can we reach you?"),
    Question.GENDER: N_("Are you…"),
    Question.PLACE: N_("Where do you live?"),
    Question.TOWN: N_("Do you live here?"),
    Question.ORAL: N_("How do you speak French?"),
    Question.WRITTEN: N_("How do you read and write French?"),
    Question.LANGUAGES: N_("Which languages do you speak?"),
    Question.INTERESTS: N_("What do you like?"),
    Question.FREE: N_("When are you free?"),
    Question.PARTNER: N_("Who would you like to talk with?"),
    Question.SAME_GENDER: N_("Who would you like to help?"),
    Question.DISTANCE: N_("How far away may your partner live?"),
    Question.ARRIVED: N_("Since when have you been in Belgium?"),
    Question.PLACES: N_("How many people would you like to help at the same time?"),
    Question.EASE: N_("Your partner speaks French…"),
    Question.CHARTER: N_("What a volunteer promises"),
    Question.CONSENT: N_("Do you agree?"),
}
SHORT: Final[dict[Question, str]] = {
    Question.WISH: N_("I would like"),
    Question.BIRTH: N_("Year of birth"),
    Question.NAME: N_("Name"),
    Question.CONTACT: N_("Telephone, e-mail"),
    Question.GENDER: N_("Gender"),
    Question.PLACE: N_("I live in"),
    Question.ORAL: N_("Speaking French"),
    Question.WRITTEN: N_("Reading and writing"),
    Question.LANGUAGES: N_("Languages"),
    Question.INTERESTS: N_("I like"),
    Question.FREE: N_("When I am free"),
    Question.PARTNER: N_("My partner"),
    Question.SAME_GENDER: N_("Whom I help"),
    Question.DISTANCE: N_("Distance"),
    Question.ARRIVED: N_("In Belgium since"),
    Question.PLACES: N_("How many people"),
    Question.EASE: N_("My partner speaks French"),
    Question.CHARTER: N_("What a volunteer promises"),
    Question.CONSENT: N_("I agree"),
}
"""What stands before an answer in the summary; the town is part of where somebody lives."""
HELP: Final[dict[Question, str]] = {
    Question.BIRTH: N_("Four digits, as in 1990. Duos are for adults."),
    Question.CONTACT: N_("One of the two is enough. You may share a telephone with somebody."),
    Question.GENDER: N_("You need not say it."),
    Question.PLACE: N_("We look for somebody near you. Write the four digits of your postcode."),
    Question.LANGUAGES: N_("Choose all you speak."),
    Question.INTERESTS: N_("Choose as many as you like. You can talk about it together."),
    Question.FREE: N_("Choose nothing if it changes: you settle it together."),
    Question.PARTNER: N_("This is a wish. With fewer wishes you wait less long."),
    Question.DISTANCE: N_("You talk by telephone or video. One day you may meet."),
    Question.ARRIVED: N_("You may leave this empty."),
}
_WISHES: Final = (
    Choice(Wish.SPEAK, "message-circle", N_("I want to speak French")),
    Choice(Wish.HELP, "hand-heart", N_("I want to help"), N_("I speak French well")),
    Choice(Wish.BOTH, "heart-handshake", N_("Both")),
)
_GENDERS: Final = (
    Choice(Gender.FEMALE, "venus", N_("a woman")),
    Choice(Gender.MALE, "mars", N_("a man")),
    Choice(Gender.OTHER, "user-round", N_("another gender")),
    Choice("", "ellipsis", N_("I would rather not say")),
)
_ORAL: Final = (
    Choice(Level.A0, "message-circle-off", N_("I do not speak it yet")),
    Choice(Level.A1, "hand", N_("A few words"), N_("Hello, thank you, my name is…")),
    Choice(Level.A2, "message-circle", N_("Simple sentences"), N_("I do my shopping, I ask my way")),
    Choice(Level.B1, "messages-square", N_("An easy conversation"), N_("I talk about my day")),
    Choice(Level.B2, "mic", N_("I speak well"), N_("I explain, I give my opinion")),
    Choice(Level.C1, "mic-vocal", N_("I speak very well")),
)
_WRITTEN: Final = (
    Choice(Level.A0_CANNOT_READ, "eye-off", N_("I do not read yet"), N_("in any language")),
    Choice(Level.A0, "languages", N_("I read another language, not French")),
    Choice(Level.A1, "whole-word", N_("A few words"), N_("My name, my address")),
    Choice(Level.A2, "message-square-text", N_("Short messages")),
    Choice(Level.B1, "mail", N_("A letter")),
    Choice(Level.B2, "book-open", N_("A newspaper, a book")),
)
_EASE: Final = (
    Choice(Level.A0_CANNOT_READ, "heart", N_("Not yet, and may not read yet"), N_("Everybody is welcome to me")),
    Choice(Level.A0, "message-circle-off", N_("Not yet, but reads another language")),
    Choice(Level.A1, "hand", N_("A few words")),
    Choice(Level.A2, "message-circle", N_("Simple sentences")),
    Choice(Level.B1, "messages-square", N_("An easy conversation")),
)
_SAME_GENDER: Final = (
    Choice("", "users", N_("Anybody")),
    Choice("yes", "user-round-check", N_("Only somebody of my own gender")),
)
_DISTANCES: Final = (
    Choice("5", "bike", N_("5 km"), N_("by bicycle")),
    Choice("15", "bus", N_("15 km"), N_("by bus")),
    Choice("30", "train-front", N_("30 km"), N_("by train")),
    Choice("", "smartphone", N_("It does not matter"), N_("The association decides")),
)
_PLACES: Final = (
    Choice("1", "user-round", N_("One person")),
    Choice("2", "users", N_("Two people")),
    Choice("3", "users-round", N_("Three people")),
)
CHOICES: Final[dict[Question, tuple[Choice, ...]]] = {
    Question.WISH: _WISHES,
    Question.GENDER: _GENDERS,
    Question.ORAL: _ORAL,
    Question.WRITTEN: _WRITTEN,
    Question.EASE: _EASE,
    Question.SAME_GENDER: _SAME_GENDER,
    Question.DISTANCE: _DISTANCES,
    Question.PLACES: _PLACES,
}
"""The questions that are answered by choosing one of a few."""
FIELDS: Final[dict[Question, str]] = {
    Question.WISH: "wish",
    Question.GENDER: "gender",
    Question.ORAL: "oral",
    Question.WRITTEN: "written",
    Question.EASE: "ease",
    Question.SAME_GENDER: "same_gender",
    Question.DISTANCE: "radius_km",
    Question.PLACES: "places",
}
PARTNER_GENDERS: Final = (
    Choice("", "users", N_("Anybody")),
    Choice(Gender.FEMALE, "venus", N_("A woman")),
    Choice(Gender.MALE, "mars", N_("A man")),
)
PARTNER_AGES: Final = (
    Choice("", "users", N_("Any age")),
    Choice("18-29", "sprout", N_("18 to 29 years")),
    Choice("30-49", "tree-deciduous", N_("30 to 49 years")),
    Choice("50+", "trees", N_("50 years or more")),
)
MOMENTS: Final = (
    Choice("day", "sun", N_("During the day"), N_("Monday to Friday")),
    Choice("evening", "moon", N_("In the evening"), N_("Monday to Friday")),
    Choice("weekend", "calendar-days", N_("At the weekend")),
)
PICTURES: Final[dict[Interest, str]] = {
    Interest.COOKING: "cooking-pot",
    Interest.MUSIC: "music",
    Interest.FOOTBALL: "goal",
    Interest.CINEMA: "clapperboard",
    Interest.HIKING: "footprints",
    Interest.READING: "book-open",
    Interest.CHILDREN: "baby",
    Interest.SEWING: "scissors",
    Interest.GARDENING: "sprout",
    Interest.CYCLING: "bike",
    Interest.ANIMALS: "paw-print",
    Interest.DANCE: "party-popper",
    Interest.DIY: "hammer",
    Interest.DRAWING: "palette",
    Interest.TRAVEL: "plane",
    Interest.BOARD_GAMES: "dice-5",
    Interest.FITNESS: "dumbbell",
    Interest.LANGUAGES: "languages",
    Interest.BEAUTY: "sparkles",
    Interest.BUSINESS: "briefcase",
    Interest.COMPUTERS: "laptop",
    Interest.CRAFTS: "brush",
    Interest.FASHION: "shirt",
    Interest.HISTORY: "landmark",
    Interest.NATURE: "leaf",
    Interest.PHILOSOPHY: "lightbulb",
    Interest.PHOTOGRAPHY: "camera",
    Interest.RUNNING: "timer",
    Interest.SCIENCE: "flask-conical",
    Interest.SINGING: "mic-vocal",
    Interest.SWIMMING: "waves",
    Interest.THEATRE: "drama",
    Interest.VIDEO_GAMES: "gamepad-2",
    Interest.VOLUNTEERING: "hand-heart",
    Interest.WRITING: "pen-line",
}
"""In the order in which they are shown."""
FIRST_SHOWN: Final = 18
COMMON_LANGUAGES: Final = (
    "ar", "en", "fa", "ps", "ti", "so", "tr", "uk", "ru", "es", "nl", "de", "it", "pt", "sq", "ro", "ku", "am", "ln", "sw", "ff", "fr",
)  # fmt: skip
"""Shown by their own names; every other language stands in a list."""
