"""A problem somebody reported. It names what it is about and stays here; coordinators read it on the desk."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import EntityId
from duolangue.registration.domain.invalid import Invalid

MOST_A_DAY: Final = 10
"""Reports of one person in a day; whoever has more to tell talks to the association."""


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
    """The coordinators who had a mail about it."""
    due_at: datetime | None = None
    """When coordinators are to be told; none once all were."""


def tell(report: Report, coordinator: str) -> Change[Report] | None:
    """A coordinator was told."""
    if coordinator in report.told:
        return None
    return Change(report.model_copy(update={"told": [*report.told, coordinator]}))


def all_told(report: Report) -> Change[Report] | None:
    """Nobody else is to be told."""
    return None if report.due_at is None else Change(report.model_copy(update={"due_at": None}))
