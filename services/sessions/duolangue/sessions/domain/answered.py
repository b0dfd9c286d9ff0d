"""What somebody answered about whom an activity is for: checked, asked no more, forgotten. Pure decisions."""

from __future__ import annotations

from collections.abc import Collection

from duolangue.chassis.decision import Change
from duolangue.sessions.domain.eligibility import Answer, Rule
from duolangue.sessions.domain.enrolment import Decision, Enrolment


def checked(enrolment: Enrolment, answer: Answer) -> Decision:
    """A coordinator checked an answer, and it is yes; also to what was not asked when they enrolled."""
    if not enrolment.open:
        return None
    told = {each.rule: each for each in enrolment.answers} | {answer.rule: answer}
    return Change(enrolment.model_copy(update={"answers": tuple(told.values())}))


def asked_only(enrolment: Enrolment, rules: Collection[Rule]) -> Decision:
    """Answers to what is not asked any more are gone, and that one of them spoke against somebody."""
    kept = tuple(each for each in enrolment.answers if each.rule in rules)
    against = enrolment.refused_for if enrolment.refused_for in rules else None
    state = enrolment.model_copy(update={"answers": kept, "refused_for": against})
    return None if state == enrolment else Change(state)


def forgotten(enrolment: Enrolment) -> Decision:
    """What was answered has served its end: neither a yes nor what spoke against somebody is kept any longer."""
    if not enrolment.answers and enrolment.refused_for is None:
        return None
    return Change(enrolment.model_copy(update={"answers": (), "refused_for": None}))
