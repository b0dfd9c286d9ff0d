"""A duo as the desk shows it: names and weeks in one row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from duolangue.contracts.requests import Person
from duolangue.sessions.domain import weeks
from duolangue.sessions.domain.overview import DuoOverview
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import associations


@dataclass(frozen=True, slots=True)
class Row:
    """A duo on the desk."""

    duo: DuoOverview
    newcomer: str
    volunteer: str
    this_week: int
    last_week: int
    missed_on: date | None
    """The Monday of the last missed week, in a row of such weeks."""


async def rows(duos: list[DuoOverview], ports: Ports) -> dict[str, Row]:
    """Each duo by its id, with its people's names."""
    people = await associations.names([person for each in duos for person in (each.newcomer, each.volunteer)], ports)
    today = await associations.today(ports)
    present, last = weeks.week_of(today), weeks.week_of(today - timedelta(days=7))
    return {
        each.duo: Row(
            duo=each,
            newcomer=full_name(people[each.newcomer]),
            volunteer=full_name(people[each.volunteer]),
            this_week=each.minutes_in(present),
            last_week=each.minutes_in(last),
            missed_on=weeks.monday_of(each.last_missed.week) if each.last_missed else None,
        )
        for each in duos
    }


def full_name(person: Person) -> str:
    """First and last name, or the short code that stands for them."""
    return f"{person.first_name} {person.last_name}".strip()
