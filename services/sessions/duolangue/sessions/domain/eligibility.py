"""For whom an activity is: questions that are asked only at enrolment in what needs them, answered yes or no.

Never asked: which nationality, which status, which papers. An answer stays with its enrolment and goes with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import RuleBroken


class Rule(StrEnum):
    """What may be asked."""

    INCOME = "cpas_income"
    """Do you receive an income from the CPAS?"""
    OUTSIDE_EU = "outside_eu"
    """Do you come from outside the European Union?"""
    ZONE = "zone"
    """Do you live in the association's zone?"""


class Answer(BaseModel):
    """A yes or a no to one question."""

    model_config = ConfigDict(frozen=True)

    rule: Rule
    yes: bool
    on: date
    checked_by: str = ""
    """The coordinator who checked it; empty where the participant said so and nobody checked."""


class NotAnswered(RuleBroken):
    """A question this activity needs was not answered."""

    code = "not_answered"
    sentence: ClassVar[str] = "Please answer this question: this activity needs it."

    def __init__(self, rule: Rule) -> None:
        super().__init__(self.sentence, field=rule.value)
        self.rule = rule


class NotEligible(RuleBroken):
    """The activity is not for this participant; the sentence explains why, in words for them."""

    code = "not_eligible"
    rule: ClassVar[Rule]
    sentence: ClassVar[str]

    def __init__(self) -> None:
        super().__init__(self.sentence, field=self.rule.value)


class WithoutIncome(NotEligible):
    """Receives no income from the CPAS."""

    rule = Rule.INCOME
    sentence = (
        "This activity is paid for people who receive an income from the CPAS."
        " The French courses, the workshops and the outings are open to you all the same."
    )


class FromInsideTheUnion(NotEligible):
    """Does not come from outside the European Union."""

    rule = Rule.OUTSIDE_EU
    sentence = (
        "This activity is paid for people who come from outside the European Union."
        " The French courses, the workshops and the outings are open to you all the same."
    )


class OutsideTheZone(NotEligible):
    """Lives elsewhere."""

    rule = Rule.ZONE
    sentence = "This activity is for people who live in our zone. Ask your coordinator what there is near you."


REFUSALS: Final[Mapping[Rule, type[NotEligible]]] = {
    each.rule: each for each in (WithoutIncome, FromInsideTheUnion, OutsideTheZone)
}
"""Why an activity is not for somebody."""


def examined(rules: Iterable[Rule], answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """The answers that an enrolment keeps: one to each rule of its activity, and no other.

    Raises:
        NotAnswered: one is missing.
        NotEligible: one is no; its subclass says which, and why that matters.
    """
    told = {answer.rule: answer for answer in answers}
    kept: list[Answer] = []
    for rule in rules:
        answer = told.get(rule)
        if answer is None:
            raise NotAnswered(rule)
        if not answer.yes:
            raise REFUSALS[rule]
        kept.append(answer)
    return tuple(kept)
