"""Handing in homework: typed or sent as a file, taken back until it is corrected. Pure decisions.

A file is named in the homework before its bytes are stored: so whatever is stored is found again, also where its upload broke off.
"""

from __future__ import annotations

from datetime import datetime

from duolangue.chassis.decision import Change
from duolangue.contracts.facts.courses import HomeworkHandedIn
from duolangue.sessions.domain.homework import (
    ARRIVING,
    MOST_PARTS,
    Arriving,
    Channel,
    Decision,
    Form,
    Homework,
    HomeworkWrong,
    Part,
    Stage,
    staged,
    told,
)
from duolangue.sessions.domain.watching import LONGEST_TEXT


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
    if homework.corrected(part):
        raise HomeworkWrong("This was corrected already.", field="parts")
    rest = tuple(each for each in homework.parts if each.id != part_id)
    update: dict[str, object] = {"parts": rest}
    if part.media_type:  # its bytes are still to be cleared away: they are due at once
        update["arriving"] = (*homework.arriving, Arriving(id=part.stored_as, since=part.at - ARRIVING))
    return Change(staged(homework.model_copy(update=update)))


def _handed_in(homework: Homework, part: Part) -> Change[Homework]:
    state = homework.model_copy(update={"parts": (*homework.parts, part), "stage": Stage.HANDED_IN})
    return Change(state, (HomeworkHandedIn(**told(state), at=part.at),))


def _room(homework: Homework, part_id: str) -> None:
    if homework.erased:
        raise HomeworkWrong("Nothing can be handed in here any more.", field="file")
    others = {part.id for part in homework.parts} | {each.part or each.id for each in homework.arriving}
    if len(others - {part_id}) >= MOST_PARTS:
        raise HomeworkWrong("This is enough for one homework: six pieces at most.", field="file")
