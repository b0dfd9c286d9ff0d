"""Which questions concern somebody, which are left, and which comes before and after another."""

from __future__ import annotations

from duolangue.registration.domain.signup.answers import Answers, Question
from duolangue.registration.domain.signup.texts import CHARTER_VERSION, CONSENT_VERSION


def asked(answers: Answers) -> list[Question]:
    """The questions that concern somebody who answered this so far, in order."""
    return [question for question in Question if _concerns(question, answers)]


def _concerns(question: Question, answers: Answers) -> bool:
    if question in {Question.ORAL, Question.WRITTEN, Question.PARTNER, Question.ARRIVED}:
        return answers.speaks
    if question in {Question.PLACES, Question.EASE, Question.CHARTER}:
        return answers.helps
    if question is Question.SAME_GENDER:
        return answers.helps and answers.gender is not None
    return True


def left(answers: Answers) -> list[Question]:
    """The questions that nobody has answered yet, in order. A text agreed to in an older version is asked about anew."""
    return [question for question in asked(answers) if not is_answered(question, answers)]


def is_answered(question: Question, answers: Answers) -> bool:
    """Whether a question was gone through, and its answer still counts."""
    if question is Question.CONSENT:
        return answers.consent is not None and answers.consent.version == CONSENT_VERSION
    if question is Question.CHARTER:
        return answers.charter is not None and answers.charter.version == CHARTER_VERSION
    return question in answers.answered


def after(question: Question, answers: Answers) -> Question | None:
    """The question to put after this one was answered: the next without an answer. None: nothing is left."""
    waiting = left(answers)
    order = list(Question)
    later = [each for each in waiting if order.index(each) > order.index(question)]
    return next(iter(later or waiting), None)


def before(question: Question, answers: Answers) -> Question | None:
    """The question that came before this one; none before the first."""
    row = asked(answers)
    place = row.index(question) if question in row else 0
    return row[place - 1] if place else None


def reachable(question: Question, answers: Answers) -> bool:
    """Whether a question may be put: it concerns them, and the first two were answered, which decide about the others."""
    if question not in asked(answers):
        return False
    first = [each for each in (Question.WISH, Question.BIRTH) if not is_answered(each, answers)]
    return not first or question is first[0] or is_answered(question, answers)
