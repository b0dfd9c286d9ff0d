"""When somebody is asked the three questions: the morning after their first conversation or class, and once their weeks, their duo or their
course are over.

What they answer is told in `story`; here stands only whether they were asked, so that nobody is asked twice.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.facts.sessions import QuestionsAnswered, QuestionsAsked, QuestionsMoment, QuestionsState
from duolangue.contracts.vocabulary import EntityId
from duolangue.sessions.domain import weeks

AT: Final = time(10)
"""On the association's clocks."""
DAYS_AFTER_END: Final = 3
"""Between a duo's end and the questions: an end is told first."""


class Asking(BaseModel):
    """Whether somebody was asked. Its id is the participant's."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    asked: tuple[QuestionsMoment, ...] = ()
    """The latest last."""
    due_for: QuestionsMoment | None = None
    due_at: AwareDatetime | None = None
    erased: bool = False


Decision = Change[Asking] | None


def plan(asking: Asking, moment: QuestionsMoment, days: int, zone: ZoneInfo, now: datetime) -> Decision:
    """They are to be asked so many days from now; no further time, and the end goes before the start."""
    known = {*asking.asked, asking.due_for}
    if asking.erased or moment in known or QuestionsMoment.END in known:
        return None
    at = datetime.combine(weeks.day_at(now, zone) + timedelta(days=days), AT, zone)
    return Change(asking.model_copy(update={"due_for": moment, "due_at": at}))


def ask(asking: Asking, open_now: QuestionsMoment | None, now: datetime) -> Decision:
    """The moment has come: they are asked if they have not answered yet, and if that is still the question. `open_now` is the moment of
    which an answer is missing, none where there is none.
    """
    if asking.due_at is None or asking.due_at > now:
        return None
    done = asking.model_copy(update={"due_for": None, "due_at": None})
    moment = asking.due_for
    if moment is None or moment is not open_now or moment in asking.asked:
        return Change(done)
    return Change(
        done.model_copy(update={"asked": (*asking.asked, moment)}),
        (QuestionsAsked(participant=asking.id, moment=moment),),
    )


def answered(asking: Asking, moment: QuestionsMoment) -> Decision:
    """They answered: whoever was to remind them need not, and they are not asked for it any more."""
    if asking.erased:
        return None
    if moment in asking.asked:
        return Change(asking, (QuestionsAnswered(participant=asking.id, moment=moment),))
    planned = {"due_for": None, "due_at": None} if asking.due_for is moment else {}
    return Change(asking.model_copy(update={"asked": (*asking.asked, moment), **planned}))


def joined(asking: Asking, other: Asking) -> Decision:
    """Two records were one person: what either was asked is asked no more."""
    missing = tuple(each for each in other.asked if each not in asking.asked)
    if asking.erased or not missing:
        return None
    planned = {"due_for": None, "due_at": None} if asking.due_for in missing else {}
    return Change(asking.model_copy(update={"asked": (*missing, *asking.asked), **planned}))


def erased(asking: Asking) -> Decision:
    """Nothing more is asked of them."""
    return None if asking.erased else Change(Asking(id=asking.id, erased=True))


def told_again(asking: Asking, last: str) -> QuestionsState | None:
    """What was told last, for who comes late."""
    if asking.erased or not asking.asked:
        return None
    kind = QuestionsAnswered if last == QuestionsAnswered.fact_name() else QuestionsAsked
    return kind(participant=asking.id, moment=asking.asked[-1])
