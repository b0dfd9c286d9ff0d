"""What became of somebody: three questions at the start and at the end, a training, a job or a home found, words they let us show.

Every answer is free. The words are shown to those who fund the association only while their author agrees, and without a name.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from duolangue.chassis.decision import Change, RuleBroken
from duolangue.contracts.facts.sessions import QuestionsMoment as Moment
from duolangue.contracts.vocabulary import EntityId
from duolangue.sessions.domain.counted import Month
from duolangue.sessions.domain.period import month_of

__all__ = ["Answers", "Moment", "NoAnswer", "Outcome", "Question", "Reached", "Story", "Words"]
LONGEST_WORDS: Final = 600


class Question(StrEnum):
    """The three questions."""

    CONFIDENCE = "confidence"
    """How sure of oneself when speaking French."""
    FRIENDS = "friends"
    """How many people one can call on here."""
    PROJECTS = "projects"
    """How clearly one sees what to do next."""


class Outcome(StrEnum):
    """What became of somebody."""

    TRAINING = "training"
    JOB = "job"
    HOME = "home"


class NoAnswer(RuleBroken):
    """A form without a single answer, or with one that is none of the five faces."""

    code = "no_answer"


class Answers(BaseModel):
    """The three questions as somebody answered them once: from 1 (not at all) to 5 (very much), none for one left out."""

    model_config = ConfigDict(frozen=True)

    confidence: int | None = Field(default=None, ge=1, le=5)
    friends: int | None = Field(default=None, ge=1, le=5)
    projects: int | None = Field(default=None, ge=1, le=5)
    month: Month
    by: EntityId | None = None
    """The coordinator who wrote them down; none where they answered by their link."""

    def of(self, question: Question) -> int | None:
        """One of them."""
        found: int | None = getattr(self, question.value)
        return found


class Former(BaseModel):
    """What was answered before somebody answered otherwise, in a month that was over by then."""

    model_config = ConfigDict(frozen=True)

    moment: Moment
    answers: Answers


class Reached(BaseModel):
    """Something somebody reached, by the month in which it was noted."""

    model_config = ConfigDict(frozen=True)

    outcome: Outcome
    month: Month
    until: Month | None = None
    """In which it was taken back; months that were over by then know it still."""


class Words(BaseModel):
    """What somebody said of it, with their leave to show it."""

    model_config = ConfigDict(frozen=True)

    text: str = Field(max_length=LONGEST_WORDS)
    agreed_at: AwareDatetime
    month: Month | None = None
    """In which it was agreed, in the association's time zone; of words from before this was kept, by UTC."""
    by: EntityId | None = None
    """The coordinator to whom they agreed; none where they agreed by their link."""

    @property
    def counted_in(self) -> Month:
        """The month from which on a report shows them."""
        return self.month or month_of(self.agreed_at.date())


class Story(BaseModel):
    """All of it for one participant, whose id it has; after an erasure, the key that leads to nobody."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    start: Answers | None = None
    end: Answers | None = None
    former: tuple[Former, ...] = ()
    """In order of time: what a month knew that is over stays as it was counted."""
    outcomes: tuple[Reached, ...] = ()
    """What holds, and what was taken back since."""
    words: Words | None = None

    @property
    def holds(self) -> set[Outcome]:
        """What they reached, as it is known now."""
        return {each.outcome for each in self.outcomes if each.until is None}

    def reached_within(self, first: Month, last: Month) -> set[Outcome]:
        """What was noted in these months, as it was known at the end of the last one."""
        return {
            each.outcome
            for each in self.outcomes
            if first <= each.month <= last and (each.until is None or each.until > last)
        }

    def answers(self, moment: Moment) -> Answers | None:
        """What was answered then."""
        return self.start if moment is Moment.START else self.end

    def first_answered(self, moment: Moment) -> Month | None:
        """The month in which this was answered at first: the one that counts it."""
        return min((each.month for each in self._versions(moment)), default=None)

    def answers_by(self, moment: Moment, last: Month) -> Answers | None:
        """What was answered, as it was known at the end of a month."""
        known = [each for each in self._versions(moment) if each.month <= last]
        return max(known, key=lambda each: each.month, default=None)

    def _versions(self, moment: Moment) -> list[Answers]:
        present = self.answers(moment)
        return [*(each.answers for each in self.former if each.moment is moment), *([present] if present else [])]

    @property
    def empty(self) -> bool:
        """Whether nothing was told."""
        return not (self.start or self.end or self.outcomes or self.words)


def answered(
    story: Story, moment: Moment, given: dict[Question, int | None], by: str | None, today: date
) -> Change[Story]:
    """The three questions are answered, or answered otherwise.

    Raises:
        NoAnswer: not one of them, or one beyond the five.
    """
    if not any(value is not None for value in given.values()):
        raise NoAnswer("Choose at least one answer.", field=Question.CONFIDENCE.value)
    for question, value in given.items():
        if value is not None and not 1 <= value <= len("12345"):
            raise NoAnswer("Choose one of the five.", field=question.value)
    answers = Answers(**{each.value: value for each, value in given.items()}, month=month_of(today), by=by)
    known, former = story.answers(moment), story.former
    if known and known.month != answers.month:
        former = (*former, Former(moment=moment, answers=known))
    return Change(story.model_copy(update={moment.value: answers, "former": former}))


def reached(story: Story, outcomes: set[Outcome], today: date) -> Change[Story] | None:
    """What they reached, all of it as it is known now: what is new is dated with this month, what is not chosen any more is taken back.

    Noted and taken back in one month, or the other way round, it was a slip.
    """
    this = month_of(today)
    changed: list[Reached] = []
    for each in story.outcomes:
        if each.until is None and each.outcome not in outcomes:
            changed += [each.model_copy(update={"until": this})] if each.month < this else []
        elif each.until == this and each.outcome in outcomes - story.holds:
            changed.append(each.model_copy(update={"until": None}))
        else:
            changed.append(each)
    hold = {each.outcome for each in changed if each.until is None}
    changed += [Reached(outcome=each, month=this) for each in Outcome if each in outcomes - hold]
    state = story.model_copy(update={"outcomes": tuple(changed)})
    return None if state == story else Change(state)


def said(story: Story, text: str, *, agreed: bool, by: str | None, now: datetime, today: date) -> Change[Story] | None:
    """Words to show to those who fund the association, while their author agrees; without leave, or without words, none are kept."""
    words = Words(text=text, agreed_at=now, month=month_of(today), by=by) if text and agreed else None
    if (story.words.text if story.words else "") == (words.text if words else ""):
        return None
    return Change(story.model_copy(update={"words": words}))


def joined(story: Story, other: Story) -> Change[Story] | None:
    """Two records were one person: what was told of either; where both tell, what is told of the record that stays."""
    holding = {each.outcome: each for each in (*other.outcomes, *story.outcomes) if each.until is None}
    taken_back = [each for each in (*story.outcomes, *other.outcomes) if each.until is not None]
    update = {
        **{moment.value: story.answers(moment) or other.answers(moment) for moment in Moment},
        "former": tuple(sorted((*other.former, *story.former), key=lambda each: each.answers.month)),
        "outcomes": (*(holding[each] for each in Outcome if each in holding), *taken_back),
        "words": story.words or other.words,
    }
    state = story.model_copy(update=update)
    return None if state == story else Change(state)


def nameless(story: Story, key: str) -> Story:
    """What stays of somebody who is erased: figures, no words of theirs, nobody's name."""
    answers = {moment.value: _unsigned(story.answers(moment)) for moment in Moment}
    return story.model_copy(update={"id": key, "words": None, **answers})


def _unsigned(answers: Answers | None) -> Answers | None:
    return answers.model_copy(update={"by": None}) if answers else None
