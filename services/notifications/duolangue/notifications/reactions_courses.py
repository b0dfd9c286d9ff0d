"""Facts about French courses in: homework that is set and given back, absences of which somebody is to be reminded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from duolangue.contracts.envelope import Event
from duolangue.contracts.facts.courses import AbsenceNoticed, Degree, HomeworkReturned, HomeworkSet
from duolangue.contracts.facts.notifications import MessageKind
from duolangue.notifications.ports import Ports
from duolangue.notifications.reactions_activities import on
from duolangue.notifications.usecases import gatherings

__all__ = ["on"]

WORTH_READING: Final = timedelta(days=60)
"""For how long what a teacher answered is told to who could not be reached."""
BY_DEGREE: Final = {
    Degree.FRIENDLY: MessageKind.ABSENCES,
    Degree.SERIOUS: MessageKind.ABSENCES_SERIOUS,
    Degree.LAST: MessageKind.ABSENCES_LAST,
}


@on(HomeworkSet)
async def homework_set(fact: HomeworkSet, event: Event, ports: Ports) -> None:
    """Tell somebody that there is something to watch and to do."""
    await _tell(MessageKind.HOMEWORK, fact.enrolment, event, ports)


@on(HomeworkReturned)
async def homework_returned(fact: HomeworkReturned, event: Event, ports: Ports) -> None:
    """Tell somebody that their teacher has answered; also after the last class, when much of it is corrected."""
    await _tell(MessageKind.HOMEWORK_RETURNED, fact.enrolment, event, ports, until=event.time + WORTH_READING)


@on(AbsenceNoticed)
async def absence_noticed(fact: AbsenceNoticed, event: Event, ports: Ports) -> None:
    """Remind somebody that they are missed: kindly first, then seriously, then for the last time."""
    await _tell(BY_DEGREE[fact.degree], event.subject, event, ports)


async def _tell(
    kind: MessageKind, enrolment: str, event: Event, ports: Ports, *, until: datetime | None = None
) -> None:
    if not event.replayed:
        place = await gatherings.known_place(enrolment, ports)
        await gatherings.tell_of_place(kind, place, event.id, ports, until=until)
