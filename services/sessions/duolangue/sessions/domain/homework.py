"""The homework that goes with a lesson to watch: set, handed in, corrected, given back. Pure decisions.

A file is named in the homework before its bytes are stored: so whatever is stored is found again, also where its upload broke off.
"""

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
    """Of all that was handed in so far; handing in more asks for another."""
    erased: bool = False

    @property
    def due_at(self) -> datetime | None:
        """When an upload that broke off is to be cleared away."""
        return min((each.since + ARRIVING for each in self.arriving), default=None)

    @property
    def files(self) -> list[str]:
        """The ids of all files that may be stored."""
        return [*(part.stored_as for part in self.parts if part.media_type), *(each.id for each in self.arriving)]

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
    return Change(state, (HomeworkSet(**_told(state)),))


def typed(homework: Homework, part_id: str, text: str, channel: Channel, by: str, now: datetime) -> Decision:
    """A text is handed in; the same form again adds nothing.

    Raises:
        HomeworkWrong: nothing was written, or too much.
    """
    plain = text.strip()
    if homework.part(part_id):
        return None
    if not plain:
        raise HomeworkWrong("Write something, or choose a file.", field="text")
    if len(plain) > LONGEST_TEXT:
        raise HomeworkWrong("This text is too long: 5,000 letters at most.", field="text")
    _room(homework, part_id)
    return _handed_in(homework, Part(id=part_id, form=Form.TEXT, text=plain, channel=channel, by=by, at=now))


def expecting(homework: Homework, part_id: str, file_id: str, now: datetime) -> Decision:
    """A file's bytes are about to be stored.

    Raises:
        HomeworkWrong: there are as many parts as there may be.
    """
    if homework.part(part_id) or any(each.id == file_id for each in homework.arriving):
        return None
    _room(homework, part_id)
    coming = Arriving(id=file_id, part=part_id, since=now)
    return Change(homework.model_copy(update={"arriving": (*homework.arriving, coming)}))


def arrived(homework: Homework, part: Part) -> Decision:
    """A file is stored.

    Raises:
        HomeworkWrong: it took so long that it was given up, or its participant is erased.
    """
    if homework.part(part.id):
        return None
    if homework.erased or not any(each.id == part.file for each in homework.arriving):
        raise HomeworkWrong("This took too long. Please send it again.", field="file")
    rest = tuple(each for each in homework.arriving if each.id != part.file)
    return _handed_in(homework.model_copy(update={"arriving": rest}), part)


def gone(homework: Homework, file_ids: list[str]) -> Decision:
    """These uploads were cleared away."""
    rest = tuple(each for each in homework.arriving if each.id not in file_ids)
    return None if rest == homework.arriving else Change(homework.model_copy(update={"arriving": rest}))


def without(homework: Homework, part_id: str) -> Decision:
    """A part is taken back, as long as nobody corrected it.

    Raises:
        HomeworkWrong: it was corrected.
    """
    part = homework.part(part_id)
    if part is None:
        return None
    if homework.correction is not None:
        raise HomeworkWrong("This was corrected already.", field="parts")
    rest = tuple(each for each in homework.parts if each.id != part_id)
    update: dict[str, object] = {"parts": rest, "stage": Stage.HANDED_IN if rest else Stage.WANTED}
    if part.media_type:  # its bytes are still to be cleared away: they are due at once
        update["arriving"] = (*homework.arriving, Arriving(id=part.stored_as, since=part.at - ARRIVING))
    return Change(homework.model_copy(update=update))


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
    if homework.correction and homework.correction.word == plain:
        return None
    if not all(part.id in seen for part in homework.parts):
        raise HomeworkWrong("Something more was handed in meanwhile. Read it, too, then give it back.", field="word")
    state = homework.model_copy(update={"correction": Correction(word=plain, by=by, at=now), "stage": Stage.RETURNED})
    return Change(state, (HomeworkReturned(**_told(state), at=now),))


def joined(homework: Homework, other: Homework) -> Decision:
    """Two records were one person: what either handed in for the same lesson, files included, as one homework."""
    known = {part.id for part in homework.parts}
    more = [part for part in other.parts if part.id not in known]
    if not more:
        return None
    parts = tuple(sorted((*homework.parts, *more), key=lambda part: part.at))
    given = [each for each in (homework.correction, other.correction) if each and each.at >= parts[-1].at]
    update = {
        "parts": parts,
        "correction": given[-1] if given else None,
        "stage": Stage.RETURNED if given else Stage.HANDED_IN,
    }
    return Change(homework.model_copy(update=update))


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
    if homework.correction and last == HomeworkReturned.fact_name():
        return HomeworkReturned(**_told(homework), at=homework.correction.at)
    if homework.parts:
        return HomeworkHandedIn(**_told(homework), at=homework.parts[-1].at)
    return HomeworkSet(**_told(homework))


def _handed_in(homework: Homework, part: Part) -> Change[Homework]:
    state = homework.model_copy(update={"parts": (*homework.parts, part), "correction": None, "stage": Stage.HANDED_IN})
    return Change(state, (HomeworkHandedIn(**_told(state), at=part.at),))


def _room(homework: Homework, part_id: str) -> None:
    if homework.erased:
        raise HomeworkWrong("Nothing can be handed in here any more.", field="file")
    others = {part.id for part in homework.parts} | {each.part or each.id for each in homework.arriving}
    if len(others - {part_id}) >= MOST_PARTS:
        raise HomeworkWrong("This is enough for one homework: six pieces at most.", field="file")


def _told(homework: Homework) -> dict[str, object]:
    return {
        "activity": homework.activity,
        "lesson": homework.lesson,
        "participant": homework.participant,
        "enrolment": homework.enrolment,
        "wanted_on": homework.wanted_on,
    }
