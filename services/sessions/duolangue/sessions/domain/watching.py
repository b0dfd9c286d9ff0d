"""Lessons to watch or read at home, and what is to be done with them. The page links to them and embeds nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from urllib.parse import urlsplit

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from duolangue.chassis.decision import Change, RuleBroken
from duolangue.contracts.vocabulary import EntityId

LONGEST_TEXT: Final = 5000
LONGEST_TITLE: Final = 120
LONGEST_LINK: Final = 500


class LessonWrong(RuleBroken):
    """A lesson without a title, or with a link that is none."""

    code = "lesson_wrong"


class Lesson(BaseModel):
    """Something to watch or read at home; the page links to it and embeds nothing."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    activity: EntityId
    """The group."""
    title: str = Field(max_length=LONGEST_TITLE)
    task: str = Field(default="", max_length=LONGEST_TEXT)
    """What is to be done, in the teacher's words."""
    link: str = Field(default="", max_length=LONGEST_LINK)
    wanted_on: date | None = None
    made_at: AwareDatetime
    withdrawn: bool = False
    due_at: AwareDatetime | None = None
    """Until its group was told of it."""


def lesson(
    lesson_id: str, activity: str, title: str, task: str, link: str, wanted_on: date | None, now: datetime
) -> Lesson:
    """A lesson to watch, or a task without one.

    Raises:
        LessonWrong: the field's sentence.
    """
    named, shown = " ".join(title.split()), link.strip()
    if not named or len(named) > LONGEST_TITLE:
        raise LessonWrong("Please give it a title, of 120 letters at most.", field="title")
    if len(task.strip()) > LONGEST_TEXT:
        raise LessonWrong("This text is too long.", field="task")
    if shown and not _web_address(shown):
        raise LessonWrong("The address of a video begins with https://.", field="link")
    if not shown and not task.strip():
        raise LessonWrong("Say what to do, or give the address of a video.", field="task")
    return Lesson(
        id=lesson_id,
        activity=activity,
        title=named,
        task=task.strip(),
        link=shown,
        wanted_on=wanted_on,
        made_at=now,
        due_at=now,
    )


def spread(of: Lesson) -> Change[Lesson] | None:
    """Everybody in the group was told of it."""
    return None if of.due_at is None else Change(of.model_copy(update={"due_at": None}))


def withdrawn(of: Lesson) -> Change[Lesson] | None:
    """It was a mistake: it is shown to nobody who has not handed anything in. Doing it again changes nothing."""
    return None if of.withdrawn else Change(of.model_copy(update={"withdrawn": True, "due_at": None}))


def _web_address(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return (
        parts.scheme == "https"
        and bool(parts.hostname)
        and link.isprintable()
        and " " not in link
        and len(link) <= LONGEST_LINK
    )
