"""Answers back in the fields of their page, and in words for the summary."""

from __future__ import annotations

from collections.abc import Callable

from babel.dates import format_skeleton

from duolangue.chassis import places
from duolangue.chassis.web import words as vocabulary
from duolangue.registration.domain.signup.answers import Answers, Question
from duolangue.registration.domain.signup.reading import AGES, TILES
from duolangue.registration.pages_join.words import CHOICES, FIELDS, MOMENTS, PARTNER_GENDERS, Choice

Fields = dict[str, list[str]]


def fields(question: Question, told: Answers) -> Fields:
    """What stands in the fields of a page whose question was answered before; nothing where it was not."""
    if question not in told.answered:
        return {}
    reader = _FIELDS.get(question)
    return reader(told) if reader else {FIELDS[question]: [_one(question, told)]}


def _one(question: Question, told: Answers) -> str:
    if question is Question.SAME_GENDER:
        return "yes" if told.same_gender else ""
    value = getattr(told, FIELDS[question])
    return "" if value is None else str(getattr(value, "value", value))


def _contact(told: Answers) -> Fields:
    phone = vocabulary.phone(told.phone) if told.phone else ""
    return {"phone": [phone], "email": [told.email or ""], "ui_language": [told.ui_language or ""]}


def _free(told: Answers) -> Fields:
    chosen = set(told.availability)
    tiles = [tile for tile, slots in TILES.items() if set(slots) <= chosen]
    covered = {slot for tile in tiles for slot in TILES[tile]}
    return {"tiles": tiles, "slots": [slot for slot in told.availability if slot not in covered]}


def _partner(told: Answers) -> Fields:
    age = next((name for name, span in AGES.items() if span == told.partner_age), "")
    return {"partner_gender": [told.partner_gender.value if told.partner_gender else ""], "partner_age": [age]}


def _arrived(told: Answers) -> Fields:
    day = told.arrived_on
    return {"month": [str(day.month) if day else ""], "year": [str(day.year) if day else ""]}


_FIELDS: dict[Question, Callable[[Answers], Fields]] = {
    Question.BIRTH: lambda told: {"birth_year": [str(told.birth_year or "")]},
    Question.NAME: lambda told: {"first_name": [told.first_name], "last_name": [told.last_name]},
    Question.CONTACT: _contact,
    Question.PLACE: lambda told: {"postcode": [told.postcode or ""]},
    Question.TOWN: lambda _: {},
    Question.LANGUAGES: lambda told: {"languages": list(told.languages)},
    Question.INTERESTS: lambda told: {"interests": [each.value for each in told.interests]},
    Question.FREE: _free,
    Question.PARTNER: _partner,
    Question.ARRIVED: _arrived,
    Question.CHARTER: lambda told: {"charter": [told.charter.version if told.charter else ""]},
    Question.CONSENT: lambda told: {
        "consent": [told.consent.version if told.consent else ""],
        "feed": list(told.feeds),
    },
}


def in_words(question: Question, told: Answers, language: str, say: Callable[[str], str]) -> str:
    """An answer as the summary shows it; empty where nothing was told."""
    reader = _WORDS.get(question)
    if reader is not None:
        return reader(told, language, say)
    return say(_chosen(CHOICES[question], _one(question, told)))


def _chosen(choices: tuple[Choice, ...], value: str) -> str:
    return next((choice.label for choice in choices if choice.value == value), "")


def town(told: Answers, language: str) -> str:
    """The place of the postcode: as 4020 Liège; with the name people there use in the language of the page."""
    found = places.find(told.postcode) if told.postcode else None
    if found is None:
        return told.postcode or ""
    name = found.municipality_nl if language == "nl" and found.municipality_nl else found.municipality
    return f"{found.postcode} {name}"


def _listed(parts: list[str]) -> str:
    return ", ".join(parts)


def _moments(told: Answers, language: str, say: Callable[[str], str]) -> str:
    shown = _free(told)
    tiles = [say(choice.label) for choice in MOMENTS if choice.value in shown["tiles"]]
    return _listed([*tiles, *(vocabulary.slot(slot, language) for slot in shown["slots"])])


def _wished(told: Answers, language: str, say: Callable[[str], str]) -> str:
    shown = _partner(told)
    gender = say(_chosen(PARTNER_GENDERS, shown["partner_gender"][0]))
    age = shown["partner_age"][0]
    return _listed([gender, *([vocabulary.age_band(age, language)] if age else [])])


def _since(told: Answers, language: str, _: Callable[[str], str]) -> str:
    return format_skeleton("yMMMM", told.arrived_on, locale=language) if told.arrived_on else ""


_WORDS: dict[Question, Callable[[Answers, str, Callable[[str], str]], str]] = {
    Question.BIRTH: lambda told, _, __: str(told.birth_year or ""),
    Question.NAME: lambda told, _, __: f"{told.first_name} {told.last_name}".strip(),
    Question.CONTACT: lambda told, _, __: _listed(
        [*([vocabulary.phone(told.phone)] if told.phone else []), *([told.email] if told.email else [])]
    ),
    Question.PLACE: lambda told, language, _: town(told, language),
    Question.LANGUAGES: lambda told, language, _: _listed(
        [vocabulary.language_name(code, language) for code in told.languages]
    ),
    Question.INTERESTS: lambda told, language, _: _listed(
        [vocabulary.interest(each, language) for each in told.interests]
    ),
    Question.FREE: _moments,
    Question.PARTNER: _wished,
    Question.ARRIVED: _since,
    Question.CHARTER: lambda told, _, say: say("Yes") if told.charter else "",
    Question.CONSENT: lambda told, _, say: _listed([say("Yes"), *told.feeds]) if told.consent else "",
}
