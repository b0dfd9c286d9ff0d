"""One page of the sign-up, whoever fills it in: what its template sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from babel import Locale
from fastapi import HTTPException, Request
from fastapi.responses import HTMLResponse

from duolangue.chassis.web import OWN_NAMES, page, translations
from duolangue.chassis.web import words as vocabulary
from duolangue.contracts.vocabulary import DAYS, LANGUAGES, MOMENTS
from duolangue.registration.domain import consents
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.signup import questions, texts
from duolangue.registration.domain.signup.answers import Question
from duolangue.registration.domain.signup.clip import Clip
from duolangue.registration.domain.signup.record import SignUp
from duolangue.registration.pages_join import filled, words

PACKAGE: Final = "duolangue.registration"
MOST_FIELDS: Final = 120
LONGEST: Final = 500
"""Letters read of one field: more than any answer has."""
YEARS_SHOWN: Final = 60
BACK: Final = "back"
"""Sent by the button that leads to the question before."""


@dataclass(frozen=True, slots=True)
class Wizard:
    """A sign-up on its way, and where its pages stand."""

    base: str
    """The address before a question's name."""
    sign_up: SignUp
    own: Association
    language: str
    at_desk: bool = False

    def address(self, question: Question | None) -> str:
        """Where a question is put; none: the summary."""
        return f"{self.base}/{question.value if question else 'summary'}"

    def next_address(self, after: Question) -> str:
        """Where to go once a question was answered."""
        return self.address(questions.after(after, self.sign_up.answers))

    def back_from(self, question: Question) -> str:
        """Where the question before this one is put; before the first, where one began. At the desk nothing is before the first."""
        previous = questions.before(question, self.sign_up.answers)
        return self.address(previous) if previous else "" if self.at_desk else self.base

    @property
    def told_in(self) -> str:
        """The language in which a text is told: at the desk, the one in which the person gets messages."""
        return (self.sign_up.answers.ui_language if self.at_desk else None) or self.language


def question_named(name: str) -> Question:
    """The question an address names; where there is none, there is no page."""
    try:
        return Question(name)
    except ValueError as error:
        raise HTTPException(404) from error


async def typed_into(request: Request) -> dict[str, list[str]]:
    """What a form holds, as text."""
    async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
        names = list(form.keys())
        return {name: [text[:LONGEST] for text in form.getlist(name) if isinstance(text, str)] for name in names}


def show(
    request: Request,
    wizard: Wizard,
    question: Question,
    *,
    clip: Clip | None = None,
    typed: Mapping[str, list[str]] | None = None,
    faults: Mapping[str, Invalid] | None = None,
) -> HTMLResponse:
    """The page of a question: empty, as answered before, or as typed with what is wrong."""
    answers = wizard.sign_up.answers
    row = questions.asked(answers)
    say = translations(PACKAGE, wizard.language).gettext
    return page(
        request,
        "registration/join/question.html",
        wizard.language,
        status=422 if faults else 200,
        brand=wizard.own.name,
        brand_logo=wizard.own.logo_path,
        wizard=wizard,
        question=question,
        title=say(words.TITLES[question]),
        help=say(words.HELP[question]) if question in words.HELP else "",
        choices=words.CHOICES.get(question, ()),
        field=words.FIELDS.get(question, ""),
        number=row.index(question) + 1 if question in row else 1,
        total=len(row),
        back=wizard.back_from(question),
        filled=typed if typed is not None else filled.fields(question, answers),
        faults={name: say(fault.template) % fault.values for name, fault in (faults or {}).items()},
        clip=clip,
        **_more(question, wizard),
    )


def _more(question: Question, wizard: Wizard) -> dict[str, Any]:
    """What only one question's page needs."""
    language, answers = wizard.language, wizard.sign_up.answers
    if question is Question.CONTACT:
        return {"languages": OWN_NAMES}
    if question is Question.TOWN:
        outside = bool(answers.postcode) and wizard.own.outside(answers.postcode or "")
        return {"town": filled.town(answers, language), "outside": outside}
    if question is Question.LANGUAGES:
        return {"common": [(code, _own_name(code)) for code in words.COMMON_LANGUAGES], "others": _others(language)}
    if question is Question.INTERESTS:
        tiles = [(each.value, sign, vocabulary.interest(each, language)) for each, sign in words.PICTURES.items()]
        return {"first": tiles[: words.FIRST_SHOWN], "rest": tiles[words.FIRST_SHOWN :]}
    if question is Question.FREE:
        names = Locale.parse(language).days["format"]["wide"]
        days = [(day, names[number]) for number, day in enumerate(DAYS)]
        return {"tiles": words.MOMENTS, "days": days, "moments": MOMENTS}
    if question is Question.PARTNER:
        return {"genders": words.PARTNER_GENDERS, "ages": words.PARTNER_AGES}
    if question is Question.ARRIVED:
        names = Locale.parse(language).months["stand-alone"]["wide"]
        began = wizard.sign_up.began_at.year + 1
        return {"months": list(names.items()), "years": range(began, began - YEARS_SHOWN, -1)}
    if question in {Question.CHARTER, Question.CONSENT}:
        charter = question is Question.CHARTER
        return {
            "texts": told_texts(wizard, question, language),
            "aloud": told_texts(wizard, question, wizard.told_in) if wizard.told_in != language else [],
            "version": texts.CHARTER_VERSION if charter else texts.CONSENT_VERSION,
            "feeds": [] if charter else [(feed, _feed_texts(wizard, feed)) for feed in wizard.own.feeds],
        }
    return {}


def told_texts(wizard: Wizard, question: Question, language: str) -> list[str]:
    """The sentences somebody agrees to, in a language."""
    say = translations(PACKAGE, language).gettext
    values = texts.values(wizard.own)
    return [say(each) % values for each in (texts.CHARTER if question is Question.CHARTER else texts.CONSENT)]


def _feed_texts(wizard: Wizard, feed: str) -> list[tuple[str, list[str]]]:
    """What somebody says yes to when an outside partner may be told of them: the sentences, in each language they are told in."""
    values = {**texts.values(wizard.own), "feed": feed}
    return [
        (language, [translations(PACKAGE, language).gettext(each) % values for each in consents.FEED])
        for language in dict.fromkeys((wizard.language, wizard.told_in))
    ]


def _own_name(code: str) -> str:
    return OWN_NAMES.get(code) or str(Locale.parse(code).languages.get(code, code)).partition(" (")[0].capitalize()


def _others(language: str) -> list[tuple[str, str]]:
    rest = LANGUAGES - set(words.COMMON_LANGUAGES)
    return sorted(((code, vocabulary.language_name(code, language)) for code in rest), key=lambda each: each[1])


def summary(request: Request, wizard: Wizard, fault: Invalid | None = None) -> HTMLResponse:
    """Everything that was answered, each with a way to change it."""
    answers, language = wizard.sign_up.answers, wizard.language
    say = translations(PACKAGE, language).gettext
    rows = [
        (question, say(words.SHORT[question]), filled.in_words(question, answers, language, say))
        for question in questions.asked(answers)
        if question in words.SHORT
    ]
    return page(
        request,
        "registration/join/summary.html",
        language,
        status=fault.status if fault and hasattr(fault, "status") else 422 if fault else 200,
        brand=wizard.own.name,
        brand_logo=wizard.own.logo_path,
        wizard=wizard,
        rows=rows,
        fault=say(fault.template) % fault.values if fault else "",
    )
