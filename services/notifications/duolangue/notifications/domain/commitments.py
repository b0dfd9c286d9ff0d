"""What sessions told of duos' breaks and milestones, and of the three questions; and whether a message about them still makes sense."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.contracts.facts.notifications import MessageKind
from duolangue.contracts.facts.sessions import QuestionsMoment
from duolangue.contracts.vocabulary import EntityId


class Rest(BaseModel):
    """A duo's break, as it was told last. Its id is the duo's."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    until: date | None
    """Its last day, where the association is; none once they went on earlier."""

    def on(self, today: date) -> bool:
        """Whether it is on."""
        return self.until is not None and today <= self.until


class ThreeQuestions(BaseModel):
    """Whether the three questions wait for somebody's answer. Its id is the participant's."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    moment: QuestionsMoment
    open: bool


QUESTIONS: Final[Mapping[QuestionsMoment, MessageKind]] = {
    QuestionsMoment.START: MessageKind.QUESTIONS_START,
    QuestionsMoment.END: MessageKind.QUESTIONS_END,
}
"""The message that asks them."""
KINDS: Final = frozenset(QUESTIONS.values())
WHILE_RESTING: Final[Mapping[MessageKind, bool]] = {
    MessageKind.NUDGE: False,
    MessageKind.BREAK: True,
    MessageKind.BREAK_OVER: False,
}
"""Whether a message about a duo is for while its break is on, or for while none is."""


def still_asked(kind: MessageKind, known: ThreeQuestions | None) -> bool:
    """Whether the questions are still to be asked."""
    return known is not None and known.open and QUESTIONS[known.moment] is kind
