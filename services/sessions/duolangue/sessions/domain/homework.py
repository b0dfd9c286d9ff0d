"""The homework that goes with a lesson to watch: set, corrected, given back, erased. Pure decisions; handing it in is `handing_in`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from duolangue.chassis.decision import Change, RuleBroken
from duolangue.contracts.facts.courses import HomeworkHandedIn, HomeworkReturned, HomeworkSet, HomeworkState
from duolangue.contracts.vocabulary import EntityId
from duolangue.sessions.domain.watching import LONGEST_TEXT, Lesson

MOST_BYTES: Final = 20 * 1024 * 1024
MOST_PARTS: Final = 6
ARRIVING: Final = timedelta(hours=1)
"""An upload that did not finish by then never will."""


class HomeworkWrong(RuleBroken):
    """What cannot be handed in or given back so."""

    code = "homework_wrong"


class FileRefused(RuleBroken):
    """A file that is too large, empty, or not what it says."""

    code = "file_refused"


class Form(StrEnum):
    """In what form something is handed in."""

    TEXT = "text"
    PHOTO = "photo"
    AUDIO = "audio"


class Channel(StrEnum):
    """By which way it came."""

    LINK = "link"
    """The participant handed it in on their page."""
    MAIL = "mail"
    WHATSAPP = "whatsapp"
    BY_HAND = "by_hand"


class Stage(StrEnum):
    """How far a homework is."""

    WANTED = "wanted"
    HANDED_IN = "handed_in"
    """A teacher has it to correct."""
    RETURNED = "returned"


class Part(BaseModel):
    """One thing that was handed in: a typed text, or a file."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    """Made of its form's key: the same form again is the same part."""
    form: Form
    text: str = Field(default="", max_length=LONGEST_TEXT)
    media_type: str = ""
    """As its content says; empty for a typed text."""
    file: str = ""
    """Of a file, its id in the store of files; empty where that is the part's own."""
    bytes: int = Field(default=0, ge=0, le=MOST_BYTES)
    channel: Channel
    by: str = ""
    """The coordinator who put it in; empty for the participant."""
    at: AwareDatetime

    @property
    def stored_as(self) -> str:
        """The id of its file."""
        return self.file or self.id


class Arriving(BaseModel):
    """A file whose bytes are on their way. A form that is sent twice at once sends two, of which one is kept."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    """In the store of files."""
    part: str = ""
    """Of what is handed in with it."""
    since: AwareDatetime


class Correction(BaseModel):
    """What a teacher gave back."""

    model_config = ConfigDict(frozen=True)

    word: str = Field(max_length=LONGEST_TEXT)
    by: str
    at: AwareDatetime
    of: tuple[EntityId, ...] = ()
    """The parts that were corrected; of one from before this was kept, what had been handed in by then."""


class Homework(BaseModel):
    """What one participant does for one lesson. There is one for the two; its id tells neither."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    lesson: EntityId
    activity: EntityId
    participant: EntityId
    enrolment: EntityId
    """Theirs in the group."""
    wanted_on: date | None = None
    stage: Stage = Stage.WANTED
    parts: tuple[Part, ...] = ()
    arriving: tuple[Arriving, ...] = ()
    correction: Correction | None = None
    """Of what had been handed in by then; handing in more asks for another, and until then this one stands."""
    erased: bool = False

    @property
    def due_at(self) -> datetime | None:
        """When an upload that broke off is to be cleared away."""
        return min((each.since + ARRIVING for each in self.arriving), default=None)

    @property
    def files(self) -> list[str]:
        """The ids of all files that may be stored."""
        return [*(part.stored_as for part in self.parts if part.media_type), *(each.id for each in self.arriving)]

    def corrected(self, part: Part) -> bool:
        """Whether a teacher gave this back."""
        given = self.correction
        return given is not None and (part.id in given.of if given.of else part.at <= given.at)

    def part(self, part_id: str) -> Part | None:
        """One of the things that were handed in."""
        return next((part for part in self.parts if part.id == part_id), None)


Decision = Change[Homework] | None


def wanted(homework_id: str, of: Lesson, participant: str, enrolment: str) -> Change[Homework]:
    """A participant is told of a lesson."""
    state = Homework(
        id=homework_id,
        lesson=of.id,
        activity=of.activity,
        participant=participant,
        enrolment=enrolment,
        wanted_on=of.wanted_on,
    )
    return Change(state, (HomeworkSet(**told(state)),))


def give_back(homework: Homework, word: str, seen: Collection[str], by: str, now: datetime) -> Decision:
    """A teacher corrected the parts that they had seen. The same word again changes nothing.

    Raises:
        HomeworkWrong: nothing was handed in, there is no word, or more was handed in while they wrote.
    """
    plain = word.strip()
    if not homework.parts:
        raise HomeworkWrong("Nothing was handed in yet.", field="word")
    if not plain:
        raise HomeworkWrong("Write a word to give back with it.", field="word")
    if len(plain) > LONGEST_TEXT:
        raise HomeworkWrong("This text is too long: 5,000 letters at most.", field="word")
    if homework.stage is Stage.RETURNED and homework.correction and homework.correction.word == plain:
        return None
    if not all(part.id in seen for part in homework.parts):
        raise HomeworkWrong("Something more was handed in meanwhile. Read it, too, then give it back.", field="word")
    given = Correction(word=plain, by=by, at=now, of=tuple(part.id for part in homework.parts))
    state = staged(homework.model_copy(update={"correction": given}))
    return Change(state, (HomeworkReturned(**told(state), at=now),))


def joined(homework: Homework, other: Homework) -> Decision:
    """Two records were one person: what either handed in for the same lesson, files included, as one homework."""
    known = {part.id for part in homework.parts}
    more = [part for part in other.parts if part.id not in known]
    if not more:
        return None
    parts = tuple(sorted((*homework.parts, *more), key=lambda part: part.at))
    given = sorted((each for each in (homework.correction, other.correction) if each), key=lambda each: each.at)
    of = tuple(part.id for part in parts if homework.corrected(part) or other.corrected(part))
    last = given[-1].model_copy(update={"of": of}) if given else None
    return Change(staged(homework.model_copy(update={"parts": parts, "correction": last})))


def staged(homework: Homework) -> Homework:
    """How far it is, by what was handed in and what of it was corrected."""
    if not homework.parts:
        stage = Stage.WANTED
    elif all(homework.corrected(part) for part in homework.parts):
        stage = Stage.RETURNED
    else:
        stage = Stage.HANDED_IN
    return homework.model_copy(update={"stage": stage})


def given_over(homework: Homework) -> Decision:
    """What was handed in here stands in another homework, files included: nothing of it is here any more."""
    if homework.erased and not homework.parts:
        return None
    return Change(homework.model_copy(update={"parts": (), "correction": None, "stage": Stage.WANTED, "erased": True}))


def erased(homework: Homework, now: datetime) -> Decision:
    """Its participant is erased: nothing is handed in any more, nothing of it stays. Its files are due to be removed at once."""
    if homework.erased:
        return None
    files = tuple(Arriving(id=each, since=now - ARRIVING) for each in homework.files)
    bare = {"parts": (), "arriving": files, "correction": None, "stage": Stage.WANTED, "erased": True}
    return Change(homework.model_copy(update=bare))


def stored_again(homework: Homework, last: str) -> HomeworkState | None:
    """The fact that tells the present state again; none of one erased."""
    if homework.erased:
        return None
    if homework.stage is Stage.RETURNED and homework.correction and last == HomeworkReturned.fact_name():
        return HomeworkReturned(**told(homework), at=homework.correction.at)
    if homework.parts:
        return HomeworkHandedIn(**told(homework), at=homework.parts[-1].at)
    return HomeworkSet(**told(homework))


def told(homework: Homework) -> dict[str, object]:
    """The values of its facts."""
    return {
        "activity": homework.activity,
        "lesson": homework.lesson,
        "participant": homework.participant,
        "enrolment": homework.enrolment,
        "wanted_on": homework.wanted_on,
    }
