"""A duo as the desk shows it: names, how it stands, its last weeks, in one row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from duolangue.contracts.requests import Person
from duolangue.contracts.vocabulary import Role
from duolangue.sessions.domain import weeks
from duolangue.sessions.domain.commitment import Commitment
from duolangue.sessions.domain.standing import NextStep
from duolangue.sessions.ports import Ports
from duolangue.sessions.usecases import associations


@dataclass(frozen=True, slots=True)
class Row:
    """A duo on the desk."""

    duo: Commitment
    newcomer: str
    volunteer: str
    this_week: int
    last_week: int
    missed_on: date | None
    """The Monday of the last missed week, in a row of such weeks."""

    def name(self, side: Role) -> str:
        """Who stands on a side."""
        return self.newcomer if side is Role.NEWCOMER else self.volunteer

    def wishing(self, wish: str) -> list[str]:
        """Who of the two said that they want this, once their weeks are over."""
        return [self.name(side) for side in Role if self.duo.term.of(side) is NextStep(wish)]


async def rows(duos: Sequence[Commitment], ports: Ports) -> dict[str, Row]:
    """Each duo by its id, with its people's names."""
    people = await associations.names([person for each in duos for person in (each.newcomer, each.volunteer)], ports)
    today = await associations.today(ports)
    present, last = weeks.week_of(today), weeks.week_of(today - timedelta(days=7))
    return {
        each.id: Row(
            duo=each,
            newcomer=full_name(people[each.newcomer]),
            volunteer=full_name(people[each.volunteer]),
            this_week=each.standing.minutes_in(present),
            last_week=each.standing.minutes_in(last),
            missed_on=weeks.monday_of(missed.week) if (missed := each.standing.last_missed) else None,
        )
        for each in duos
    }


def full_name(person: Person) -> str:
    """First and last name, or the short code that stands for them."""
    return f"{person.first_name} {person.last_name}".strip()
