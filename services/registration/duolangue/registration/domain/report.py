"""A problem somebody reported. It names what it is about and stays here; coordinators read it on the desk."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import EntityId
from duolangue.registration.domain.invalid import Invalid

MOST_A_DAY: Final = 10
"""Reports of one person in a day; whoever has more to tell talks to the association."""
MOST_NOTES: Final = 100


class TooManyReports(Invalid):
    """Somebody reported more in a day than coordinators could read."""

    status = 429

    def __init__(self) -> None:
        super().__init__(
            "too_many_reports", "We have your messages of today and read them all. In danger, call 112.", field="words"
        )


class ProblemKind(StrEnum):
    """What kind of problem, in as few words as somebody in trouble can stand."""

    MONEY = "money"
    PRESSURE = "pressure"
    SEX = "sex"
    INSULTS = "insults"
    OTHER = "other"


class Standing(StrEnum):
    """How far the association is with a report."""

    NEW = "new"
    LOOKED_AT = "looked_at"
    CLOSED = "closed"


class Outcome(StrEnum):
    """What came of a report."""

    TALKED = "talked"
    """Talked with both; the duo goes on."""
    DUO_ENDED = "duo_ended"
    EXCLUDED = "excluded"
    HELP_ELSEWHERE = "help_elsewhere"
    """Handed on: to the police, to a service that helps victims."""
    UNFOUNDED = "unfounded"
    """Nothing had to be done."""


class RestrictedNote(BaseModel):
    """What somebody who looks after a report writes down. Never on a person's page: it may tell who reported."""

    model_config = ConfigDict(frozen=True)

    by: EntityId
    at: datetime
    words: str


class Report(BaseModel):
    """One report."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    person: EntityId
    """Who reports."""
    about: EntityId
    """The duo, or the participant, the link was for."""
    kind: ProblemKind
    words: str = ""
    slot: str
    """Which of the person's reports of that day it is; each there is once."""
    reported_at: datetime
    told: list[EntityId] = []
    """The coordinators to whom a mail about it was sent."""
    refused: list[EntityId] = []
    """Those of them whose mailbox did not take it."""
    due_at: datetime | None = None
    """When coordinators are to be told; none once all were."""
    looked_at: datetime | None = None
    looked_by: EntityId | None = None
    closed_at: datetime | None = None
    closed_by: EntityId | None = None
    outcome: Outcome | None = None
    notes: list[RestrictedNote] = []

    @property
    def reached(self) -> bool:
        """Whether a mail about it reached anybody."""
        return bool(set(self.told) - set(self.refused))

    @property
    def standing(self) -> Standing:
        """How far the association is with it."""
        if self.closed_at is not None:
            return Standing.CLOSED
        return Standing.NEW if self.looked_at is None else Standing.LOOKED_AT


def tell(report: Report, coordinator: str, *, refused: bool = False) -> Change[Report] | None:
    """A mail went to a coordinator, and their mailbox took it or did not."""
    if coordinator in report.told:
        return None
    fresh: dict[str, Any] = {"told": [*report.told, coordinator]}
    if refused:
        fresh["refused"] = [*report.refused, coordinator]
    return Change(report.model_copy(update=fresh))


def all_told(report: Report) -> Change[Report] | None:
    """Nobody else is to be told."""
    return None if report.due_at is None else Change(report.model_copy(update={"due_at": None}))


def look_at(report: Report, coordinator: str, now: datetime) -> Change[Report] | None:
    """Somebody takes it on. The first who does stands there; a closed one is opened again."""
    if report.looked_at is not None and report.closed_at is None:
        return None
    fresh: dict[str, Any] = {"closed_at": None, "closed_by": None, "outcome": None}
    if report.looked_at is None:
        fresh |= {"looked_at": now, "looked_by": coordinator}
    return Change(report.model_copy(update=fresh))


def close(report: Report, outcome: Outcome, coordinator: str, now: datetime) -> Change[Report] | None:
    """It is dealt with. Who closes it has looked at it."""
    if report.outcome is outcome:
        return None
    done: dict[str, Any] = {"outcome": outcome, "closed_at": now, "closed_by": coordinator}
    if report.looked_at is None:
        done |= {"looked_at": now, "looked_by": coordinator}
    return Change(report.model_copy(update=done))


def note(report: Report, words: str, coordinator: str, now: datetime) -> Change[Report] | None:
    """Something is written down about it; the same words twice in a row are one note.

    Raises:
        Invalid: nothing is written there, or there are too many notes.
    """
    if not words.strip():
        raise Invalid("note_empty", "Write something first.", field="words")
    if report.notes and (report.notes[-1].words, report.notes[-1].by) == (words, coordinator):
        return None
    if len(report.notes) >= MOST_NOTES:
        raise Invalid("note_too_many", "There are %(most)s notes already.", field="words", most=MOST_NOTES)
    kept = RestrictedNote(by=coordinator, at=now, words=words)
    return Change(report.model_copy(update={"notes": [*report.notes, kept]}))


def forget(report: Report) -> Change[Report] | None:
    """The reporter's or the reported person's data are erased: what kind of problem, when and what came of it stays, no word."""
    if not (report.words or report.notes):
        return None
    return Change(report.model_copy(update={"words": "", "notes": []}))
