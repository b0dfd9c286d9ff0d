"""Private notes about people, for coordinators."""

from __future__ import annotations

import uuid
from typing import Final

from duolangue.chassis.store import Absent
from duolangue.registration.domain import note
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.note import MOST_LETTERS, Note
from duolangue.registration.ports import Ports

MOST_SHOWN: Final = 100


async def write_note(participant_id: str, words: str, by: str, ports: Ports) -> Note:
    """Keep a note about somebody.

    Raises:
        Absent: there is no such participant.
        Invalid: it is empty or too long.
    """
    tidy = words.replace("\r\n", "\n").strip()
    if not tidy:
        raise Invalid("note_empty", "Write something first.", field="note")
    if len(tidy) > MOST_LETTERS:
        raise Invalid("note_too_long", "A note has at most %(most)s letters.", field="note", most=MOST_LETTERS)
    person = await ports.participants.get(participant_id)
    fresh = Note(id=uuid.uuid4().hex, person=person.id, author=by, words=tidy, written_at=ports.clock.now())
    kept = await ports.notes.add(fresh)
    if await ports.participants.find(person.id) is None:  # an erasure was faster: it may have looked for notes already
        await ports.notes.forget(kept.id)
        raise Absent(f"participants {participant_id}")
    return kept


async def remove_note(participant_id: str, note_id: str, by: str, ports: Ports) -> None:
    """Take a note's words away.

    Raises:
        Absent: there is no such note about this person.
    """
    now = ports.clock.now()
    present = await ports.notes.get(note_id)
    if present.person == participant_id:
        await ports.notes.update(note_id, lambda one: note.remove(one, by, now))


async def forget_notes(participant_id: str, ports: Ports) -> None:
    """Nothing written about somebody stays: for an erasure."""
    for each in await ports.notes.select({"person": {"$eq": participant_id}}):
        await ports.notes.forget(each.id)


async def notes_about(participant_id: str, ports: Ports) -> list[Note]:
    """The notes about somebody, the latest first."""
    return await ports.notes.select({"person": {"$eq": participant_id}}, sort=[("written_at", -1)], limit=MOST_SHOWN)
